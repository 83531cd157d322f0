/* The model and its passes on the CPU device: gradients against central differences of a whole small network, decode equal to training bit for bit whatever
 * the slots and packs, the gradient tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/learn/trainer.h"

static struct trainer trainer; /* large */

static void small_config(struct config *config) {
  static const char *const overrides[] = {
      "model.layers=2",         "model.width=32",     "model.heads=4",           "model.kv_heads=2",
      "model.ffn=48",           "model.bias=qkv",     "task.number_max=6",       "task.test_problems=16",
      "eval.problems=16",       "rollout.samples=24", "rollout.response_max=40", "ppo.minibatch=8",
      "optim.micro_tokens=128", "sft.batch=32",       "reward.balance=streams",  "run.device=cpu"};
  struct error error = {0};
  if (config_parse(config, "test", "", 0, overrides, COUNT_OF(overrides), &error) != STATUS_OK)
    fail_msg("%s", error.text);
}

static void open_trainer(const struct config *config) {
  struct error error = {0};
  if (trainer_open(&trainer, config, 0, &error) != STATUS_OK) fail_msg("%s: %s", error.place, error.text);
  assert_int_equal(learner_initialise(&trainer.learner, &trainer.device, &error), STATUS_OK);
  assert_int_equal(learner_begin_ppo(&trainer.learner, &trainer.device, &error), STATUS_OK);
}

static void write_prompts(u32 count) {
  for (u32 i = 0; i < count; i++) {
    struct random_stream random;
    random_open(&random, 7, RANDOM_TEST, i);
    trainer.buffers.problems[i] = trainer.countdown.ppo.problems[i % trainer.countdown.ppo.count];
    trainer.learner.rollout.prompt[i] =
        countdown_prompt(&trainer.buffers.problems[i], &random, rollout_tokens(&trainer.learner.rollout, i));
  }
}

/* Every sampled token's decode log-prob equals its training log-prob, and the samples do not depend on slots or packs. */
static void decode_equals_training(void **state) {
  (void)state;
  static const u32 slots[] = {1, 3, 7, 24, 40};
  static const u32 packs[] = {64, 128, 1024};
  static u32 tokens[24][64];
  static f32 logprobs[24][40];
  struct error error = {0};
  for (u32 k = 0; k < COUNT_OF(slots) * COUNT_OF(packs); k++) {
    struct config config;
    small_config(&config);
    config.rollout_slots = slots[k % COUNT_OF(slots)];
    config.optim_micro_tokens = packs[k / COUNT_OF(slots)];
    open_trainer(&config);
    struct rollout *rollout = &trainer.learner.rollout;
    write_prompts(24);
    assert_int_equal(rollout_run(rollout, ROLLOUT_TRAIN, 24, 5, &trainer.device, &error), STATUS_OK);
    f64 largest = 1;
    u64 differing = 1;
    assert_int_equal(ppo_rollout_difference(&trainer.learner, 24, &largest, &differing, &trainer.device, &error),
                     STATUS_OK);
    assert_int_equal(differing, 0);
    assert_true(largest == 0);
    for (u32 i = 0; i < 24; i++) {
      const u32 known = rollout->prompt[i] + rollout->length[i];
      assert_true(rollout->length[i] >= 1 && rollout->length[i] <= 40);
      if (k == 0) {
        memcpy(tokens[i], rollout_tokens(rollout, i), 4 * known);
        memcpy(logprobs[i], rollout_logprob(rollout, i), 4 * rollout->length[i]);
      }
      assert_memory_equal(tokens[i], rollout_tokens(rollout, i), 4 * known);
      assert_memory_equal(logprobs[i], rollout_logprob(rollout, i), 4 * rollout->length[i]);
    }
    trainer_close(&trainer);
  }
}

/* ---- gradients ---- */

static struct batch_sequence sequences[2];
static const u32 first_tokens[] = {1, 5, 9, 106, 20, 5, 100, 9, 104, 14};
static const u32 second_tokens[] = {2, 3, 4, 106, 30, 3, 102, 4, 104, 12, 105};

static void fill_batch(void) {
  struct error error = {0};
  sequences[0] =
      (struct batch_sequence){.tokens = first_tokens, .count = COUNT_OF(first_tokens), .prompt = 5, .loss_begin = 5};
  sequences[1] = (struct batch_sequence){
      .tokens = second_tokens, .count = COUNT_OF(second_tokens), .prompt = 5, .loss_begin = 6, .position_gap = 7};
  batch_begin(&trainer.learner.batch);
  for (int i = 0; i < 2; i++) batch_append(&trainer.learner.batch, &sequences[i]);
  assert_int_equal(batch_finish(&trainer.learner.batch, &trainer.device, &error), STATUS_OK);
}

static f64 sft_loss(void) {
  struct error error = {0};
  static f32 loss[64];
  const u32 rows = trainer.learner.batch.loss_rows;
  assert_int_equal(device_program_run(&trainer.device, &trainer.learner.train_sft, &error), STATUS_OK);
  assert_int_equal(device_download(&trainer.device, trainer.learner.loss, loss, 4 * rows, &error), STATUS_OK);
  f64 sum = 0;
  for (u32 i = 0; i < rows; i++) sum += loss[i];
  return sum;
}

/* Along a random direction per tensor: (L(w + h d) - L(w - h d)) / 2h against sum g*d. The forward is f32 with |L| about 1e1 and relative error about 1e-6,
 * so with h chosen to move L by some 1e-2 the quotient is good to about 1e-3 of its scale; the third derivative adds as much. */
static void gradients_match_central_differences(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  static f32 w[8192], moved[8192], g[8192], d[8192];
  small_config(&config);
  open_trainer(&config);
  struct learner *learner = &trainer.learner;
  assert_int_equal(trainable_begin(&learner->policy, 1.0, 0, &trainer.device, &error), STATUS_OK);
  fill_batch();
  sft_loss();
  u32 checked = 0;
  for (u32 i = 0; i < model_tensor_count(&learner->shape); i++) {
    const struct model_tensor tensor = model_tensor_at(&learner->shape, &learner->policy.weights, i);
    const struct model_tensor grad = model_tensor_at(&learner->shape, &learner->policy.grad, i);
    const u64 n = model_tensor_floats(&tensor);
    assert_true(n <= COUNT_OF(w));
    struct random_stream random;
    random_open(&random, 3, RANDOM_TEST, i);
    sft_loss(); /* the gradients at w */
    assert_int_equal(device_download(&trainer.device, tensor.offset, w, 4 * n, &error), STATUS_OK);
    assert_int_equal(device_download(&trainer.device, grad.offset, g, 4 * n, &error), STATUS_OK);
    f64 along = 0, norm = 0;
    for (u64 j = 0; j < n; j++) { /* a direction with the gradient in it, so that the slope is not lost among zeros */
      d[j] = g[j] + 0.1f * random_normal(&random) * (fabsf(g[j]) > 0 ? fabsf(g[j]) : 0.0f);
      norm += (f64)d[j] * d[j];
    }
    assert_true(norm > 0);
    for (u64 j = 0; j < n; j++) along += (f64)g[j] * d[j] / sqrt(norm);
    const f64 h = 1e-2 / (fabs(along) + 1);
    f64 loss[2];
    for (int side = 0; side < 2; side++) {
      for (u64 j = 0; j < n; j++) moved[j] = (f32)(w[j] + (side == 0 ? -h : h) * d[j] / sqrt(norm));
      assert_int_equal(device_upload(&trainer.device, tensor.offset, moved, 4 * n, &error), STATUS_OK);
      loss[side] = sft_loss();
    }
    assert_int_equal(device_upload(&trainer.device, tensor.offset, w, 4 * n, &error), STATUS_OK);
    const f64 slope = (loss[1] - loss[0]) / (2 * h);
    if (!(fabs(slope - along) <= 5e-3 * fabs(along) + 2e-3))
      fail_msg("%s: slope %.6g, gradient %.6g", tensor.name, slope, along);
    checked++;
  }
  assert_int_equal(checked, model_tensor_count(&learner->shape));
  trainer_close(&trainer);
}

/* Sums of micro-batches 1..9 through the tree equal the tree written out (left part: the largest power of two below the count). */
static f32 tree(const f32 *leaf, u32 count) {
  if (count == 1) return leaf[0];
  u32 left = 1;
  while (2 * left < count) left *= 2;
  return tree(leaf, left) + tree(leaf + left, count - left);
}

static void gradient_tree_is_the_fixed_one(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  small_config(&config);
  config.sft_batch = 64; /* a plan with several levels */
  open_trainer(&config);
  struct trainable *policy = &trainer.learner.policy;
  const u32 most = (1u << policy->levels) < 9 ? 1u << policy->levels : 9;
  assert_true(most >= 5);
  for (u32 count = 1; count <= most; count++) {
    f32 leaf[9], sum;
    assert_int_equal(trainable_begin(policy, 1.0, 0, &trainer.device, &error), STATUS_OK);
    for (u32 i = 0; i < count; i++) {
      leaf[i] = 1.0f / (f32)(3 + 7 * i);
      assert_int_equal(device_upload(&trainer.device, policy->grad.norm_final, &leaf[i], 4, &error), STATUS_OK);
      assert_int_equal(trainable_accumulate(policy, &trainer.device, &error), STATUS_OK);
    }
    f64 norm;
    assert_int_equal(trainable_step(policy, &config, 0, 1, &norm, &trainer.device, &error), STATUS_OK);
    assert_int_equal(device_download(&trainer.device, policy->grad.norm_final, &sum, 4, &error), STATUS_OK);
    const f32 expected = tree(leaf, count);
    assert_memory_equal(&sum, &expected, 4);
  }
  trainer_close(&trainer);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(decode_equals_training),
                                     cmocka_unit_test(gradients_match_central_differences),
                                     cmocka_unit_test(gradient_tree_is_the_fixed_one)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
