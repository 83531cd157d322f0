/* The nth Vulkan call fails, for every n of a small run and every error the call's specification lists, once and for ever: no crash,
 * no hang, one clear error, the right exit code; and the run goes on from its last checkpoint to the same weights.
 *   vulkan_faults_test           the calls after the freeze
 *   vulkan_faults_test all       those of the start too
 *   vulkan_faults_test staged    one in 37 calls after the freeze of a run as on a discrete GPU; else such a run is only compared with the plain one
 * Each case is a process of its own (this program again, with the case as arguments): a lost device cannot be opened twice. Without a
 * Vulkan driver all is skipped. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/learn/trainer.h"
#include "platform/vulkan/vulkan_constrain.h"

#define CASE_SECONDS_MAX 120u
#define SAID_BYTES 4096u
#define WORKERS 2u
/* A staged run has thousands of calls, most of them in the same row of five again and again: one in a prime number of them meets each kind. */
#define STAGED_EACH 37u

struct fault_case {
  u64 nth;
  u32 choice;
  bool lasting;
};

struct outcome {
  int status; /* exit status; -1 = died of a signal */
  char said[SAID_BYTES];
  unsigned long long calls, freeze, hash;
  u32 choices;
  char function[64];
};

static bool all_calls, staged_calls;
static bool staged; /* the runs are as on a discrete GPU (every transfer a submit), and reversed (vulkan_constrain.h) */
static char work[] = "/tmp/rlsp_faults_XXXXXX";
static char self[PATH_BYTES_MAX];

/* ---- the child ---- */

static enum status read_config(struct config *config, const char *folder, struct error *error) {
  char dir[PATH_BYTES_MAX], device[64];
  snprintf(dir, sizeof dir, "run.dir=%s", folder);
  snprintf(device, sizeof device, "run.device=vulkan:0");
  const char *const settings[] = {dir,
                                  device,
                                  "run.pipeline_cache=none",
                                  "model.layers=1",
                                  "model.width=16",
                                  "model.heads=1",
                                  "model.kv_heads=1",
                                  "model.ffn=16",
                                  "task.number_max=6",
                                  "task.numbers=2",
                                  "task.target_max=20",
                                  "task.test_problems=4",
                                  "sft.steps=2",
                                  "sft.batch=4",
                                  "rollout.samples=4",
                                  "rollout.slots=4",
                                  "rollout.response_max=4",
                                  "ppo.iterations=2",
                                  "ppo.minibatch=4",
                                  "critic.warmup_iterations=0",
                                  "optim.micro_tokens=256",
                                  "eval.problems=0",
                                  "checkpoint.every=1"};
  return config_parse(config, "faults", "", 0, settings, COUNT_OF(settings), error);
}

static int run_child(const char *folder, const struct fault_case *fault) {
  static struct trainer trainer;
  static struct config config;
  struct error error = {0};
  u64 freeze = 0, hash = 0;
  vulkan_constrain_all(staged);
  enum status status = read_config(&config, folder, &error);
  vulkan_fault_set(fault->nth, fault->choice, fault->lasting);
  if (status == STATUS_OK) status = trainer_open(&trainer, &config, 0, &error);
  freeze = vulkan_fault_calls();
  if (status == STATUS_OK) status = trainer_train(&trainer, &error);
  if (status == STATUS_OK) status = learner_weights_hash(&trainer.learner, &trainer.device, &hash, &error);
  trainer_close(&trainer);
  const struct vulkan_fault_report report = vulkan_fault_reported();
  printf("\ncalls %llu freeze %llu hash %llx choices %u function %s\n", (unsigned long long)vulkan_fault_calls(),
         (unsigned long long)freeze, (unsigned long long)hash, report.choices,
         report.function == NULL ? "none" : report.function);
  if (status != STATUS_OK) printf("rlsp: %s: %s\n", error.place, error.text);
  fflush(stdout);
  return (int)status;
}

/* ---- the parent ---- */

static struct outcome run_case(const char *folder, const struct fault_case *fault) {
  struct outcome outcome = {.status = -1};
  char command[2 * PATH_BYTES_MAX + 128];
  snprintf(command, sizeof command, "timeout -s KILL %u '%s' case '%s' %llu %u %d %d 2>&1", CASE_SECONDS_MAX, self,
           folder, (unsigned long long)fault->nth, fault->choice, fault->lasting, staged);
  FILE *child = popen(command, "r");
  assert_non_null(child);
  size_t used = 0, got;
  char spill[256];
  while ((got = fread(outcome.said + used, 1, SAID_BYTES - 1 - used, child)) > 0) used += got;
  while (fread(spill, 1, sizeof spill, child) > 0) continue;
  outcome.said[used] = '\0';
  const int status = pclose(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) < 124) outcome.status = WEXITSTATUS(status);
  const char *line = strstr(outcome.said, "\ncalls ");
  if (line != NULL)
    (void)!sscanf(line, "\ncalls %llu freeze %llu hash %llx choices %u function %63s", &outcome.calls, &outcome.freeze,
                  &outcome.hash, &outcome.choices, outcome.function);
  return outcome;
}

/* Ends a worker, whose parent then fails. */
static void complain(const struct fault_case *fault, const struct outcome *outcome, const char *what) {
  printf("call %llu (%s), error %u of %u, %s: %s; status %d; it said:\n%s\n", (unsigned long long)fault->nth,
         outcome->function, fault->choice, outcome->choices, fault->lasting ? "for ever" : "once", what,
         outcome->status, outcome->said);
  fflush(stdout);
  _exit(1);
}

static void remove_folder(const char *folder) {
  struct files files = {0};
  struct error error;
  assert_int_equal(files_remove_tree(&files, folder, &error), STATUS_OK);
}

/* The run goes on from what the failed one left. */
static void expect_same_weights_resumed(const struct fault_case *fault, const char *folder, unsigned long long hash) {
  const struct fault_case none = {0};
  const struct outcome resumed = run_case(folder, &none);
  if (resumed.status != STATUS_OK) complain(fault, &resumed, "the run does not go on");
  if (strstr(resumed.said, "nothing to do") == NULL && resumed.hash != hash)
    complain(fault, &resumed, "it goes on to other weights");
}

/* Which failed runs are gone on with. Before the freeze there is no checkpoint yet: a few are enough. */
static bool is_resumed(const struct fault_case *fault, const struct outcome *whole) {
  if (fault->lasting) return false;
  if (fault->nth <= whole->freeze) return fault->nth % 32 == 0 && fault->choice == 0;
  return all_calls || staged_calls || fault->choice == 0;
}

/* One case; whether the call has that many errors. */
static bool expect_well_failed(const struct fault_case *fault, const struct outcome *whole) {
  char folder[PATH_BYTES_MAX];
  snprintf(folder, sizeof folder, "%s/run%d", work, (int)getpid());
  const struct outcome outcome = run_case(folder, fault);
  if (outcome.status < 0) complain(fault, &outcome, "it crashed or hung");
  const bool struck = fault->choice < outcome.choices;
  if (outcome.status ==
      STATUS_OK) { /* a call that may fail without harm (a cache, a budget, the close), or no such error */
    if (outcome.hash != whole->hash) complain(fault, &outcome, "it ended well, with other weights");
  } else {
    const char *line = strstr(outcome.said, "rlsp: ");
    if (outcome.status != STATUS_DEVICE && outcome.status != STATUS_DOES_NOT_FIT)
      complain(fault, &outcome, "the exit status is neither 3 nor 4");
    if (line == NULL || strchr(line, ';') == NULL) complain(fault, &outcome, "no error with its cure");
    if (strstr(outcome.said, "AddressSanitizer") != NULL)
      complain(fault, &outcome, "the sanitizer has something to say");
    if (is_resumed(fault, whole)) expect_same_weights_resumed(fault, folder, whole->hash);
  }
  remove_folder(folder);
  return struck;
}

/* Its share of the calls: one in `stride`. Returns how many cases that were. */
static u64 work_through(const struct outcome *whole, u64 first, u64 stride) {
  u64 cases = 0;
  for (u64 nth = first; nth <= whole->calls; nth += stride) {
    for (u32 choice = 0;; choice++) {
      const struct fault_case once = {nth, choice, false}, for_ever = {nth, choice, true};
      if (!expect_well_failed(&once, whole)) break;
      (void)expect_well_failed(&for_ever, whole);
      cases += 2;
    }
  }
  return cases;
}

static struct outcome run_without_fault(void) {
  char folder[PATH_BYTES_MAX];
  snprintf(folder, sizeof folder, "%s/whole", work);
  const struct fault_case none = {0};
  const struct outcome whole = run_case(folder, &none);
  if (whole.status != STATUS_OK) fail_msg("the run without a fault fails: %s", whole.said);
  assert_true(whole.freeze > 0 && whole.calls > whole.freeze);
  return whole;
}

static void need_vulkan(void) {
  struct device_info infos[DEVICES_MAX];
  char note[512];
  if (device_list(infos, DEVICES_MAX, note, sizeof note) > 1) return;
  print_message("skipped: no Vulkan driver\n");
  skip();
}

/* From the call `first` on, one in `each`. */
static void expect_all_fail_well(const struct outcome *whole, u64 first, u64 each) {
  pid_t workers[WORKERS];
  for (u64 i = 0; i < WORKERS; i++) {
    fflush(stdout);
    workers[i] = fork();
    if (workers[i] != 0) continue;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that is stopped leaves nobody behind */
    const u64 cases = work_through(whole, first + i * each, WORKERS * each);
    printf("%llu calls, %llu after the freeze, %llu cases here\n", whole->calls, whole->calls - whole->freeze,
           (unsigned long long)cases);
    fflush(stdout);
    _exit(0);
  }
  bool well = true;
  for (u32 i = 0; i < WORKERS; i++) {
    int status = 1;
    assert_true(workers[i] > 0 && waitpid(workers[i], &status, 0) == workers[i]);
    well = well && status == 0;
  }
  assert_true(well);
}

static int make_work(void **state) {
  (void)state;
  strcpy(work + strlen(work) - 6, "XXXXXX");
  return mkdtemp(work) == NULL;
}

static int remove_work(void **state) {
  (void)state;
  remove_folder(work);
  return 0;
}

static void every_call_may_fail(void **state) {
  (void)state;
  need_vulkan();
  const struct outcome whole = run_without_fault();
  expect_all_fail_well(&whole, all_calls ? 1 : whole.freeze + 1, 1);
}

/* A discrete GPU's way: the same weights; and its transfers, submits of their own, may fail like the rest. */
static void staging_changes_nothing(void **state) {
  (void)state;
  need_vulkan();
  const struct outcome whole = run_without_fault();
  remove_folder(work);
  assert_int_equal(make_work(NULL), 0);
  staged = true;
  const struct outcome of_discrete = run_without_fault();
  assert_true(whole.hash == of_discrete.hash);
  assert_true(of_discrete.calls > whole.calls);
  if (staged_calls) expect_all_fail_well(&of_discrete, of_discrete.freeze + 1, STAGED_EACH);
  staged = false;
}

int main(int argc, char **argv) {
  if (argc == 7 && strcmp(argv[1], "case") == 0) {
    staged = argv[6][0] == '1';
    const struct fault_case fault = {strtoull(argv[3], NULL, 10), (u32)strtoul(argv[4], NULL, 10), argv[5][0] == '1'};
    return run_child(argv[2], &fault);
  }
  all_calls = argc == 2 && strcmp(argv[1], "all") == 0;
  staged_calls = argc == 2 && strcmp(argv[1], "staged") == 0;
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 1;
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(every_call_may_fail, make_work, remove_work),
                                     cmocka_unit_test_setup_teardown(staging_changes_nothing, make_work, remove_work)};
  const struct CMUnitTest of_staged[] = {
      cmocka_unit_test_setup_teardown(staging_changes_nothing, make_work, remove_work)};
  return staged_calls ? cmocka_run_group_tests(of_staged, NULL, NULL) : cmocka_run_group_tests(tests, NULL, NULL);
}
