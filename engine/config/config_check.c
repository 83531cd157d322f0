/* Rules that span settings. Each names the settings it weighs, so that the message points at the line of one that was
 * given. */
#include <stdarg.h>
#include <string.h>

#include "engine/check.h"
#include "engine/config/config_settings.h"
#include "engine/memory/limits.h"
/* the looks upwards: the words of answer_sources; how long the task's prompts and traces are */
#include "engine/reward/math/extract.h"
#include "engine/task/countdown.h"

struct check {
  const struct config *config;
  const struct config_places *places;
  struct error *error;
};

static u32 later(u32 a, u32 b) { return a > b ? a : b; }

/* The place is where the two settings were last given: the command line, else the lower line. */
static enum status broken(const struct check *check, enum setting_index one, enum setting_index other,
                          const char *format, ...) PRINTF_LIKE(4, 5);
static enum status broken(const struct check *check, enum setting_index one, enum setting_index other,
                          const char *format, ...) {
  char text[sizeof check->error->text], place[sizeof check->error->place];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  config_place(check->places->file, later(check->places->line[one], check->places->line[other]), place, sizeof place);
  return status_fail(check->error, STATUS_USAGE, place, "%s", text);
}

static enum status check_model(const struct check *check) {
  const i64 width = check->config->model_width, heads = check->config->model_heads,
            kv_heads = check->config->model_kv_heads;
  if (width % heads != 0)
    return broken(check, SETTING_model_width, SETTING_model_heads,
                  "model.heads = %lld does not divide model.width = %lld; change one of them", (long long)heads,
                  (long long)width);
  const i64 head = width / heads;
  if (head % 2 != 0 || head > (i64)HEAD_DIM_MAX)
    return broken(
        check, SETTING_model_width, SETTING_model_heads,
        "a head is model.width / model.heads = %lld wide; it must be even and at most %u, so change one of them",
        (long long)head, HEAD_DIM_MAX);
  if (kv_heads > heads || heads % kv_heads != 0)
    return broken(check, SETTING_model_kv_heads, SETTING_model_heads,
                  "model.kv_heads = %lld does not divide model.heads = %lld; change one of them", (long long)kv_heads,
                  (long long)heads);
  return STATUS_OK;
}

static enum status check_rollout(const struct check *check) {
  const struct config *c = check->config;
  if (c->rollout_samples % c->rollout_samples_per_prompt != 0)
    return broken(check, SETTING_rollout_samples, SETTING_rollout_samples_per_prompt,
                  "rollout.samples_per_prompt = %lld does not divide rollout.samples = %lld; change one of them",
                  (long long)c->rollout_samples_per_prompt, (long long)c->rollout_samples);
  if (c->ppo_minibatch > c->rollout_samples)
    return broken(check, SETTING_ppo_minibatch, SETTING_rollout_samples,
                  "ppo.minibatch = %lld is more than rollout.samples = %lld; lower it, or raise rollout.samples",
                  (long long)c->ppo_minibatch, (long long)c->rollout_samples);
  return STATUS_OK;
}

static enum status check_sampling(const struct check *check) {
  static const char reason[] =
      "log-probs are of the distribution sampled from, and a truncated one has none outside what it keeps";
  const struct config *c = check->config;
  if (c->rollout_top_p < 1)
    return broken(check, SETTING_rollout_top_p, SETTING_rollout_top_p,
                  "rollout.top_p below 1 cannot be trained with: %s; set it to 1", reason);
  if (c->rollout_top_k != 0)
    return broken(check, SETTING_rollout_top_k, SETTING_rollout_top_k,
                  "rollout.top_k above 0 cannot be trained with: %s; set it to 0", reason);
  if (c->rollout_min_p > 0)
    return broken(check, SETTING_rollout_min_p, SETTING_rollout_min_p,
                  "rollout.min_p above 0 cannot be trained with: %s; set it to 0", reason);
  return STATUS_OK;
}

static enum status check_task(const struct check *check) {
  const struct config *c = check->config;
  if (c->task_target_min > c->task_target_max)
    return broken(check, SETTING_task_target_min, SETTING_task_target_max,
                  "task.target_min = %lld is above task.target_max = %lld; change one of them",
                  (long long)c->task_target_min, (long long)c->task_target_max);
  return STATUS_OK;
}

/* A sequence is never cut: it fits one pass, and the context. */
static enum status check_lengths(const struct check *check) {
  const struct config *c = check->config;
  struct countdown_options task;
  countdown_options_from(&task, c);
  const i64 prompt = countdown_prompt_max(&task), trace = countdown_trace_max(&task),
            response = c->rollout_response_max;
  const i64 positions = trace + c->task_position_gap_max;
  if (prompt + response > (i64)CONTEXT_MAX)
    return broken(check, SETTING_rollout_response_max, SETTING_task_numbers,
                  "a prompt of %lld tokens and rollout.response_max = %lld exceed the %u tokens of a context; lower "
                  "rollout.response_max",
                  (long long)prompt, (long long)response, CONTEXT_MAX);
  if (prompt + response > c->optim_micro_tokens)
    return broken(check, SETTING_rollout_response_max, SETTING_optim_micro_tokens,
                  "a prompt of %lld tokens and rollout.response_max = %lld exceed optim.micro_tokens = %lld, and a "
                  "sequence goes in one pass; "
                  "raise optim.micro_tokens to %lld, or lower rollout.response_max",
                  (long long)prompt, (long long)response, (long long)c->optim_micro_tokens,
                  (long long)(prompt + response));
  if (trace > c->optim_micro_tokens)
    return broken(
        check, SETTING_task_failed_context_max, SETTING_optim_micro_tokens,
        "an SFT trace takes up to %lld tokens, more than optim.micro_tokens = %lld, and a sequence goes in one pass; "
        "raise optim.micro_tokens, or lower task.failed_context_max",
        (long long)trace, (long long)c->optim_micro_tokens);
  if (positions > (i64)CONTEXT_MAX)
    return broken(check, SETTING_task_position_gap_max, SETTING_task_failed_context_max,
                  "an SFT trace of %lld tokens and task.position_gap_max = %lld exceed the %u positions of a context; "
                  "lower task.position_gap_max",
                  (long long)trace, (long long)c->task_position_gap_max, CONTEXT_MAX);
  return STATUS_OK;
}

static enum status check_streams(const struct check *check) {
  const struct config *c = check->config;
  if (c->reward_balance != BALANCE_STREAMS || c->reward_correctness_weight > 0 || c->reward_length_weight > 0)
    return STATUS_OK;
  return broken(
      check, SETTING_reward_correctness_weight, SETTING_reward_length_weight,
      "reward.correctness.weight and reward.length.weight are both 0, so nothing would be learnt; raise one of them");
}

static enum status check_sources(const struct check *check) {
  struct extract_options options;
  const char *wrong = NULL;
  if (extract_order(&options, check->config->reward_correctness_answer_sources, &wrong)) return STATUS_OK;
  return broken(check, SETTING_reward_correctness_answer_sources, SETTING_reward_correctness_answer_sources,
                "reward.correctness.answer_sources has no source, or twice the same, at \"%.40s\"; give some of box, "
                "phrase, hashes, math, number, letter, whole, with commas between",
                wrong);
}

static enum status check_verifier(const struct check *check) {
  const struct config *c = check->config;
  if (c->reward_correctness_verifier == VERIFIER_PROGRAM && c->reward_correctness_program[0] == 0)
    return broken(check, SETTING_reward_correctness_verifier, SETTING_reward_correctness_program,
                  "reward.correctness.verifier = program, and reward.correctness.program names none; give it the path "
                  "of an executable file");
  if (c->reward_correctness_verifier == VERIFIER_REGEX && c->reward_correctness_pattern[0] == 0)
    return broken(check, SETTING_reward_correctness_verifier, SETTING_reward_correctness_pattern,
                  "reward.correctness.verifier = regex, and reward.correctness.pattern is empty; give it a pattern");
  return check_sources(check);
}

enum status config_check_places(const struct config *config, const struct config_places *places, struct error *error) {
  enum status (*const rules[])(const struct check *) = {check_model,   check_rollout, check_sampling, check_task,
                                                        check_lengths, check_streams, check_verifier};
  struct error ignored;
  const struct check check = {config, places, error != NULL ? error : &ignored};
  enum status status = STATUS_OK;
  for (u32 i = 0; i < COUNT_OF(rules) && status == STATUS_OK; i++) status = rules[i](&check);
  return status;
}

enum status config_check(const struct config *config, const char *place, struct error *error) {
  const struct config_places places = {.file = place};
  return config_check_places(config, &places, error);
}

bool config_halve(struct config *config, const char *name, i64 *value) {
  const enum setting_index index = setting_find_name(name);
  CHECK(index < SETTING_COUNT && config_settings[index].kind == KIND_INTEGER, "%s is no whole-number setting", name);
  struct config halved = *config;
  i64 now;
  memcpy(&now, setting_field(&halved, index), sizeof now);
  now /= 2;
  if (now < config_settings[index].integer_min) return false;
  memcpy(setting_field(&halved, index), &now, sizeof now);
  if (config_check(&halved, name, NULL) != STATUS_OK) return false;
  *config = halved;
  if (value != NULL) *value = now;
  return true;
}
