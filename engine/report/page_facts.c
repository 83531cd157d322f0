/* From summary.json: the head of the page, the table of results, the map of the memory. */
#include <stdio.h>
#include <string.h>

#include "engine/report/page.h"

static f64 number_of(const struct json *json, u32 object, const char *key) {
  f64 value;
  return json_number(json, json_find(json, object, key), &value) ? value : 0;
}

/* A number as it is, or a text. */
static void put_value(struct page *page, const struct json *json, u32 token) {
  u64 count = 0;
  if (!json_u64(json, token, &count)) {
    page_json_text(page, json, token);
    return;
  }
  const u64 shown = count; /* gcc 12 at -O3 warns that &count dangles where count itself is printed */
  page_print(page, "%llu", (unsigned long long)shown);
}

static void put_fact(struct page *page, const struct json *json, const char *label, const char *key) {
  const u32 token = json_find(json, 0, key);
  if (token == JSON_NONE) return;
  page_print(page, "<dt>%s</dt><dd>", label);
  put_value(page, json, token);
  page_put(page, "</dd>\n");
}

static void put_duration(struct page *page, f64 seconds) {
  if (!(seconds >= 0 && seconds < 1e12)) seconds = 0;
  const u64 whole = (u64)(seconds + 0.5);
  if (whole >= 3600)
    page_print(page, "%llu h %02llu min", (unsigned long long)(whole / 3600), (unsigned long long)(whole / 60 % 60));
  else if (whole >= 60)
    page_print(page, "%llu min %02llu s", (unsigned long long)(whole / 60), (unsigned long long)(whole % 60));
  else
    page_print(page, "%.1f s", seconds);
}

static void put_group(struct page *page, const struct json *json, const char *label, const char *key, bool duration) {
  const u32 group = json_find(json, 0, key);
  if (!json_is(json, group, JSON_OBJECT) || json->tokens[group].count == 0) return;
  page_print(page, "<dt>%s</dt><dd>", label);
  const char *separator = "";
  for (u32 i = group + 1; i < json->tokens[group].next; i = json->tokens[i + 1].next) {
    f64 value;
    if (!json_number(json, i + 1, &value) || value <= 0) continue;
    page_put(page, separator);
    separator = ", ";
    page_json_text(page, json, i);
    page_put(page, " ");
    if (duration)
      put_duration(page, value);
    else
      page_number(page, value);
  }
  page_put(page, "</dd>\n");
}

static void put_resumes(struct page *page, const struct json *json) {
  const u32 list = json_find(json, 0, "resumed_from");
  if (!json_is(json, list, JSON_ARRAY) || json->tokens[list].count == 0) return;
  page_put(page, "<dt>resumed from</dt><dd>");
  const char *separator = "";
  for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next) {
    u64 step = 0;
    page_put(page, separator);
    separator = ", ";
    page_json_text(page, json, json_find(json, i, "phase"));
    if (json_u64(json, json_find(json, i, "step"), &step)) page_print(page, " %llu", (unsigned long long)step);
  }
  page_put(page, "</dd>\n");
}

void put_facts(struct page *page, const struct json *json) {
  if (json->count == 0) {
    page_put(page, "<p class=\"small\">No summary.json yet: the run has not ended.</p>\n");
    return;
  }
  if (!json_is(json, json_find(json, 0, "finished"), JSON_TRUE))
    page_put(page,
             "<p class=\"small\">The run was stopped before its end; <code>rlsp train</code> goes on from its newest "
             "checkpoint.</p>\n");
  page_put(page, "<dl>");
  put_fact(page, json, "weights", "weights_hash");
  put_fact(page, json, "config", "config_hash");
  put_fact(page, json, "seed", "seed");
  put_fact(page, json, "parameters", "parameters");
  put_fact(page, json, "device", "device");
  put_fact(page, json, "driver", "driver");
  put_fact(page, json, "threads", "threads");
  put_fact(page, json, "numerics", "numerics");
  put_fact(page, json, "SFT steps", "sft_steps");
  put_fact(page, json, "PPO iterations", "ppo_iterations");
  put_group(page, json, "time", "seconds", true);
  put_group(page, json, "tokens a second", "tokens_per_second", false);
  put_resumes(page, json);
  put_fact(page, json, "allocations after the freeze", "allocations_after_freeze");
  put_fact(page, json, "rlsp", "version");
  page_put(page, "</dl>\n");
}

/* ---- results ---- */

struct result_row {
  const char *label, *key, *doc;
  enum { SHOW_SHARE, SHOW_PLAIN } show;
};

static const struct result_row result_rows[] = {
    {"pass@1", "pass_at_1", "test problems solved by one response", SHOW_SHARE},
    {"first attempt right", "first_attempt", "what sharpening alone would give", SHOW_SHARE},
    {"length, tokens", "mean_length", "of a response", SHOW_PLAIN},
    {"attempts", "mean_attempts", "a response", SHOW_PLAIN},
    {"depth 2 or more", "depth2_share", "responses with two retries or more; SFT never demonstrates one", SHOW_SHARE},
    {"distinct attempts", "distinct_ratio", "among those of responses that retry", SHOW_SHARE},
    {"check precision", "check_precision", "OK checks that are true", SHOW_SHARE},
    {"cut off", "clipped_ratio", "responses that reached the length limit", SHOW_SHARE},
    {"undecided", "undecided", "responses that the verifier could not decide on", SHOW_SHARE},
};

static void put_result(struct page *page, const struct json *json, u32 eval, const struct result_row *row) {
  f64 value;
  if (!json_number(json, json_find(json, eval, row->key), &value)) {
    page_put(page, "<td class=\"none\">&#8211;</td>");
    return;
  }
  page_print(page, row->show == SHOW_SHARE ? "<td>%.1f %%" : "<td>%.2f", row->show == SHOW_SHARE ? 100 * value : value);
  f64 error;
  if (row == result_rows && json_number(json, json_find(json, eval, "stderr"), &error))
    page_print(page, " <span class=\"small\">&#177; %.1f</span>", 100 * error);
  page_put(page, "</td>");
}

static const char *eval_title(const struct json *json, u32 key) {
  if (json_equals(json, key, "sft")) return "after SFT";
  return json_equals(json, key, "rlsp") ? "after RLSP" : "evaluated";
}

void put_results(struct page *page, const struct json *json) {
  const u32 evals = json_find(json, 0, "evals");
  if (!json_is(json, evals, JSON_OBJECT) || json->tokens[evals].count == 0) return;
  u64 problems = 0;
  page_put(page, "<section><h2>Result</h2><table class=\"results\"><thead><tr><th></th>");
  for (u32 i = evals + 1; i < json->tokens[evals].next; i = json->tokens[i + 1].next) {
    page_print(page, "<th>%s</th>", eval_title(json, i));
    json_u64(json, json_find(json, i + 1, "problems"), &problems);
  }
  page_put(page, "<th></th></tr></thead>\n<tbody>\n");
  for (u32 row = 0; row < COUNT_OF(result_rows); row++) {
    page_print(page, "<tr><th>%s</th>", result_rows[row].label);
    for (u32 i = evals + 1; i < json->tokens[evals].next; i = json->tokens[i + 1].next)
      put_result(page, json, i + 1, &result_rows[row]);
    page_print(page, "<td class=\"doc\">%s</td></tr>\n", result_rows[row].doc);
  }
  page_put(page, "</tbody></table>\n");
  if (problems > 0)
    page_print(page,
               "<p class=\"small\">On %llu problems that neither SFT nor PPO saw; &#177; one standard error.</p>\n",
               (unsigned long long)problems);
  page_put(page, "</section>\n");
}

/* ---- memory ---- */

#define REGIONS_MAX 10u /* as many as there are colours; more share the last */

/* Whether a row of the list belongs to (arena, phase). */
static bool row_is(const struct json *json, u32 row, const char *arena, const char *phase) {
  return json_equals(json, json_find(json, row, "arena"), arena) &&
         json_equals(json, json_find(json, row, "phase"), phase);
}

static f64 total_of(const struct json *json, u32 list, const char *arena, const char *phase) {
  f64 total = 0;
  for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next)
    if (row_is(json, i, arena, phase)) total += number_of(json, i, "bytes");
  return total;
}

/* Colours go by the first row that has the region's name. */
static u32 colour_of(const struct json *json, u32 list, u32 row) {
  char region[64], other[64];
  u32 colour = 0;
  json_text(json, json_find(json, row, "region"), region, sizeof region);
  for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next) {
    json_text(json, json_find(json, i, "region"), other, sizeof other);
    if (strcmp(region, other) == 0) break;
    bool seen = false;
    for (u32 k = list + 1; k < i && !seen; k = json->tokens[k].next) {
      char before[64];
      json_text(json, json_find(json, k, "region"), before, sizeof before);
      seen = strcmp(before, other) == 0;
    }
    if (!seen) colour++;
  }
  return colour < REGIONS_MAX ? colour : REGIONS_MAX - 1;
}

static void put_parts(struct page *page, const struct json *json, u32 list, const char *arena, const char *phase,
                      f64 whole) {
  for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next) {
    if (!row_is(json, i, arena, phase)) continue;
    const f64 bytes = number_of(json, i, "bytes");
    page_print(page, "<i class=\"c%u\" style=\"width:%.2f%%\" title=\"", colour_of(json, list, i), 100 * bytes / whole);
    page_json_text(page, json, json_find(json, i, "region"));
    page_put(page, ", ");
    page_bytes(page, bytes);
    page_put(page, "\"></i>");
  }
}

static void put_legend(struct page *page, const struct json *json, u32 list, const char *arena) {
  page_put(page, "<p class=\"legend\">");
  for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next) {
    if (!json_equals(json, json_find(json, i, "arena"), arena)) continue;
    page_print(page, "<span><i class=\"c%u\"></i>", colour_of(json, list, i));
    page_json_text(page, json, json_find(json, i, "region"));
    if (!json_equals(json, json_find(json, i, "phase"), "always")) {
      page_put(page, " (");
      page_json_text(page, json, json_find(json, i, "phase"));
      page_put(page, ")");
    }
    page_put(page, " ");
    page_bytes(page, number_of(json, i, "bytes"));
    page_put(page, "</span> ");
  }
  page_put(page, "</p>\n");
}

/* One bar a phase: what is always there, then what the phase lays over the others. */
static void put_arena(struct page *page, const struct json *json, u32 list, const char *arena) {
  const f64 always = total_of(json, list, arena, "always");
  f64 whole = always;
  u32 bars = 0;
  for (u32 pass = 0; pass < 2; pass++)
    for (u32 i = list + 1; i < json->tokens[list].next; i = json->tokens[i].next) {
      char phase[64];
      json_text(json, json_find(json, i, "phase"), phase, sizeof phase);
      bool first = row_is(json, i, arena, phase) && strcmp(phase, "always") != 0;
      for (u32 k = list + 1; k < i && first; k = json->tokens[k].next) first = !row_is(json, k, arena, phase);
      if (!first) continue;
      const f64 bytes = always + total_of(json, list, arena, phase);
      if (pass == 0) {
        if (bytes > whole) whole = bytes;
        bars++;
        continue;
      }
      page_put(page, "<div class=\"bar\"><b>");
      page_text(page, phase, strlen(phase));
      page_put(page, " <span class=\"small\">");
      page_bytes(page, bytes);
      page_put(page, "</span></b><div>");
      put_parts(page, json, list, arena, "always", whole);
      put_parts(page, json, list, arena, phase, whole);
      page_put(page, "</div></div>\n");
    }
  if (bars == 0 && always > 0) {
    page_put(page, "<div class=\"bar\"><b>always <span class=\"small\">");
    page_bytes(page, always);
    page_put(page, "</span></b><div>");
    put_parts(page, json, list, arena, "always", whole);
    page_put(page, "</div></div>\n");
  }
}

void put_memory(struct page *page, const struct json *json) {
  static const char *const arenas[] = {"device", "host"};
  const u32 list = json_find(json, 0, "memory");
  if (!json_is(json, list, JSON_ARRAY) || json->tokens[list].count == 0) return;
  page_put(page,
           "<section><h2>Memory</h2><p class=\"small\">All of it was laid out before the first step; phases that are "
           "never live together "
           "share one place.</p>\n");
  for (u32 i = 0; i < COUNT_OF(arenas); i++) {
    char key[16];
    snprintf(key, sizeof key, "%s_bytes", arenas[i]);
    const f64 reserved = number_of(json, 0, key);
    if (reserved <= 0) continue;
    page_print(page, "<h3>%s, ", arenas[i]);
    page_bytes(page, reserved);
    page_put(page, "</h3>\n");
    put_arena(page, json, list, arenas[i]);
    put_legend(page, json, list, arenas[i]);
  }
  page_put(page, "</section>\n");
}
