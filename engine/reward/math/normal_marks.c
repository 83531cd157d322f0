/* Marks in arithmetic: 3 cm + 4 cm is 7 cm, 2 * 5% is 10%, 1/2 * 90 degrees is 45 degrees; where marks do not go together percent and degrees become
 * values, and money and units stay where they stand. Owns nothing. */
#include <string.h>

#include "engine/reward/math/normal_parts.h"

bool normal_is_mark(u32 kind) {
  return kind == EXPRESSION_PERCENT || kind == EXPRESSION_DEGREES || kind == EXPRESSION_MONEY ||
         kind == EXPRESSION_UNIT;
}

static bool same_mark(const struct expression_pool *pool, u32 a, u32 b) {
  const struct expression *left = expression_at(pool, a), *right = expression_at(pool, b);
  return left->kind == right->kind && left->text_size == right->text_size &&
         (left->text_size == 0 || memcmp(pool->text + left->text, pool->text + right->text, left->text_size) == 0);
}

static u32 marked_as(struct normal *normal, u32 model, u32 inside, u32 place) {
  if (inside == EXPRESSION_NONE) return EXPRESSION_NONE;
  const struct expression mark = *expression_at(normal->to, model);
  return expression_named(normal->to, mark.kind, 0, &inside, 1, (const char *)normal->to->text + mark.text,
                          mark.text_size, place);
}

/* 28% = 28/100, 45 degrees = 45 pi / 180; EXPRESSION_NONE for what has no value of its own. */
static u32 value_of_mark(struct normal *normal, u32 node) {
  const struct expression mark = *expression_at(normal->to, node);
  const u32 inside = expression_child(normal->to, node, 0);
  if (mark.kind == EXPRESSION_PERCENT) return normal_scaled(normal, inside, (struct fraction){1, 100}, mark.place);
  if (mark.kind != EXPRESSION_DEGREES) return EXPRESSION_NONE;
  const u32 parts[3] = {inside, fraction_write(normal->to, (struct fraction){1, 180}, mark.place),
                        expression_leaf(normal->to, EXPRESSION_CONSTANT, CONSTANT_PI, NULL, 0, mark.place)};
  return normal_times(normal, parts, 3, mark.place);
}

struct marked {
  u32 count, first;      /* children with a mark */
  u32 units, first_unit; /* of these with one that has no value: money, units */
};

static bool find_marked(const struct expression_pool *pool, const u32 *children, u32 count, struct marked *marked) {
  *marked = (struct marked){0};
  for (u32 i = count; i > 0; i--) {
    if (children[i - 1] == EXPRESSION_NONE) return false;
    const u32 kind = expression_at(pool, children[i - 1])->kind;
    if (!normal_is_mark(kind)) continue;
    marked->count++;
    marked->first = i - 1;
    if (kind != EXPRESSION_UNIT && kind != EXPRESSION_MONEY) continue;
    marked->units++;
    marked->first_unit = i - 1;
  }
  return true;
}

/* The mark that the whole gets: a child's number, or EXPRESSION_NONE where the marks do not go outside. */
static u32 outer_mark(const struct expression_pool *pool, const struct expression *head, const u32 *children,
                      const struct marked *marked) {
  switch (head->kind) {
    case EXPRESSION_ADD:
      for (u32 i = 0; i < head->count; i++) {
        if (!same_mark(pool, children[marked->first], children[i])) return EXPRESSION_NONE;
      }
      return children[marked->first];
    case EXPRESSION_NEGATE:
    case EXPRESSION_MULTIPLY: /* 50% of $5 */
      if (marked->units == 1) return children[marked->first_unit];
      return marked->count == 1 ? children[marked->first] : EXPRESSION_NONE;
    case EXPRESSION_DIVIDE:
      return marked->count == 1 && marked->first == 0 ? children[0] : EXPRESSION_NONE;
    default:
      return EXPRESSION_NONE;
  }
}

u32 normal_arithmetic(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                      u32 *children) {
  struct marked marked;
  if (!find_marked(normal->to, children, head->count, &marked)) return EXPRESSION_NONE;
  if (marked.count == 0) return normal_scalar(normal, from, head, children);
  const u32 outer = outer_mark(normal->to, head, children, &marked);
  const bool cancels =
      head->kind == EXPRESSION_DIVIDE && marked.count == 2 && same_mark(normal->to, children[0], children[1]);
  if (outer == EXPRESSION_NONE && !cancels && marked.units > 0) return normal_as_read(normal, from, head, children);
  for (u32 i = 0; i < head->count; i++) {
    if (!normal_is_mark(expression_at(normal->to, children[i])->kind)) continue;
    const bool goes = cancels || (outer != EXPRESSION_NONE && same_mark(normal->to, outer, children[i]));
    children[i] = goes ? expression_child(normal->to, children[i], 0) : value_of_mark(normal, children[i]);
  }
  const u32 inside = normal_scalar(normal, from, head, children);
  return outer == EXPRESSION_NONE ? inside : marked_as(normal, outer, inside, head->place);
}
