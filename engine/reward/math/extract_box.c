/* The source `box`: \boxed{..} and \fbox{..}, found in one pass whatever they are nested in. */
#include "engine/reward/math/extract_source.h"

#define BOXES_MAX 64u /* different ones in a row; more are a flood */
#define BOX_NEST_MAX 16u

struct box {
  u32 begin, end; /* with "\boxed{" and "}" */
  u32 inside;     /* where the inside begins; it ends before end - closing */
  u32 closing;    /* 1, or 0 for \boxed 5 */
};

struct boxes {
  struct box list[BOXES_MAX];
  u32 count;
  bool flood;
  u32 open[BOX_NEST_MAX], open_inside[BOX_NEST_MAX], open_depth[BOX_NEST_MAX]; /* begun, not ended */
  u32 open_count;
  u32 last_unended; /* one that could not be followed; 0 = none, else its begin + 1 */
};

static struct slice box_inside(struct slice text, const struct box *box) {
  return slice_between(text, box->inside, box->end - box->closing);
}

static bool is_blank(struct slice inside) {
  static const struct slice nothing = {"", 0};
  return slice_same(inside, nothing) || slice_has(slice_trim(inside), 0, "\\phantom");
}

/* Bytes of "\boxed" or "\fbox" and the spaces after it; 0 where there is none. */
static u32 box_word(struct slice text, u32 at) {
  u32 size = slice_has(text, at, "\\boxed") ? 6 : slice_has(text, at, "\\fbox") ? 5 : 0;
  if (size == 0 || is_letter(slice_at(text, at + size))) return 0;
  return skip_spaces(text, at + size) - at;
}

static void add_box(struct boxes *boxes, struct slice text, struct box box) {
  while (boxes->count > 0 && boxes->list[boxes->count - 1].begin > box.begin) boxes->count--; /* inside this one */
  const struct slice inside = box_inside(text, &box);
  if (boxes->count > 0) {
    struct box *last = &boxes->list[boxes->count - 1];
    const bool same = slice_same(box_inside(text, last), inside);
    if (same || is_blank(box_inside(text, last))) {
      *last = box;
      return;
    }
    if (is_blank(inside)) return;
  }
  if (boxes->count == BOXES_MAX) {
    boxes->flood = true;
    boxes->count--;
  }
  boxes->list[boxes->count++] = box;
}

static u32 open_box(struct boxes *boxes, struct slice text, u32 at, u32 word, u32 *depth) {
  const u32 begin = at;
  at += word;
  if (slice_at(text, at) == '{') {
    if (boxes->open_count < BOX_NEST_MAX) {
      boxes->open[boxes->open_count] = begin;
      boxes->open_inside[boxes->open_count] = at + 1;
      boxes->open_depth[boxes->open_count++] = *depth;
    } else {
      boxes->last_unended = begin + 1;
    }
    *depth += 1;
    return at + 1;
  }
  u32 end = at;
  while (is_digit(slice_at(text, end))) end++;
  if (end > at) add_box(boxes, text, (struct box){.begin = begin, .end = end, .inside = at, .closing = 0});
  return end > at ? end : at;
}

static void close_brace(struct boxes *boxes, struct slice text, u32 at, u32 *depth) {
  if (*depth == 0) return;
  *depth -= 1;
  if (boxes->open_count == 0 || boxes->open_depth[boxes->open_count - 1] != *depth) return;
  const u32 top = --boxes->open_count;
  add_box(boxes, text,
          (struct box){.begin = boxes->open[top], .end = at + 1, .inside = boxes->open_inside[top], .closing = 1});
}

static void find_boxes(struct slice text, struct boxes *boxes) {
  u32 depth = 0;
  for (u32 at = 0; at < text.size;) {
    const char c = text.text[at];
    if (c == '\\') {
      const u32 word = box_word(text, at);
      at = word != 0 ? open_box(boxes, text, at, word, &depth) : at + (is_letter(slice_at(text, at + 1)) ? 1u : 2u);
      /* "\\boxed" may be a doubled backslash of a badly escaped text: the second one is looked at too */
      if (word == 0 && slice_at(text, at - 1) == '\\' && box_word(text, at - 1) != 0) at--;
      continue;
    }
    if (c == '{') depth++;
    if (c == '}') close_brace(boxes, text, at, &depth);
    at++;
  }
  if (boxes->open_count > 0 && boxes->open[boxes->open_count - 1] + 1 > boxes->last_unended) {
    boxes->last_unended = boxes->open[boxes->open_count - 1] + 1;
  }
}

/* A box that is all of a box. */
static struct slice peel(struct slice inside) {
  for (u32 round = 0; round < BOX_NEST_MAX; round++) {
    const struct slice trimmed = slice_trim(inside);
    struct boxes boxes;
    const u32 word = box_word(trimmed, 0);
    if (word == 0) return inside;
    boxes.count = boxes.open_count = boxes.last_unended = 0;
    boxes.flood = false;
    find_boxes(trimmed, &boxes);
    if (boxes.count != 1 || boxes.list[0].begin != 0 || boxes.list[0].end != trimmed.size) return inside;
    inside = box_inside(trimmed, &boxes.list[0]);
  }
  return inside;
}

/* Which boxes make the final list: [*first, count). False where two of them contradict each other. */
static bool final_list(struct slice text, const struct boxes *boxes, bool trusted, u32 *first) {
  *first = boxes->count - 1;
  u32 answers = 1;
  bool agreed = true, in_list = true;
  for (u32 b = boxes->count - 1; b > 0; b--) {
    const enum extract_gap gap = extract_gap(slice_between(text, boxes->list[b - 1].end, boxes->list[b].begin));
    if (in_list && gap == GAP_JOINS) {
      *first = b - 1;
      continue;
    }
    if (in_list && gap == GAP_CONTRADICTS) agreed = false;
    in_list = false;
    answers += gap != GAP_JOINS;
  }
  return trusted || (agreed && answers <= EXTRACT_ANSWERS_MAX && !boxes->flood);
}

/* "y_2 = " before a box: where it begins, or the box's begin. */
static u32 name_before(struct slice text, u32 from, u32 begin) {
  u32 at = begin;
  while (at > from && is_space(text.text[at - 1])) at--;
  if (at == from || text.text[at - 1] != '=') return begin;
  at--;
  while (at > from && is_space(text.text[at - 1])) at--;
  bool letters = false;
  u32 name = at;
  while (name > from && at - name < 24) {
    const char c = text.text[name - 1];
    if (!is_letter(c) && !is_digit(c) && strchr("_{}()'", c) == NULL) break;
    letters = letters || is_letter(c);
    name--;
  }
  return letters ? name : begin;
}

static bool all_named(struct slice text, const struct boxes *boxes, u32 first) {
  for (u32 b = first; b < boxes->count; b++) {
    const u32 from = b > 0 ? boxes->list[b - 1].end : 0;
    if (name_before(text, from, boxes->list[b].begin) == boxes->list[b].begin) return false;
  }
  return true;
}

static bool repeated(struct slice text, const struct boxes *boxes, u32 first, u32 b) {
  for (u32 k = first; k < b; k++) {
    if (slice_same(box_inside(text, &boxes->list[k]), box_inside(text, &boxes->list[b]))) return true;
  }
  return false;
}

static void write_list(struct slice text, const struct boxes *boxes, u32 first, struct answer *answer) {
  const bool named = all_named(text, boxes, first);
  answer_set(answer, ANSWER_SOURCE_BOX, (struct slice){"", 0});
  answer->kind = ANSWER_KIND_FOUND;
  for (u32 b = first; b < boxes->count; b++) {
    const struct box *box = &boxes->list[b];
    if (!named && repeated(text, boxes, first, b)) continue;
    if (b > first) answer_append(answer, (struct slice){", ", 2});
    const u32 name = name_before(text, b > 0 ? boxes->list[b - 1].end : 0, box->begin);
    if (named) answer_append(answer, slice_between(text, name, box->begin));
    answer_append(answer, slice_trim(peel(box_inside(text, box))));
  }
}

bool extract_box(struct slice segment, bool first_box, bool trusted, struct answer *answer) {
  struct boxes boxes;
  boxes.count = boxes.open_count = boxes.last_unended = 0;
  boxes.flood = false;
  find_boxes(segment, &boxes);
  const bool unended =
      boxes.last_unended != 0 && (boxes.count == 0 || boxes.list[boxes.count - 1].begin < boxes.last_unended);
  if (boxes.count == 0 && !unended) return false;
  answer->source = ANSWER_SOURCE_BOX;
  if (first_box && boxes.count > 0) {
    answer_set(answer, ANSWER_SOURCE_BOX, peel(box_inside(segment, &boxes.list[0])));
    return true;
  }
  if (unended) {
    const u32 begin = boxes.last_unended - 1;
    const u32 inside = begin + box_word(segment, begin) + 1;
    if (trusted)
      answer_set(answer, ANSWER_SOURCE_BOX, slice_from(segment, inside));
    else
      answer->kind = ANSWER_KIND_UNTERMINATED;
    return true;
  }
  u32 first = 0;
  if (!final_list(segment, &boxes, trusted, &first)) {
    answer->kind = ANSWER_KIND_SEVERAL;
    return true;
  }
  if (boxes.count - first == 1) {
    answer_set(answer, ANSWER_SOURCE_BOX, peel(box_inside(segment, &boxes.list[first])));
    if (answer->kind == ANSWER_KIND_FOUND && is_blank((struct slice){answer->text, answer->size}))
      answer->kind = ANSWER_KIND_EMPTY;
    return true;
  }
  write_list(segment, &boxes, first, answer);
  return true;
}
