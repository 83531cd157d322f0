/* Two scalars: forms, then balls; marks that one of them has. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

static struct finding from_evaluated(enum evaluated evaluated) {
  switch (evaluated) {
    case EVALUATED_EQUAL:
      return found(DECISION_RIGHT, REASON_EQUAL_VALUES);
    case EVALUATED_DIFFERENT:
      return found(DECISION_WRONG, REASON_DIFFERENT_VALUES);
    case EVALUATED_CLOSE:
      return found(DECISION_UNDECIDED, REASON_TOO_CLOSE);
    case EVALUATED_UNDEFINED:
      return found(DECISION_UNDECIDED, REASON_UNDEFINED);
    case EVALUATED_UNSUPPORTED:
      return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
    case EVALUATED_TOO_LARGE:
      return found(DECISION_UNDECIDED, REASON_TOO_LARGE);
    default:
      return found(DECISION_UNDECIDED, REASON_TOO_MANY_STEPS);
  }
}

/* infinity, -infinity */
static bool is_endless(struct part part) {
  if (part_is(part, EXPRESSION_NEGATE)) part = part_child(part, 0);
  return part_is_constant(part, CONSTANT_INFINITY);
}

/* gcd(x, y) may be meant of numbers or of polynomials: a difference at points proves nothing. Nodes below that are not this one's make it only
 * more careful. */
static bool has_open_divisors(struct part part) {
  for (u32 node = 0; node <= part.node; node++) {
    const struct expression *at = expression_at(part.pool, node);
    if (at->kind == EXPRESSION_FUNCTION && (at->value == FUNCTION_GCD || at->value == FUNCTION_LCM) &&
        part_varies((struct part){part.pool, node})) {
      return true;
    }
  }
  return false;
}

static u8 folded(u8 c) { return c >= 'A' && c <= 'Z' ? (u8)(c - 'A' + 'a') : c; }

/* A and a, ABD and DBA: the same letters may be the same choice, the same choices, the same segment. */
static bool same_letters(struct part a, struct part b) {
  const struct expression *left = part_at(a), *right = part_at(b);
  int count[256] = {0};
  if (left->kind != EXPRESSION_VARIABLE || right->kind != EXPRESSION_VARIABLE) return false;
  for (u32 i = 0; i < left->text_size; i++) count[folded(a.pool->text[left->text + i])]++;
  for (u32 i = 0; i < right->text_size; i++) count[folded(b.pool->text[right->text + i])]--;
  for (u32 i = 0; i < 256; i++) {
    if (count[i] != 0) return false;
  }
  return true;
}

/* k pi against n pi: whoever answers may choose the letter. */
static bool may_be_renamed(struct comparison *comparison, struct part a, struct part b) {
  const struct part renamed = part_with_parameter_of(b, a);
  return renamed.node != EXPRESSION_NONE &&
         evaluate_equal(comparison->evaluator, a.pool, a.node, renamed.pool, renamed.node) != EVALUATED_DIFFERENT;
}

struct finding compare_values(struct comparison *comparison, struct part a, struct part b) {
  const bool same = part_same(a, b);
  if (same && !comparison->as_read) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  if (is_endless(a) || is_endless(b)) {
    if (same) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
    /* They are not the same form; an expression with variables or without a value says nothing. */
    int sign;
    const struct part other = is_endless(a) ? b : a;
    const bool known =
        is_endless(other) || evaluate_sign(comparison->evaluator, other.pool, other.node, &sign) == EVALUATED_EQUAL;
    return found(known ? DECISION_WRONG : DECISION_UNDECIDED, known ? REASON_DIFFERENT_VALUES : REASON_UNSUPPORTED);
  }
  const enum evaluated equal = evaluate_equal(comparison->evaluator, a.pool, a.node, b.pool, b.node);
  if (equal != EVALUATED_EQUAL && comparison->tolerates &&
      evaluate_close(comparison->evaluator, a.pool, a.node, b.pool, b.node, comparison->options->digits) ==
          EVALUATED_EQUAL) {
    return found(DECISION_RIGHT, REASON_WITHIN_TOLERANCE);
  }
  if (equal == EVALUATED_DIFFERENT && (has_open_divisors(a) || has_open_divisors(b) || same_letters(a, b))) {
    return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  }
  if (equal == EVALUATED_DIFFERENT && (may_be_renamed(comparison, a, b) || may_be_renamed(comparison, b, a))) {
    return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  }
  return from_evaluated(equal);
}

/* The value of a percentage or an angle as a number. */
static struct part value_of(struct part marked) {
  struct expression_pool *pool = marked.pool;
  const u32 place = part_at(marked)->place;
  const bool percent = part_is(marked, EXPRESSION_PERCENT);
  u32 parts[3] = {part_child(marked, 0).node, fraction_write(pool, (struct fraction){1, percent ? 100 : 180}, place)};
  if (!percent) parts[2] = expression_leaf(pool, EXPRESSION_CONSTANT, CONSTANT_PI, NULL, 0, place);
  return (struct part){pool, expression_node(pool, EXPRESSION_MULTIPLY, 0, parts, percent ? 2 : 3, place)};
}

static struct finding marked_with_plain(struct comparison *comparison, struct part marked, struct part plain) {
  const struct part inside = part_child(marked, 0);
  const u32 kind = part_at(marked)->kind;
  if (kind == EXPRESSION_UNIT || kind == EXPRESSION_MONEY) {
    if (comparison->options->units && !unit_is_nothing(marked)) return found(DECISION_WRONG, REASON_DIFFERENT_SHAPES);
    return compare_scalars(comparison, inside, plain); /* 37 degrees C */
  }
  const struct finding dropped = compare_values(comparison, inside, plain);
  const struct part value = value_of(marked);
  if (dropped.decision == DECISION_RIGHT || value.node == EXPRESSION_NONE) return dropped;
  return either_found(dropped, compare_values(comparison, value, plain));
}

static bool is_modulus(struct part part) {
  return part_is(part, EXPRESSION_FUNCTION) && part_at(part)->value == FUNCTION_MOD;
}

/* 2 (mod 5) against 2 (mod 7): the least remainders agree, the classes do not. */
static struct finding same_modulus(struct comparison *comparison, struct part a, struct part b, struct finding values) {
  if (values.decision != DECISION_RIGHT || !is_modulus(a) || !is_modulus(b)) return values;
  const struct finding moduli = compare_values(comparison, part_child(a, 1), part_child(b, 1));
  return moduli.decision == DECISION_RIGHT ? values : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
}

struct finding compare_scalars(struct comparison *comparison, struct part a, struct part b) {
  const u32 a_kind = part_at(a)->kind, b_kind = part_at(b)->kind;
  const bool a_marked = normal_is_mark(a_kind), b_marked = normal_is_mark(b_kind);
  if (!a_marked && !b_marked) return same_modulus(comparison, a, b, compare_values(comparison, a, b));
  if (!a_marked) return marked_with_plain(comparison, b, a);
  if (!b_marked) return marked_with_plain(comparison, a, b);
  const bool a_unit = a_kind == EXPRESSION_UNIT || a_kind == EXPRESSION_MONEY;
  const bool b_unit = b_kind == EXPRESSION_UNIT || b_kind == EXPRESSION_MONEY;
  if (a_unit && b_unit) return compare_units(comparison, a, b);
  if (a_kind == b_kind) return compare_values(comparison, part_child(a, 0), part_child(b, 0));
  /* 37 degrees C against 37 degrees */
  if (a_kind == EXPRESSION_UNIT && part_is(part_child(a, 0), b_kind))
    return compare_scalars(comparison, part_child(a, 0), b);
  if (b_kind == EXPRESSION_UNIT && part_is(part_child(b, 0), a_kind))
    return compare_scalars(comparison, a, part_child(b, 0));
  /* Percent against degrees, metres or dollars. */
  return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
}
