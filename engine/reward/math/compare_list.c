/* Lists, sets, points: in order, or matched each with each. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

struct finding compare_in_order(struct comparison *comparison, struct part a, struct part b) {
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  if (part_at(a)->count != part_at(b)->count) return found(DECISION_WRONG, REASON_DIFFERENT_COUNTS);
  for (u32 i = 0; i < part_at(a)->count && all.decision != DECISION_WRONG; i++) {
    all = both_found(all, compare_nodes(comparison, part_child(a, i), part_child(b, i)));
  }
  return all;
}

/* Both name the same unknown? */
static bool same_name(struct comparison *comparison, struct part a, struct part b) {
  struct part a_name, b_name, value;
  return compare_named(comparison, a, &a_name, &value) && compare_named(comparison, b, &b_name, &value) &&
         a_name.node != EXPRESSION_NONE && b_name.node != EXPRESSION_NONE && part_same(a_name, b_name);
}

/* Every name of a's is one of b's. */
static bool same_names(struct comparison *comparison, struct part a, struct part b) {
  for (u32 i = 0; i < part_at(a)->count; i++) {
    u32 k = 0;
    while (k < part_at(b)->count && !same_name(comparison, part_child(a, i), part_child(b, k))) k++;
    if (k == part_at(b)->count) return false;
  }
  return true;
}

/* Pairs that are right leave both lists. Equality carries over, so that any such pair may be taken; then one of a's that is wrong against
 * all that are left proves that the lists differ. */
static struct finding match_each(struct comparison *comparison, struct part a, struct part b, bool by_name) {
  const u32 count = part_at(a)->count;
  bool taken[COMPARE_ELEMENTS_MAX] = {false};
  u32 left[COMPARE_ELEMENTS_MAX], left_count = 0;
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  for (u32 i = 0; i < count; i++) { /* equal forms first */
    u32 k = 0;
    while (k < count && (comparison->as_read || taken[k] || !part_same(part_child(a, i), part_child(b, k)))) k++;
    if (k < count) taken[k] = true;
    if (k == count) left[left_count++] = i;
  }
  for (u32 n = 0; n < left_count && all.decision != DECISION_WRONG; n++) {
    struct finding best = found(DECISION_WRONG, REASON_DIFFERENT_VALUES);
    for (u32 k = 0; k < count && best.decision != DECISION_RIGHT; k++) {
      if (taken[k]) continue;
      const struct part one = part_child(a, left[n]), other = part_child(b, k);
      if (by_name && !same_name(comparison, one, other)) continue;
      best = either_found(best, compare_nodes(comparison, one, other));
      if (best.decision == DECISION_RIGHT) taken[k] = true;
    }
    all = both_found(all, best);
  }
  return all;
}

static struct finding match(struct comparison *comparison, struct part a, struct part b, bool by_name) {
  if (part_at(a)->count != part_at(b)->count) return found(DECISION_WRONG, REASON_DIFFERENT_COUNTS);
  if (part_at(a)->count > COMPARE_ELEMENTS_MAX) return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
  const struct finding there = match_each(comparison, a, b, by_name);
  if (there.decision != DECISION_UNDECIDED) return there;
  const struct finding back = match_each(comparison, b, a, by_name);
  return back.decision == DECISION_UNDECIDED ? there : back;
}

/* Each of a's is one of b's. */
static struct finding covers(struct comparison *comparison, struct part a, struct part b) {
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  for (u32 i = 0; i < part_at(a)->count && all.decision != DECISION_WRONG; i++) {
    struct finding best = found(DECISION_WRONG, REASON_DIFFERENT_VALUES);
    for (u32 k = 0; k < part_at(b)->count && best.decision != DECISION_RIGHT; k++) {
      best = either_found(best, compare_nodes(comparison, part_child(a, i), part_child(b, k)));
    }
    all = both_found(all, best);
  }
  return all;
}

struct finding compare_sets(struct comparison *comparison, struct part a, struct part b) {
  if (part_at(a)->count > COMPARE_ELEMENTS_MAX || part_at(b)->count > COMPARE_ELEMENTS_MAX) {
    return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
  }
  if (part_at(a)->count == 0 || part_at(b)->count == 0) {
    const bool same = part_at(a)->count == part_at(b)->count;
    return found(same ? DECISION_RIGHT : DECISION_WRONG, same ? REASON_EQUAL_FORMS : REASON_DIFFERENT_COUNTS);
  }
  const struct finding there = covers(comparison, a, b);
  return there.decision == DECISION_WRONG ? there : both_found(there, covers(comparison, b, a));
}

/* ---- names: x = 1, y = 2 ---- */

/* x_1 and x_2 are two roots of one unknown: their order says nothing. */
static u32 stem_size(struct part name) {
  const struct expression *at = part_at(name);
  for (u32 i = 1; i < at->text_size; i++) {
    if (name.pool->text[at->text + i] == '_') return i;
  }
  return at->text_size;
}

static bool same_stem(struct part a, struct part b) {
  if (!part_is(a, EXPRESSION_VARIABLE) || !part_is(b, EXPRESSION_VARIABLE)) return part_same(a, b);
  const u32 size = stem_size(a);
  if (size != stem_size(b)) return false;
  for (u32 i = 0; i < size; i++) {
    if (a.pool->text[part_at(a)->text + i] != b.pool->text[part_at(b)->text + i]) return false;
  }
  return true;
}

/* A list of values of several unknowns: order of writing tells which is which. */
static bool names_several(struct comparison *comparison, struct part list) {
  struct part first, name, value;
  bool several = false;
  for (u32 i = 0; i < part_at(list)->count; i++) {
    if (!compare_named(comparison, part_child(list, i), &name, &value) || name.node == EXPRESSION_NONE) return false;
    if (i == 0) first = name;
    several = several || !same_stem(first, name);
  }
  return several;
}

/* The same elements in order of writing, values without their names, as a TUPLE. */
static struct part as_written(struct comparison *comparison, struct part list) {
  u32 order[COMPARE_ELEMENTS_MAX], places[COMPARE_ELEMENTS_MAX];
  const u32 count = part_at(list)->count;
  struct part name, value;
  if (count > COMPARE_ELEMENTS_MAX) return (struct part){list.pool, EXPRESSION_NONE};
  for (u32 i = 0; i < count; i++) {
    const struct part element = part_child(list, i);
    const u32 place = part_at(element)->place;
    const bool named = !part_is(element, EXPRESSION_CALL) && compare_named(comparison, element, &name, &value);
    const u32 node = named ? value.node : element.node;
    u32 at = i;
    for (; at > 0 && places[at - 1] > place; at--) {
      places[at] = places[at - 1];
      order[at] = order[at - 1];
    }
    places[at] = place;
    order[at] = node;
  }
  const u32 place = part_at(list)->place;
  return (struct part){list.pool, expression_node(list.pool, EXPRESSION_TUPLE, 0, order, count, place)};
}

/* Right in order of writing; right in another order only is not decided. */
static struct finding ordered(struct comparison *comparison, struct part list, struct part other) {
  const struct part left = part_is(list, EXPRESSION_LIST) ? as_written(comparison, list) : list;
  const struct part right = part_is(other, EXPRESSION_LIST) ? as_written(comparison, other) : other;
  if (left.node == EXPRESSION_NONE || right.node == EXPRESSION_NONE) return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
  const struct finding in_order = compare_in_order(comparison, left, right);
  if (in_order.decision != DECISION_WRONG) return in_order;
  const struct finding matched = match(comparison, left, right, false);
  return matched.decision == DECISION_WRONG ? matched : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
}

static bool holds_points(struct part list) {
  for (u32 i = 0; i < part_at(list)->count; i++) {
    if (!part_is(part_child(list, i), EXPRESSION_TUPLE)) return false;
  }
  return true;
}

struct finding compare_lists(struct comparison *comparison, struct part a, struct part b) {
  if (holds_points(a) && holds_points(b)) return compare_sets(comparison, a, b);
  const bool a_names = names_several(comparison, a), b_names = names_several(comparison, b);
  if (a_names != b_names) return ordered(comparison, a, b);
  return match(comparison, a, b, a_names && same_names(comparison, a, b) && same_names(comparison, b, a));
}

struct finding compare_list_with_tuple(struct comparison *comparison, struct part list, struct part tuple) {
  return ordered(comparison, list, tuple);
}

/* 5 against {5}: the one solution. Against 5, 7: the other is missing. */
struct finding compare_one_with_many(struct comparison *comparison, struct part one, struct part many) {
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  const u32 count = part_at(many)->count;
  for (u32 i = 0; i < count && all.decision != DECISION_WRONG; i++) {
    all = both_found(all, compare_nodes(comparison, one, part_child(many, i)));
  }
  if (all.decision == DECISION_WRONG && count > 1) { /* ACD may be A, C, D */
    const bool letters = part_is(one, EXPRESSION_VARIABLE) && part_at(one)->text_size > 1;
    return found(letters ? DECISION_UNDECIDED : DECISION_WRONG, REASON_DIFFERENT_COUNTS);
  }
  /* 1 against 1, 1: a double root, or one said twice */
  if (all.decision == DECISION_RIGHT && count > 1 && part_is(many, EXPRESSION_LIST)) {
    return found(DECISION_UNDECIDED, REASON_DIFFERENT_COUNTS);
  }
  return all;
}
