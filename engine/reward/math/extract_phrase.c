/* The source `phrase`: what a text says that its answer is. */
#include "engine/reward/math/extract_source.h"

static bool is_dressing(char c) { return c == '*' || c == '_' || c == '"' || c == '`' || is_space(c); }

static u32 skip_dressing(struct slice text, u32 at) {
  while (is_dressing(slice_at(text, at)) || slice_has(text, at, "\\\"")) at += slice_at(text, at) == '\\' ? 2u : 1u;
  return at;
}

static bool word_at(struct slice text, u32 at, const char *word) {
  const u32 size = (u32)strlen(word);
  return slice_says(text, at, word) && !is_letter(slice_at(text, at + size)) &&
         (at == 0 || !is_letter(text.text[at - 1]));
}

/* Behind "answer": "to the question" and its like, up to a verb or a colon. */
#define PHRASE_WORDS_MAX 6u

static bool phrase_verb(struct slice text, u32 at, u32 *after) {
  static const char *const verbs[] = {"is", "are", "would be", "will be", "must be", "equals", "=", ":", NULL};
  bool found = false;
  for (u32 words = 0; words <= PHRASE_WORDS_MAX; words++) {
    at = skip_dressing(text, at);
    for (u32 v = 0; verbs[v] != NULL; v++) {
      const bool sign = !is_letter(verbs[v][0]);
      if (sign ? !slice_has(text, at, verbs[v]) : !word_at(text, at, verbs[v])) continue;
      at = skip_dressing(text, at + (u32)strlen(verbs[v]));
      found = true;
      v = UINT32_MAX; /* "is:" has two: from the first again */
    }
    if (found) {
      *after = at;
      return true;
    }
    const u32 word = at;
    while (is_letter(slice_at(text, at))) at++;
    if (at == word) return false;
  }
  return false;
}

bool phrase_next(struct slice segment, u32 from, u32 *begin, u32 *after) {
  for (u32 at = from; at < segment.size; at++) {
    if (to_lower(segment.text[at]) != 'a' || !word_at(segment, at, "answer")) continue;
    if (!phrase_verb(segment, at + 6, after)) continue;
    *begin = at;
    return true;
  }
  return false;
}

static const char hope[] = "i hope it is correct";

/* Where the sentence ends: a full stop before a blank, Minerva's closing words, or a line's end; neither within mathematics or braces. */
static u32 sentence_end(struct slice text, u32 from) {
  struct math_reader reader = {.text = text};
  u32 depth = 0;
  for (u32 at = from; at < text.size; at++) {
    const char c = text.text[at];
    reader.at = at;
    if ((c == '$' || c == '\\') && math_here(&reader)) {
      at = reader.end - 1;
      continue;
    }
    if (c == '\\') {
      at++;
      continue;
    }
    depth += c == '{';
    depth -= c == '}' && depth > 0;
    if (depth > 0) continue;
    if (c == '\n') return at;
    const char next = slice_at(text, at + 1);
    if ((c == '.' || c == '?' || c == '!') && (next == 0 || is_space(next) || next == '*' || next == '"')) return at;
    if (slice_says(text, at, hope)) return at;
  }
  return text.size;
}

static u32 number_count(struct slice text, struct slice *number) {
  u32 count = 0;
  for (u32 at = 0; at < text.size;) {
    if (!is_digit(text.text[at])) {
      at++;
      continue;
    }
    const u32 begin = at;
    while (is_digit(slice_at(text, at)) ||
           ((slice_at(text, at) == '.' || slice_at(text, at) == ',') && is_digit(slice_at(text, at + 1))))
      at++;
    *number = slice_between(text, begin, at);
    count++;
  }
  return count;
}

/* Words that would make another answer of the only number in a sentence. */
static bool hedges(struct slice text) {
  static const char *const words[] = {"not",   "or",      "either", "between", "least",    "most", "less",  "more",
                                      "fewer", "greater", "than",   "minus",   "negative", "half", "twice", "no",
                                      "about", "over",    "under",  "below",   "above",    NULL};
  for (u32 at = 0; at < text.size; at++) {
    for (u32 w = 0; words[w] != NULL; w++) {
      if (word_at(text, at, words[w])) return true;
    }
  }
  return false;
}

/* "Therefore, there are 12 distinct sequences": prose with one number in it, before Minerva's closing words. */
static bool only_number(struct slice text, struct answer *answer) {
  struct slice number = {"", 0};
  if (!is_letter(slice_at(text, 0)) || number_count(text, &number) != 1 || hedges(text)) return false;
  const u32 end = (u32)(number.text - text.text) + number.size;
  const u32 begin = (u32)(number.text - text.text);
  if (begin == 0 || !is_space(text.text[begin - 1])) return false;
  answer_set(answer, ANSWER_SOURCE_PHRASE, number);
  if (percent_after(text, end)) answer_append(answer, (struct slice){"\\%", 2});
  return true;
}

static struct slice undress(struct slice text) {
  u32 begin = skip_dressing(text, 0);
  u32 end = text.size;
  while (end > begin && (is_dressing(text.text[end - 1]) || text.text[end - 1] == '.')) {
    end--;
    if (end > begin && text.text[end] == '"' && text.text[end - 1] == '\\') end--;
  }
  return slice_between(text, begin < end ? begin : end, end);
}

/* What a phrase says: its box, the mathematics it begins with or holds, or its words. */
static void read_sentence(struct slice sentence, bool hoped, struct answer *answer) {
  sentence = undress(sentence);
  if (extract_box(sentence, false, false, answer)) return;
  const char c = slice_at(sentence, 0);
  const bool begins_plain = is_digit(c) || c == '-' || c == '(' || c == '[' || c == '{';
  if (!begins_plain && last_math(sentence, ANSWER_SOURCE_PHRASE, answer)) return;
  if (hoped && only_number(sentence, answer)) return;
  answer_set(answer, ANSWER_SOURCE_PHRASE, sentence);
}

/* The sentence before Minerva's "I hope it is correct", where there is no phrase in it. */
static bool before_hope(struct slice segment, u32 from, struct slice *sentence) {
  u32 hoped = segment.size;
  for (u32 at = from; at < segment.size; at++) {
    if (to_lower(segment.text[at]) == 'i' && word_at(segment, at, hope)) hoped = at;
  }
  if (hoped == segment.size) return false;
  u32 begin = from;
  for (;;) {
    const u32 end = sentence_end(segment, begin);
    if (end >= hoped || skip_spaces(segment, end + 1) >= hoped) break;
    begin = end + 1;
  }
  *sentence = slice_trim(slice_between(segment, begin, hoped));
  return sentence->size > 0;
}

bool extract_phrase(struct slice segment, struct answer *answer) {
  u32 begin = 0, after = 0, last_after = 0, last_end = 0;
  bool found = false, agreed = true;
  for (u32 from = 0; phrase_next(segment, from, &begin, &after); from = begin + 1) {
    const bool inner = found && begin < last_end; /* of "Final Answer: The final answer is" */
    const u32 end = inner && after <= last_end ? last_end : sentence_end(segment, after);
    if (found && !inner) {
      const bool same = slice_same(undress(slice_between(segment, last_after, last_end)),
                                   undress(slice_between(segment, after, end)));
      agreed = same || extract_gap(slice_between(segment, last_end, begin)) != GAP_CONTRADICTS;
    }
    found = true;
    last_after = after;
    last_end = end;
  }
  struct slice sentence = {"", 0};
  const bool hoped = before_hope(segment, found ? last_end : 0, &sentence);
  if (!found && !hoped) return false;
  if (found && !agreed) {
    answer->kind = ANSWER_KIND_SEVERAL;
    return true;
  }
  if (found) sentence = slice_between(segment, last_after, last_end);
  const u32 closing = skip_dressing(segment, last_end + (slice_at(segment, last_end) == '.'));
  read_sentence(sentence, !found || slice_says(segment, closing, hope), answer);
  return true;
}
