/* Sums and products of points, vectors and matrices, entry by entry. Owns nothing. */
#include "engine/reward/math/normal_parts.h"

/* Entries of one matrix that are worked out here. */
#define ENTRIES_MAX 64u
#define MATRIX_POWER_MAX 8

static bool is_vector(const struct expression_pool *pool, u32 node) {
  const u32 kind = expression_at(pool, node)->kind;
  return kind == EXPRESSION_TUPLE || kind == EXPRESSION_MATRIX;
}

static bool same_size(const struct expression *a, const struct expression *b) {
  return a->kind == b->kind && a->count == b->count && a->value == b->value;
}

/* A vector of the model's shape. */
static u32 shaped(struct normal *normal, u32 model, const u32 *entries, u32 place) {
  const struct expression shape = *expression_at(normal->to, model);
  return expression_node(normal->to, shape.kind, shape.value, entries, shape.count, place);
}

static bool entries_are_scalars(const struct expression_pool *pool, u32 node) {
  for (u32 i = 0; i < expression_at(pool, node)->count; i++) {
    const u32 entry = expression_child(pool, node, i);
    if (!normal_is_scalar(pool, entry) || normal_is_mixture(pool, entry)) return false;
  }
  return expression_at(pool, node)->count <= ENTRIES_MAX;
}

u32 normal_vector_sum(struct normal *normal, const u32 *nodes, u32 count, u32 place) {
  const struct expression_pool *to = normal->to;
  u32 entries[ENTRIES_MAX], column[NORMAL_FACTORS_MAX];
  if (count > NORMAL_FACTORS_MAX) return EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) {
    if (!is_vector(to, nodes[i]) || !entries_are_scalars(to, nodes[i])) return EXPRESSION_NONE;
    if (!same_size(expression_at(to, nodes[0]), expression_at(to, nodes[i]))) return EXPRESSION_NONE;
  }
  const u32 entry_count = expression_at(to, nodes[0])->count;
  for (u32 k = 0; k < entry_count; k++) {
    for (u32 i = 0; i < count; i++) column[i] = expression_child(to, nodes[i], k);
    entries[k] = normal_sum(normal, column, count, place);
  }
  return shaped(normal, nodes[0], entries, place);
}

static u32 scaled(struct normal *normal, u32 vector, u32 by, u32 place) {
  u32 entries[ENTRIES_MAX];
  if (!entries_are_scalars(normal->to, vector)) return EXPRESSION_NONE;
  const u32 count = expression_at(normal->to, vector)->count;
  for (u32 k = 0; k < count; k++) {
    const u32 pair[2] = {by, expression_child(normal->to, vector, k)};
    entries[k] = normal_times(normal, pair, 2, place);
  }
  return shaped(normal, vector, entries, place);
}

static u32 matrix_product(struct normal *normal, u32 a, u32 b, u32 place) {
  const struct expression left = *expression_at(normal->to, a), right = *expression_at(normal->to, b);
  u32 entries[ENTRIES_MAX], products[ENTRIES_MAX];
  if (left.kind != EXPRESSION_MATRIX || right.kind != EXPRESSION_MATRIX || left.value == 0 || right.value == 0) {
    return EXPRESSION_NONE;
  }
  const u32 rows = left.count / left.value, columns = right.value, inner = left.value;
  if (right.count != inner * columns || rows * columns > ENTRIES_MAX || inner > ENTRIES_MAX ||
      !entries_are_scalars(normal->to, a) || !entries_are_scalars(normal->to, b)) {
    return EXPRESSION_NONE;
  }
  for (u32 row = 0; row < rows; row++) {
    for (u32 column = 0; column < columns; column++) {
      for (u32 k = 0; k < inner; k++) {
        const u32 pair[2] = {expression_child(normal->to, a, row * inner + k),
                             expression_child(normal->to, b, k * columns + column)};
        products[k] = normal_times(normal, pair, 2, place);
      }
      entries[row * columns + column] = normal_sum(normal, products, inner, place);
    }
  }
  return expression_node(normal->to, EXPRESSION_MATRIX, columns, entries, rows * columns, place);
}

u32 normal_matrix_power(struct normal *normal, u32 matrix, u32 exponent, u32 place) {
  struct fraction times;
  u32 power = matrix;
  if (!fraction_read(&times, normal->to, exponent) || times.denominator != 1 || times.numerator < 1 ||
      times.numerator > MATRIX_POWER_MAX) {
    return EXPRESSION_NONE;
  }
  for (i64 i = 1; i < times.numerator && power != EXPRESSION_NONE; i++) {
    power = matrix_product(normal, power, matrix, place);
  }
  return power;
}

u32 normal_vector_product(struct normal *normal, const u32 *nodes, u32 count, u32 place) {
  u32 scalars[NORMAL_FACTORS_MAX], scalar_count = 0, vector = EXPRESSION_NONE;
  for (u32 i = 0; i < count; i++) {
    if (is_vector(normal->to, nodes[i])) {
      vector = vector == EXPRESSION_NONE ? nodes[i] : matrix_product(normal, vector, nodes[i], place);
      if (vector == EXPRESSION_NONE) return EXPRESSION_NONE;
    } else if (scalar_count == NORMAL_FACTORS_MAX || !normal_is_scalar(normal->to, nodes[i]) ||
               normal_is_mixture(normal->to, nodes[i])) {
      return EXPRESSION_NONE;
    } else {
      scalars[scalar_count++] = nodes[i];
    }
  }
  if (vector == EXPRESSION_NONE || scalar_count == 0) return vector;
  const u32 by = normal_times(normal, scalars, scalar_count, place);
  return by == EXPRESSION_NONE ? EXPRESSION_NONE : scaled(normal, vector, by, place);
}
