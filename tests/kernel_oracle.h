/* What the transformer kernels are held against: numbers that carry a bound of their own rounding error, and a door
 * that runs one case on every table, in both forms and in several partitions, and demands the same bytes of all.
 *
 * A `bounded` is computed in double beside a bound on how far the kernel's float may be from it: each operation adds
 * its operands' bounds, weighted by its derivatives, and half a unit of its result (Higham 2002, section 3.3, running
 * error analysis). The tolerance of every comparison is thus derived, and by the formula that is compared. Used by the
 * kernels' tests. Fails by cmocka's assertions. */
#ifndef RLSP_TESTS_KERNEL_ORACLE_H
#define RLSP_TESTS_KERNEL_ORACLE_H

#include "tests/kernel_image.h"

#define ORACLE_UNIT 0x1p-24 /* half a unit of the last place, relative */

struct bounded {
  f64 value, bound;
};

struct bounded bounded_of(f64 value); /* a float that is given: exact */
struct bounded bounded_add(struct bounded a, struct bounded b);
struct bounded bounded_sub(struct bounded a, struct bounded b);
struct bounded bounded_mul(struct bounded a, struct bounded b);
struct bounded bounded_div(struct bounded a, struct bounded b);
struct bounded bounded_sqrt(struct bounded a);
struct bounded bounded_exp(struct bounded a);
struct bounded bounded_quiet(struct bounded a);

/* A sum in any order whose longest path has `depth` additions: terms are put in one at a time. */
struct bounded_sum {
  f64 value, size, bounds;
};
void bounded_sum_add(struct bounded_sum *sum, struct bounded term);
struct bounded bounded_sum_end(const struct bounded_sum *sum, u64 depth);
/* Additions on the longest path of n terms: blocks of 64, in order; and 64 lanes, then the tree. */
u64 depth_of_blocks(u64 n);
u64 depth_of_lanes(u64 n);

void assert_within(f32 got, struct bounded want, const char *what, u64 i, u64 j);
/* The derivative by central differences (double, of a double function), good to about 1e-7 of its size. */
void assert_derivative(f64 analytic, f64 central, f64 size, const char *what, u64 i);

/* Fills the image with a case's buffers and the params; outputs are poisoned. Called anew for every run, with the same
 * seed. */
typedef void oracle_build(struct kernel_image *image, const void *shape, void *params);
/* Runs the case on every table this CPU has: the definition, the fast form in pieces from the last group to the first,
 * and the fast form in one piece. The bytes of all must agree and no guard may fall. Afterwards image and params are
 * those of the last run. */
void oracle_agree(struct kernel_image *image, enum kernel kernel, oracle_build *build, const void *shape, void *params);
/* The contract's two orders, spelled once more in float: a kernel that has but one form is held to the bits of these.
 */
f32 float_sum_of_blocks(const f32 *term, u32 count); /* 64 terms from the first on, block sums in order; nothing is 0 */
f32 float_sum_of_lanes(const f32 *term, u32 count);  /* 64 strided lanes, then lanes 32, 16, 8, 4, 2, 1 apart */
/* Runs the first table's definition only, on an image as it stands. */
void oracle_define(enum kernel kernel, const void *params);
/* All of `count` floats are still the image's poison. */
void assert_untouched(const f32 *x, u64 count, const char *what);

#endif
