/* What compare.c and its parts share: two nodes in normal form, and what was found about them.
 * Every function here is symmetric in its two nodes. Recursion goes down by children, at most COMPARE_NESTING_MAX deep.
 * Called by: compare*.c alone. */
#ifndef RLSP_ENGINE_REWARD_MATH_COMPARE_PARTS_H
#define RLSP_ENGINE_REWARD_MATH_COMPARE_PARTS_H

#include "engine/reward/math/compare.h"
#include "engine/reward/math/normal_parts.h"

/* Lists of lists of points: three; names and marks add to that. */
#define COMPARE_NESTING_MAX 12u
/* Elements that are matched each with each; longer lists are compared as forms. */
#define COMPARE_ELEMENTS_MAX 128u

struct part {
  struct expression_pool *pool;
  u32 node;
};
struct finding {
  enum decision decision;
  enum verifier_reason reason;
};
struct comparison {
  const struct verifier_options *options;
  struct evaluator *evaluator;
  bool tolerates; /* a tolerance is asked for, and a text has a decimal */
  bool as_read;   /* not both are normal forms: equal trees of scalars may have no value */
  u32 nesting;
};

static inline const struct expression *part_at(struct part part) { return expression_at(part.pool, part.node); }
static inline struct part part_child(struct part part, u32 index) {
  return (struct part){part.pool, expression_child(part.pool, part.node, index)};
}
static inline bool part_is(struct part part, u32 kind) { return part_at(part)->kind == kind; }
static inline bool part_same(struct part a, struct part b) {
  return expression_order(a.pool, a.node, b.pool, b.node) == 0;
}
static inline struct finding found(enum decision decision, enum verifier_reason reason) {
  return (struct finding){decision, reason};
}
bool part_is_constant(struct part part, u32 constant);
/* Holds a variable or an unknown function? */
bool part_varies(struct part part);
/* All must hold: the worse of two. */
struct finding both_found(struct finding a, struct finding b);
/* One is enough: the better of two. */
struct finding either_found(struct finding a, struct finding b);

/* compare.c: any two nodes */
struct finding compare_nodes(struct comparison *comparison, struct part a, struct part b);
/* compare_words.c; the scalar first */
struct finding compare_words(struct comparison *comparison, struct part a, struct part b);
struct finding compare_words_with_scalar(struct comparison *comparison, struct part scalar, struct part text);
struct finding compare_choices(struct comparison *comparison, struct part a, struct part b);
struct finding compare_choice_with_scalar(struct comparison *comparison, struct part scalar, struct part choice);
/* one of them a CHOICE with its value, in any order */
struct finding compare_valued_choice(struct comparison *comparison, struct part a, struct part b);
struct finding compare_times(struct comparison *comparison, struct part a, struct part b);
struct finding compare_dates(struct comparison *comparison, struct part a, struct part b);
struct finding compare_truths(struct comparison *comparison, struct part a, struct part b);

/* compare_vector.c: 3i + 4j in unit vectors as a tuple of so many entries; EXPRESSION_NONE where it is none. */
struct part part_in_entries(struct comparison *comparison, struct part sum, u32 count);

/* compare_named.c */
/* P(1, 2): a point with its name, or a value of a function. */
bool part_may_be_named_point(struct part part);
/* x of x = 5, and 5; EXPRESSION_NONE and 5 of 2 + 3 = 5. false where the node is no such statement, or is not true in itself. */
bool compare_named(struct comparison *comparison, struct part statement, struct part *name, struct part *value);

/* compare_rename.c: the same tree with one variable under another name; EXPRESSION_NONE where that name is taken, or the pool is full. */
struct part part_renamed(struct part part, struct part from, struct part to);
/* pi/4 + k pi with the n of 2 n pi: the part with the model's own parameter in place of its own; EXPRESSION_NONE where either has none of its own. */
struct part part_with_parameter_of(struct part part, struct part model);

/* compare_scalar.c */
struct finding compare_values(struct comparison *comparison, struct part a, struct part b);
struct finding compare_scalars(struct comparison *comparison, struct part a, struct part b);
/* compare_units.c: quantities with a UNIT or MONEY each */
struct finding compare_units(struct comparison *comparison, struct part a, struct part b);
/* compare_commas.c: the list of one side, read as one number, is the other side's value. A decimal; or groups, of which nobody knows */
bool comma_is_decimal(struct comparison *comparison, const struct verifier_workspace *workspace, struct part gold,
                      struct part answer);
bool commas_may_group(struct comparison *comparison, const struct verifier_workspace *workspace, struct part gold,
                      struct part answer);
/* compare_letters.c: of two that are not equal as they stand; one may be a quantity whose unit was read as variables */
struct finding compare_letters(struct comparison *comparison, struct part a, struct part b,
                               struct finding as_variables);
/* "units", "square units": says nothing */
bool unit_is_nothing(struct part part);

/* compare_list.c */
struct finding compare_in_order(struct comparison *comparison, struct part a, struct part b);
struct finding compare_lists(struct comparison *comparison, struct part a, struct part b);
struct finding compare_sets(struct comparison *comparison, struct part a, struct part b);
struct finding compare_list_with_tuple(struct comparison *comparison, struct part list, struct part tuple);
struct finding compare_one_with_many(struct comparison *comparison, struct part one, struct part many);

/* compare_reals.c: intervals, unions, inequalities as subsets of the real line */
struct finding compare_reals(struct comparison *comparison, struct part a, struct part b);

/* compare_statement.c */
struct finding compare_statements(struct comparison *comparison, struct part a, struct part b);

#endif
