#include "engine/task/countdown_outcome.h"

#include <string.h>

#include "engine/check.h"
#include "engine/task/countdown_attempt.h"

/* Attempts of the longest response: the shortest attempt (2 numbers) and its BACK are 6 tokens. */
#define ATTEMPTS_MAX (CONTEXT_MAX / 6 + 1)

/* A set of 4-grams by open addressing, at most half full; 7 bits a token, and + 1 so that 0 is free. */
#define GRAM 4u
#define GRAM_SLOTS_MAX (2 * CONTEXT_MAX)

static u32 gram_key(const u32 *tokens) {
  u32 key = 0;
  for (u32 i = 0; i < GRAM; i++) key = key << 7 | (tokens[i] < COUNTDOWN_VOCAB ? tokens[i] : COUNTDOWN_VOCAB);
  return key + 1;
}

/* False where it was in the set. */
static bool gram_insert(u32 *slots, u32 mask, u32 key) {
  u32 slot = key * 2654435769u >> 7 & mask;
  while (slots[slot] != 0) {
    if (slots[slot] == key) return false;
    slot = (slot + 1) & mask;
  }
  slots[slot] = key;
  return true;
}

static void count_grams(const u32 *response, u32 count, struct countdown_outcome *outcome) {
  if (count < GRAM) return;
  u32 slots[GRAM_SLOTS_MAX];
  outcome->grams = count - GRAM + 1;
  u32 capacity = 16;
  while (capacity < 2 * outcome->grams) capacity *= 2;
  memset(slots, 0, capacity * sizeof slots[0]);
  for (u32 i = 0; i < outcome->grams; i++)
    outcome->grams_repeated += !gram_insert(slots, capacity - 1, gram_key(response + i));
}

static void count_check(const struct countdown_segment *segment, struct countdown_outcome *outcome) {
  if (segment->check == COUNTDOWN_OK) {
    outcome->ok_true += segment->correct;
    outcome->ok_false += !segment->correct;
  } else if (segment->check == COUNTDOWN_NO) {
    outcome->no_true += !segment->correct;
    outcome->no_false += segment->correct;
    outcome->noes_retried += segment->followed;
  }
}

static void count_attempt(const struct countdown_segment *segment, struct countdown_outcome *outcome) {
  outcome->attempts++;
  outcome->attempts_illegal += !segment->legal;
  outcome->steps += segment->steps;
  outcome->steps_wrong += segment->steps_wrong;
  outcome->failures += !segment->correct;
  outcome->failures_retried += !segment->correct && segment->followed;
  outcome->successes += segment->correct;
  outcome->successes_continued += segment->correct && segment->followed;
  count_check(segment, outcome);
}

static bool has_key(const u64 *keys, u32 count, u64 key) {
  for (u32 i = 0; i < count; i++)
    if (keys[i] == key) return true;
  return false;
}

void countdown_analyse(const struct countdown_problem *problem, const u32 *response, u32 count, bool ended,
                       struct countdown_outcome *outcome) {
  CHECK(count <= CONTEXT_MAX, "a response of %u tokens", count);
  *outcome = (struct countdown_outcome){.ended = ended, .tokens = count + ended};
  u64 keys[ATTEMPTS_MAX]; /* the distinct ones */
  struct countdown_segment segment = {.attempt = false};
  bool failed_before = false; /* the attempt before was not correct */
  u32 cursor = 0;
  while (countdown_next_segment(problem, response, count, &cursor, &segment)) {
    outcome->backs += segment.followed;
    outcome->malformed += !segment.attempt;
    if (!segment.attempt) continue;
    if (segment.begin == 0) outcome->first_correct = segment.correct;
    const bool is_new = !has_key(keys, outcome->attempts_distinct, segment.key);
    if (is_new) keys[outcome->attempts_distinct++] = segment.key;
    outcome->depth_sound += failed_before && is_new && segment.legal && segment.steps_wrong == 0;
    count_attempt(&segment, outcome);
    failed_before = !segment.correct;
  }
  /* `segment` is the last one now: it alone is graded. */
  outcome->any_correct = outcome->successes > 0;
  outcome->depth = outcome->attempts > 0 ? outcome->attempts - 1 : 0;
  outcome->verdict = VERDICT_NO_ANSWER;
  if (ended && segment.attempt) outcome->verdict = segment.correct ? VERDICT_CORRECT : VERDICT_WRONG;
  count_grams(response, count, outcome);
}
