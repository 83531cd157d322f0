/* Equations, inequalities, chains and logic against each other and against values. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

static u32 operator_of(struct part part) {
  return part_is(part, EXPRESSION_RELATION) ? part_at(part)->value : UINT32_MAX;
}

static bool is_less(u32 relation) { return relation == RELATION_LESS || relation == RELATION_LESS_EQUAL; }

/* left - right, in normal form where that can be. */
static struct part difference(struct comparison *comparison, struct part relation) {
  struct normal normal = {comparison->evaluator, relation.pool};
  const struct part left = part_child(relation, 0), right = part_child(relation, 1);
  if (!normal_is_scalar(left.pool, left.node) || !normal_is_scalar(right.pool, right.node) ||
      normal_is_mark(part_at(left)->kind) || normal_is_mark(part_at(right)->kind)) {
    return (struct part){relation.pool, EXPRESSION_NONE};
  }
  const u32 parts[2] = {left.node, expression_node(relation.pool, EXPRESSION_NEGATE, 0, &right.node, 1, 0)};
  const u32 scaled[2] = {left.node, normal_scaled(&normal, right.node, (struct fraction){-1, 1}, 0)};
  const u32 sum = normal_sum(&normal, scaled, 2, 0);
  return (struct part){relation.pool,
                       sum != EXPRESSION_NONE ? sum : expression_node(relation.pool, EXPRESSION_ADD, 0, parts, 2, 0)};
}

/* May have any value: x, f(2). */
static bool is_free(struct part part) {
  if (part_is(part, EXPRESSION_VARIABLE)) return true;
  if (!part_is(part, EXPRESSION_CALL)) return false;
  for (u32 i = 0; i < part_at(part)->count; i++) {
    if (part_varies(part_child(part, i))) return false;
  }
  return true;
}

/* Terms with a variable of a x + b y + c; 0 where it is no such sum. Two that are not proportional have other solutions. */
static u32 linear_terms(struct comparison *comparison, struct part sum) {
  struct normal normal = {comparison->evaluator, sum.pool};
  const bool many = part_is(sum, EXPRESSION_ADD);
  const u32 count = many ? part_at(sum)->count : 1;
  u32 varying = 0;
  for (u32 i = 0; i < count; i++) {
    const struct part part = many ? part_child(sum, i) : sum;
    struct term term;
    if (!part_varies(part)) continue;
    varying++;
    if (!term_read(&normal, part.node, &term) || !is_free((struct part){sum.pool, term.rest})) return 0;
  }
  return varying;
}

/* left - right is the same up to a factor: of any sign for equations, positive for inequalities. */
static struct finding proportional(struct comparison *comparison, struct part a, struct part b, bool any_sign) {
  const struct part left = difference(comparison, a), right = difference(comparison, b);
  int sign = 1;
  if (left.node == EXPRESSION_NONE || right.node == EXPRESSION_NONE) {
    return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
  }
  if (part_same(left, right)) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  const enum evaluated evaluated =
      evaluate_proportional(comparison->evaluator, left.pool, left.node, right.pool, right.node, &sign);
  if (evaluated == EVALUATED_EQUAL && (any_sign || sign > 0)) return found(DECISION_RIGHT, REASON_EQUAL_VALUES);
  const bool proved = (evaluated == EVALUATED_EQUAL || evaluated == EVALUATED_DIFFERENT) &&
                      linear_terms(comparison, left) > 0 && linear_terms(comparison, right) > 0;
  return found(proved ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_VALUES);
}

/* Sides that are no scalars, such as points: each for itself. */
static struct finding by_sides(struct comparison *comparison, struct part a, struct part b) {
  const struct finding sides = both_found(compare_nodes(comparison, part_child(a, 0), part_child(b, 0)),
                                          compare_nodes(comparison, part_child(a, 1), part_child(b, 1)));
  return sides.decision == DECISION_RIGHT ? sides : found(DECISION_UNDECIDED, sides.reason);
}

/* ---- named: y = 2x against y = 2x, f(x) = 2x against f(t) = 2t ---- */

/* One argument, a variable: f(x). */
static bool is_function_of_one(struct part part) {
  return part_is(part, EXPRESSION_CALL) && part_at(part)->count == 1 &&
         part_is(part_child(part, 0), EXPRESSION_VARIABLE);
}

static bool same_function(struct part a, struct part b) {
  const struct expression *left = part_at(a), *right = part_at(b);
  if (!is_function_of_one(a) || !is_function_of_one(b) || left->text_size != right->text_size) return false;
  for (u32 i = 0; i < left->text_size; i++) {
    if (a.pool->text[left->text + i] != b.pool->text[right->text + i]) return false;
  }
  return true;
}

/* y = 2x and f(x) = 2x */
static bool is_graph(struct part variable, struct part function) {
  if (!part_is(variable, EXPRESSION_VARIABLE) || !is_function_of_one(function)) return false;
  return part_at(variable)->text_size == 1 && variable.pool->text[part_at(variable)->text] == 'y';
}

static struct finding named_equations(struct comparison *comparison, struct part a, struct part b, struct part a_name,
                                      struct part a_value, struct part b_name, struct part b_value) {
  /* 2 + 3 = 5 has no name. */
  const bool unnamed = a_name.node == EXPRESSION_NONE || b_name.node == EXPRESSION_NONE;
  if (unnamed || part_same(a_name, b_name)) return compare_nodes(comparison, a_value, b_value);
  if (is_graph(a_name, b_name) || is_graph(b_name, a_name)) return compare_nodes(comparison, a_value, b_value);
  if (same_function(a_name, b_name)) {
    const struct part a_argument = part_child(a_name, 0), b_argument = part_child(b_name, 0);
    const struct part same = part_renamed(b_value, b_argument, a_argument);
    const struct part back = part_renamed(a_value, a_argument, b_argument);
    if (same.node == EXPRESSION_NONE || back.node == EXPRESSION_NONE) {
      return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
    }
    return compare_nodes(comparison, a_value, same);
  }
  const bool relations = part_is(a, EXPRESSION_RELATION) && part_is(b, EXPRESSION_RELATION);
  const struct finding whole =
      relations ? proportional(comparison, a, b, true) : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  if (whole.decision == DECISION_RIGHT || part_varies(a_value) || part_varies(b_value)) return whole;
  const struct finding values = compare_nodes(comparison, a_value, b_value);
  return values.decision == DECISION_RIGHT ? found(DECISION_UNDECIDED, REASON_AMBIGUOUS) : values;
}

/* ---- two statements ---- */

static struct finding relations(struct comparison *comparison, struct part a, struct part b) {
  const u32 left = operator_of(a), right = operator_of(b);
  if (is_less(left) && is_less(right)) {
    const struct finding sides = proportional(comparison, a, b, false);
    if (sides.decision == DECISION_RIGHT && left == right) return sides;
    if (sides.decision == DECISION_RIGHT) { /* < against <=: on the line itself they differ, if it is one */
      const bool line = linear_terms(comparison, difference(comparison, a)) > 0 ||
                        linear_terms(comparison, difference(comparison, b)) > 0;
      return found(line ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
    }
    const struct finding sets = compare_reals(comparison, a, b);
    return sets.decision == DECISION_UNDECIDED ? sides : sets;
  }
  if (left != right) return compare_reals(comparison, a, b);
  if (left == RELATION_EQUAL || left == RELATION_NOT_EQUAL) {
    const struct finding sides = proportional(comparison, a, b, true);
    return sides.reason == REASON_UNSUPPORTED ? by_sides(comparison, a, b) : sides;
  }
  return by_sides(comparison, a, b);
}

/* Each relation against its partner; a < b < c has been turned to rise. */
static struct finding chains(struct comparison *comparison, struct part a, struct part b) {
  struct finding all = found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  if (part_at(a)->count != part_at(b)->count) return compare_reals(comparison, a, b);
  for (u32 i = 0; i < part_at(a)->count; i++) {
    const struct part left = part_child(a, i), right = part_child(b, i);
    const struct finding pair = operator_of(left) == operator_of(right)
                                    ? by_sides(comparison, left, right)
                                    : found(DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
    all = both_found(all, pair);
  }
  return all.decision == DECISION_RIGHT ? all : compare_reals(comparison, a, b);
}

/* A value, a point or a list against a statement that names nothing. */
static struct finding value_with_statement(struct comparison *comparison, struct part value, struct part statement) {
  struct part name, point, point_name, named;
  /* P(1, 2) against P = (1, 2) */
  if (part_may_be_named_point(value) && compare_named(comparison, value, &point_name, &point) &&
      compare_named(comparison, statement, &name, &named) && part_is(named, EXPRESSION_TUPLE)) {
    return named_equations(comparison, value, statement, point_name, point, name, named);
  }
  if (operator_of(statement) != RELATION_EQUAL) {
    const struct finding sets = compare_reals(comparison, value, statement);
    /* 4 < n < 6 against 5: n may be an integer. */
    const bool proved = sets.decision != DECISION_WRONG || part_is(value, EXPRESSION_TUPLE);
    return proved ? sets : found(DECISION_UNDECIDED, sets.reason);
  }
  /* 2x + z = 1 is no value; but 2x = 10 could be solved for one, and a/b = 2 names a ratio. */
  const struct part sum = difference(comparison, statement);
  const bool proved = sum.node != EXPRESSION_NONE && linear_terms(comparison, sum) > 1 && !part_varies(value);
  return found(proved ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_SHAPES);
}

static bool is_statement(struct part part) {
  return part_at(part)->kind >= EXPRESSION_RELATION && part_at(part)->kind <= EXPRESSION_NOT;
}

struct finding compare_statements(struct comparison *comparison, struct part a, struct part b) {
  struct part a_name, a_value, b_name, b_value;
  if (!is_statement(a)) return value_with_statement(comparison, a, b);
  if (!is_statement(b)) return value_with_statement(comparison, b, a);
  if (compare_named(comparison, a, &a_name, &a_value) && compare_named(comparison, b, &b_name, &b_value)) {
    return named_equations(comparison, a, b, a_name, a_value, b_name, b_value);
  }
  if (part_is(a, EXPRESSION_RELATION) && part_is(b, EXPRESSION_RELATION)) return relations(comparison, a, b);
  if (part_is(a, EXPRESSION_CHAIN) && part_is(b, EXPRESSION_CHAIN)) return chains(comparison, a, b);
  if (part_at(a)->kind == part_at(b)->kind && part_at(a)->kind != EXPRESSION_NOT) {
    const struct finding sets = compare_sets(comparison, a, b);
    if (sets.decision == DECISION_RIGHT) return sets;
  }
  return compare_reals(comparison, a, b);
}
