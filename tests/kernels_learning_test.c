/* The losses, rewards, advantages, reductions and the optimizer: each kernel against a double oracle with a derived
 * bound, and the losses' gradients against central differences. (Log-probs and sampling: kernels_vocabulary_test.c.
 * Equal bits everywhere: kernels_learning_bits_test.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/kernel_image.h"

#define UNIT 0x1p-24 /* one rounding, relative */
#define TINY 0x1p-98 /* what flushing at 2^-100 can take from a few terms */
#define ROWS 1100u   /* more than one group */
#define LIVE 1057u

static struct kernel_image image;

static u64 count_word(u32 count) { return image_address(image_word(&image, count)); }

static void run(enum kernel kernel, const void *params) {
  kernel_image_run(kernels_baseline, kernel, params);
  image_guards_stand(&image);
}

static void assert_near(f64 value, f64 truth, f64 bound) {
  if (!(fabs(value - truth) <= bound))
    fail_msg("%.9g instead of %.9g: off by %.3g, bound %.3g", value, truth, fabs(value - truth), bound);
}

static void assert_untouched(const f32 *x, u64 begin, u64 end) {
  for (u64 i = begin; i < end; i++) assert_true(isnan(x[i]));
}

/* ---- losses ---- */

static void cross_entropy_is_its_definition(void **state) {
  (void)state;
  image_reset(&image, 1);
  const f32 *logprob = image_floats(&image, ROWS, -12, 0), *weight = image_floats(&image, ROWS, 0, 2),
            *scale = image_float(&image, 0.01f);
  f32 *loss = image_poison(&image, ROWS), *dlogprob = image_poison(&image, ROWS);
  const struct cross_entropy_params p = {image_address(logprob),
                                         image_address(weight),
                                         image_address(scale),
                                         image_address(loss),
                                         image_address(dlogprob),
                                         count_word(LIVE),
                                         ROWS};
  run(KERNEL_cross_entropy, &p);
  for (u32 t = 0; t < LIVE; t++) {
    const f64 w = (f64)weight[t], s = (f64)*scale, truth = -w * (f64)logprob[t] * s;
    assert_near((f64)loss[t], truth, 2.01 * UNIT * fabs(truth) + TINY);
    assert_near((f64)dlogprob[t], -w * s, UNIT * w * s + TINY); /* loss is linear: this is its derivative */
  }
  assert_untouched(loss, LIVE, ROWS);
  assert_untouched(dlogprob, LIVE, ROWS);
}

/* The surrogate in double, of a log-prob that moves. */
static f64 policy_loss(f64 logprob, f64 old, f64 advantage, const struct ppo_policy_params *p, f64 scale,
                       bool *clipped) {
  const f64 low = 1 - (f64)p->clip_low, high = 1 + (f64)p->clip_high, ratio = exp(logprob - old);
  const f64 limited = ratio < low ? low : ratio > high ? high : ratio;
  *clipped = limited * advantage < ratio * advantage;
  return -fmin(ratio * advantage, limited * advantage) * scale;
}

static void policy_loss_and_its_derivative(void **state) {
  (void)state;
  enum { RECORDS = 700 };
  image_reset(&image, 2);
  const f32 *logprob = image_floats(&image, ROWS, -3, 0), *old = image_floats(&image, RECORDS, -3, 0),
            *advantage = image_floats(&image, RECORDS, -2, 2);
  const u32 *record = image_words(&image, ROWS, RECORDS);
  const f32 *scale = image_float(&image, 0.125f);
  f32 *loss = image_poison(&image, ROWS), *dlogprob = image_poison(&image, ROWS),
      *stat = image_poison(&image, 4 * ROWS);
  const struct ppo_policy_params p = {image_address(logprob),
                                      image_address(record),
                                      image_address(old),
                                      image_address(advantage),
                                      image_address(scale),
                                      image_address(loss),
                                      image_address(dlogprob),
                                      image_address(stat),
                                      count_word(LIVE),
                                      ROWS,
                                      0.2f,
                                      0.28f};
  run(KERNEL_ppo_policy, &p);
  u32 clipped_count = 0;
  for (u32 t = 0; t < LIVE; t++) {
    const f64 lp = (f64)logprob[t], was = (f64)old[record[t]], a = (f64)advantage[record[t]], s = (f64)*scale,
              d = lp - was, ratio = exp(d);
    bool clipped, ignored;
    const f64 truth = policy_loss(lp, was, a, &p, s, &clipped), ratio_bound = ratio * UNIT * (2 + fabs(d));
    assert_near((f64)stat[4 * t], ratio, 1.01 * ratio_bound);
    assert_near((f64)stat[4 * t + 2], d, UNIT * fabs(d));
    assert_near((f64)stat[4 * t + 3], ratio - 1 - d,
                1.01 * (ratio_bound + UNIT * (fabs(ratio - 1) + 2 * fabs(d) + fabs(ratio - 1 - d))));
    assert_near((f64)loss[t], truth, 1.01 * fabs(a * s) * (ratio_bound + UNIT * (1.28 + 2 * fabs(ratio))) + TINY);
    if (fabs(ratio - 0.8) < 1e-4 || fabs(ratio - 1.28) < 1e-4 || fabs(a) < 1e-25)
      continue; /* at the kink there is no derivative */
    const f64 h = 1e-5,
              numeric = (policy_loss(lp + h, was, a, &p, s, &ignored) - policy_loss(lp - h, was, a, &p, s, &ignored)) /
                        (2 * h);
    const f64 size = fabs(a * s) * ratio; /* third derivative, rounding of the difference */
    assert_near(
        (f64)dlogprob[t], numeric,
        size * (h * h / 6 * 1.01 + 4 * 0x1p-53 / h) + 1.01 * fabs(a * s) * (ratio_bound + 2 * UNIT * ratio) + TINY);
    assert_true((stat[4 * t + 1] == 1.0f) == clipped);
    clipped_count += clipped;
  }
  assert_in_range(clipped_count, LIVE / 8, LIVE / 2);
  assert_untouched(loss, LIVE, ROWS);
  assert_untouched(dlogprob, LIVE, ROWS);
  assert_untouched(stat, 4 * LIVE, 4 * ROWS);
}

static f64 value_loss(f64 value, f64 old, f64 ret, f64 clip, f64 scale) {
  const f64 limited = clip == 0 ? value : old + fmin(fmax(value - old, -clip), clip);
  return 0.5 * fmax((value - ret) * (value - ret), (limited - ret) * (limited - ret)) * scale;
}

static void value_loss_and_its_derivative_with(f32 clip) {
  enum { RECORDS = 500, STREAMS = 3 };
  image_reset(&image, 3);
  const f32 *value = image_floats(&image, STREAMS * ROWS, -2, 2), *old = image_floats(&image, STREAMS * RECORDS, -2, 2);
  const f32 *ret = image_floats(&image, STREAMS * RECORDS, -2, 2), *scale = image_float(&image, 0.25f);
  const u32 *record = image_words(&image, ROWS, RECORDS);
  f32 *loss = image_poison(&image, STREAMS * ROWS), *dvalue = image_poison(&image, STREAMS * ROWS),
      *stat = image_poison(&image, STREAMS * ROWS);
  const struct ppo_value_params p = {image_address(value),
                                     image_address(record),
                                     image_address(old),
                                     image_address(ret),
                                     image_address(scale),
                                     image_address(loss),
                                     image_address(dvalue),
                                     image_address(stat),
                                     count_word(LIVE),
                                     ROWS,
                                     STREAMS,
                                     RECORDS,
                                     clip};
  run(KERNEL_ppo_value, &p);
  u32 clipped = 0;
  for (u32 i = 0; i < STREAMS * LIVE; i++) {
    const u32 at = (i % STREAMS) * RECORDS + record[i / STREAMS];
    const f64 v = (f64)value[i], o = (f64)old[at], r = (f64)ret[at], s = (f64)*scale, c = (f64)clip,
              truth = value_loss(v, o, r, c, s);
    const f64 error = sqrt(2 * truth / s),
              error_bound = UNIT * (error + fabs(o) + c); /* of the difference, and of old +- clip */
    assert_near((f64)loss[i], truth, 1.01 * s * (error * error_bound + error * error * 2 * UNIT) + TINY);
    clipped += stat[i] == 1.0f;
    if (fabs(fabs(v - o) - c) < 1e-5 || fabs(fabs(v - r) - error) < 1e-4 * (stat[i] == 1.0f)) continue; /* kinks */
    const f64 h = 1e-6, numeric = (value_loss(v + h, o, r, c, s) - value_loss(v - h, o, r, c, s)) / (2 * h);
    assert_near((f64)dvalue[i], numeric,
                s * error * (8 * 0x1p-53 * (1 + error) / h + 3 * UNIT) + s * UNIT * 4 + 0x1p-51 + 0x1p-50 / h * s);
  }
  if (clip == 0) assert_int_equal(clipped, 0);
  if (clip > 0) assert_in_range(clipped, LIVE / 4, STREAMS * LIVE);
  assert_untouched(loss, STREAMS * LIVE, STREAMS * ROWS);
  assert_untouched(dvalue, STREAMS * LIVE, STREAMS * ROWS);
}

static void value_loss_and_its_derivative(void **state) {
  (void)state;
  value_loss_and_its_derivative_with(0.2f);
  value_loss_and_its_derivative_with(0.0f);
}

/* ---- rewards and advantages ---- */

#define SAMPLES 9u
#define RESPONSE_MAX 37u
#define STREAMS 3u

/* Empty, one token, full, and others. */
static u32 *lengths(void) {
  u32 *length = image_words(&image, SAMPLES, RESPONSE_MAX);
  length[0] = 0;
  length[1] = 1;
  length[2] = RESPONSE_MAX;
  length[SAMPLES - 1] = 0;
  return length;
}

static void rewards_are_their_definition(void **state) {
  (void)state;
  enum { N = SAMPLES * RESPONSE_MAX };
  image_reset(&image, 4);
  const u32 *length = lengths();
  const f32 *logprob = image_floats(&image, N, -5, 0), *reference = image_floats(&image, N, -5, 0),
            *outcome = image_floats(&image, STREAMS * SAMPLES, -1, 1);
  const f32 *coef = image_float(&image, 0.05f);
  f32 *kl = image_poison(&image, N), *reward = image_poison(&image, STREAMS * N);
  const struct token_reward_params p = {image_address(logprob),
                                        image_address(reference),
                                        image_address(length),
                                        image_address(outcome),
                                        image_address(coef),
                                        image_address(kl),
                                        image_address(reward),
                                        SAMPLES,
                                        RESPONSE_MAX,
                                        STREAMS,
                                        1};
  run(KERNEL_token_reward, &p);
  for (u32 at = 0; at < STREAMS * N; at++) {
    const u32 stream = at / N, record = at % N, sample = record / RESPONSE_MAX, t = record % RESPONSE_MAX;
    const bool live = t < length[sample];
    const f64 k1 = live ? (f64)logprob[record] - (f64)reference[record] : 0;
    const f64 penalty = stream == 1 ? -(f64)*coef * k1 : 0,
              paid = t + 1 == length[sample] ? (f64)outcome[stream * SAMPLES + sample] : 0;
    assert_near((f64)kl[record], k1, UNIT * fabs(k1));
    assert_near((f64)reward[at], penalty + paid, UNIT * (2.01 * fabs(penalty) + fabs(penalty + paid)) + TINY);
    if (!live) assert_true(kl[record] == 0.0f && reward[at] == 0.0f);
  }
}

static struct gae_params advantages(const u32 *length, f32 gamma, f32 lambda) {
  enum { N = SAMPLES * RESPONSE_MAX };
  return (struct gae_params){.reward = image_address(image_floats(&image, N, -1, 1)),
                             .value = image_address(image_floats(&image, N, -2, 2)),
                             .lengths = image_address(length),
                             .advantage = image_address(image_poison(&image, N)),
                             .ret = image_address(image_poison(&image, N)),
                             .samples = SAMPLES,
                             .response_max = RESPONSE_MAX,
                             .gamma = gamma,
                             .gamma_lambda = gamma * lambda};
}

/* A_t = sum over k of (gamma lambda)^k delta_(t+k). Each delta carries 3 roundings and each step back adds 2 more. */
static void check_advantages(const struct gae_params *p, u32 sample, u32 length) {
  const u64 row = (u64)sample * p->response_max;
  const f32 *reward = AT(const f32, p->reward) + row, *value = AT(const f32, p->value) + row;
  const f32 *advantage = AT(const f32, p->advantage) + row, *ret = AT(const f32, p->ret) + row;
  for (u32 t = 0; t < p->response_max; t++) {
    f64 truth = 0, bound = 0, weight = 1;
    for (u32 k = t; k < length; k++) {
      const f64 next = k + 1 < length ? (f64)p->gamma * (f64)value[k + 1] : 0;
      truth += weight * ((f64)reward[k] + next - (f64)value[k]);
      bound += weight * (fabs((f64)reward[k]) + fabs(next) + fabs((f64)value[k])) * UNIT * (3 + 2 * (k - t + 1));
      weight *= (f64)p->gamma_lambda;
    }
    const f64 target = t < length ? truth + (f64)value[t] : 0;
    assert_near((f64)advantage[t], truth, 1.01 * bound + TINY);
    assert_near((f64)ret[t], target, 1.01 * (bound + UNIT * fabs(target)) + TINY);
    if (t >= length) assert_true(advantage[t] == 0.0f && ret[t] == 0.0f);
  }
}

static void advantages_are_the_sum_of_discounted_deltas(void **state) {
  (void)state;
  static const f32 settings[][2] = {{1.0f, 0.95f}, {0.9f, 1.0f}, {0.99f, 0.0f}, {0.0f, 0.5f}};
  for (u32 i = 0; i < COUNT_OF(settings); i++) {
    image_reset(&image, 5 + i);
    const u32 *length = lengths();
    const struct gae_params p = advantages(length, settings[i][0], settings[i][1]);
    run(KERNEL_gae, &p);
    for (u32 sample = 0; sample < SAMPLES; sample++) check_advantages(&p, sample, length[sample]);
  }
}

static void whitening_is_its_definition(void **state) {
  (void)state;
  enum { N = SAMPLES * RESPONSE_MAX };
  for (u32 variant = 0; variant < 4; variant++) {
    const bool plain = variant & 1, accumulate = variant & 2;
    image_reset(&image, 20 + variant);
    const u32 *length = lengths();
    const f32 *x = image_floats(&image, N, -3, 3), *mean = image_float(&image, 0.3f),
              *variance = image_float(&image, 2.5f);
    f32 *result = image_floats(&image, N, -1, 1);
    f32 before[N];
    memcpy(before, result, sizeof before);
    const struct whiten_params p = {image_address(x),
                                    image_address(mean),
                                    image_address(variance),
                                    image_address(length),
                                    image_address(result),
                                    SAMPLES,
                                    RESPONSE_MAX,
                                    accumulate,
                                    plain,
                                    0.7f};
    run(KERNEL_whiten, &p);
    for (u32 i = 0; i < N; i++) {
      const bool live = i % RESPONSE_MAX < length[i / RESPONSE_MAX];
      const f64 centred = plain ? (f64)x[i] : ((f64)x[i] - (f64)*mean) / (sqrt((f64)*variance) + 1e-8);
      const f64 y = (f64)0.7f * centred, truth = live ? y + (accumulate ? (f64)before[i] : 0) : 0;
      assert_near((f64)result[i], truth, 1.01 * UNIT * (6 * fabs(y) + fabs(truth)) + TINY);
      if (!live) assert_true(result[i] == 0.0f);
    }
  }
}

/* ---- reductions ---- */

static f64 term(f64 x, u32 op, f64 mean) {
  return op == REDUCE_SUM ? x : op == REDUCE_SQUARE ? x * x : (x - mean) * (x - mean);
}

static void check_sum(u32 n, u32 live, u32 op, const u32 *length, const f32 *x, const f32 *mean, const f32 *result) {
  for (u32 g = 0; g * 4096 < n; g++) {
    f64 truth = 0, size = 0;
    for (u32 i = g * 4096; i < live && i < (g + 1) * 4096; i++) {
      if (length != NULL && i % RESPONSE_MAX >= length[i / RESPONSE_MAX]) continue;
      truth += term((f64)x[i], op, (f64)*mean);
      /* the term's own roundings: 2 of the mean's difference squared, 1 of the square */
      size += fabs(term((f64)x[i], op, (f64)*mean));
    }
    assert_near((f64)result[g], truth, 1.01 * UNIT * (64 + 6 + 3) * size + 4096 * 0x1p-100);
  }
}

static void sums_are_their_definition(void **state) {
  (void)state;
  static const u32 sizes[] = {1, 63, 64, 65, 4096, 4097, 8191, 20000};
  for (u32 i = 0; i < COUNT_OF(sizes) * 3; i++) {
    const u32 n = sizes[i / 3], op = i % 3;
    image_reset(&image, 30 + i);
    const f32 *x = image_floats(&image, n, -1, 2), *mean = image_float(&image, 0.5f);
    f32 *result = image_poison(&image, (n + 4095) / 4096);
    struct reduce_params p = {.x = image_address(x),
                              .result = image_address(result),
                              .mean = image_address(mean),
                              .n = n,
                              .width = 3,
                              .op = op};
    run(KERNEL_reduce, &p);
    check_sum(n, n, op, NULL, x, mean, result);
    for (u32 rows = 0; rows < n; rows += n / 4 + 1) { /* 0 rows, some, and more than there are */
      p.count = count_word(rows);
      run(KERNEL_reduce, &p);
      check_sum(n, rows * 3 < n ? rows * 3 : n, op, NULL, x, mean, result);
    }
  }
}

static void sums_skip_what_is_beyond_the_length(void **state) {
  (void)state;
  enum { ROWS_OF_SAMPLES = 301, N = ROWS_OF_SAMPLES * RESPONSE_MAX };
  for (u32 op = 0; op < 3; op++) {
    image_reset(&image, 60 + op);
    u32 *length = image_words(&image, ROWS_OF_SAMPLES, RESPONSE_MAX + 1);
    f32 *x = image_floats(&image, N, -1, 2), *mean = image_float(&image, 0.5f), *result = image_poison(&image, 3);
    for (u32 i = 0; i < N; i++)
      if (i % RESPONSE_MAX >= length[i / RESPONSE_MAX]) x[i] = NAN; /* never read into the sum */
    const struct reduce_params p = {.x = image_address(x),
                                    .result = image_address(result),
                                    .lengths = image_address(length),
                                    .mean = image_address(mean),
                                    .n = N,
                                    .response_max = RESPONSE_MAX,
                                    .op = op};
    run(KERNEL_reduce, &p);
    check_sum(N, N, op, length, x, mean, result);
    memset(length, 0, 4 * ROWS_OF_SAMPLES);
    run(KERNEL_reduce, &p);
    for (u32 g = 0; g < 3; g++) assert_true(result[g] == 0.0f);
  }
}

/* The order itself, written another way: 64 lanes, then the tree. */
static void the_order_of_a_sum_is_the_written_one(void **state) {
  (void)state;
  image_reset(&image, 70);
  const f32 *x = image_floats(&image, 300, -1, 1);
  f32 *result = image_poison(&image, 1);
  const struct reduce_params p = {.x = image_address(x), .result = image_address(result), .n = 300, .op = REDUCE_SUM};
  run(KERNEL_reduce, &p);
  volatile f32 lane[64];
  for (u32 l = 0; l < 64; l++) {
    lane[l] = 0;
    for (u32 i = l; i < 300; i += 64) lane[l] = lane[l] + x[i];
  }
  for (u32 half = 32; half >= 1; half /= 2)
    for (u32 l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  const f32 expected = lane[0];
  assert_memory_equal(result, &expected, 4);
}

static void quotients_and_clip_scales(void **state) {
  (void)state;
  image_reset(&image, 80);
  f32 *sum = image_float(&image, 7.0f), *divisor = image_float(&image, 3.0f), *result = image_poison(&image, 1);
  const struct divide_params d = {image_address(sum), image_address(divisor), image_address(result)};
  run(KERNEL_divide, &d);
  assert_true(*result == 7.0f / 3.0f);
  *sum = *divisor = 0.0f;
  run(KERNEL_divide, &d);
  assert_true(*result == 0.0f);
  f32 *square_sum = image_float(&image, 6.25f), *norm = image_poison(&image, 1), *scale = image_poison(&image, 1);
  struct clip_scale_params c = {image_address(square_sum), image_address(norm), image_address(scale), 1.0f};
  run(KERNEL_clip_scale, &c);
  assert_true(*norm == 2.5f && *scale == 1.0f / 2.5f);
  static const f32 harmless[] = {2.5f, 2.6f, 0.0f};
  for (u32 i = 0; i < COUNT_OF(harmless); i++) {
    c.max_norm = harmless[i];
    run(KERNEL_clip_scale, &c);
    assert_true(*scale == 1.0f);
  }
}

/* ---- the optimizer ---- */

struct moments {
  f64 w, m, v;
};

/* One element in double, from the kernel's own coefficients. */
static struct moments adamw_in_double(const struct adamw_params *p, const f32 *control, f64 scale, struct moments x,
                                      f64 g) {
  g *= scale;
  x.m = (f64)p->beta1 * x.m + (f64)p->one_minus_beta1 * g;
  x.v = (f64)p->beta2 * x.v + (f64)p->one_minus_beta2 * g * g;
  const f64 step = x.m * (f64)control[1] / (sqrt(x.v * (f64)control[2]) + (f64)p->eps);
  x.w -= (f64)control[0] * (step + (f64)p->weight_decay * x.w);
  return x;
}

static void adamw_is_its_definition(void **state) {
  (void)state;
  enum { N = 40000 };
  image_reset(&image, 90);
  f32 *w = image_floats(&image, N, -1, 1), *g = image_floats(&image, N, -1e-2f, 1e-2f),
      *m = image_floats(&image, N, -1e-3f, 1e-3f);
  f32 *v = image_floats(&image, N, 0, 1e-4f), *scale = image_float(&image, 0.37f), *control = image_poison(&image, 3);
  control[0] = 3e-4f;
  control[1] = 2.4f;
  control[2] = 7.1f;
  static struct moments before[N];
  for (u32 i = 0; i < N; i++) before[i] = (struct moments){(f64)w[i], (f64)m[i], (f64)v[i]};
  const struct adamw_params p = {image_address(w),
                                 image_address(g),
                                 image_address(m),
                                 image_address(v),
                                 image_address(scale),
                                 image_address(control),
                                 N,
                                 0.9f,
                                 0.95f,
                                 0.1f,
                                 0.05f,
                                 1e-8f,
                                 0.01f};
  run(KERNEL_adamw, &p);
  for (u32 i = 0; i < N; i++) {
    const f64 lr = (f64)control[0], gradient = fabs((f64)g[i]) * 0.37;
    const struct moments truth = adamw_in_double(&p, control, (f64)*scale, before[i], (f64)g[i]);
    const f64 m_bound = UNIT * (2 * fabs(0.9 * before[i].m) + 3 * 0.1 * gradient) + 0x1p-51,
              v_bound = 5 * UNIT * truth.v + 0x1p-99;
    assert_near((f64)m[i], truth.m, 1.01 * m_bound);
    assert_near((f64)v[i], truth.v, 1.01 * v_bound);
    const f64 root = sqrt(truth.v * (f64)control[2]), denominator = root + (f64)p.eps,
              step = fabs(truth.m) * (f64)control[1] / denominator;
    const f64 root_bound = root * 6 * UNIT / 2 + sqrt(7.1 * 0x1p-99) + 3 * UNIT * denominator;
    const f64 step_bound = m_bound * (f64)control[1] / denominator + step * (root_bound / denominator + 3 * UNIT);
    const f64 decay = 0.01 * fabs(before[i].w);
    assert_near((f64)w[i], truth.w,
                1.01 * (lr * (step_bound + UNIT * (3 * decay + 2 * step)) + UNIT * fabs(truth.w)) + 0x1p-51);
  }
}

/* A row whose gradient stays 0: its moments decay to exact zeros, never through denormals, and the weight stands still.
 */
static void moments_decay_to_zero(void **state) {
  (void)state;
  image_reset(&image, 91);
  f32 *w = image_float(&image, 0.5f), *g = image_float(&image, 0.0f), *m = image_float(&image, 1e-3f),
      *v = image_float(&image, 1e-6f);
  f32 *scale = image_float(&image, 1.0f), *control = image_poison(&image, 3);
  control[0] = 1e-4f;
  control[1] = control[2] = 1.0f;
  const struct adamw_params p = {image_address(w),
                                 image_address(g),
                                 image_address(m),
                                 image_address(v),
                                 image_address(scale),
                                 image_address(control),
                                 1,
                                 0.9f,
                                 0.95f,
                                 0.1f,
                                 0.05f,
                                 1e-8f,
                                 0.0f};
  for (u32 step = 0; step < 2000; step++) {
    run(KERNEL_adamw, &p);
    assert_true(*m == 0.0f || *m >= 0x1p-100f);
    assert_true(*v == 0.0f || *v >= 0x1p-100f);
  }
  assert_true(*m == 0.0f && *v == 0.0f);
  const f32 rested = *w;
  run(KERNEL_adamw, &p);
  assert_true(*w == rested);
}

static void nothing_live_writes_nothing(void **state) {
  (void)state;
  image_reset(&image, 99);
  const u64 none = count_word(0), poison = image_address(image_poison(&image, 64)),
            word = image_address(image_word(&image, 0));
  const u64 before = image_hash(&image);
  run(KERNEL_cross_entropy, &(struct cross_entropy_params){poison, poison, poison, poison, poison, none, 16});
  run(KERNEL_ppo_policy,
      &(struct ppo_policy_params){poison, word, poison, poison, poison, poison, poison, poison, none, 16, 0.2f, 0.2f});
  run(KERNEL_ppo_value,
      &(struct ppo_value_params){poison, word, poison, poison, poison, poison, poison, poison, none, 16, 1, 16, 0.2f});
  run(KERNEL_logprob_fwd, &(struct logprob_fwd_params){poison, word, poison, poison, poison, none, 0, 4, 16, 1.0f});
  run(KERNEL_logprob_bwd,
      &(struct logprob_bwd_params){poison, word, poison, poison, poison, poison, none, 0, 4, 16, 1.0f});
  run(KERNEL_sample, &(struct sample_params){poison, word, word, poison, poison, word, none, 4, 16, 1, 2, 3, 0, 1.0f});
  run(KERNEL_adamw,
      &(struct adamw_params){poison, poison, poison, poison, poison, poison, 0, 0.9f, 0.9f, 0.1f, 0.1f, 1e-8f, 0});
  run(KERNEL_token_reward,
      &(struct token_reward_params){poison, poison, word, poison, poison, poison, poison, 0, 16, 1, 0});
  run(KERNEL_gae, &(struct gae_params){poison, poison, word, poison, poison, 0, 16, 1.0f, 1.0f});
  run(KERNEL_whiten, &(struct whiten_params){poison, poison, poison, word, poison, 0, 16, 0, 0, 1.0f});
  assert_true(image_hash(&image) == before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cross_entropy_is_its_definition),
      cmocka_unit_test(policy_loss_and_its_derivative),
      cmocka_unit_test(value_loss_and_its_derivative),
      cmocka_unit_test(rewards_are_their_definition),
      cmocka_unit_test(advantages_are_the_sum_of_discounted_deltas),
      cmocka_unit_test(whitening_is_its_definition),
      cmocka_unit_test(sums_are_their_definition),
      cmocka_unit_test(sums_skip_what_is_beyond_the_length),
      cmocka_unit_test(the_order_of_a_sum_is_the_written_one),
      cmocka_unit_test(quotients_and_clip_scales),
      cmocka_unit_test(adamw_is_its_definition),
      cmocka_unit_test(moments_decay_to_zero),
      cmocka_unit_test(nothing_live_writes_nothing),
  };
  return cmocka_run_group_tests_name("kernels_learning", tests, NULL, NULL);
}
