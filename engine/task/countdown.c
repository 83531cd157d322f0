#include "engine/task/countdown.h"

#include <stdio.h>
#include <string.h>

#include "engine/check.h"
#include "engine/task/countdown_attempt.h"

const char *countdown_token_text(u32 token) {
  static const char digits[COUNTDOWN_VALUES][3] = {
      "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13", "14", "15", "16",
      "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33",
      "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50",
      "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "67",
      "68", "69", "70", "71", "72", "73", "74", "75", "76", "77", "78", "79", "80", "81", "82", "83", "84",
      "85", "86", "87", "88", "89", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99"};
  static const char *const words[] = {
#define TOKEN_TEXT(name, text) text,
      COUNTDOWN_TOKENS(TOKEN_TEXT)
#undef TOKEN_TEXT
  };
  if (token < COUNTDOWN_VALUES) return digits[token];
  return token < COUNTDOWN_VOCAB ? words[token - COUNTDOWN_VALUES] : "?";
}

void countdown_options_from(struct countdown_options *options, const struct config *config) {
  *options = (struct countdown_options){
      .numbers = (u32)config->task_numbers,
      .number_max = (u32)config->task_number_max,
      .target_min = (u32)config->task_target_min,
      .target_max = (u32)config->task_target_max,
      .test_problems = (u32)config->task_test_problems,
      .ppo_share = config->task_ppo_share,
      .solve_probability = config->task_solve_probability,
      .check_probability = config->task_check_probability,
      .retry_probability = config->task_retry_probability,
      .continuation_share = config->task_continuation_share,
      .failed_context_max = (u32)config->task_failed_context_max,
      .position_gap_max = (u32)config->task_position_gap_max,
  };
}

u32 countdown_prompt_max(const struct countdown_options *options) { return options->numbers + 3; }

u32 countdown_attempt_max(const struct countdown_options *options) {
  return countdown_attempt_tokens(options->numbers) + 1;
}

u32 countdown_trace_max(const struct countdown_options *options) {
  const u32 attempt = countdown_attempt_max(options);
  const u32 plain = 2 * attempt + 2; /* attempt NO BACK attempt check EOS */
  const u32 continuation =
      options->failed_context_max * (attempt + 1) + attempt + 1; /* { attempt NO BACK } attempt OK EOS */
  return countdown_prompt_max(options) + (plain > continuation ? plain : continuation);
}

u32 countdown_demonstrated_depth(const struct countdown_options *options) {
  return options->retry_probability > 0 && options->check_probability > 0 && options->continuation_share < 1 ? 1 : 0;
}

u32 countdown_prompt(const struct countdown_problem *problem, struct random_stream *random, u32 *tokens) {
  u32 count = 0;
  tokens[count++] = COUNTDOWN_BOS;
  for (u32 i = 0; i < problem->count; i++) tokens[count++] = problem->numbers[i];
  random_shuffle(random, tokens + 1, problem->count);
  tokens[count++] = COUNTDOWN_COLON;
  tokens[count++] = problem->target;
  return count;
}

/* Appends as much of `piece` as fits below capacity - 1; returns the bytes needed so far. */
static u64 text_append(char *text, u64 capacity, u64 bytes, const char *piece) {
  for (; *piece != 0; piece++, bytes++) {
    if (bytes + 1 < capacity) text[bytes] = *piece;
  }
  return bytes;
}

u64 countdown_text(const u32 *tokens, u32 count, const char *separator, char *text, u64 capacity) {
  u64 bytes = 0;
  for (u32 i = 0; i < count; i++) {
    if (i > 0) bytes = text_append(text, capacity, bytes, tokens[i] == COUNTDOWN_BACK ? separator : " ");
    bytes = text_append(text, capacity, bytes, countdown_token_text(tokens[i]));
  }
  if (capacity > 0) text[bytes < capacity ? bytes : capacity - 1] = 0;
  return bytes;
}
