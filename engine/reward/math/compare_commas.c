/* Lists whose commas may belong to one number. Owns nothing. */
#include "engine/reward/math/compare_parts.h"

/* 2,74 against 2.74: with a comma that nothing stands behind, a list of two integers can be the decimal. */
static struct part decimal_comma(const struct expression_pool *from, u32 root, struct expression_pool *to) {
  const struct part none = {to, EXPRESSION_NONE};
  const struct expression *list = expression_at(from, root);
  char digits[64];
  if (list->kind != EXPRESSION_LIST || list->count != 2) return none;
  const struct expression *whole = expression_at(from, expression_child(from, root, 0));
  const struct expression *part = expression_at(from, expression_child(from, root, 1));
  if (whole->kind != EXPRESSION_NUMBER || part->kind != EXPRESSION_NUMBER || whole->scale > 0 || part->scale > 0 ||
      whole->base != 10 || part->base != 10 || part->place != whole->place + whole->text_size + 1 ||
      whole->text_size + part->text_size > sizeof digits) {
    return none;
  }
  for (u32 i = 0; i < whole->text_size; i++) digits[i] = (char)from->text[whole->text + i];
  for (u32 i = 0; i < part->text_size; i++) digits[whole->text_size + i] = (char)from->text[part->text + i];
  return (struct part){
      to, expression_number(to, digits, whole->text_size + part->text_size, part->text_size, 0, 10, whole->place)};
}

bool comma_is_decimal(struct comparison *comparison, const struct verifier_workspace *workspace, struct part gold,
                      struct part answer) {
  const struct part left = decimal_comma(&workspace->gold, workspace->gold_root, gold.pool);
  const struct part right = decimal_comma(&workspace->answer, workspace->answer_root, answer.pool);
  if ((left.node == EXPRESSION_NONE) == (right.node == EXPRESSION_NONE)) return false;
  if (left.node != EXPRESSION_NONE) gold = left;
  if (right.node != EXPRESSION_NONE) answer = right;
  return compare_nodes(comparison, gold, answer).decision == DECISION_RIGHT;
}

/* 1, 234 against 1234, 12,34,567 against 1234567: integers of three digits behind the first, or of two (India's) and at the end of three, can be the
 * groups of one. */
static struct part joined_thousands(const struct expression_pool *from, u32 root, struct expression_pool *to) {
  const struct part none = {to, EXPRESSION_NONE};
  const struct expression *list = expression_at(from, root);
  char digits[64];
  u32 size = 0;
  if ((list->kind != EXPRESSION_LIST && list->kind != EXPRESSION_TUPLE) || list->count < 2) return none;
  for (u32 i = 0; i < list->count; i++) {
    const struct expression *group = expression_at(from, expression_child(from, root, i));
    if (group->kind != EXPRESSION_NUMBER || group->scale > 0 || group->base != 10 || group->text_size > 3 ||
        (i > 0 && group->text_size < (i + 1 == list->count ? 3 : 2)) || size + group->text_size > sizeof digits)
      return none;
    for (u32 k = 0; k < group->text_size; k++) digits[size++] = (char)from->text[group->text + k];
  }
  return (struct part){to, expression_number(to, digits, size, 0, 0, 10, list->place)};
}

bool commas_may_group(struct comparison *comparison, const struct verifier_workspace *workspace, struct part gold,
                      struct part answer) {
  const struct part left = joined_thousands(&workspace->gold, workspace->gold_root, gold.pool);
  const struct part right = joined_thousands(&workspace->answer, workspace->answer_root, answer.pool);
  if ((left.node == EXPRESSION_NONE) == (right.node == EXPRESSION_NONE)) return false;
  if (left.node != EXPRESSION_NONE) gold = left;
  if (right.node != EXPRESSION_NONE) answer = right;
  return compare_nodes(comparison, gold, answer).decision == DECISION_RIGHT;
}
