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

/* The mark that the whole gets: a child's number, or EXPRESSION_NONE where the marks do not go outside. */
static u32 outer_mark(const struct expression_pool *pool, const struct expression *head, const u32 *children,
                      u32 marked_count, u32 first_marked) {
  switch (head->kind) {
    case EXPRESSION_ADD:
      for (u32 i = 0; i < head->count; i++) {
        if (!same_mark(pool, children[first_marked], children[i])) return EXPRESSION_NONE;
      }
      return children[first_marked];
    case EXPRESSION_NEGATE:
    case EXPRESSION_MULTIPLY:
      return marked_count == 1 ? children[first_marked] : EXPRESSION_NONE;
    case EXPRESSION_DIVIDE:
      return marked_count == 1 && first_marked == 0 ? children[0] : EXPRESSION_NONE;
    default:
      return EXPRESSION_NONE;
  }
}

u32 normal_arithmetic(struct normal *normal, const struct expression_pool *from, const struct expression *head,
                      u32 *children) {
  u32 marked_count = 0, first_marked = 0;
  for (u32 i = head->count; i > 0; i--) {
    if (children[i - 1] == EXPRESSION_NONE) return EXPRESSION_NONE;
    if (!normal_is_mark(expression_at(normal->to, children[i - 1])->kind)) continue;
    marked_count++;
    first_marked = i - 1;
  }
  if (marked_count == 0) return normal_scalar(normal, from, head, children);
  const u32 outer = outer_mark(normal->to, head, children, marked_count, first_marked);
  const bool cancels =
      head->kind == EXPRESSION_DIVIDE && marked_count == 2 && same_mark(normal->to, children[0], children[1]);
  for (u32 i = 0; i < head->count; i++) {
    if (!normal_is_mark(expression_at(normal->to, children[i])->kind)) continue;
    if (outer != EXPRESSION_NONE || cancels) {
      children[i] = expression_child(normal->to, children[i], 0);
      continue;
    }
    const u32 value = value_of_mark(normal, children[i]);
    if (value == EXPRESSION_NONE) return normal_as_read(normal, from, head, children);
    children[i] = value;
  }
  const u32 inside = normal_scalar(normal, from, head, children);
  return outer == EXPRESSION_NONE ? inside : marked_as(normal, outer, inside, head->place);
}
