/* 3i + 4j in unit vectors as the tuple (3, 4). A bold or hatted i is a name of its own (parse_accent); a j or k beside
 * it is one too. Owns nothing. */
#include <string.h>

#include "engine/reward/math/compare_parts.h"

/* i, j, k: 0, 1, 2; 3 where it is none. */
static u32 axis_of(struct part part) {
  static const char *const names[] = {"i vector", "j", "k"};
  const struct expression *at = part_at(part);
  u32 axis = 0;
  if (at->kind != EXPRESSION_VARIABLE) return 3;
  while (axis < 3 &&
         (strlen(names[axis]) != at->text_size || memcmp(part.pool->text + at->text, names[axis], at->text_size) != 0))
    axis++;
  return axis;
}

/* 3 of 3i. EXPRESSION_NONE: no multiple of one unit vector. */
static u32 multiple_of(struct normal *normal, struct part term, u32 *axis) {
  const bool product = part_is(term, EXPRESSION_MULTIPLY);
  const u32 count = product ? part_at(term)->count : 1;
  u32 factors[NORMAL_FACTORS_MAX + 1], found = 0;
  *axis = 3;
  if (count > NORMAL_FACTORS_MAX) return EXPRESSION_NONE;
  factors[found++] = fraction_write(normal->to, (struct fraction){1, 1}, 0);
  for (u32 i = 0; i < count; i++) {
    const struct part factor = product ? part_child(term, i) : term;
    const u32 here = axis_of(factor);
    if (here < 3 && *axis < 3) return EXPRESSION_NONE;
    if (here < 3)
      *axis = here;
    else if (part_varies(factor))
      return EXPRESSION_NONE;
    else
      factors[found++] = factor.node;
  }
  return *axis < 3 ? normal_times(normal, factors, found, 0) : EXPRESSION_NONE;
}

/* -(3i + 4j) is no sum in normal form where its content was taken out. */
static struct part inside_sign(struct part sum, bool *negative) {
  *negative = part_is(sum, EXPRESSION_NEGATE);
  return *negative ? part_child(sum, 0) : sum;
}

struct part part_in_entries(struct comparison *comparison, struct part sum, u32 count) {
  struct normal normal = {comparison->evaluator, sum.pool};
  const struct part none = {sum.pool, EXPRESSION_NONE};
  u32 entries[3] = {EXPRESSION_NONE, EXPRESSION_NONE, EXPRESSION_NONE};
  bool negative, negative_term;
  sum = inside_sign(sum, &negative);
  const bool many = part_is(sum, EXPRESSION_ADD);
  if (count < 2 || count > 3) return none;
  for (u32 i = 0; i < (many ? part_at(sum)->count : 1); i++) {
    u32 axis;
    const struct part term = inside_sign(many ? part_child(sum, i) : sum, &negative_term);
    const u32 multiple = multiple_of(&normal, term, &axis);
    if (multiple == EXPRESSION_NONE || axis >= count || entries[axis] != EXPRESSION_NONE) return none;
    entries[axis] = normal_scaled(&normal, multiple, (struct fraction){negative != negative_term ? -1 : 1, 1}, 0);
    if (entries[axis] == EXPRESSION_NONE) return none;
  }
  if (entries[0] == EXPRESSION_NONE) return none; /* a bare j is any letter */
  for (u32 i = 1; i < count; i++)
    if (entries[i] == EXPRESSION_NONE) entries[i] = fraction_write(sum.pool, (struct fraction){0, 1}, 0);
  return (struct part){sum.pool, expression_node(sum.pool, EXPRESSION_TUPLE, 0, entries, count, part_at(sum)->place)};
}
