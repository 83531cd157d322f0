/* logprob_fwd, logprob_bwd and sample: against double oracles with derived bounds, central differences, and the
 * distribution they promise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shaders/philox.h"
#include "tests/kernel_image.h"

#define UNIT 0x1p-24 /* half a unit of the last place, relative: one rounding */
#define VOCAB_MAX 4096u

static struct kernel_image image;

/* One row's softmax in double. */
struct row_truth {
  u32 vocab;
  f64 z[VOCAB_MAX], p[VOCAB_MAX];
  f64 m, log_total, entropy;
  f64 size; /* of the largest number entering a z - m */
};

static void truth_of(struct row_truth *row, const f64 *logits, u32 vocab, f64 inverse_temperature) {
  row->vocab = vocab;
  row->m = -INFINITY;
  row->size = 0;
  for (u32 j = 0; j < vocab; j++) {
    row->z[j] = logits[j] * inverse_temperature;
    if (row->z[j] > row->m) row->m = row->z[j];
  }
  f64 total = 0;
  for (u32 j = 0; j < vocab; j++) total += exp(row->z[j] - row->m);
  row->log_total = log(total);
  row->entropy = row->log_total;
  for (u32 j = 0; j < vocab; j++) {
    row->p[j] = exp(row->z[j] - row->m) / total;
    row->entropy -= row->p[j] * (row->z[j] - row->m);
    if (row->p[j] > 0 && fabs(row->z[j]) > row->size) row->size = fabs(row->z[j]);
  }
}

static f64 truth_logprob(const struct row_truth *row, u32 j) { return row->z[j] - row->m - row->log_total; }

/* Bound of |z_j - m|'s error: the products with the temperature (one rounding each) and the difference. */
static f64 shift_bound(const struct row_truth *row, f64 shift) { return UNIT * (2 * row->size + fabs(shift)); }

/* Relative error of L and of any sum over the lanes: the terms' (exp: 0.98 ulp is within 2 roundings, and its
 * argument's error) and the additions'. */
static f64 total_bound(const struct row_truth *row) {
  f64 bound = UNIT * (row->vocab / 64.0 + 1 + 6);
  for (u32 j = 0; j < row->vocab; j++) bound += row->p[j] * (2 * UNIT + shift_bound(row, row->z[j] - row->m));
  return bound;
}

/* log L: the error of L, and 0.84 ulp (2 roundings) of the result. */
static f64 log_total_bound(const struct row_truth *row) { return total_bound(row) + 2 * UNIT * row->log_total; }

static f64 logprob_bound(const struct row_truth *row, u32 j) {
  return shift_bound(row, row->z[j] - row->m) + log_total_bound(row) + UNIT * fabs(truth_logprob(row, j)) + 0x1p-100;
}

static f64 entropy_bound(const struct row_truth *row) {
  f64 mean = 0, bound = 0;
  for (u32 j = 0; j < row->vocab; j++) {
    const f64 shift = row->z[j] - row->m, term = row->p[j] * fabs(shift);
    mean += term;
    bound += term * (shift_bound(row, shift) + 3 * UNIT) + row->p[j] * shift_bound(row, shift);
  }
  bound += mean * (UNIT * (row->vocab / 64.0 + 1 + 6) + total_bound(row) + UNIT);
  return 1.01 * (bound + log_total_bound(row) + UNIT * row->entropy) + 0x1p-100; /* 1.01: products of roundings */
}

struct logprob_case {
  u32 vocab, rows, rows_max, first;
  f32 inverse_temperature, spread;
};

static const struct logprob_case logprob_cases[] = {
    {114, 9, 16, 0, 1.0f, 4.0f}, {114, 70, 64, 64, 1.4285715f, 12.0f}, {1, 3, 3, 0, 1.0f, 5.0f},
    {63, 4, 8, 0, 0.5f, 1.0f},   {64, 4, 8, 0, 1.0f, 90.0f},           {65, 4, 8, 2, 1.0f, 1e-3f},
    {1000, 3, 3, 0, 3.0f, 8.0f}, {VOCAB_MAX, 2, 2, 0, 1.0f, 6.0f},
};

/* One forward call over fresh random rows; rows are indexed from 0 in logits, from `first` elsewhere. */
static struct logprob_fwd_params forward(const struct logprob_case *c, u64 seed) {
  image_reset(&image, seed);
  f32 *logits = image_floats(&image, (u64)c->rows_max * c->vocab, -c->spread, c->spread);
  if (c->vocab > 3) logits[1] = logits[2] = -1e30f; /* masked tokens */
  u32 *target = image_words(&image, c->rows, c->vocab);
  if (c->vocab > 3 && target[c->first] < 3) target[c->first] = 3;
  const u64 records = (u64)c->first + c->rows_max;
  return (struct logprob_fwd_params){.logits = image_address(logits),
                                     .target = image_address(target),
                                     .logprob = image_address(image_poison(&image, records)),
                                     .entropy = image_address(image_poison(&image, records)),
                                     .stat = image_address(image_poison(&image, 2 * records)),
                                     .count = image_address(image_word(&image, c->rows)),
                                     .first = c->first,
                                     .rows_max = c->rows_max,
                                     .vocab = c->vocab,
                                     .inverse_temperature = c->inverse_temperature};
}

static void row_in_double(struct row_truth *row, const f32 *logits, u32 vocab, f32 inverse_temperature) {
  static f64 x[VOCAB_MAX];
  for (u32 j = 0; j < vocab; j++) x[j] = (f64)logits[j];
  truth_of(row, x, vocab, (f64)inverse_temperature);
}

static void forward_is_near_the_truth(void **state) {
  (void)state;
  static struct row_truth row;
  for (u32 i = 0; i < COUNT_OF(logprob_cases); i++) {
    const struct logprob_case *c = &logprob_cases[i];
    const struct logprob_fwd_params p = forward(c, i);
    const f32 *logprob = AT(const f32, p.logprob), *entropy = AT(const f32, p.entropy), *stat = AT(const f32, p.stat);
    kernel_image_run(kernels_baseline, KERNEL_logprob_fwd, &p);
    image_guards_stand(&image);
    for (u32 t = 0; t < c->first + c->rows_max; t++) {
      if (t < c->first || t >= c->rows) { /* other chunks' rows, and dead ones */
        assert_true(isnan(logprob[t]) && isnan(entropy[t]) && isnan(stat[2 * t]) && isnan(stat[2 * t + 1]));
        continue;
      }
      const u32 target = AT(const u32, p.target)[t];
      row_in_double(&row, AT(const f32, p.logits) + (u64)(t - c->first) * c->vocab, c->vocab, c->inverse_temperature);
      assert_true(fabs((f64)logprob[t] - truth_logprob(&row, target)) <= logprob_bound(&row, target));
      assert_true(fabs((f64)entropy[t] - row.entropy) <= entropy_bound(&row));
      assert_true(fabs((f64)stat[2 * t] - row.m) <= UNIT * fabs(row.m) + 0x1p-100);
      assert_true(fabs(log((f64)stat[2 * t + 1]) - row.log_total) <= total_bound(&row));
    }
  }
}

static void a_row_does_not_feel_its_place(void **state) {
  (void)state;
  const struct logprob_case c = {114, 64, 64, 0, 1.0f, 6.0f};
  struct logprob_fwd_params p = forward(&c, 5);
  kernel_image_run(kernels_baseline, KERNEL_logprob_fwd, &p);
  const f32 all = AT(const f32, p.logprob)[37], entropy = AT(const f32, p.entropy)[37];
  AT(u32, p.target)[0] = AT(const u32, p.target)[37];
  p.logits += 37ull * 4 * c.vocab;
  p.count = image_address(image_word(&image, 1));
  kernel_image_run(kernels_baseline, KERNEL_logprob_fwd, &p);
  assert_memory_equal(&all, AT(const f32, p.logprob), 4);
  assert_memory_equal(&entropy, AT(const f32, p.entropy), 4);
}

/* What the gradient is of: dlogprob * logprob(target) + dentropy * entropy, in double. */
static f64 objective(const f64 *logits, u32 vocab, f64 inverse_temperature, u32 target, f64 dlogprob, f64 dentropy) {
  static struct row_truth row;
  truth_of(&row, logits, vocab, inverse_temperature);
  return dlogprob * truth_logprob(&row, target) + dentropy * row.entropy;
}

/* Bound of dlogit_j's error: p has the errors of exp and of L and one rounding; lp_j + entropy theirs; each operation
 * one more. */
static f64 gradient_bound(const struct row_truth *row, u32 j, f64 indicator, f64 inverse_temperature, f64 dlogprob,
                          f64 dentropy) {
  const f64 shift = row->z[j] - row->m, lp = shift - row->log_total, p = row->p[j];
  const f64 p_bound = p * (shift_bound(row, shift) + 2 * UNIT + total_bound(row) + UNIT) + 0x1p-126;
  const f64 sum_bound =
      shift_bound(row, shift) + log_total_bound(row) + entropy_bound(row) + UNIT * (fabs(lp) + fabs(lp + row->entropy));
  const f64 first = fabs(dlogprob) * (p_bound + 2 * UNIT * fabs(indicator - p));
  const f64 second = fabs(dentropy) * ((p_bound + 2 * UNIT * p) * fabs(lp + row->entropy) + p * sum_bound);
  const f64 whole = fabs(dlogprob * (indicator - p)) + fabs(dentropy * p * (lp + row->entropy));
  return 1.01 * fabs(inverse_temperature) * (first + second + 3 * UNIT * whole) + 0x1p-51;
}

static void check_gradient(const f32 *gradient, const f32 *logits, const struct logprob_case *c, u32 target,
                           f64 dlogprob, f64 dentropy) {
  static struct row_truth row;
  static f64 x[VOCAB_MAX];
  row_in_double(&row, logits, c->vocab, c->inverse_temperature);
  for (u32 j = 0; j < c->vocab; j++) x[j] = (f64)logits[j];
  const f64 step = 1e-4 / (f64)c->inverse_temperature;
  for (u32 j = 0; j < c->vocab; j += c->vocab < 200 ? 1 : 97) {
    if (x[j] < -1e29) {
      assert_true(gradient[j] == 0.0f);
      continue;
    }
    const f64 middle = x[j];
    x[j] = middle + step;
    const f64 above = objective(x, c->vocab, (f64)c->inverse_temperature, target, dlogprob, dentropy);
    x[j] = middle - step;
    const f64 below = objective(x, c->vocab, (f64)c->inverse_temperature, target, dlogprob, dentropy);
    x[j] = middle;
    /* Third derivatives of log-prob and entropy by z are below 20; rounding of the objective's terms 1e-14 of their
     * size. */
    const f64 it = (f64)c->inverse_temperature,
              size = (fabs(dlogprob) + fabs(dentropy)) * (1 + row.size + row.log_total);
    const f64 numeric = it * (20 * 1e-8 / 6 * (fabs(dlogprob) + fabs(dentropy)) * (1 + row.size) + 1e-14 * size / 1e-4);
    const f64 bound = gradient_bound(&row, j, j == target ? 1 : 0, it, dlogprob, dentropy);
    const f64 off = fabs((f64)gradient[j] - (above - below) / (2 * step));
    if (off > bound + numeric)
      fail_msg("vocab %u token %u: off by %g, bound %g + %g", c->vocab, j, off, bound, numeric);
  }
}

static void backward_is_the_derivative(void **state) {
  (void)state;
  static f32 before[(u64)VOCAB_MAX * 64];
  for (u32 i = 0; i < 2 * COUNT_OF(logprob_cases); i++) {
    const struct logprob_case *c = &logprob_cases[i / 2];
    const bool with_entropy = i % 2 == 1;
    const struct logprob_fwd_params f = forward(c, i);
    const u64 records = (u64)c->first + c->rows_max;
    const f32 *dlogprob = image_floats(&image, records, -2.0f, 2.0f),
              *dentropy = image_floats(&image, records, -1.0f, 1.0f);
    kernel_image_run(kernels_baseline, KERNEL_logprob_fwd, &f);
    memcpy(before, AT(const f32, f.logits), 4ull * c->rows_max * c->vocab);
    const struct logprob_bwd_params b = {.logits = f.logits,
                                         .target = f.target,
                                         .stat = f.stat,
                                         .dlogprob = image_address(dlogprob),
                                         .entropy = f.entropy,
                                         .dentropy = with_entropy ? image_address(dentropy) : 0,
                                         .count = f.count,
                                         .first = f.first,
                                         .rows_max = f.rows_max,
                                         .vocab = f.vocab,
                                         .inverse_temperature = f.inverse_temperature};
    kernel_image_run(kernels_baseline, KERNEL_logprob_bwd, &b);
    image_guards_stand(&image);
    const u32 live = c->rows - c->first < c->rows_max ? c->rows - c->first : c->rows_max;
    for (u32 r = 0; r < live; r += live < 10 ? 1 : 13) {
      const u32 t = c->first + r;
      check_gradient(AT(const f32, f.logits) + (u64)r * c->vocab, before + (u64)r * c->vocab, c,
                     AT(const u32, f.target)[t], (f64)dlogprob[t], with_entropy ? (f64)dentropy[t] : 0);
    }
    const u64 dead = (u64)live * c->vocab;
    assert_memory_equal(AT(const f32, f.logits) + dead, before + dead, 4 * ((u64)c->rows_max * c->vocab - dead));
  }
}

/* ---- sample ---- */

#define SLOTS 64u

static struct sample_params sample_slots(u32 vocab, u32 slots, u32 live, f32 inverse_temperature) {
  return (struct sample_params){.logits = image_address(image_poison(&image, (u64)slots * vocab)),
                                .sample_index = image_address(image_words(&image, slots, 1000)),
                                .position = image_address(image_words(&image, slots, 500)),
                                .token = image_address(image_poison(&image, slots)),
                                .logprob = image_address(image_poison(&image, slots)),
                                .iteration = image_address(image_word(&image, 3)),
                                .count = image_address(image_word(&image, live)),
                                .rows_max = slots,
                                .vocab = vocab,
                                .seed_low = 11,
                                .seed_high = 12,
                                .stream = 1,
                                .inverse_temperature = inverse_temperature};
}

static void fill_logits(const struct sample_params *p, u32 slots, f32 spread) {
  f32 *logits = AT(f32, p->logits);
  for (u64 i = 0; i < (u64)slots * p->vocab; i++)
    logits[i] = image_random(&image) % 7 == 0 ? -1e30f : image_random_float(&image, -spread, spread);
}

static f64 unit_of(const struct sample_params *p, u32 slot) {
  const u32 counter[4] = {AT(const u32, p->position)[slot], AT(const u32, p->sample_index)[slot],
                          AT(const u32, p->iteration)[0], p->stream};
  const u32 key[2] = {p->seed_low, p->seed_high};
  u32 words[4];
  philox4x32_10(counter, key, words);
  return (f64)(words[0] >> 8) * 0x1p-24;
}

/* The token's interval of the cumulative distribution holds u; the log-prob is logprob_fwd's. */
static void draws_are_the_inverse_distribution(void **state) {
  (void)state;
  static struct row_truth row;
  static const u32 vocabs[] = {1, 2, 63, 64, 65, 114, 1000, VOCAB_MAX};
  for (u32 i = 0; i < COUNT_OF(vocabs); i++) {
    image_reset(&image, 100 + i);
    const struct sample_params p = sample_slots(vocabs[i], SLOTS, SLOTS - 3, 0.8f);
    fill_logits(&p, SLOTS, 5.0f);
    kernel_image_run(kernels_baseline, KERNEL_sample, &p);
    image_guards_stand(&image);
    const u32 *token = AT(const u32, p.token);
    for (u32 slot = SLOTS - 3; slot < SLOTS; slot++) assert_int_equal(token[slot], UINT32_MAX);
    for (u32 slot = 0; slot < SLOTS - 3; slot++) {
      row_in_double(&row, AT(const f32, p.logits) + (u64)slot * p.vocab, p.vocab, p.inverse_temperature);
      assert_in_range(token[slot], 0, p.vocab - 1);
      f64 below = 0;
      for (u32 j = 0; j < token[slot]; j++) below += row.p[j];
      const f64 u = unit_of(&p, slot), bound = 2 * total_bound(&row) + UNIT * (p.vocab / 64.0 + 64 + 2);
      assert_true(below - bound <= u && u < below + row.p[token[slot]] + bound);
    }
    const struct logprob_fwd_params f = {.logits = p.logits,
                                         .target = p.token,
                                         .logprob = image_address(image_poison(&image, SLOTS)),
                                         .stat = image_address(image_poison(&image, 2 * SLOTS)),
                                         .count = p.count,
                                         .rows_max = SLOTS,
                                         .vocab = p.vocab,
                                         .inverse_temperature = p.inverse_temperature};
    kernel_image_run(kernels_baseline, KERNEL_logprob_fwd, &f);
    assert_memory_equal(AT(const f32, f.logprob), AT(const f32, p.logprob), 4 * SLOTS);
  }
}

/* 100 000 draws of one distribution, over samples and positions: chi-square, and never a token without probability. */
static void draws_follow_the_distribution(void **state) {
  (void)state;
  enum { VOCAB = 100, DRAWS = 100000, BATCH = 1000 };
  static struct row_truth row;
  image_reset(&image, 8);
  const struct sample_params p = sample_slots(VOCAB, BATCH, BATCH, 1.0f);
  f32 *logits = AT(f32, p.logits);
  fill_logits(&p, 1, 1.5f);
  for (u32 slot = 1; slot < BATCH; slot++) memcpy(logits + slot * VOCAB, logits, 4 * VOCAB);
  row_in_double(&row, logits, VOCAB, 1.0f);
  f64 count[VOCAB] = {0};
  for (u32 batch = 0; batch < DRAWS / BATCH; batch++) {
    for (u32 slot = 0; slot < BATCH; slot++) {
      AT(u32, p.sample_index)[slot] = batch * 10 + slot / 100;
      AT(u32, p.position)[slot] = slot % 100;
    }
    kernel_image_run(kernels_baseline, KERNEL_sample, &p);
    for (u32 slot = 0; slot < BATCH; slot++) count[AT(const u32, p.token)[slot]] += 1;
  }
  f64 chi_square = 0, freedom = -1;
  for (u32 j = 0; j < VOCAB; j++) {
    if (logits[j] < -1e29f) {
      assert_true(count[j] == 0);
      continue;
    }
    const f64 expected = (f64)DRAWS * row.p[j];
    assert_true(expected > 50); /* so that chi-square's law holds */
    chi_square += (count[j] - expected) * (count[j] - expected) / expected;
    freedom += 1;
  }
  print_message("# chi-square %.1f with %.0f degrees of freedom\n", chi_square, freedom);
  assert_true(fabs(chi_square - freedom) < 4 * sqrt(2 * freedom));
}

static void a_draw_does_not_feel_its_slot(void **state) {
  (void)state;
  image_reset(&image, 9);
  struct sample_params p = sample_slots(114, SLOTS, SLOTS, 1.0f);
  fill_logits(&p, SLOTS, 3.0f);
  kernel_image_run(kernels_baseline, KERNEL_sample, &p);
  u32 token[SLOTS];
  f32 logprob[SLOTS];
  memcpy(token, AT(const u32, p.token), sizeof token);
  memcpy(logprob, AT(const f32, p.logprob), sizeof logprob);
  const struct sample_params q =
      sample_slots(114, 5, 3, 1.0f); /* three of them, elsewhere, in another order, in a smaller batch */
  static const u32 from[3] = {41, 7, 22};
  for (u32 i = 0; i < 3; i++) {
    memcpy(AT(f32, q.logits) + i * 114u, AT(const f32, p.logits) + from[i] * 114u, 4 * 114);
    AT(u32, q.sample_index)[i] = AT(const u32, p.sample_index)[from[i]];
    AT(u32, q.position)[i] = AT(const u32, p.position)[from[i]];
  }
  kernel_image_run(kernels_baseline, KERNEL_sample, &q);
  for (u32 i = 0; i < 3; i++) {
    assert_int_equal(AT(const u32, q.token)[i], token[from[i]]);
    assert_memory_equal(&AT(const f32, q.logprob)[i], &logprob[from[i]], 4);
  }
}

static void each_part_of_the_name_changes_the_draw(void **state) {
  (void)state;
  image_reset(&image, 10);
  struct sample_params p = sample_slots(VOCAB_MAX, 1, 1, 1.0f);
  memset(AT(f32, p.logits), 0, 4 * VOCAB_MAX);
  u32 token[7];
  for (u32 i = 0; i < 7; i++) {
    struct sample_params q = p;
    q.seed_low += i == 1;
    q.seed_high += i == 2;
    q.stream += i == 3;
    AT(u32, p.iteration)[0] = 3 + (i == 4);
    AT(u32, p.sample_index)[0] = 5 + (i == 5);
    AT(u32, p.position)[0] = 6 + (i == 6);
    kernel_image_run(kernels_baseline, KERNEL_sample, &q);
    token[i] = AT(const u32, p.token)[0];
    for (u32 k = 0; k < i; k++) assert_int_not_equal(token[i], token[k]);
  }
}

/* u = 0 and the largest u there is, found by search (key 11, 12; iteration 3; stream 1): the first and the last token
 * that has probability. */
static void the_ends_of_the_unit_interval(void **state) {
  (void)state;
  image_reset(&image, 13);
  const struct sample_params p = sample_slots(1000, 2, 2, 1.0f);
  f32 *logits = AT(f32, p.logits);
  for (u32 i = 0; i < 2000; i++) logits[i] = i % 1000 < 130 || i % 1000 > 900 ? -1e30f : 0.0f;
  static const u32 position[2] = {875, 1603}, sample_index[2] = {1063, 15449};
  memcpy(AT(u32, p.position), position, sizeof position);
  memcpy(AT(u32, p.sample_index), sample_index, sizeof sample_index);
  assert_true(unit_of(&p, 0) == 0 && unit_of(&p, 1) == 1 - 0x1p-24);
  kernel_image_run(kernels_baseline, KERNEL_sample, &p);
  assert_int_equal(AT(const u32, p.token)[0], 130);
  assert_int_equal(AT(const u32, p.token)[1], 900);
}

static void a_lone_token_is_always_drawn(void **state) {
  (void)state;
  static const u32 alone[] = {0, 1, 62, 63, 64, 65, 127, 128, 129};
  image_reset(&image, 14);
  const struct sample_params p = sample_slots(130, COUNT_OF(alone), COUNT_OF(alone), 1.0f);
  for (u32 i = 0; i < COUNT_OF(alone) * 130; i++) AT(f32, p.logits)[i] = i % 130 == alone[i / 130] ? -3.0f : -1e30f;
  for (u32 draw = 0; draw < 200; draw++) {
    for (u32 slot = 0; slot < COUNT_OF(alone); slot++) AT(u32, p.position)[slot] = draw;
    kernel_image_run(kernels_baseline, KERNEL_sample, &p);
    assert_memory_equal(AT(const u32, p.token), alone, sizeof alone);
    for (u32 slot = 0; slot < COUNT_OF(alone); slot++) assert_true(AT(const f32, p.logprob)[slot] == 0.0f);
  }
}

static void greedy_takes_the_first_maximum(void **state) {
  (void)state;
  image_reset(&image, 12);
  struct sample_params p = sample_slots(200, 2, 2, 1.0f);
  p.greedy = 1;
  fill_logits(&p, 2, 3.0f);
  AT(f32, p.logits)[133] = AT(f32, p.logits)[150] = 7.0f;
  AT(f32, p.logits)[200 + 199] = NAN; /* a ruined row still gives a token of the vocabulary */
  kernel_image_run(kernels_baseline, KERNEL_sample, &p);
  assert_int_equal(AT(const u32, p.token)[0], 133);
  assert_in_range(AT(const u32, p.token)[1], 0, 199);
  p.greedy = 0;
  kernel_image_run(kernels_baseline, KERNEL_sample, &p);
  assert_in_range(AT(const u32, p.token)[1], 0, 199);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forward_is_near_the_truth),
      cmocka_unit_test(a_row_does_not_feel_its_place),
      cmocka_unit_test(backward_is_the_derivative),
      cmocka_unit_test(draws_are_the_inverse_distribution),
      cmocka_unit_test(draws_follow_the_distribution),
      cmocka_unit_test(a_draw_does_not_feel_its_slot),
      cmocka_unit_test(each_part_of_the_name_changes_the_draw),
      cmocka_unit_test(the_ends_of_the_unit_interval),
      cmocka_unit_test(a_lone_token_is_always_drawn),
      cmocka_unit_test(greedy_takes_the_first_maximum),
  };
  return cmocka_run_group_tests_name("kernels_vocabulary", tests, NULL, NULL);
}
