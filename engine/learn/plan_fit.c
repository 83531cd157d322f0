#include "engine/learn/plan_fit.h"

#include <stdarg.h>
#include <string.h>

#include "engine/report/plan_text.h"

static const char *const knobs[PLAN_KNOB_COUNT] = {
#define KNOB_NAME(name) name,
    PLAN_KNOBS(KNOB_NAME, KNOB_NAME)
#undef KNOB_NAME
};

struct search {
  const struct plan_limit *limit;
  plan_measure *measure;
  struct plan *plan;
  u64 host_bytes, device_bytes; /* of the last measuring */
  struct error *error;
};

#define UNKNOWN UINT64_MAX /* a tensor is larger than a chunk, or there are too many: no memory is enough */

static enum status measure_need(struct search *search, const struct config *config, u64 *need) {
  search->plan->count = 0;
  search->host_bytes = search->device_bytes = 0;
  const enum status status =
      search->measure(config, search->plan, &search->host_bytes, &search->device_bytes, search->error);
  *need = search->device_bytes + (search->limit->host_counts ? search->host_bytes : 0);
  if (status == STATUS_DOES_NOT_FIT) *need = UNKNOWN;
  return status == STATUS_DOES_NOT_FIT ? STATUS_OK : status;
}

static u64 saving(u64 before, u64 after) { return before > after && before != UNKNOWN ? before - after : 0; }

/* One setting, halved until the plan fits or can be no smaller. */
static enum status try_alone(struct search *search, const struct config *config, const char *knob,
                             struct plan_fit *fit) {
  struct config smaller = *config;
  struct plan_change change = {.setting = knob};
  u64 need = 0;
  const u64 before = fit->needed == 0 ? UNKNOWN : fit->needed;
  while (config_halve(&smaller, knob, &change.value)) {
    const enum status status = measure_need(search, &smaller, &need);
    if (status != STATUS_OK) return status;
    if (need > search->limit->bytes) continue;
    change.saved = saving(before, need);
    fit->alone[fit->alone_count++] = change;
    return STATUS_OK;
  }
  return STATUS_OK;
}

struct together {
  struct config config; /* as it is after the changes */
  struct plan_change changes[PLAN_KNOB_COUNT];
  u64 need, worth; /* bytes; a halving that saves less than `worth` is not made */
  bool moved;
};

static enum status halve_once(struct search *search, struct together *together, u32 knob) {
  struct config smaller = together->config;
  i64 value;
  u64 after;
  if (!config_halve(&smaller, knobs[knob], &value)) return STATUS_OK;
  const enum status status = measure_need(search, &smaller, &after);
  if (status != STATUS_OK) return status;
  const u64 saved = saving(together->need, after);
  if (together->need != UNKNOWN && (saved == 0 || saved < together->worth)) return STATUS_OK;
  together->changes[knob] = (struct plan_change){knobs[knob], value, together->changes[knob].saved + saved};
  together->config = smaller;
  together->need = after;
  together->moved = true;
  return STATUS_OK;
}

/* The first `count` of them, each halved once a round, until the plan fits or nothing gets smaller. First those that
 * save a fair share of what is missing; what saves next to nothing is touched only when they are used up. */
static enum status try_together(struct search *search, const struct config *config, u32 count, struct plan_fit *fit) {
  struct together together = {.config = *config, .need = fit->needed == 0 ? UNKNOWN : fit->needed, .moved = true};
  const u64 limit = search->limit->bytes;
  bool thorough = false;
  while (together.need > limit && (together.moved || !thorough)) {
    thorough = !together.moved;
    together.moved = false;
    for (u32 i = 0; i < count && together.need > limit; i++) {
      together.worth = thorough ? 0 : (together.need - limit) / 16;
      const enum status status = halve_once(search, &together, i);
      if (status != STATUS_OK) return status;
    }
  }
  fit->shortfall = together.need > limit && together.need != UNKNOWN ? together.need - limit : 0;
  for (u32 i = 0; i < count && together.need <= limit; i++)
    if (together.changes[i].setting != NULL) fit->together[fit->together_count++] = together.changes[i];
  return STATUS_OK;
}

static void find_largest(const struct plan *plan, bool host_counts, struct plan_row *largest) {
  for (u32 i = 0; i < plan->count; i++)
    if ((host_counts || strcmp(plan->rows[i].arena, "device") == 0) && plan->rows[i].bytes > largest->bytes)
      *largest = plan->rows[i];
}

static enum status search_settings(struct search *search, const struct config *config, struct plan_fit *fit) {
  enum status status = STATUS_OK;
  u32 run_alone = 0;
  for (u32 i = 0; i < PLAN_KNOB_COUNT && status == STATUS_OK; i++) {
    status = try_alone(search, config, knobs[i], fit);
    if (i + 1 == PLAN_RUN_KNOBS) run_alone = fit->alone_count;
  }
  if (status == STATUS_OK && run_alone == 0) status = try_together(search, config, PLAN_RUN_KNOBS, fit);
  if (status == STATUS_OK && fit->alone_count + fit->together_count == 0)
    status = try_together(search, config, PLAN_KNOB_COUNT, fit);
  u64 need;
  return status == STATUS_OK ? measure_need(search, config, &need) : status; /* *plan is the config's own again */
}

enum status plan_fit(const struct config *config, const struct plan_limit *limit, plan_measure *measure,
                     struct plan *plan, u64 *host_bytes, u64 *device_bytes, struct plan_fit *fit, struct error *error) {
  struct search search = {.limit = limit, .measure = measure, .plan = plan, .error = error};
  u64 need;
  memset(fit, 0, sizeof *fit);
  enum status status = measure_need(&search, config, &need);
  if (status != STATUS_OK) return status;
  fit->needed = need == UNKNOWN ? 0 : need;
  fit->too_many = plan->lost > 0;
  fit->fits = need <= limit->bytes;
  if (!fit->fits) status = search_settings(&search, config, fit);
  find_largest(plan, limit->host_counts && fit->needed > 0, &fit->largest);
  *host_bytes = search.host_bytes;
  *device_bytes = search.device_bytes;
  return status;
}

/* ---- the line ---- */

struct line {
  char *text;
  u64 bytes, used;
};

static void add(struct line *line, const char *format, ...) PRINTF_LIKE(2, 3);
static void add(struct line *line, const char *format, ...) {
  if (line->used >= line->bytes) return;
  va_list arguments;
  va_start(arguments, format);
  line->used += (u64)vsnprintf(line->text + line->used, line->bytes - line->used, format, arguments);
  va_end(arguments);
}

static void add_changes(struct line *line, const struct plan_change *changes, u32 count, const char *between) {
  char size[SIZE_TEXT_BYTES];
  for (u32 i = 0; i < count; i++) {
    add(line, "%s%s=%lld", i == 0 ? "" : between, changes[i].setting, (long long)changes[i].value);
    if (changes[i].saved > 0) add(line, " (saves %s)", size_text(changes[i].saved, size));
  }
}

const char *plan_fit_text(const struct plan_fit *fit, const struct plan_limit *limit, const char *where, char *text,
                          u64 bytes) {
  struct line line = {text, bytes, 0};
  char needed[SIZE_TEXT_BYTES], given[SIZE_TEXT_BYTES], largest[SIZE_TEXT_BYTES], shortfall[SIZE_TEXT_BYTES];
  const char *what = limit->host_counts ? "host and device memory" : "device memory";
  size_text(limit->bytes, given);
  size_text(fit->largest.bytes, largest);
  add(&line, fit->fits ? "fits: " : "does not fit: ");
  if (fit->needed > 0)
    add(&line, "%s of %s needed, %s %s", size_text(fit->needed, needed), what, given, where);
  else if (!fit->too_many)
    add(&line, "a tensor is larger than the 2 GiB a device gives in one piece (the largest: %s, %s)", fit->largest.name,
        largest);
  else
    add(&line, "the run has more than the %u tensors that a plan lists", PLAN_ROWS_MAX);
  if (fit->fits) return text;
  if (fit->together_count > 0) {
    add(&line, "; would fit with all of ");
    add_changes(&line, fit->together, fit->together_count, " ");
  }
  if (fit->alone_count > 0) {
    add(&line, "%s with %s", fit->together_count > 0 ? "; or" : "; would fit",
        fit->alone_count > 1 ? "any one of " : "");
    add_changes(&line, fit->alone, fit->alone_count, ", ");
  }
  if (fit->together_count + fit->alone_count > 0) return text;
  if (fit->shortfall > 0)
    add(&line, "; with every size halved as often as it can be, %s are still missing",
        size_text(fit->shortfall, shortfall));
  else
    add(&line, "; no smaller setting helps");
  add(&line, "; the largest term is %s (%s)", fit->largest.name, largest);
  return text;
}
