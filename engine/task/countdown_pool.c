/* The table of problems: enumerated twice (to count, to fill) by the same code, shuffled under a seed of its own, cut
 * into splits. */
#include "engine/check.h"
#include "engine/task/countdown_attempt.h"
#include "engine/task/countdown_rows.h"

/* Every run and every arm of a study shares the splits: this is not run.seed. */
#define SPLIT_SEED 20250206ull
enum split_index { SPLIT_DRAWN, SPLIT_FILE, SPLIT_MULTISETS };

/* Where problems go: counted, and stored where there is memory. */
struct sink {
  struct countdown_problem *problems; /* NULL: only counted */
  u32 count;
};

static void sink_add(struct sink *sink, const struct countdown_problem *problem) {
  if (sink->problems != NULL) sink->problems[sink->count] = *problem;
  sink->count++;
}

/* An order of problems: by numbers, then target. */
static u64 problem_key(const struct countdown_problem *problem) {
  u64 key = problem->count;
  for (u32 i = 0; i < COUNTDOWN_NUMBERS_MAX; i++) key = key << 8 | problem->numbers[i];
  return key << 8 | problem->target;
}

static void heap_sift(struct countdown_problem *problems, u32 root, u32 count) {
  for (;;) {
    u32 child = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && problem_key(&problems[child + 1]) > problem_key(&problems[child])) child++;
    if (problem_key(&problems[root]) >= problem_key(&problems[child])) return;
    const struct countdown_problem problem = problems[root];
    problems[root] = problems[child];
    problems[child] = problem;
    root = child;
  }
}

/* Heap sort: in place, no recursion, and no qsort, which may allocate. */
static void sort_problems(struct countdown_problem *problems, u32 count) {
  for (u32 root = count / 2; root-- > 0;) heap_sift(problems, root, count);
  for (u32 last = count; last-- > 1;) {
    const struct countdown_problem problem = problems[0];
    problems[0] = problems[last];
    problems[last] = problem;
    heap_sift(problems, 0, last);
  }
}

/* problems sorted. */
static bool has_problem(const struct countdown_problem *problems, u32 count, const struct countdown_problem *problem) {
  const u64 key = problem_key(problem);
  u32 low = 0, high = count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (problem_key(&problems[middle]) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count && problem_key(&problems[low]) == key;
}

static void shuffle_problems(struct countdown_problem *problems, u32 count, enum split_index index) {
  struct random_stream random;
  random_open(&random, SPLIT_SEED, RANDOM_SPLIT, index);
  for (u32 left = count; left > 1; left--) {
    const u32 pick = random_below(&random, left);
    const struct countdown_problem problem = problems[pick];
    problems[pick] = problems[left - 1];
    problems[left - 1] = problem;
  }
}

static u64 multiset_count(u32 number_max, u32 numbers) {
  u64 count = 1;
  for (u32 i = 0; i < numbers; i++)
    count = count * (number_max + i) / (i + 1); /* C(number_max + i, i + 1): whole each time */
  return count;
}

/* The next ascending tuple of 1..number_max; false after the last. */
static bool next_multiset(u8 *numbers, u32 count, u32 number_max) {
  u32 i = count;
  while (i > 0 && numbers[i - 1] == number_max) i--;
  if (i == 0) return false;
  const u8 number = (u8)(numbers[i - 1] + 1);
  for (u32 j = i - 1; j < count; j++) numbers[j] = number;
  return true;
}

static void add_targets(struct sink *sink, const struct countdown_options *options, struct countdown_problem *problem,
                        const struct countdown_problem *except, u32 except_count) {
  u64 reached[2];
  countdown_reachable(problem->numbers, problem->count, reached);
  for (u32 target = options->target_min; target <= options->target_max; target++) {
    problem->target = (u8)target;
    if (countdown_is_reached(reached, target) && !has_problem(except, except_count, problem)) sink_add(sink, problem);
  }
}

/* All problems of the options less those in `except` (sorted). */
static void draw_problems(struct countdown *countdown, struct sink *sink, const struct countdown_problem *except,
                          u32 except_count) {
  const struct countdown_options *options = &countdown->options;
  struct random_stream random;
  random_open(&random, SPLIT_SEED, RANDOM_SPLIT, SPLIT_MULTISETS);
  u64 left = countdown->multisets;
  u64 wanted = countdown->multisets_kept;
  struct countdown_problem problem = {.numbers = {0}, .count = (u8)options->numbers};
  for (u32 i = 0; i < options->numbers; i++) problem.numbers[i] = 1;
  do {
    /* Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S): exactly multisets_kept of them, each as likely. */
    const bool kept = wanted == left || random_below(&random, (u32)left) < wanted;
    left--;
    if (!kept) continue;
    wanted--;
    add_targets(sink, options, &problem, except, except_count);
  } while (next_multiset(problem.numbers, problem.count, options->number_max));
}

static enum status read_rows(struct countdown *countdown, const struct countdown_file *file, struct sink *sink,
                             struct error *error) {
  struct countdown_rows rows = {.file = file, .numbers_max = countdown->options.numbers};
  countdown->rows = countdown->rows_taken = countdown->rows_outside = countdown->rows_unreachable = 0;
  countdown->rows_repeated = 0;
  for (;;) {
    enum row_kind kind;
    struct countdown_problem problem;
    const enum status status = countdown_next_row(&rows, &kind, &problem, error);
    if (status != STATUS_OK) return status;
    if (kind == ROW_END) break;
    countdown->rows++;
    countdown->rows_outside += kind == ROW_OUTSIDE;
    countdown->rows_unreachable += kind == ROW_UNREACHABLE;
    countdown->rows_taken += kind == ROW_TAKEN;
    if (kind == ROW_TAKEN) sink_add(sink, &problem);
  }
  if (countdown->rows_taken > 0) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, file->name,
                     "none of its %u rows can be used: %u outside the task (2..%u numbers, values 0..99), %u that no "
                     "attempt reaches; raise task.numbers, or give other problems",
                     countdown->rows, countdown->rows_outside, countdown->options.numbers, countdown->rows_unreachable);
}

static u32 drop_repeated(struct countdown_problem *problems, u32 count) {
  u32 kept = 0;
  for (u32 i = 0; i < count; i++)
    if (kept == 0 || problem_key(&problems[i]) != problem_key(&problems[kept - 1])) problems[kept++] = problems[i];
  return kept;
}

static struct countdown_split cut(const struct countdown *countdown, u32 begin, u32 count) {
  const bool placed = countdown->problems != NULL;
  return (struct countdown_split){.problems = placed ? countdown->problems + begin : NULL, .count = count};
}

/* Drawn problems alone: test, then PPO's share of the rest, then SFT. */
static enum status split_drawn(struct countdown *countdown, u32 drawn, struct error *error) {
  const struct countdown_options *options = &countdown->options;
  if (options->test_problems >= drawn)
    return status_fail(error, STATUS_USAGE, "task.test_problems",
                       "%u held out of %u problems leaves none to learn from; lower it, or raise task.number_max",
                       options->test_problems, drawn);
  const u32 rest = drawn - options->test_problems;
  const u32 ppo = (u32)(options->ppo_share * rest);
  countdown->test = cut(countdown, 0, options->test_problems);
  countdown->ppo = cut(countdown, options->test_problems, ppo);
  countdown->sft = cut(countdown, options->test_problems + ppo, rest - ppo);
  return STATUS_OK;
}

/* A file's problems are test and PPO; all drawn ones that are not among them are SFT's. */
static void split_file(struct countdown *countdown, u32 taken, u32 drawn) {
  const u32 test = countdown->options.test_problems < taken ? countdown->options.test_problems : taken;
  countdown->test = cut(countdown, 0, test);
  countdown->ppo = cut(countdown, test, taken - test);
  countdown->sft = cut(countdown, taken, drawn);
}

static enum status check_options(const struct countdown_options *options, struct error *error) {
  CHECK(options->numbers >= COUNTDOWN_NUMBERS_MIN && options->numbers <= COUNTDOWN_NUMBERS_MAX, "numbers is %u",
        options->numbers);
  CHECK(options->number_max >= 1 && options->number_max < COUNTDOWN_VALUES, "number_max is %u", options->number_max);
  CHECK(options->target_max < COUNTDOWN_VALUES, "target_max is %u", options->target_max);
  if (options->target_min <= options->target_max) return STATUS_OK;
  return status_fail(error, STATUS_USAGE, "task.target_min", "%u is above task.target_max = %u; lower it",
                     options->target_min, options->target_max);
}

/* Fills the table: the file's problems in front, each once, then the drawn ones. */
static enum status fill_table(struct countdown *countdown, const struct countdown_file *file, struct sink *rows,
                              struct sink *drawn, struct error *error) {
  *rows = (struct sink){.problems = countdown->problems};
  const enum status status = file != NULL ? read_rows(countdown, file, rows, error) : STATUS_OK;
  if (status != STATUS_OK) return status;
  sort_problems(rows->problems, rows->count);
  const u32 taken = drop_repeated(rows->problems, rows->count);
  countdown->rows_repeated = rows->count - taken;
  countdown->rows_taken = rows->count = taken;
  *drawn = (struct sink){.problems = countdown->problems + taken};
  draw_problems(countdown, drawn, rows->problems, taken);
  shuffle_problems(rows->problems, rows->count, SPLIT_FILE);
  shuffle_problems(drawn->problems, drawn->count, SPLIT_DRAWN);
  return STATUS_OK;
}

enum status countdown_place(struct countdown *countdown, const struct countdown_options *options,
                            const struct countdown_file *file, struct arena *host, struct error *error) {
  *countdown = (struct countdown){.options = *options};
  enum status status = check_options(options, error);
  if (status != STATUS_OK) return status;
  countdown->multisets = multiset_count(options->number_max, options->numbers);
  const bool all = countdown->multisets <= COUNTDOWN_MULTISETS_MAX;
  countdown->multisets_kept = all ? countdown->multisets : COUNTDOWN_MULTISETS_MAX;

  struct sink rows = {.problems = NULL}, drawn = {.problems = NULL};
  if (file != NULL) status = read_rows(countdown, file, &rows, error);
  if (status != STATUS_OK) return status;
  draw_problems(countdown, &drawn, NULL, 0);
  const u32 capacity = rows.count + drawn.count;
  if (capacity == 0)
    return status_fail(error, STATUS_USAGE, "task", "no problem has these numbers and targets; raise task.number_max");
  void *memory = arena_take_pointer(host, "task.problems", DTYPE_U8, capacity, sizeof(struct countdown_problem), 0, 0);
  if (host->base != NULL) {
    countdown->problems = memory;
    status = fill_table(countdown, file, &rows, &drawn, error);
    if (status != STATUS_OK) return status;
  }
  countdown->problem_count = rows.count + drawn.count;
  if (file == NULL) return split_drawn(countdown, drawn.count, error);
  split_file(countdown, rows.count, drawn.count);
  return STATUS_OK;
}
