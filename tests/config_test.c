/* engine/config: every kind of error with its line and cure, overrides, printing that reads back bit for bit, the hash,
 * and the files in configs/. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/config/config.h"
#include "engine/config/config_number.h"
#include "engine/config/config_settings.h"
#include "engine/random.h"

static enum status parse(struct config *config, const char *text, const char *override, struct error *error) {
  memset(error, 0, sizeof *error);
  return config_parse(config, "x.ini", text, strlen(text), &override, override != NULL, error);
}

struct bad {
  const char *text, *override, *place, *error;
};

static void expect_bad(const struct bad *rows, u64 count) {
  for (u64 i = 0; i < count; i++) {
    struct config config;
    struct error error;
    assert_int_equal(parse(&config, rows[i].text, rows[i].override, &error), STATUS_USAGE);
    assert_int_equal(error.status, STATUS_USAGE);
    assert_string_equal(error.text, rows[i].error);
    assert_string_equal(error.place, rows[i].place);
  }
}

/* ---- errors ---- */

static void names_that_are_unknown(void **state) {
  (void)state;
  static const struct bad rows[] = {
      {"[runn]\nseed = 1\n", NULL, "x.ini:1", "unknown section [runn]; did you mean [run]?"},
      {"\n\n[rewards.length]\n", NULL, "x.ini:3", "unknown section [rewards.length]; did you mean [reward.length]?"},
      {"[zzzzzzzz]\n", NULL, "x.ini:1",
       "unknown section [zzzzzzzz]; the sections are run, model, task, sft, rollout, reward, reward.correctness, "
       "reward.length, ppo, critic, "
       "optim, eval, checkpoint, log"},
      {"[]\n", NULL, "x.ini:1",
       "unknown section []; the sections are run, model, task, sft, rollout, reward, reward.correctness, "
       "reward.length, ppo, critic, optim, "
       "eval, checkpoint, log"},
      {"[run]\nsed = 1\n", NULL, "x.ini:2", "unknown key run.sed; did you mean run.seed?"},
      {"[run]\nesed = 1\n", NULL, "x.ini:2", "unknown key run.esed; did you mean run.seed?"},
      {"[run]\nSeed = 1\n", NULL, "x.ini:2", "unknown key run.Seed; did you mean run.seed?"},
      {"[ppo]\nclip_hgih = 1\n", NULL, "x.ini:2", "unknown key ppo.clip_hgih; did you mean ppo.clip_high?"},
      {"[run]\nlr = 1\n", NULL, "x.ini:2", "unknown key run.lr; did you mean sft.lr or ppo.lr or critic.lr?"},
      {"[run]\nkl_coeff = 1\n", NULL, "x.ini:2", "unknown key run.kl_coeff; did you mean ppo.kl_coef?"},
      {"[run]\nquux_corge = 1\n", NULL, "x.ini:2", "unknown key run.quux_corge; rlsp config lists every key"},
      {"[run]\nthe_name_of_this_key_is_cut_by_inih_at_49_bytes_as_it_is_too_long = 1\n", NULL, "x.ini:2",
       "unknown key run.the_name_of_this_key_is_cut_by_inih_at_49_bytes_as_it_is_too...; rlsp config lists every key"},
      {"seed = 1\n", NULL, "x.ini:1", "seed stands above every section; put a [section] line above it"},
  };
  expect_bad(rows, COUNT_OF(rows));
}

static void lines_that_are_malformed(void **state) {
  (void)state;
  static const struct bad rows[] = {
      {"[run]\nseed 1\n", NULL, "x.ini:2", "\"seed 1\" has no '='; write key = value"},
      {"[run]\nseed: 1\n", NULL, "x.ini:2", "\"seed: 1\" has no '='; write key = value"},
      {"[run]\nseed: a=1\n", NULL, "x.ini:2", "\"seed: a=1\" has no '='; write key = value"},
      {"[run]\n= 1\n", NULL, "x.ini:2", "nothing stands before the '='; write key = value"},
      {"[run\nseed = 1\n", NULL, "x.ini:1", "[run has no ']'; write [section]"},
      {"[run ; here]\n", NULL, "x.ini:1", "[run has no ']'; write [section]"},
      {"[run] seed = 1\n", NULL, "x.ini:1", "\" seed = 1\" after the ']'; put it on a line of its own"},
      /* inih alone would join the second line to the first */
      {"[run]\ndir = a\n  b\n", NULL, "x.ini:3", "\"b\" has no '='; write key = value"},
      {"[run]\nseed = 1\a\n", NULL, "x.ini:2", "a control character (0x07) at column 9; remove it"},
      {"[run]\nseed\r= 1\n", NULL, "x.ini:2", "a control character (0x0D) at column 5; remove it"},
      {"[run]\ns\xc3\xa9"
       "ed = 1\n",
       NULL, "x.ini:2", "the key holds the byte 0xC3, which is not ASCII; type it anew"},
      {"\xff\xfe[\n", NULL, "x.ini:1", "the file is UTF-16; save it as UTF-8"},
      {"\xfe\xff", NULL, "x.ini:1", "the file is UTF-16; save it as UTF-8"},
  };
  expect_bad(rows, COUNT_OF(rows));
}

static void values_that_are_wrong(void **state) {
  (void)state;
  static const struct bad rows[] = {
      {"[model]\nlayers = three\n", NULL, "x.ini:2",
       "model.layers = three is not a whole number; it takes 1 .. 256, with K, M or G for powers of 1024"},
      {"[model]\nlayers = 3.0\n", NULL, "x.ini:2",
       "model.layers = 3.0 is not a whole number; it takes 1 .. 256, with K, M or G for powers of 1024"},
      {"[model]\nlayers = 3 # three\n", NULL, "x.ini:2",
       "model.layers = 3 # three is not a whole number; it takes 1 .. 256, with K, M or G for powers of 1024"},
      {"[model]\nlayers = 0\n", NULL, "x.ini:2", "model.layers = 0 is out of range; it takes 1 .. 256"},
      {"[model]\nlayers = 1K\n", NULL, "x.ini:2", "model.layers = 1K is out of range; it takes 1 .. 256"},
      {"[run]\nseed = 99999999999999999999\n", NULL, "x.ini:2",
       "run.seed = 99999999999999999999 is out of range; it takes 0 .. 9007199254740991"},
      {"[run]\nseed = -1\n", NULL, "x.ini:2", "run.seed = -1 is out of range; it takes 0 .. 9007199254740991"},
      {"[ppo]\nlr = fast\n", NULL, "x.ini:2",
       "ppo.lr = fast is not a number; it takes 0 .. 1, written as 0.25 or 1e-3"},
      {"[ppo]\nlr = 0,1\n", NULL, "x.ini:2", "ppo.lr = 0,1 is not a number; it takes 0 .. 1, written as 0.25 or 1e-3"},
      {"[ppo]\nlr = nan\n", NULL, "x.ini:2", "ppo.lr = nan is not a number; it takes 0 .. 1, written as 0.25 or 1e-3"},
      {"[ppo]\nlr = inf\n", NULL, "x.ini:2", "ppo.lr = inf is not a number; it takes 0 .. 1, written as 0.25 or 1e-3"},
      {"[ppo]\nlr = 0x1p-3\n", NULL, "x.ini:2",
       "ppo.lr = 0x1p-3 is not a number; it takes 0 .. 1, written as 0.25 or 1e-3"},
      {"[ppo]\nlr = 2\n", NULL, "x.ini:2", "ppo.lr = 2 is out of range; it takes 0 .. 1"},
      {"[ppo]\nlr = 1e999\n", NULL, "x.ini:2", "ppo.lr = 1e999 is out of range; it takes 0 .. 1"},
      {"[ppo]\nlr = 1e-999\n", NULL, "x.ini:2", "ppo.lr = 1e-999 is out of range; it takes 0 .. 1"},
      {"[ppo]\nlr = \xe2\x88\x92"
       "1\n",
       NULL, "x.ini:2", "ppo.lr holds the byte 0xE2, which is not ASCII; type the value anew"},
      {"[reward]\nbalance = stream\n", NULL, "x.ini:2",
       "reward.balance = stream is not a choice; it takes paper, paper-code or streams"},
      {"[run]\nnumerics = fast\n", NULL, "x.ini:2", "run.numerics = fast is not a choice; it takes exact"},
      {"[run]\nseed =\n", NULL, "x.ini:2",
       "run.seed has no value; write one after '=', or leave the setting out for its default 1"},
      {"[run]\nseed = ; none\n", NULL, "x.ini:2",
       "run.seed has no value; write one after '=', or leave the setting out for its default 1"},
      {"[run]\ndevice =\n", NULL, "x.ini:2",
       "run.device has no value; write one after '=', or leave the setting out for its default auto"},
      {"[run]\ndir = \"runs/a\"\n", NULL, "x.ini:2", "run.dir begins with a quote; write it without quotes"},
      {"[run]\ndir = runs/a # mine\n", NULL, "x.ini:2",
       "run.dir holds a ; or # after a blank, where a comment would begin; choose another text"},
      {"[run]\ndir = runs/\xff\n", NULL, "x.ini:2", "run.dir is not UTF-8; save the file as UTF-8"},
      {"[run]\ndir = a\tb\n", NULL, "x.ini:2", "run.dir holds a control character; remove it"},
      {"[run]\nseed = 1\n[model]\n[run]\n\nseed = 1\n", NULL, "x.ini:6",
       "run.seed was given on line 2 already; keep one of them"},
  };
  expect_bad(rows, COUNT_OF(rows));
}

static void overrides_that_are_wrong(void **state) {
  (void)state;
  static const struct bad rows[] = {
      {"", "run.seed", "command line", "\"run.seed\" is not section.key=value; rlsp config lists every key"},
      {"", "seed=1", "command line", "seed has no section; did you mean run.seed?"},
      {"", "lr=1", "command line", "lr has no section; did you mean sft.lr or ppo.lr or critic.lr?"},
      {"", "run.sed=1", "command line", "unknown key run.sed; did you mean run.seed?"},
      {"", "runs.seed=1", "command line", "unknown section in runs.seed; did you mean [run]?"},
      {"", "reward.lenght.c=1", "command line", "unknown section in reward.lenght.c; did you mean [reward.length]?"},
      {"", "run.seed=x", "command line",
       "run.seed = x is not a whole number; it takes 0 .. 9007199254740991, with K, M or G for powers of 1024"},
      {"", "run.seed=", "command line",
       "run.seed has no value; write one after '=', or leave the setting out for its default 1"},
      {"", "run.dir=a ;b", "command line",
       "run.dir holds a ; or # after a blank, where a comment would begin; choose another text"},
      {"", "run.dir=a\nb", "command line", "run.dir holds a control character; remove it"},
      {"", "run.dir=#a", "command line",
       "run.dir holds a ; or # after a blank, where a comment would begin; choose another text"},
      {"[model]\nwidth = 96\n", "model.heads=5", "command line",
       "model.heads = 5 does not divide model.width = 96; change one of them"},
  };
  expect_bad(rows, COUNT_OF(rows));
}

static void rules_across_settings(void **state) {
  (void)state;
#define NO_TRUNCATION                                                                                                  \
  "cannot be trained with: log-probs are of the distribution sampled from, and a truncated one has none outside what " \
  "it keeps; "
  static const struct bad rows[] = {
      {"[model]\nwidth = 100\nheads = 3\n", NULL, "x.ini:3",
       "model.heads = 3 does not divide model.width = 100; change one of them"},
      {"[model]\nheads = 2\nkv_heads = 2\nwidth = 101\n", NULL, "x.ini:4",
       "model.heads = 2 does not divide model.width = 101; change one of them"},
      {"[model]\nwidth = 12\nheads = 4\n", NULL, "x.ini:3",
       "a head is model.width / model.heads = 3 wide; it must be even and at most 256, so change one of them"},
      {"[model]\nheads = 4\nwidth = 2048\n", NULL, "x.ini:3",
       "a head is model.width / model.heads = 512 wide; it must be even and at most 256, so change one of them"},
      {"[model]\nwidth = 128\nheads = 4\nkv_heads = 3\n", NULL, "x.ini:4",
       "model.kv_heads = 3 does not divide model.heads = 4; change one of them"},
      {"[model]\nkv_heads = 8\nheads = 4\nwidth = 128\n", NULL, "x.ini:3",
       "model.kv_heads = 8 does not divide model.heads = 4; change one of them"},
      {"[rollout]\nsamples = 256\nsamples_per_prompt = 3\n", NULL, "x.ini:3",
       "rollout.samples_per_prompt = 3 does not divide rollout.samples = 256; change one of them"},
      {"[rollout]\nsamples = 256\n[ppo]\nminibatch = 512\n", NULL, "x.ini:4",
       "ppo.minibatch = 512 is more than rollout.samples = 256; lower it, or raise rollout.samples"},
      {"[rollout]\ntop_p = 0.9\n", NULL, "x.ini:2", "rollout.top_p below 1 " NO_TRUNCATION "set it to 1"},
      {"[rollout]\ntop_k = 5\n", NULL, "x.ini:2", "rollout.top_k above 0 " NO_TRUNCATION "set it to 0"},
      {"[rollout]\nmin_p = 0.1\n", NULL, "x.ini:2", "rollout.min_p above 0 " NO_TRUNCATION "set it to 0"},
      {"[task]\ntarget_min = 10\ntarget_max = 5\n", NULL, "x.ini:3",
       "task.target_min = 10 is above task.target_max = 5; change one of them"},
      {"[task]\nnumbers = 3\n[rollout]\nresponse_max = 32763\n", NULL, "x.ini:4",
       "a prompt of 6 tokens and rollout.response_max = 32763 exceed the 32768 tokens of a context; lower "
       "rollout.response_max"},
      {"[task]\nnumbers = 3\n[rollout]\nresponse_max = 2043\n[optim]\nmicro_tokens = 2K\n", NULL, "x.ini:6",
       "a prompt of 6 tokens and rollout.response_max = 2043 exceed optim.micro_tokens = 2048, and a sequence goes in "
       "one pass; raise "
       "optim.micro_tokens to 2049, or lower rollout.response_max"},
      {"[rollout]\nresponse_max = 58\n[task]\nnumbers = 3\nfailed_context_max = 8\n", "optim.micro_tokens=64",
       "command line",
       "an SFT trace takes up to 123 tokens, more than optim.micro_tokens = 64, and a sequence goes in one pass; raise "
       "optim.micro_tokens, or "
       "lower task.failed_context_max"},
      {"[reward]\nbalance = streams\n[reward.correctness]\nweight = 0\n[reward.length]\nweight = 0\n", NULL, "x.ini:6",
       "reward.correctness.weight and reward.length.weight are both 0, so nothing would be learnt; raise one of them"},
      {"[reward.correctness]\nverifier = program\n", NULL, "x.ini:2",
       "reward.correctness.verifier = program, and reward.correctness.program names none; give it the path of an "
       "executable file"},
  };
  expect_bad(rows, COUNT_OF(rows));
  struct config config;
  struct error error;
  assert_int_equal(
      parse(&config, "[task]\nnumbers = 3\n[rollout]\nresponse_max = 2042\n[optim]\nmicro_tokens = 2K\n", NULL, &error),
      STATUS_OK); /* exactly one pass */
  assert_int_equal(parse(&config, "[reward.correctness]\nweight = 0\n[reward.length]\nweight = 0\n", NULL, &error),
                   STATUS_OK);
  config_defaults(&config);
  config.model_heads = 5;
  assert_int_equal(config_check(&config, "somewhere", &error), STATUS_USAGE);
  assert_string_equal(error.place, "somewhere");
  assert_int_equal(config_check(&config, "somewhere", NULL), STATUS_USAGE);
}

static void zero_bytes_are_told(void **state) {
  (void)state;
  static const char text[] = "[run]\nseed = 1\n# a\0b\n";
  struct config config;
  struct error error;
  assert_int_equal(config_parse(&config, "x.ini", text, sizeof text - 1, NULL, 0, &error), STATUS_USAGE);
  assert_string_equal(error.place, "x.ini:3");
  assert_string_equal(error.text, "a NUL byte at column 4; save the file as plain text");
}

static void a_long_path_keeps_its_line(void **state) {
  (void)state;
  char name[400], expected[256];
  struct config config;
  struct error error;
  memset(name, 'a', sizeof name);
  snprintf(name + sizeof name - 7, 7, "/x.ini");
  assert_int_equal(config_parse(&config, name, "\nx", 2, NULL, 0, &error), STATUS_USAGE);
  snprintf(expected, sizeof expected, "...%s:2", name + strlen(name) - 250);
  assert_int_equal(strlen(error.place), 255);
  assert_string_equal(error.place, expected);
}

/* ---- lines that are long, for which inih has 199 bytes ---- */

static void long_values_arrive_whole(void **state) {
  (void)state;
  static char text[4 * CONFIG_LINE_BYTES_MAX];
  char value[CONFIG_TEXT_BYTES];
  struct config config;
  struct error error;
  for (u32 bytes = 1; bytes < CONFIG_TEXT_BYTES; bytes++) {
    for (u32 i = 0; i < bytes; i++)
      value[i] = "ab c;d#e[f]=g:h "[(i * 7 + bytes) % 16]; /* whatever inih gives a meaning to */
    for (u32 i = 1; i < bytes; i++)
      if (value[i - 1] == ' ' && (value[i] == ';' || value[i] == '#' || value[i] == ' ')) value[i] = '_';
    value[0] = value[bytes - 1] = '/';
    value[bytes] = 0;
    snprintf(text, sizeof text, "[task]\n\t problems %*s = %*s%s ; a comment\nnumbers=2\n", bytes % 300, "",
             bytes % 211, "", value);
    assert_int_equal(parse(&config, text, NULL, &error), STATUS_OK);
    assert_string_equal(config.task_problems, value);
    assert_int_equal(config.task_numbers, 2);
  }
}

static void lines_too_long_are_refused(void **state) {
  (void)state;
  static char text[8000];
  char expected[100];
  struct config config;
  struct error error;
  memcpy(text, "[run]\ndir=", 10);
  memset(text + 10, 'a', 1024);
  assert_int_equal(parse(&config, text, NULL, &error), STATUS_USAGE);
  assert_string_equal(error.place, "x.ini:2");
  assert_string_equal(error.text, "run.dir is a text of 1024 bytes; give at most 1023");
  assert_int_equal(parse(&config, "", text + 6, &error), STATUS_OK + STATUS_USAGE); /* "dir=..." has no section */
  memset(text + 10, 'a', 4000);
  assert_int_equal(parse(&config, text, NULL, &error), STATUS_USAGE);
  snprintf(expected, sizeof expected, "a line of 4004 bytes; shorten it to at most %u", CONFIG_LINE_BYTES_MAX);
  assert_string_equal(error.text, expected);
  memset(text + 10, '#', 300);
  text[310] = 0;
  assert_int_equal(parse(&config, text, NULL, &error), STATUS_USAGE);
  assert_string_equal(error.text, "a value of 300 bytes that is nearly all blanks, ; or # cannot be read; shorten it");
  memset(text + 6, '#', 7000); /* a comment may be as long as it likes */
  text[7006] = 0;
  assert_int_equal(parse(&config, text, NULL, &error), STATUS_OK);
}

/* ---- what is right ---- */

static void forms_that_are_read(void **state) {
  (void)state;
  struct config config;
  struct error error;
  assert_int_equal(parse(&config,
                         "\xef\xbb\xbf# caf\xc3\xa9\r\n"
                         "; old style\r\n"
                         "[run] ; here\r\n"
                         "\tdir = runs/caf\xc3\xa9 = 1;2\t; the = sign and the ; stay\r\n"
                         "  seed=7\r\n"
                         "device = vulkan:0\r\n"
                         "[ optim ]\r\n"
                         "micro_tokens = 4K\r\n"
                         "[run]\r\n"
                         "simd = avx512",
                         NULL, &error),
                   STATUS_OK);
  assert_string_equal(config.run_dir, "runs/caf\xc3\xa9 = 1;2");
  assert_int_equal(config.run_seed, 7);
  assert_string_equal(config.run_device, "vulkan:0");
  assert_int_equal(config.optim_micro_tokens, 4096);
  assert_int_equal(config.run_simd, 3);
  struct config defaults;
  config_defaults(&defaults);
  assert_int_equal(config.sft_steps, defaults.sft_steps);
}

static void overrides_win_in_order(void **state) {
  (void)state;
  static const char *const overrides[] = {"run.seed=2", " reward.length.c = 5 ", "run.seed=3", "run.dir=", "ppo.lr=.5"};
  static const char text[] = "[run]\nseed = 1\ndir = a\n[model]\nwidth = 120\n";
  struct config config;
  struct error error;
  assert_int_equal(config_parse(&config, "x.ini", text, sizeof text - 1, overrides, 5, &error), STATUS_OK);
  assert_int_equal(config.run_seed, 3);
  assert_true(config.reward_length_c == 5);
  assert_string_equal(config.run_dir, "");
  assert_true(config.ppo_lr == 0.5);
  /* a rule is judged after all of them */
  assert_int_equal(parse(&config, "[model]\nwidth = 100\n", "model.heads=10", &error), STATUS_USAGE);
  static const char *const both[] = {"model.heads=10", "model.kv_heads=5"};
  assert_int_equal(config_parse(&config, "x.ini", "[model]\nwidth=100", 17, both, 2, &error), STATUS_OK);
}

static void numbers_are_read_exactly(void **state) {
  (void)state;
  i64 whole = -7;
  f64 real = -7;
  assert_int_equal(number_read_integer("9223372036854775807", &whole), NUMBER_OK);
  assert_true(whole == INT64_MAX);
  assert_int_equal(number_read_integer("9223372036854775808", &whole), NUMBER_TOO_LARGE);
  assert_int_equal(number_read_integer("8589934592G", &whole), NUMBER_TOO_LARGE);
  assert_int_equal(number_read_integer("8589934591G", &whole), NUMBER_OK);
  assert_true(whole == 8589934591 * (i64)(1 << 30));
  assert_int_equal(number_read_integer("-3M", &whole), NUMBER_OK);
  assert_true(whole == -3 * 1048576);
  static const char *const not_whole[] = {"", "-", "K", "1KK", "1k", "+1", "1 K", " 1", "0x10", "1e3", "1.0", "--1"};
  for (u32 i = 0; i < COUNT_OF(not_whole); i++)
    assert_int_equal(number_read_integer(not_whole[i], &whole), NUMBER_MALFORMED);
  static const char *const not_real[] = {"",    ".",   "-",   "e5",  "1e", "1e+", "1.2.3",
                                         "1,5", "nan", "inf", "0x1", "1 ", "+1",  "1f"};
  for (u32 i = 0; i < COUNT_OF(not_real); i++) assert_int_equal(number_read_real(not_real[i], &real), NUMBER_MALFORMED);
  assert_int_equal(number_read_real("1e308", &real), NUMBER_OK);
  assert_int_equal(number_read_real("1e309", &real), NUMBER_TOO_LARGE);
  assert_int_equal(number_read_real("4e-320", &real), NUMBER_TOO_LARGE);
  assert_int_equal(number_read_real("-0", &real), NUMBER_OK);
  assert_true(real == 0 && !signbit(real));
  assert_int_equal(number_read_real("0.1", &real), NUMBER_OK);
  assert_true(real == 0.1);
}

static void reals_are_written_shortest(void **state) {
  (void)state;
  static const struct {
    f64 value;
    const char *text;
  } rows[] = {{0.1, "0.1"},     {1e-5, "1e-05"},       {10000, "10000"},
              {1e6, "1000000"}, {-2.5e20, "-2.5e+20"}, {1.0 / 3, "0.3333333333333333"},
              {0, "0"},         {5e-324, "5e-324"}};
  char text[NUMBER_BYTES];
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    assert_int_equal(number_write_real(rows[i].value, text), strlen(rows[i].text));
    assert_string_equal(text, rows[i].text);
  }
  struct random_stream random;
  random_open(&random, 1, RANDOM_TEST, 1);
  for (u32 i = 0; i < 20000; i++) {
    u64 bits = ((u64)random_u32(&random) << 32) | random_u32(&random);
    f64 value, again = 0;
    memcpy(&value, &bits, sizeof value);
    if (!isnormal(value)) continue;
    number_write_real(value, text);
    assert_int_equal(number_read_real(text, &again), NUMBER_OK);
    assert_memory_equal(&again, &value, sizeof value);
  }
}

/* ---- the schema ---- */

static void defaults_pass_their_own_checks(void **state) {
  (void)state;
  struct config config, again;
  struct error error;
  config_defaults(&config);
  assert_int_equal(config_check(&config, "defaults", &error), STATUS_OK);
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    char value[CONFIG_VALUE_BYTES], text[256], name[CONFIG_FULL_NAME_BYTES];
    const struct setting *setting = &config_settings[i];
    again = config;
    setting_write(&config, (enum setting_index)i, value);
    if (!setting_set(&again, (enum setting_index)i, value, text, sizeof text)) fail_msg("default: %s", text);
    assert_memory_equal(&again, &config, sizeof config);
    assert_true(strlen(setting->key) < CONFIG_NAME_BYTES &&
                strlen(config_sections[setting->section].name) < CONFIG_NAME_BYTES);
    assert_true(strlen(setting->doc) > 0 && strchr(setting->doc, '\n') == NULL);
    for (u32 j = 0; j < i; j++) {
      char other[CONFIG_FULL_NAME_BYTES];
      assert_string_not_equal(setting_name((enum setting_index)i, name), setting_name((enum setting_index)j, other));
    }
  }
}

/* A section that is reopened in the schema would print its heading twice. */
static void sections_stand_together(void **state) {
  (void)state;
  u32 headings = 1;
  for (u32 i = 1; i < SETTING_COUNT; i++) headings += config_settings[i].section != config_settings[i - 1].section;
  assert_int_equal(headings, SECTION_COUNT);
}

static void choices_are_in_the_order_of_their_enums(void **state) {
  (void)state;
  static const struct {
    enum setting_index setting;
    const char *choices;
  } rows[] = {{SETTING_reward_balance, "paper|paper-code|streams"},
              {SETTING_run_resume, "auto|never"},
              {SETTING_reward_correctness_head, "own|shared"},
              {SETTING_reward_length_head, "own|shared"},
              {SETTING_ppo_kl_stream, "correctness|length"},
              {SETTING_model_bias, "none|qkv"},
              {SETTING_reward_length_whiten, "no|yes"},
              {SETTING_run_simd, "auto|baseline|avx2|avx512"}};
  for (u32 i = 0; i < COUNT_OF(rows); i++)
    assert_string_equal(config_settings[rows[i].setting].choices, rows[i].choices);
  assert_true(BALANCE_STREAMS == 2 && RESUME_NEVER == 1 && VALUE_HEAD_SHARED == 1 && KL_STREAM_LENGTH == 1 &&
              MODEL_BIAS_QKV == 1);
}

/* A value away from the default, drawn within the range. */
static void change(struct config *config, u32 index, struct random_stream *random) {
  const struct setting *setting = &config_settings[index];
  void *field = setting_field(config, (enum setting_index)index);
  const f64 unit = (random_u32(random) + 0.5) / 4294967296.0;
  const i64 whole = setting->integer_min + (i64)(unit * (f64)(setting->integer_max - setting->integer_min));
  const f64 real = setting->real_min + unit * (setting->real_max - setting->real_min);
  u32 choices = 1;
  for (const char *at = setting->choices; at != NULL && *at != 0; at++) choices += *at == '|';
  const u32 choice = ((u32)setting->integer + 1) % choices;
  if (setting->kind == KIND_INTEGER) memcpy(field, &whole, sizeof whole);
  if (setting->kind == KIND_REAL) memcpy(field, &real, sizeof real);
  if (setting->kind == KIND_CHOICE) memcpy(field, &choice, sizeof choice);
  if (setting->kind == KIND_TEXT) {
    memset(field, 'x', CONFIG_TEXT_BYTES - 1);
    memset((char *)field + 100, ' ', 3);
    memset((char *)field + 500, 0, CONFIG_TEXT_BYTES - 500);
    snprintf((char *)field + 500, 500, "/%u", random_u32(random));
  }
}

/* What config_parse reads before the rules across settings: values drawn alone break those. */
static void assert_reads_back(const struct config *config) {
  static char text[32768];
  struct config again;
  const u64 bytes = config_print(config, text, sizeof text);
  assert_true(bytes < sizeof text && bytes == strlen(text));
  char *line = strtok(text, "\n"), section[CONFIG_NAME_BYTES] = "", override[CONFIG_LINE_BYTES_MAX];
  config_defaults(&again);
  for (; line != NULL; line = strtok(NULL, "\n")) {
    if (sscanf(line, "[%49[^]]]", section) == 1) continue;
    char *equals = strchr(line, '='), why[256];
    assert_non_null(equals);
    equals[-1] = 0;
    snprintf(override, sizeof override, "%s", equals[1] == ' ' ? equals + 2 : equals + 1);
    const enum setting_index index = setting_find(section_find(section), line);
    assert_true(index < SETTING_COUNT);
    if (!setting_set(&again, index, override, why, sizeof why)) fail_msg("%s", why);
  }
  assert_memory_equal(&again, config, sizeof again);
}

static void print_reads_back_bit_for_bit(void **state) {
  (void)state;
  struct random_stream random;
  struct config config, again;
  struct error error;
  static char text[32768];
  random_open(&random, 2, RANDOM_TEST, 0);
  for (u32 round = 0; round < 200; round++) {
    config_defaults(&config);
    for (u32 i = 0; i < SETTING_COUNT; i++)
      if (round > 0) change(&config, i, &random);
    assert_reads_back(&config);
  }
  /* through the parser too, with settings that agree */
  assert_int_equal(
      parse(&config,
            "[run]\ndir=a b\nseed=4K\n[model]\nnorm_eps=1.1e-6\n[reward]\nbalance=streams\n[ppo]\nlr=0.000123456789\n",
            NULL, &error),
      STATUS_OK);
  memset(config.task_problems, 'p', CONFIG_TEXT_BYTES - 1);
  const u64 bytes = config_print(&config, text, sizeof text);
  assert_int_equal(config_parse(&again, "x.ini", text, bytes, NULL, 0, &error), STATUS_OK);
  assert_memory_equal(&again, &config, sizeof config);
  assert_true(config_hash(&again) == config_hash(&config));
}

static void print_never_overruns(void **state) {
  (void)state;
  struct config config;
  char text[300];
  config_defaults(&config);
  const u64 bytes = config_print(&config, NULL, 0);
  assert_true(bytes > sizeof text);
  for (u32 capacity = 0; capacity < 200; capacity++) {
    memset(text, 'Z', sizeof text);
    assert_int_equal(config_print(&config, text, capacity), bytes);
    if (capacity > 0) assert_int_equal(text[capacity - 1], 0);
    for (u32 i = capacity; i < sizeof text; i++) assert_int_equal(text[i], 'Z');
  }
}

static void hash_ignores_what_has_no_effect(void **state) {
  (void)state;
  static const char *const without[] = {"run.dir",
                                        "run.device",
                                        "run.threads",
                                        "run.simd",
                                        "run.pipeline_cache",
                                        "run.resume",
                                        "rollout.slots",
                                        "checkpoint.every",
                                        "checkpoint.keep",
                                        "log.every",
                                        "log.samples",
                                        "reward.correctness.program_parallel",
                                        "reward.correctness.undecided_warn"};
  struct random_stream random;
  struct config defaults;
  random_open(&random, 3, RANDOM_TEST, 0);
  config_defaults(&defaults);
  u32 ignored = 0;
  for (u32 i = 0; i < SETTING_COUNT; i++) {
    char name[CONFIG_FULL_NAME_BYTES];
    struct config config = defaults;
    bool listed = false;
    setting_name((enum setting_index)i, name);
    for (u32 j = 0; j < COUNT_OF(without); j++) listed = listed || strcmp(name, without[j]) == 0;
    change(&config, i, &random);
    if (memcmp(&config, &defaults, sizeof config) == 0) continue; /* a single choice */
    if ((config_hash(&config) == config_hash(&defaults)) != listed) fail_msg("%s", name);
    ignored += listed;
  }
  assert_int_equal(ignored, COUNT_OF(without));
}

/* ---- configs/ ---- */

static u64 read_file(const char *path, char *text, u64 capacity) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail_msg("%s is missing", path);
  const u64 bytes = fread(text, 1, capacity - 1, file);
  fclose(file);
  text[bytes] = 0;
  return bytes;
}

static void reference_is_up_to_date(void **state) {
  (void)state;
  static char text[65536], stored[65536];
  struct config config, defaults;
  struct error error;
  const u64 bytes = config_print_reference(text, sizeof text);
  assert_true(bytes < sizeof text);
  assert_int_equal(config_parse(&config, "reference.ini", text, bytes, NULL, 0, &error), STATUS_OK);
  config_defaults(&defaults);
  assert_memory_equal(&config, &defaults, sizeof config);
  read_file("configs/reference.ini", stored, sizeof stored);
  if (strcmp(text, stored) != 0)
    fail_msg("configs/reference.ini is out of date; write it anew with: rlsp config > configs/reference.ini");
}

static void every_config_parses(void **state) {
  (void)state;
  static char text[65536];
  DIR *folder = opendir("configs");
  assert_non_null(folder);
  u32 count = 0;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char path[300];
    struct config config;
    struct error error;
    if (strstr(entry->d_name, ".ini") == NULL) continue;
    snprintf(path, sizeof path, "configs/%s", entry->d_name);
    const u64 bytes = read_file(path, text, sizeof text);
    if (config_parse(&config, path, text, bytes, NULL, 0, &error) != STATUS_OK)
      fail_msg("%s: %s", error.place, error.text);
    count++;
  }
  closedir(folder);
  assert_true(count >= 5);
}

static void load(const char *path, struct config *config) {
  static char text[65536];
  struct error error;
  const u64 bytes = read_file(path, text, sizeof text);
  if (config_parse(config, path, text, bytes, NULL, 0, &error) != STATUS_OK)
    fail_msg("%s: %s", error.place, error.text);
}

/* The arms of a study differ in what they are about, and in nothing else. */
static void arms_differ_in_one_thing(void **state) {
  (void)state;
  struct config base, arm;
  load("configs/countdown.ini", &base);
  assert_int_equal(base.reward_balance, BALANCE_PAPER);
  load("configs/countdown-outcome-only.ini", &arm);
  assert_true(arm.reward_alpha == 1 && base.reward_alpha < 1);
  arm.reward_alpha = base.reward_alpha;
  memcpy(arm.run_dir, base.run_dir, sizeof arm.run_dir);
  assert_memory_equal(&arm, &base, sizeof arm);
  load("configs/countdown-streams.ini", &arm);
  assert_int_equal(arm.reward_balance, BALANCE_STREAMS);
  arm.reward_balance = base.reward_balance;
  memcpy(arm.run_dir, base.run_dir, sizeof arm.run_dir);
  assert_memory_equal(&arm, &base, sizeof arm);
}

/* ---- hostile bytes: nothing to see but a status, under the sanitizers ---- */

static void random_bytes_are_survived(void **state) {
  (void)state;
  static const char *const pieces[] = {"[run]\n",
                                       "[model",
                                       "]",
                                       "seed",
                                       " = ",
                                       "=",
                                       "1K",
                                       "\n",
                                       "\r\n",
                                       ";",
                                       " ;",
                                       "#",
                                       "\t",
                                       "  ",
                                       "\xef\xbb\xbf",
                                       "\xff",
                                       "\xc3\xa9",
                                       "[reward.length]\n",
                                       "c",
                                       "dir",
                                       "-1e-3",
                                       "9999999999999999999",
                                       "layers",
                                       ":",
                                       "\"",
                                       "auto",
                                       "width",
                                       "heads",
                                       "\v",
                                       "problems = "};
  static char text[6000];
  struct random_stream random;
  struct config config;
  struct error error;
  u32 accepted = 0;
  random_open(&random, 4, RANDOM_TEST, 0);
  for (u32 round = 0; round < 20000; round++) {
    u64 bytes = 0;
    const u32 wanted = random_below(&random, round % 50 == 0 ? 5000 : 60);
    while (bytes < wanted) {
      const char *piece = pieces[random_below(&random, COUNT_OF(pieces))];
      const u32 kind = random_below(&random, 40);
      if (kind == 0)
        text[bytes++] = (char)random_below(&random, 256);
      else if (kind == 1 && bytes + 400 < sizeof text) {
        memset(text + bytes, "a;# "[random_below(&random, 4)], 300);
        bytes += 300;
      } else if (bytes + strlen(piece) < sizeof text) {
        memcpy(text + bytes, piece, strlen(piece));
        bytes += strlen(piece);
      }
    }
    char *exact = malloc(bytes + 1); /* so that a read past the end is seen */
    assert_non_null(exact);
    memcpy(exact, text, bytes);
    error.place[0] = error.text[0] = 0;
    const enum status status = config_parse(&config, "x.ini", exact, bytes, NULL, 0, &error);
    free(exact);
    assert_true(status == STATUS_OK ||
                (status == STATUS_USAGE && error.text[0] != 0 && strstr(error.place, "x.ini") != NULL));
    accepted += status == STATUS_OK;
  }
  assert_true(accepted > 20 && accepted < 19000); /* both sides were seen */
}

/* The reference with one byte changed, cut at any length. */
static void damaged_reference_is_survived(void **state) {
  (void)state;
  static char text[65536], copy[65536];
  struct random_stream random;
  struct config config;
  struct error error;
  const u64 bytes = config_print_reference(text, sizeof text);
  random_open(&random, 5, RANDOM_TEST, 0);
  u32 refused = 0;
  for (u32 round = 0; round < 1500; round++) {
    memcpy(copy, text, bytes);
    copy[random_below(&random, (u32)bytes)] = (char)random_below(&random, 256);
    const u64 length = round % 2 == 0 ? bytes : random_below(&random, (u32)bytes);
    refused += config_parse(&config, "x.ini", copy, length, NULL, 0, &error) != STATUS_OK;
  }
  assert_true(refused > 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_that_are_unknown),
      cmocka_unit_test(lines_that_are_malformed),
      cmocka_unit_test(values_that_are_wrong),
      cmocka_unit_test(overrides_that_are_wrong),
      cmocka_unit_test(rules_across_settings),
      cmocka_unit_test(zero_bytes_are_told),
      cmocka_unit_test(a_long_path_keeps_its_line),
      cmocka_unit_test(long_values_arrive_whole),
      cmocka_unit_test(lines_too_long_are_refused),
      cmocka_unit_test(forms_that_are_read),
      cmocka_unit_test(overrides_win_in_order),
      cmocka_unit_test(numbers_are_read_exactly),
      cmocka_unit_test(reals_are_written_shortest),
      cmocka_unit_test(defaults_pass_their_own_checks),
      cmocka_unit_test(sections_stand_together),
      cmocka_unit_test(choices_are_in_the_order_of_their_enums),
      cmocka_unit_test(print_reads_back_bit_for_bit),
      cmocka_unit_test(print_never_overruns),
      cmocka_unit_test(hash_ignores_what_has_no_effect),
      cmocka_unit_test(reference_is_up_to_date),
      cmocka_unit_test(every_config_parses),
      cmocka_unit_test(arms_differ_in_one_thing),
      cmocka_unit_test(random_bytes_are_survived),
      cmocka_unit_test(damaged_reference_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
