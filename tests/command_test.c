/* The rlsp command from the outside: exit codes, one line an error, help, plan. Runs the binary that was built beside
 * this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/status.h"

static char binary[4096], folder[] = "/tmp/rlsp_command_XXXXXX";
static char output[1048576], errors[4096];

static void read_back(const char *name, char *text, size_t capacity) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  const size_t bytes = fread(text, 1, capacity - 1, file);
  fclose(file);
  text[bytes] = 0;
}

/* Runs rlsp with these arguments, as a shell would; what it said is in output and errors. Returns its exit code. */
static int rlsp(const char *arguments) {
  char command[8192];
  snprintf(command, sizeof command, "'%s' %s >%s/out 2>%s/err </dev/null", binary, arguments, folder, folder);
  const int status = system(command);
  read_back("out", output, sizeof output);
  read_back("err", errors, sizeof errors);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int set_up(void **state) {
  (void)state;
  const ssize_t bytes = readlink("/proc/self/exe", binary, sizeof binary - 32);
  char *slash = bytes > 0 ? strstr(binary, "/tests/command_test") : NULL;
  if (slash != NULL) strcpy(slash, "/rlsp");
  if (slash == NULL || access(binary, X_OK) != 0) binary[0] = 0;
  return mkdtemp(folder) == NULL;
}

static int tear_down(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", folder);
  return system(command);
}

static void need_binary(void) {
  if (binary[0] != 0) return;
  print_message("skipped: no rlsp beside this test; make builds it\n");
  skip();
}

static void assert_refused(const char *arguments, int code, const char *line) {
  char expected[1024];
  snprintf(expected, sizeof expected, "rlsp: %s\n", line);
  const int got = rlsp(arguments);
  assert_string_equal(errors, expected);
  assert_int_equal(got, code);
  assert_string_equal(output, "");
}

static void wrong_command_lines_are_refused(void **state) {
  (void)state;
  need_binary();
  assert_refused("", STATUS_USAGE, "command line: no command is given; rlsp help lists them");
  assert_refused("plam", STATUS_USAGE, "command line: unknown command plam; rlsp help lists them");
  assert_refused("help plam", STATUS_USAGE, "command line: unknown command plam; rlsp help lists them");
  assert_refused("version 2", STATUS_USAGE, "command line: rlsp version has no use for 2; leave it out");
  assert_refused("plan", STATUS_USAGE, "command line: no config is given; write rlsp plan CONFIG.ini");
  assert_refused(
      "plan run.seed=1", STATUS_USAGE,
      "command line: run.seed=1 stands where the config belongs; write rlsp plan CONFIG.ini section.key=value");
  assert_refused("plan configs/tiny.ini run.seed", STATUS_USAGE,
                 "command line: run.seed stands after the config; a setting is written section.key=value");
  assert_refused("plan configs/tiny.ini --memory 3", STATUS_USAGE,
                 "command line: unknown option --memory of rlsp plan; rlsp plan --help lists them");
  assert_refused("plan configs/tiny.ini -m", STATUS_USAGE,
                 "command line: unknown option -m of rlsp plan; rlsp plan --help lists them");
  assert_refused("plan configs/tiny.ini --device-memory", STATUS_USAGE,
                 "command line: --device-memory has no value; write --device-memory SIZE");
  assert_refused("plan configs/tiny.ini --device-memory=", STATUS_USAGE,
                 "command line: --device-memory has no value; write --device-memory SIZE");
  assert_refused("plan configs/tiny.ini --device-memory 1G --device-memory 2G", STATUS_USAGE,
                 "command line: --device-memory is given twice; keep one");
  assert_refused(
      "plan configs/tiny.ini --device-memory 1.5G", STATUS_USAGE,
      "command line: --device-memory 1.5G is not a size; write bytes above 0, with K, M or G for powers of 1024: 24G");
  assert_refused(
      "plan configs/tiny.ini --device-memory 0", STATUS_USAGE,
      "command line: --device-memory 0 is not a size; write bytes above 0, with K, M or G for powers of 1024: 24G");
}

static void wrong_configs_are_refused(void **state) {
  (void)state;
  need_binary();
  char path[300], arguments[600], line[600];
  assert_int_not_equal(rlsp("plan absent.ini"), 0);
  assert_non_null(strstr(errors, "rlsp: absent.ini: "));
  assert_int_equal(rlsp("config absent.ini"), STATUS_USAGE);
  assert_int_equal(rlsp("config configs"), STATUS_USAGE);
  snprintf(path, sizeof path, "%s/bad.ini", folder);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs("[run]\n\nsed = 1\n", file);
  fclose(file);
  snprintf(arguments, sizeof arguments, "plan %s", path);
  snprintf(line, sizeof line, "%s:3: unknown key run.sed; did you mean run.seed?", path);
  assert_refused(arguments, STATUS_USAGE, line);
  assert_refused("config configs/tiny.ini run.seed=x", STATUS_USAGE,
                 "command line: run.seed = x is not a whole number; it takes 0 .. 9007199254740991, with K, M or G for "
                 "powers of 1024");
  assert_int_equal(rlsp("plan configs/tiny.ini run.device=no_such_device"), STATUS_DEVICE);
  assert_non_null(strstr(errors, "rlsp: no_such_device: "));
}

/* Pairs of all kinds; the same lines for any number of threads, from a file and from standard input. */
static void score_says_the_same_on_any_threads(void **state) {
  (void)state;
  need_binary();
  char arguments[2048], path[300], *one = NULL;
  snprintf(path, sizeof path, "%s/pairs.jsonl", folder);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  for (u32 i = 0; i < 3000; i++) {
    if (i % 3 == 0) fprintf(file, "{\"gold\": \"%u\", \"answer\": %u, \"of\": [1, {}]}\n", i % 7, i % 11);
    if (i % 3 == 1)
      fprintf(file, "\n{\"gold\": \"so \\\\boxed{%u}\", \"completion\": \"\\\\boxed{%u}\"}\r\n", i % 7, i % 11);
    if (i % 3 == 2)
      fprintf(file, "{\"gold\": \"%u\", \"completion\": \"\\\\boxed{%u} \\\\boxed{x}\"}\n", i % 7, i % 11);
  }
  fclose(file);
  for (u32 threads = 1; threads <= 4; threads += 3) {
    snprintf(arguments, sizeof arguments,
             "score configs/tiny.ini reward.correctness.verifier=exact run.threads=%u --input %s --output - ", threads,
             path);
    assert_int_equal(rlsp(arguments), STATUS_OK);
    assert_non_null(strstr(errors, "3000 pairs: "));
    assert_non_null(strstr(errors, "1000 without an answer (several 1000)"));
    if (one == NULL) one = strdup(output);
    assert_string_equal(one, output);
  }
  assert_int_equal(strncmp(one, "{\"line\":1,\"verdict\":\"right\",\"kind\":\"found\",\"extracted\":\"0\"", 58), 0);
  assert_non_null(strstr(one,
                         "\n{\"line\":3,\"verdict\":\"right\",\"kind\":\"found\",\"extracted\":\"1\",\"source\":"
                         "\"box\",\"gold\":\"1\"}\n"));
  free(one);
  snprintf(arguments, sizeof arguments, "score --output %s/scored </dev/null", folder);
  assert_int_equal(rlsp(arguments), STATUS_OK);
  assert_string_equal(output, "");
}

static void help_is_everywhere(void **state) {
  (void)state;
  need_binary();
  static const char *const commands[] = {"plan", "devices", "config", "version", "help", "report", "score"};
  assert_int_equal(rlsp("help"), STATUS_OK);
  char *all = strdup(output);
  assert_non_null(all);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    char arguments[64], expected[64];
    snprintf(arguments, sizeof arguments, "help %s", commands[i]);
    snprintf(expected, sizeof expected, "rlsp %s", commands[i]);
    assert_int_equal(rlsp(arguments), STATUS_OK);
    assert_int_equal(strncmp(output, expected, strlen(expected)), 0);
    char *by_help = strdup(output);
    snprintf(arguments, sizeof arguments, "%s --help", commands[i]);
    assert_int_equal(rlsp(arguments), STATUS_OK);
    assert_string_equal(output, by_help);
    free(by_help);
    snprintf(expected, sizeof expected, "\n  %-10s  ", commands[i]);
    assert_non_null(strstr(all, expected));
  }
  assert_non_null(strstr(all, "\n    3  does not fit the device\n"));
  assert_int_equal(rlsp("--help"), STATUS_OK);
  assert_string_equal(output, all);
  free(all);
  assert_int_equal(rlsp("--version"), STATUS_OK);
  assert_int_equal(strncmp(output, "rlsp ", 5), 0);
}

static void config_prints_what_it_reads(void **state) {
  (void)state;
  need_binary();
  char arguments[300];
  assert_int_equal(rlsp("config configs/tiny.ini run.seed=5 run.dir='/tmp/a b'"), STATUS_OK);
  assert_non_null(strstr(output, "\nseed = 5\n"));
  char *first = strdup(output);
  assert_non_null(first);
  snprintf(arguments, sizeof arguments, "config %s/first.ini", folder);
  FILE *file = fopen(arguments + 7, "w");
  assert_non_null(file);
  fputs(first, file);
  fclose(file);
  assert_int_equal(rlsp(arguments), STATUS_OK);
  assert_string_equal(output, first);
  free(first);
}

static unsigned long long total_of(const char *what) {
  const char *at = strstr(output, what);
  assert_non_null(at);
  return strtoull(at + strlen(what), NULL, 10);
}

/* The last line is the answer, and it is right to the byte. */
static void plan_fits_to_the_byte(void **state) {
  (void)state;
  need_binary();
  char arguments[200];
  assert_int_equal(rlsp("plan configs/tiny.ini --device-memory 24G"), STATUS_OK);
  const unsigned long long device = total_of("\ndevice total");
  assert_non_null(strstr(output, "\nfits: "));
  assert_string_equal(errors, "");
  snprintf(arguments, sizeof arguments, "plan configs/tiny.ini --device-memory=%llu", device);
  assert_int_equal(rlsp(arguments), STATUS_OK);
  snprintf(arguments, sizeof arguments, "plan configs/tiny.ini --device-memory %llu", device - 1);
  assert_int_equal(rlsp(arguments), STATUS_DOES_NOT_FIT);
  assert_string_equal(errors, "");
  const char *answer = strstr(output, "\ndoes not fit: ");
  assert_non_null(answer);
  assert_ptr_equal(strchr(answer + 1, '\n'), output + strlen(output) - 1);
}

/* What is advised is tried: each setting alone does make it fit. */
static void advice_is_true(void **state) {
  (void)state;
  need_binary();
  char arguments[400], advised[128];
  assert_int_equal(rlsp("plan configs/tiny.ini --device-memory 24G"), STATUS_OK);
  const unsigned long long device = total_of("\ndevice total"), limit = device - device / 20;
  snprintf(arguments, sizeof arguments, "plan configs/tiny.ini --device-memory %llu", limit);
  assert_int_equal(rlsp(arguments), STATUS_DOES_NOT_FIT);
  char *line = strdup(strstr(output, "\ndoes not fit: "));
  assert_non_null(line);
  const char *at = strstr(line, " with any one of ");
  if (at != NULL)
    at += strlen(" with any one of ");
  else {
    at = strstr(line, "would fit with ");
    assert_non_null(at);
    at += strlen("would fit with ");
  }
  unsigned tried = 0;
  while (sscanf(at, "%127[a-z._=0-9]", advised) == 1) {
    snprintf(arguments, sizeof arguments, "plan configs/tiny.ini %s --device-memory %llu", advised, limit);
    assert_int_equal(rlsp(arguments), STATUS_OK);
    tried++;
    at = strstr(at, "), ");
    if (at == NULL) break;
    at += 3;
  }
  free(line);
  assert_true(tried > 0);
}

static void devices_lists_the_cpu(void **state) {
  (void)state;
  need_binary();
  assert_int_equal(rlsp("devices"), STATUS_OK);
  assert_non_null(strstr(output, "\ncpu         cpu "));
}

static void a_full_disk_is_told(void **state) {
  (void)state;
  need_binary();
  char command[8192];
  snprintf(command, sizeof command, "'%s' config >/dev/full 2>%s/err", binary, folder);
  const int status = system(command);
  read_back("err", errors, sizeof errors);
  assert_string_equal(errors, "rlsp: standard output: not all could be written; free space, or keep the pipe open\n");
  assert_int_equal(WEXITSTATUS(status), STATUS_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_command_lines_are_refused),
      cmocka_unit_test(wrong_configs_are_refused),
      cmocka_unit_test(score_says_the_same_on_any_threads),
      cmocka_unit_test(help_is_everywhere),
      cmocka_unit_test(config_prints_what_it_reads),
      cmocka_unit_test(plan_fits_to_the_byte),
      cmocka_unit_test(advice_is_true),
      cmocka_unit_test(devices_lists_the_cpu),
      cmocka_unit_test(a_full_disk_is_told),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
