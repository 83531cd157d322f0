/* Inequalities of one variable, solved: a x + b < c, |a x + b| < c, x^2 < c. Owns nothing. */
#include "engine/reward/math/compare_pieces.h"

/* left - right = by * atom + rest, where the rest has no variables */
struct linear {
  u32 atom;
  struct fraction by;
  u32 rest;
};

static bool split(struct normal *normal, u32 sum, struct linear *linear) {
  struct expression_pool *pool = normal->to;
  const bool many = expression_at(pool, sum)->kind == EXPRESSION_ADD;
  const u32 count = many ? expression_at(pool, sum)->count : 1;
  u32 constants[NORMAL_TERMS_MAX], constant_count = 0;
  linear->atom = EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) {
    const u32 part = many ? expression_child(pool, sum, i) : sum;
    struct term term;
    if (!part_varies((struct part){pool, part})) {
      if (constant_count == NORMAL_TERMS_MAX) return false;
      constants[constant_count++] = part;
    } else if (linear->atom != EXPRESSION_NONE || !term_read(normal, part, &term)) {
      return false;
    } else {
      linear->atom = term.rest;
      linear->by = term.by;
    }
  }
  linear->rest = normal_sum(normal, constants, constant_count, 0);
  return linear->atom != EXPRESSION_NONE && linear->rest != EXPRESSION_NONE;
}

/* (end - rest) / by */
static struct end moved(struct normal *normal, struct end end, const struct linear *linear) {
  struct fraction inverse;
  if (linear->by.numerator < 0) end.side = -end.side;
  if (end.side != 0) return end;
  const u32 parts[2] = {end.node, normal_scaled(normal, linear->rest, (struct fraction){-1, 1}, 0)};
  end.node = EXPRESSION_NONE;
  if (parts[1] != EXPRESSION_NONE && fraction_power(&inverse, linear->by, -1)) {
    end.node = normal_scaled(normal, normal_sum(normal, parts, 2, 0), inverse, 0);
  }
  return end;
}

/* Values of by * x + rest become values of x. */
static bool move(struct normal *normal, struct pieces *pieces, const struct linear *linear) {
  for (u32 i = 0; i < pieces->count; i++) {
    const struct end from = moved(normal, pieces->list[i].from, linear), to = moved(normal, pieces->list[i].to, linear);
    const bool turns = linear->by.numerator < 0;
    if ((from.side == 0 && from.node == EXPRESSION_NONE) || (to.side == 0 && to.node == EXPRESSION_NONE)) return false;
    pieces->list[i] = turns ? (struct piece){to, from} : (struct piece){from, to};
  }
  return true;
}

/* Values of |u| become values of u: both signs of what is not negative. */
static bool mirror(struct normal *normal, struct pieces *pieces) {
  struct pieces other;
  pieces_open(&other, pieces->comparison, pieces->pool);
  const u32 zero = fraction_write(normal->to, (struct fraction){0, 1}, 0);
  if (!pieces_add(&other, end_at(zero, true), end_beyond(1)) || !pieces_intersect(pieces, &other)) return false;
  other = *pieces;
  const struct linear minus = {EXPRESSION_NONE, {-1, 1}, zero};
  return move(normal, &other, &minus) && pieces_unite(pieces, &other);
}

/* Values of u^2 become values of |u|. */
static bool take_roots(struct normal *normal, struct pieces *pieces) {
  struct pieces positive;
  pieces_open(&positive, pieces->comparison, pieces->pool);
  const u32 zero = fraction_write(normal->to, (struct fraction){0, 1}, 0);
  const u32 half = fraction_write(normal->to, (struct fraction){1, 2}, 0);
  if (!pieces_add(&positive, end_at(zero, true), end_beyond(1)) || !pieces_intersect(pieces, &positive)) return false;
  for (u32 i = 0; i < pieces->count; i++) {
    struct end *ends[2] = {&pieces->list[i].from, &pieces->list[i].to};
    for (u32 k = 0; k < 2; k++) {
      if (ends[k]->side == 0) ends[k]->node = normal_power(normal, ends[k]->node, half, 0);
      if (ends[k]->side == 0 && ends[k]->node == EXPRESSION_NONE) return false;
    }
  }
  return true;
}

static bool unwrap(struct normal *normal, struct pieces *pieces, u32 atom) {
  const struct expression *at = expression_at(normal->to, atom);
  struct fraction power;
  if (at->kind == EXPRESSION_POWER && fraction_read(&power, normal->to, expression_child(normal->to, atom, 1)) &&
      power.numerator == 2 && power.denominator == 1) {
    if (!take_roots(normal, pieces) || !mirror(normal, pieces)) return false;
  } else if (at->kind == EXPRESSION_FUNCTION && at->value == FUNCTION_ABS) {
    if (!mirror(normal, pieces)) return false;
  } else {
    pieces->variable = atom;
    return at->kind == EXPRESSION_VARIABLE;
  }
  struct linear linear;
  if (!split(normal, expression_child(normal->to, atom, 0), &linear)) return false;
  if (expression_at(normal->to, linear.atom)->kind != EXPRESSION_VARIABLE) return false;
  pieces->variable = linear.atom;
  return move(normal, pieces, &linear);
}

static bool is_infinity(struct expression_pool *pool, u32 node, bool negative) {
  if (negative && expression_at(pool, node)->kind != EXPRESSION_NEGATE) return false;
  return part_is_constant((struct part){pool, negative ? expression_child(pool, node, 0) : node}, CONSTANT_INFINITY);
}

/* x < oo, -oo < x: true of every real number. x <= oo speaks of more than these. */
static bool says_nothing(struct pieces *pieces, u32 relation, u32 left, u32 right) {
  const bool above = is_infinity(pieces->pool, right, false), below = is_infinity(pieces->pool, left, true);
  const u32 name = above ? left : right;
  if (relation != RELATION_LESS) return false;
  if (above == below || expression_at(pieces->pool, name)->kind != EXPRESSION_VARIABLE) return false;
  pieces->variable = name;
  return true;
}

bool pieces_of_inequality(struct pieces *pieces, u32 relation, u32 left, u32 right) {
  if (says_nothing(pieces, relation, left, right)) return pieces_add(pieces, end_beyond(-1), end_beyond(1));
  struct normal normal = {pieces->comparison->evaluator, pieces->pool};
  struct linear linear;
  const u32 negative = normal_scaled(&normal, right, (struct fraction){-1, 1}, 0);
  const u32 parts[2] = {left, negative};
  if (negative == EXPRESSION_NONE) return false;
  const u32 sum = normal_sum(&normal, parts, 2, 0);
  if (sum == EXPRESSION_NONE || !split(&normal, sum, &linear)) return false;
  /* by * atom + rest < 0: all below 0, moved */
  const u32 zero = fraction_write(normal.to, (struct fraction){0, 1}, 0);
  const bool closed = relation == RELATION_LESS_EQUAL || relation == RELATION_EQUAL || relation == RELATION_NOT_EQUAL;
  const bool point = relation == RELATION_EQUAL || relation == RELATION_NOT_EQUAL;
  if (!pieces_add(pieces, point ? end_at(zero, true) : end_beyond(-1), end_at(zero, closed))) return false;
  if (!move(&normal, pieces, &linear) || !unwrap(&normal, pieces, linear.atom)) return false;
  if (!pieces_join(pieces)) return false;
  return relation != RELATION_NOT_EQUAL || pieces_complement(pieces);
}
