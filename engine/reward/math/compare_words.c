/* Words, choices, times, dates and truths, against each other and against letters. Owns nothing. */
#include <string.h>

#include "engine/reward/math/compare_parts.h"

static struct finding if_same(bool same, enum verifier_reason difference) {
  return same ? found(DECISION_RIGHT, REASON_EQUAL_FORMS) : found(DECISION_WRONG, difference);
}

struct words {
  const u8 *text;
  u32 size;
};

/* Without an article: "the", "a", "an". */
static struct words words_of(struct part part) {
  static const char *const articles[] = {"the ", "an ", "a "};
  struct words all = {part.pool->text + part_at(part)->text, part_at(part)->text_size};
  for (u32 i = 0; i < COUNT_OF(articles); i++) {
    const u32 size = (u32)strlen(articles[i]);
    if (all.size > size && memcmp(all.text, articles[i], size) == 0)
      return (struct words){all.text + size, all.size - size};
  }
  return all;
}

static bool within(struct words part, struct words whole) {
  for (u32 at = 0; at + part.size <= whole.size; at++) {
    if (memcmp(part.text, whole.text + at, part.size) == 0) return true;
  }
  return false;
}

/* "odd" against "an odd function": may be the same said at length. */
struct finding compare_words(struct comparison *comparison, struct part a, struct part b) {
  (void)comparison;
  const struct words left = words_of(a), right = words_of(b);
  if (within(left, right) && within(right, left)) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  const bool open = within(left, right) || within(right, left);
  return found(open ? DECISION_UNDECIDED : DECISION_WRONG, REASON_DIFFERENT_TEXTS);
}

static char folded(u8 letter) { return (char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter); }

/* The letter of x, e, i; 0 for what is none. */
static char letter_of(struct part part) {
  const struct expression *at = part_at(part);
  if (at->kind == EXPRESSION_CHOICE) return folded((u8)at->value);
  if (at->kind == EXPRESSION_CONSTANT) return at->value == CONSTANT_E ? 'e' : at->value == CONSTANT_I ? 'i' : 0;
  if (at->kind != EXPRESSION_VARIABLE && at->kind != EXPRESSION_TEXT) return 0;
  return at->text_size == 1 ? folded(part.pool->text[at->text]) : 0;
}

struct finding compare_words_with_scalar(struct comparison *comparison, struct part scalar, struct part text) {
  (void)comparison;
  const struct expression *name = part_at(scalar), *word = part_at(text);
  bool same = letter_of(scalar) != 0 && letter_of(scalar) == letter_of(text);
  if (!same && name->kind == EXPRESSION_VARIABLE && name->text_size == word->text_size) {
    same = true;
    for (u32 i = 0; i < name->text_size; i++) {
      same = same && folded(scalar.pool->text[name->text + i]) == folded(text.pool->text[word->text + i]);
    }
  }
  if (same) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  const bool letters = letter_of(scalar) != 0 && letter_of(text) != 0;
  return found(letters ? DECISION_WRONG : DECISION_UNDECIDED, REASON_DIFFERENT_TEXTS);
}

struct finding compare_choice_with_scalar(struct comparison *comparison, struct part scalar, struct part choice) {
  (void)comparison;
  /* Ten choices are the most that anyone lists: an x stands for itself. */
  if (letter_of(scalar) == 0 || letter_of(scalar) > 'j') return found(DECISION_UNDECIDED, REASON_UNSUPPORTED);
  return if_same(letter_of(scalar) == letter_of(choice), REASON_DIFFERENT_TEXTS);
}

struct finding compare_choices(struct comparison *comparison, struct part a, struct part b) {
  (void)comparison;
  return if_same(letter_of(a) == letter_of(b), REASON_DIFFERENT_TEXTS);
}

/* (B) 5 against a letter: the letter counts, but a value that is a letter, (B) a, may have been meant. */
static struct finding choice_with_letter(struct part choice, struct part letter, struct finding values) {
  if (values.decision == DECISION_RIGHT) return values;
  if (part_varies(part_child(choice, 0))) return found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
  return if_same(letter_of(choice) == letter_of(letter), REASON_DIFFERENT_TEXTS);
}

/* The letter is the answer; the value explains it. Where these two disagree nothing is said. */
static struct finding choice_with_choice(struct comparison *comparison, struct part a, struct part b) {
  const bool same = letter_of(a) == letter_of(b);
  if (part_at(a)->count == 0 || part_at(b)->count == 0) return if_same(same, REASON_DIFFERENT_TEXTS);
  const struct finding values = compare_nodes(comparison, part_child(a, 0), part_child(b, 0));
  const bool agree = same == (values.decision == DECISION_RIGHT) && values.decision != DECISION_UNDECIDED;
  return agree ? if_same(same, REASON_DIFFERENT_TEXTS) : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
}

struct finding compare_valued_choice(struct comparison *comparison, struct part a, struct part b) {
  if (part_is(a, EXPRESSION_CHOICE) && part_is(b, EXPRESSION_CHOICE)) return choice_with_choice(comparison, a, b);
  const struct part choice = part_is(a, EXPRESSION_CHOICE) ? a : b, other = part_is(a, EXPRESSION_CHOICE) ? b : a;
  const struct finding values = compare_nodes(comparison, part_child(choice, 0), other);
  if (letter_of(other) != 0 && letter_of(other) <= 'j') return choice_with_letter(choice, other, values);
  if (values.decision != DECISION_WRONG) return values;
  const bool proved = !part_varies(other) && !part_is(other, EXPRESSION_TEXT) && !part_is(other, EXPRESSION_LIST);
  return proved ? values : found(DECISION_UNDECIDED, REASON_AMBIGUOUS);
}

struct finding compare_times(struct comparison *comparison, struct part a, struct part b) {
  const struct expression *left = part_at(a), *right = part_at(b);
  const bool half_known = left->text_size > 0 && right->text_size > 0;
  if (left->text_size == 0 && right->text_size == 0)
    return if_same(left->value == right->value, REASON_DIFFERENT_VALUES);
  if (half_known || comparison->options->units) return if_same(part_same(a, b), REASON_DIFFERENT_VALUES);
  if (left->value == right->value) return found(DECISION_RIGHT, REASON_EQUAL_VALUES);
  /* 17:00 and 5:00 pm */
  const struct expression *marked = left->text_size > 0 ? left : right, *plain = left->text_size > 0 ? right : left;
  const struct expression_pool *pool = left->text_size > 0 ? a.pool : b.pool;
  const bool evening = pool->text[marked->text] == 'p';
  const u32 hours = marked->value / 60 % 12 + (evening ? 12u : 0u);
  return if_same(hours * 60 + marked->value % 60 == plain->value, REASON_DIFFERENT_VALUES);
}

struct finding compare_dates(struct comparison *comparison, struct part a, struct part b) {
  (void)comparison;
  const u32 left = part_at(a)->value, right = part_at(b)->value, day = 16 * 32;
  if (left == right) return found(DECISION_RIGHT, REASON_EQUAL_FORMS);
  if (left % day != right % day) return found(DECISION_WRONG, REASON_DIFFERENT_VALUES);
  const bool open = left / day == 0 || right / day == 0;
  return found(open ? DECISION_UNDECIDED : DECISION_WRONG, REASON_DIFFERENT_VALUES);
}

struct finding compare_truths(struct comparison *comparison, struct part a, struct part b) {
  (void)comparison;
  return if_same(part_same(a, b), REASON_DIFFERENT_VALUES);
}
