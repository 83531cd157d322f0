/* The journal of verdicts, and batches of questions: what was said once is read back and not asked again, whatever end the file was left with and in whatever
 * order programs end. */
#define _GNU_SOURCE /* mkdtemp, truncate */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/learn/program_verdicts.h"

#define ROW VERDICT_JOURNAL_ROW_BYTES
#define QUESTIONS 12u
#define DISTINCT 9u

static char folder[64];
static struct verdict_journal journal; /* large */

static int folder_make(void **state) {
  (void)state;
  strcpy(folder, "/tmp/rlsp-verdicts-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int folder_remove(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  return files_remove_tree(&files, folder, NULL) != STATUS_OK;
}

static const char *in_folder(const char *name) {
  static char paths[4][PATH_BYTES_MAX];
  static u32 next;
  char *const path = paths[next++ % 4];
  assert_int_equal(files_path(path, folder, name, NULL), STATUS_OK);
  return path;
}

static void write_text(const char *name, const char *text, u64 bytes) {
  FILE *const file = fopen(in_folder(name), "w");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, bytes, file), bytes);
  assert_int_equal(fclose(file), 0);
}

static u64 read_text(const char *name, char *text, u64 capacity) {
  u64 bytes = 0;
  assert_int_equal(files_read_whole(in_folder(name), text, capacity, &bytes, NULL), STATUS_OK);
  return bytes;
}

static void forget_journal(void) { unlink(in_folder(VERDICT_JOURNAL_NAME)); }

static void open_journal(struct files *files) {
  assert_int_equal(verdict_journal_open(&journal, files, folder, NULL), STATUS_OK);
}

/* ---- rows ---- */

static void append(const char *phase, u64 step, u64 key, enum program_end end) {
  const struct verdict_row row = {key, end};
  assert_int_equal(verdict_journal_append(&journal, phase, step, &row, NULL), STATUS_OK);
}

static void expect(const char *phase, u64 step, u64 key, enum program_end end) {
  struct verdict_row row;
  bool found;
  assert_int_equal(verdict_journal_next(&journal, phase, step, &row, &found, NULL), STATUS_OK);
  assert_true(found);
  assert_int_equal(row.key, key);
  assert_int_equal(row.end, end);
}

static void expect_none(const char *phase, u64 step) {
  struct verdict_row row;
  bool found;
  assert_int_equal(verdict_journal_next(&journal, phase, step, &row, &found, NULL), STATUS_OK);
  assert_false(found);
}

static void seek(const char *phase, u64 step) {
  assert_int_equal(verdict_journal_seek(&journal, phase, step, NULL), STATUS_OK);
}

static void write_batches(void) {
  struct files files = {.changes = 0};
  forget_journal();
  open_journal(&files);
  append("sft", 0, 0xfedcba9876543210u, PROGRAM_RIGHT);
  for (u32 end = 0; end < PROGRAM_ENDS; end++) append("ppo", 0, end, (enum program_end)end);
  append("ppo", 1, 7, PROGRAM_WRONG);
  append("ppo", 10, UINT64_MAX, PROGRAM_CRASHED);
  assert_int_equal(verdict_journal_sync(&journal, NULL), STATUS_OK);
  verdict_journal_close(&journal);
}

static void rows_come_back(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  write_batches();
  open_journal(&files);
  assert_false(journal.cut);
  expect_none("ppo", 0); /* the cursor stands at SFT's */
  expect("sft", 0, 0xfedcba9876543210u, PROGRAM_RIGHT);
  expect_none("sft", 0);
  seek("ppo", 0);
  for (u32 end = 0; end < PROGRAM_ENDS; end++) expect("ppo", 0, end, (enum program_end)end);
  expect_none("ppo", 0);
  seek("ppo", 10); /* passes over 1 */
  expect("ppo", 10, UINT64_MAX, PROGRAM_CRASHED);
  seek("ppo", 11);
  expect_none("ppo", 11);
  append("ppo", 11, 5, PROGRAM_WRONG);
  expect_none("ppo", 11); /* what this process appends is not read back */
  verdict_journal_close(&journal);
}

static void rows_are_text(void **state) {
  (void)state;
  char text[8 * ROW];
  struct files files = {.changes = 0};
  forget_journal();
  open_journal(&files);
  append("ppo", 12, 0x9f86d081884c7d65u, PROGRAM_RIGHT);
  append("rlsp", 999999999999u, 1, PROGRAM_TOO_MANY_PROCESSES);
  verdict_journal_close(&journal);
  assert_int_equal(read_text(VERDICT_JOURNAL_NAME, text, sizeof text), 2 * ROW);
  assert_string_equal(text,
                      "ppo            12 9f86d081884c7d65 right             \n"
                      "rlsp 999999999999 0000000000000001 too-many-processes\n");
}

static void torn_end_is_cut_off(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  char text[32 * ROW], again[32 * ROW];
  write_batches();
  const u64 bytes = read_text(VERDICT_JOURNAL_NAME, text, sizeof text);
  for (u64 size = 0; size <= bytes; size++) {
    write_text(VERDICT_JOURNAL_NAME, text, size);
    open_journal(&files);
    assert_int_equal(journal.bytes, size / ROW * ROW);
    verdict_journal_close(&journal);
    assert_int_equal(read_text(VERDICT_JOURNAL_NAME, again, sizeof again), size / ROW * ROW);
    assert_memory_equal(again, text, size / ROW * ROW);
  }
}

/* After a power cut a file may have its length and not its bytes. */
static void what_is_no_row_is_cut_off(void **state) {
  (void)state;
  struct files files = {.changes = 0};
  char text[32 * ROW];
  write_batches();
  const u64 bytes = read_text(VERDICT_JOURNAL_NAME, text, sizeof text);
  for (u64 at = 2 * ROW; at < 3 * ROW; at++) {
    static const char wrong[] = {0, '!', '\n', 'G', (char)0xff};
    for (u32 i = 0; i < sizeof wrong; i++) {
      const char was = text[at];
      if (was == wrong[i]) continue;
      text[at] = wrong[i];
      write_text(VERDICT_JOURNAL_NAME, text, bytes);
      text[at] = was;
      open_journal(&files);
      assert_true(journal.cut);
      assert_int_equal(journal.bytes, 2 * ROW);
      verdict_journal_close(&journal);
    }
  }
}

/* ---- batches ---- */

static struct program_runner runner;
static struct program_settings settings;
static struct program_verdicts verdicts;
static char program[PATH_BYTES_MAX];

/* Answers by the completion's first word, and later the smaller the second; or always `forced`. Keeps account of what it was asked. */
static void program_make(const char *forced) {
  FILE *const file = fopen(in_folder("program"), "w");
  assert_non_null(file);
  fprintf(file, "#!/bin/sh\nread code wait\necho \"$code $wait\" >>%s/asked\nsleep $wait\nexit %s\n", folder,
          forced != NULL ? forced : "$code");
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(in_folder("program"), 0755), 0);
  strcpy(program, in_folder("program"));
}

static u32 asked(void) {
  char text[65536];
  u32 lines = 0;
  if (!files_exists(in_folder("asked"))) return 0;
  const u64 bytes = read_text("asked", text, sizeof text);
  for (u64 i = 0; i < bytes; i++) lines += text[i] == '\n';
  return lines;
}

static void open_program(const char *forced, u32 parallel, struct files *files) {
  static _Alignas(256) u8 memory[1 << 16];
  struct arena arena;
  arena_open(&arena, "host", 0, NULL);
  arena.base = memory;
  arena.limit = sizeof memory;
  program_make(forced);
  settings = (struct program_settings){.setting = "reward.correctness.program",
                                       .program = program,
                                       .seconds = 20,
                                       .memory_bytes = 1u << 30,
                                       .parallel = parallel};
  assert_int_equal(program_runner_open(&runner, &settings, NULL), STATUS_OK);
  program_verdicts_place(&verdicts, QUESTIONS, &arena);
  program_verdicts_open(&verdicts, &runner, &journal, &settings);
  if (files != NULL)
    open_journal(files);
  else
    verdict_journal_none(&journal);
  unlink(in_folder("asked")); /* the trial's */
}

static void close_program(void) {
  verdict_journal_close(&journal);
  program_runner_close(&runner);
}

/* The last three say what the first three said. wait: of context, "late first" or none. */
static void make_question(void *context, u32 index, struct program_question *question) {
  static char text[64];
  const bool *const late_first = context;
  const u32 distinct = index % DISTINCT;
  snprintf(text, sizeof text, "%u 0.%02u\n", distinct % 5, *late_first ? 4 * (DISTINCT - distinct) : distinct / 4);
  *question = (struct program_question){text, "gold", "prompt", strlen(text), 4, 6};
}

static enum status ask_batch(const char *phase, u64 step, bool late_first, enum program_end *ends) {
  return program_verdicts_ask(&verdicts, phase, step, QUESTIONS, make_question, &late_first, ends, NULL);
}

static void assert_ends(const enum program_end *ends) {
  for (u32 i = 0; i < QUESTIONS; i++) {
    const u32 code = i % DISTINCT % 5;
    assert_int_equal(ends[i], code < 3 ? code : PROGRAM_OTHER_CODE);
  }
}

static void each_is_asked_once(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  struct files files = {.changes = 0};
  forget_journal();
  open_program(NULL, 4, &files);
  assert_int_equal(ask_batch("ppo", 0, false, ends), STATUS_OK);
  assert_ends(ends);
  assert_int_equal(asked(), DISTINCT);
  assert_int_equal(journal.bytes, DISTINCT * ROW);
  assert_int_equal(ask_batch("ppo", 1, false, ends), STATUS_OK); /* another batch is asked again */
  assert_int_equal(asked(), 2 * DISTINCT);
  close_program();
}

static void order_of_ending_is_not_in_the_journal(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  char one[32 * ROW], many[32 * ROW];
  struct files files = {.changes = 0};
  forget_journal();
  open_program(NULL, 1, &files);
  assert_int_equal(ask_batch("ppo", 0, true, ends), STATUS_OK);
  close_program();
  const u64 bytes = read_text(VERDICT_JOURNAL_NAME, one, sizeof one);
  assert_int_equal(bytes, DISTINCT * ROW);
  forget_journal();
  open_program(NULL, 12, &files);
  assert_int_equal(ask_batch("ppo", 0, true, ends), STATUS_OK);
  assert_ends(ends);
  close_program();
  assert_int_equal(read_text(VERDICT_JOURNAL_NAME, many, sizeof many), bytes);
  assert_memory_equal(one, many, bytes);
}

/* Cut at any row, and within one: what is there is read, the rest is asked; the file ends as that of the run that nobody stopped. A
 * program that would now say otherwise changes nothing of what was said. */
static void resumed_batch_is_the_same(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  char whole[64 * ROW], again[64 * ROW];
  struct files files = {.changes = 0};
  forget_journal();
  open_program(NULL, 4, &files);
  for (u32 step = 0; step < 3; step++) assert_int_equal(ask_batch("ppo", step, false, ends), STATUS_OK);
  close_program();
  const u64 bytes = read_text(VERDICT_JOURNAL_NAME, whole, sizeof whole);
  assert_int_equal(bytes, 3 * DISTINCT * ROW);
  for (u64 size = DISTINCT * ROW; size <= bytes; size += 67) {
    write_text(VERDICT_JOURNAL_NAME, whole, size);
    open_program(NULL, 4, &files);
    for (u32 step = 1; step < 3; step++) { /* from the checkpoint after the first */
      assert_int_equal(ask_batch("ppo", step, false, ends), STATUS_OK);
      assert_ends(ends);
    }
    assert_int_equal(asked(), 3 * DISTINCT - size / ROW);
    close_program();
    assert_int_equal(read_text(VERDICT_JOURNAL_NAME, again, sizeof again), bytes);
    assert_memory_equal(whole, again, bytes);
  }
  open_program("7", 4, &files);
  assert_int_equal(ask_batch("ppo", 2, false, ends), STATUS_OK);
  assert_ends(ends);
  assert_int_equal(ask_batch("ppo", 3, false, ends), STATUS_OK);
  for (u32 i = 0; i < QUESTIONS; i++) assert_int_equal(ends[i], PROGRAM_OTHER_CODE);
  assert_int_equal(asked(), DISTINCT);
  close_program();
}

static void other_limits_are_asked_again(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  struct files files = {.changes = 0};
  forget_journal();
  open_program(NULL, 4, &files);
  assert_int_equal(ask_batch("ppo", 0, false, ends), STATUS_OK);
  close_program();
  open_program(NULL, 4, &files);
  settings.seconds++;
  program_verdicts_open(&verdicts, &runner, &journal, &settings);
  assert_int_equal(ask_batch("ppo", 0, false, ends), STATUS_OK);
  assert_ends(ends);
  assert_int_equal(asked(), DISTINCT);
  close_program();
}

static void without_journal_all_is_asked(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  forget_journal();
  open_program(NULL, 4, NULL);
  for (u32 i = 0; i < 2; i++) assert_int_equal(ask_batch("eval", 0, false, ends), STATUS_OK);
  assert_ends(ends);
  assert_int_equal(asked(), 2 * DISTINCT);
  assert_false(files_exists(in_folder(VERDICT_JOURNAL_NAME)));
  close_program();
}

/* The disk is full at the nth row, for every n; then there is room, and the run goes on. */
static void full_disk_is_an_error(void **state) {
  (void)state;
  enum program_end ends[QUESTIONS];
  for (u32 nth = 1; nth <= DISTINCT; nth++) {
    struct files files = {.changes = 0}, good = {.changes = 0};
    forget_journal();
    open_program(NULL, 4, &files);
    files.fault = (struct files_fault){FILES_FAULT_NO_SPACE, nth, true};
    assert_int_equal(ask_batch("ppo", 0, false, ends), STATUS_FAILED);
    close_program();
    open_program(NULL, 4, &good);
    assert_int_equal(journal.bytes, (nth - 1) * ROW);
    assert_int_equal(ask_batch("ppo", 0, false, ends), STATUS_OK);
    assert_ends(ends);
    close_program();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_come_back),
      cmocka_unit_test(rows_are_text),
      cmocka_unit_test(torn_end_is_cut_off),
      cmocka_unit_test(what_is_no_row_is_cut_off),
      cmocka_unit_test(each_is_asked_once),
      cmocka_unit_test(order_of_ending_is_not_in_the_journal),
      cmocka_unit_test(resumed_batch_is_the_same),
      cmocka_unit_test(other_limits_are_asked_again),
      cmocka_unit_test(without_journal_all_is_asked),
      cmocka_unit_test(full_disk_is_an_error),
  };
  return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
