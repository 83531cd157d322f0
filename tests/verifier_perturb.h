/* Seeded perturbations of golds: small rules that surely change the mathematics of a text, and rules that surely keep it.
 *
 * A rule takes a gold and writes a pair (the gold itself, or the gold dressed as the rule needs it, and the perturbed text), or says that it does not
 * apply: wherever it is not sure (even functions, zero, periodic functions, equations that a factor does not change), it does not apply.
 * Called by: verifier_golds_test.c. Owns nothing. Fails: false where a rule does not apply or a text would be too long. */
#ifndef RLSP_TESTS_VERIFIER_PERTURB_H
#define RLSP_TESTS_VERIFIER_PERTURB_H

#include "engine/memory/limits.h"
#include "engine/random.h"

struct perturbed {
  u32 gold_size, answer_size;
  bool full;
  char gold[ANSWER_BYTES_MAX], answer[ANSWER_BYTES_MAX]; /* both end in NUL */
};

typedef bool perturb_rule(struct random_stream *random, const char *gold, struct perturbed *out);
struct perturbation {
  const char *name;
  perturb_rule *apply;
};
extern const struct perturbation perturbations_changing[], perturbations_keeping[];
extern const u32 perturbations_changing_count, perturbations_keeping_count;

/* Applies one, and says whether it did and the two texts differ. */
bool perturb(const struct perturbation *perturbation, struct random_stream *random, const char *gold,
             struct perturbed *out);

/* ---- for the rules: building the answer, looking at the gold ---- */
void perturb_add(struct perturbed *out, const char *text);
void perturb_add_part(struct perturbed *out, const char *text, u64 size);
/* The gold with `size` bytes at `at` replaced. */
void perturb_replace(struct perturbed *out, const char *gold, const char *at, u64 size, const char *with);
void perturb_replace_all(struct perturbed *out, const char *gold, const char *what, const char *with);
bool perturb_has(const char *text, const char *const *words); /* words end with NULL */
bool perturb_digit(char c);
bool perturb_letter(char c);
/* Digits at `at`: how many; *value up to 10^9. */
u32 perturb_digits(const char *at, u32 *value);
/* An integer, perhaps with a minus, and nothing else; at most 9 digits. */
bool perturb_integer(const char *gold, long *value);
/* The arguments of a \frac{a}{b} at `at`, both plain digits: bytes it takes, 0 = it is not that. */
u32 perturb_fraction(const char *at, u32 *numerator, u32 *denominator);
/* One of the places (at most 64 are looked at) where `fits` is true, or NULL. */
const char *perturb_place(struct random_stream *random, const char *gold,
                          bool (*fits)(const char *gold, const char *at));
/* Cuts at top-level separators (outside of all brackets): starts of at most `max` parts and their sizes. 0: brackets do not match. */
u32 perturb_split(const char *text, u64 size, char separator, const char **parts, u32 *sizes, u32 max);
/* Digits grouped by commas, as in 1,234 or 1,\!234 or 1{,}234. */
bool perturb_groups(const char *gold);

#endif
