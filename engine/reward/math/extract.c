#include "engine/reward/math/extract.h"

#include "engine/reward/math/extract_source.h"

static const char *const source_words[ANSWER_SOURCE_COUNT] = {
#define ANSWER_SOURCE_WORD(name, word) word,
    ANSWER_SOURCES(ANSWER_SOURCE_WORD)
#undef ANSWER_SOURCE_WORD
};
static const char *const kind_words[ANSWER_KIND_COUNT] = {
#define ANSWER_KIND_WORD(name, word) word,
    ANSWER_KINDS(ANSWER_KIND_WORD)
#undef ANSWER_KIND_WORD
};

const char *answer_kind_word(enum answer_kind kind) { return kind < ANSWER_KIND_COUNT ? kind_words[kind] : "?"; }
const char *answer_source_word(enum answer_source source) {
  return source < ANSWER_SOURCE_COUNT ? source_words[source] : "?";
}

static u32 source_named(const char *word, u32 size) {
  u32 s = 0;
  while (s < ANSWER_SOURCE_COUNT && !(strlen(source_words[s]) == size && memcmp(source_words[s], word, size) == 0)) s++;
  return s;
}

bool extract_order(struct extract_options *options, const char *words, const char **wrong) {
  options->order_count = 0;
  u32 seen = 0;
  const char *at = words;
  for (;;) {
    while (*at == ' ') at++;
    const u32 size = (u32)strcspn(at, ", ");
    const u32 source = source_named(at, size);
    if (source == ANSWER_SOURCE_COUNT || (seen >> source & 1u) != 0) {
      *wrong = at;
      return false;
    }
    seen |= 1u << source;
    options->order[options->order_count++] = (enum answer_source)source;
    at += size;
    while (*at == ' ') at++;
    if (*at == 0) return true;
    if (*at++ != ',') {
      *wrong = at - 1;
      return false;
    }
  }
}

void answer_set(struct answer *answer, enum answer_source source, struct slice text) {
  text = slice_trim(text);
  answer->source = source;
  answer->size = 0;
  answer->text[0] = 0;
  answer->kind = text.size == 0 ? ANSWER_KIND_EMPTY : ANSWER_KIND_FOUND;
  if (text.size >= ANSWER_BYTES_MAX) {
    answer->kind = ANSWER_KIND_TOO_LONG;
    return;
  }
  memcpy(answer->text, text.text, text.size);
  answer->size = text.size;
  answer->text[text.size] = 0;
}

void answer_append(struct answer *answer, struct slice text) {
  if (answer->kind == ANSWER_KIND_TOO_LONG) return;
  if (text.size >= ANSWER_BYTES_MAX - answer->size) {
    answer->kind = ANSWER_KIND_TOO_LONG;
    answer->size = 0;
    return;
  }
  memcpy(answer->text + answer->size, text.text, text.size);
  answer->size += text.size;
  answer->text[answer->size] = 0;
}

/* ---- the final segment ---- */

static bool last_of(struct slice text, const char *const *words, u32 *after) {
  bool found = false;
  for (u32 i = 0; i < text.size; i++) {
    if (text.text[i] != '<' && text.text[i] != '[') continue;
    for (u32 w = 0; words[w] != NULL; w++) {
      if (!slice_says(text, i, words[w])) continue;
      found = true;
      *after = i + (u32)strlen(words[w]);
    }
  }
  return found;
}

/* A chat template's mark ends the turn; one at the very beginning only opens it. */
static u32 turn_end(struct slice text) {
  static const char *const marks[] = {"<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|eot_id|>", "<|end|>", "</s>",
                                      NULL};
  for (u32 i = 1; i < text.size; i++) {
    if (text.text[i] != '<') continue;
    for (u32 m = 0; marks[m] != NULL; m++) {
      if (slice_has(text, i, marks[m])) return i;
    }
  }
  return text.size;
}

/* A thought that was opened and never ended: what stands in it is no answer yet. */
static bool still_thinks(struct slice text) {
  static const char *const thought_begins[] = {"<think>",     "<thinking>",           "<thought>",
                                               "<reasoning>", "<|begin_of_thought|>", NULL};
  u32 after = 0;
  return last_of(text, thought_begins, &after);
}

static bool final_segment(struct slice *text) {
  static const char *const thought_ends[] = {"</think>",           "</thinking>", "</thought>", "</reasoning>",
                                             "<|end_of_thought|>", "[/think]",    NULL};
  u32 after = 0;
  const bool found = last_of(*text, thought_ends, &after);
  *text = slice_from(*text, after);
  text->size = turn_end(*text);
  return found;
}

/* ---- echoes: a prompt that comes back is nobody's answer ---- */

/* Below this many bytes a text that also stands in the prompt proves nothing: "5", "Monday". */
#define ECHO_BYTES_MIN 24u

/* Where `part` first stands in `whole`, whole.size where it does not. A rolling hash: linear whatever the texts are. */
static u32 find_in(struct slice whole, struct slice part) {
  if (part.size == 0 || part.size > whole.size) return whole.size;
  const u64 base = 0x9e3779b97f4a7c15u;
  u64 wanted = 0, hash = 0, leading = 1; /* leading = base^(part.size - 1) */
  for (u32 i = 0; i < part.size; i++) {
    wanted = wanted * base + (u8)part.text[i];
    hash = hash * base + (u8)whole.text[i];
    if (i > 0) leading *= base;
  }
  for (u32 i = 0;; i++) {
    if (hash == wanted && memcmp(whole.text + i, part.text, part.size) == 0) return i;
    if (i + part.size == whole.size) return whole.size;
    hash = (hash - leading * (u8)whole.text[i]) * base + (u8)whole.text[i + part.size];
  }
}

static bool is_operator(struct slice text, u32 i) {
  static const char *const commands[] = {"\\frac", "\\dfrac", "\\sqrt",  "\\cdot", "\\times",
                                         "\\sum",  "\\prod",  "\\binom", NULL};
  const char c = text.text[i];
  if (c == '+' || c == '*' || c == '^' || c == '/' || c == '!') return true;
  if (c == '-')
    return i > 0 && !is_space(slice_at(text, i + 1)) && (is_digit(text.text[i - 1]) || text.text[i - 1] == ')');
  for (u32 k = 0; c == '\\' && commands[k] != NULL; k++) {
    if (slice_has(text, i, commands[k])) return true;
  }
  return false;
}

static bool has_operator(struct slice text) {
  for (u32 i = 0; i < text.size; i++) {
    if (is_operator(text, i)) return true;
  }
  return false;
}

/* The prompt's one expression, given back as it stands: "Compute 1+2+3." answered by 1+2+3. Where the prompt has other expressions too, it
 * may be a choice between them. */
static bool repeats_the_task(struct slice prompt, struct slice answer) {
  if (answer.size < 3 || !has_operator(answer)) return false;
  const u32 at = find_in(prompt, answer);
  if (at == prompt.size) return false;
  return !has_operator(slice_between(prompt, 0, at)) && !has_operator(slice_from(prompt, at + answer.size));
}

/* The segment is a piece of the prompt, or nothing is left behind a whole prompt in it (which is taken off). */
static bool is_echo(struct slice prompt, struct slice *segment) {
  const struct slice text = slice_trim(*segment);
  if (prompt.size > 0 && prompt.size == text.size && memcmp(prompt.text, text.text, text.size) == 0) return true;
  if (prompt.size < ECHO_BYTES_MIN || text.size < ECHO_BYTES_MIN) return false;
  if (find_in(prompt, text) < prompt.size) return true;
  for (;;) {
    const u32 at = find_in(*segment, prompt);
    if (at == segment->size) return false;
    *segment = slice_from(*segment, at + prompt.size);
    if (slice_trim(*segment).size == 0) return true;
  }
}

/* ---- */

static bool extract_source(const struct extract_options *options, enum answer_source source, struct slice segment,
                           struct answer *answer) {
  switch (source) {
    case ANSWER_SOURCE_BOX:
      return extract_box(segment, options->first_box, options->trusted, answer);
    case ANSWER_SOURCE_PHRASE:
      return extract_phrase(segment, answer);
    case ANSWER_SOURCE_HASHES:
      return extract_hashes(segment, answer);
    case ANSWER_SOURCE_MATH:
      return extract_math(segment, answer);
    case ANSWER_SOURCE_NUMBER:
      return extract_number(segment, answer);
    case ANSWER_SOURCE_LETTER:
      return extract_letter(segment, answer);
    case ANSWER_SOURCE_WHOLE:
      answer_set(answer, ANSWER_SOURCE_WHOLE, segment);
      return true;
    default:
      return false;
  }
}

static void settle(struct answer *answer, enum answer_kind kind) {
  answer->kind = kind;
  answer->size = 0;
  answer->text[0] = 0;
}

static struct slice prompt_of(const struct extract_options *options) {
  return slice_trim((struct slice){options->prompt, options->prompt == NULL ? 0 : options->prompt_size});
}

enum answer_kind extract_segment(const struct extract_options *options, const char *completion, u32 size, u32 *begin,
                                 u32 *segment_size) {
  struct slice segment = {completion, size};
  const bool ended_thinking = final_segment(&segment);
  enum answer_kind kind = ANSWER_KIND_FOUND;
  if (options->needs_segment && !ended_thinking)
    kind = ANSWER_KIND_NONE;
  else if (!options->trusted && still_thinks(segment))
    kind = ANSWER_KIND_NONE;
  else if (is_echo(prompt_of(options), &segment))
    kind = ANSWER_KIND_ECHO;
  *begin = (u32)(segment.text - completion);
  *segment_size = segment.size;
  return kind;
}

static void try_sources(const struct extract_options *options, struct slice segment, struct answer *answer) {
  for (u32 s = 0; s < options->order_count; s++) {
    const enum answer_source source = options->order[s];
    if (extract_source(options, source, segment, answer)) return;
    settle(answer, ANSWER_KIND_NONE);
  }
}

void extract_answer(const struct extract_options *options, const char *completion, u32 size, struct answer *answer) {
  u32 begin = 0, segment_size = 0;
  settle(answer, options->truncated ? ANSWER_KIND_TRUNCATED
                                    : extract_segment(options, completion, size, &begin, &segment_size));
  answer->source = ANSWER_SOURCE_WHOLE;
  if (answer->kind == ANSWER_KIND_FOUND) {
    settle(answer, ANSWER_KIND_NONE);
    try_sources(options, (struct slice){completion + begin, segment_size}, answer);
  }
  if (answer->kind != ANSWER_KIND_FOUND) settle(answer, answer->kind);
  const struct slice found = {answer->text, answer->size};
  if (answer->kind == ANSWER_KIND_FOUND && repeats_the_task(prompt_of(options), found))
    settle(answer, ANSWER_KIND_ECHO);
}

void extract_gold(const char *gold, u32 size, struct answer *answer) {
  const struct extract_options options = {
      .order = {ANSWER_SOURCE_BOX, ANSWER_SOURCE_HASHES, ANSWER_SOURCE_PHRASE, ANSWER_SOURCE_WHOLE},
      .order_count = 4,
      .trusted = true};
  extract_answer(&options, gold, size, answer);
}
