/* Curves as SVG: axes with round ticks, a line a curve, the spread where rows were merged, and strips that tell their
 * values under the pointer. */
#include <string.h>

#include "engine/report/page.h"

struct chart {
  enum run_phase phase;
  const char *title;
  enum metric metrics[CHART_CURVES_MAX];
  u32 count;
};

static const struct chart charts[] = {
#define CHART_ROW(phase, title, ...) {phase, title, {__VA_ARGS__}, COUNT_OF(((enum metric[]){__VA_ARGS__}))},
    CHART_LIST(CHART_ROW)
#undef CHART_ROW
};
_Static_assert(COUNT_OF(charts) <= CHARTS_MAX, "raise CHARTS_MAX");

u32 chart_count(void) { return COUNT_OF(charts); }
const char *chart_title(u32 chart) { return charts[chart].title; }
enum run_phase chart_phase(u32 chart) { return charts[chart].phase; }
u32 chart_curve_count(u32 chart) { return charts[chart].count; }
enum metric chart_metric(u32 chart, u32 curve) { return charts[chart].metrics[curve]; }

/* In units of the drawing, 388 by 206; text of 11 fits 46 to the left and 20 below. */
#define LEFT 46.0
#define RIGHT 372.0
#define TOP 10.0
#define BOTTOM 182.0
#define STRIPS_MAX 96u

struct frame {
  f64 x_low, x_high, y_low, y_high;
};

static f64 place_x(const struct frame *frame, f64 x) {
  return LEFT + (x - frame->x_low) / (frame->x_high - frame->x_low) * (RIGHT - LEFT);
}

static f64 place_y(const struct frame *frame, f64 y) {
  return BOTTOM - (y - frame->y_low) / (frame->y_high - frame->y_low) * (BOTTOM - TOP);
}

/* 1, 2 or 5 times a power of ten, at most `most` of which span the range. */
static f64 tick_step(f64 range, f64 most) {
  f64 step = 1; /* no logarithm: the engine has no libm */
  while (range / step > most) step *= 10;
  while (range / (step / 10) <= most) step /= 10;
  if (range / (step / 5) <= most) return step / 5;
  if (range / (step / 2) <= most) return step / 2;
  return step;
}

static bool frame_of(struct frame *frame, const struct curve *curves, u32 count) {
  bool any = false;
  *frame = (struct frame){0};
  for (u32 i = 0; i < count; i++)
    for (u32 k = 0; k < curves[i].count; k++) {
      const struct curve_point *const point = &curves[i].points[k];
      if (!any) *frame = (struct frame){point->x, point->x, point->low, point->high};
      any = true;
      if (point->x < frame->x_low) frame->x_low = point->x;
      if (point->x > frame->x_high) frame->x_high = point->x;
      if (point->low < frame->y_low) frame->y_low = point->low;
      if (point->high > frame->y_high) frame->y_high = point->high;
    }
  if (frame->x_low == frame->x_high) {
    frame->x_low -= 1;
    frame->x_high += 1;
  }
  if (frame->y_low > 0 && frame->y_low < 0.6 * frame->y_high) frame->y_low = 0; /* heights compare where zero is near */
  const f64 size = frame->y_high > -frame->y_low ? frame->y_high : -frame->y_low;
  const f64 pad = frame->y_high - frame->y_low > 1e-6 * size ? 0.04 * (frame->y_high - frame->y_low)
                  : size > 1e-12                             ? 0.5 * size
                                                             : 1;
  frame->y_high += pad;
  if (frame->y_low != 0) frame->y_low -= pad;
  return any;
}

static void put_axes(struct page *page, const struct frame *frame) {
  const f64 y_step = tick_step(frame->y_high - frame->y_low, 6);
  f64 x_step = tick_step(frame->x_high - frame->x_low, 7);
  if (x_step < 1) x_step = 1; /* steps are whole */
  page_put(page, "<g class=\"axis\">");
  i64 k = (i64)(frame->y_low / y_step);
  if ((f64)k * y_step < frame->y_low - 1e-9 * y_step) k++;
  for (; (f64)k * y_step <= frame->y_high; k++) {
    const f64 y = place_y(frame, (f64)k * y_step);
    page_print(
        page, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">",
        LEFT, RIGHT, y, y, LEFT - 5, y + 3.5);
    page_number(page, (f64)k * y_step);
    page_put(page, "</text>");
  }
  k = (i64)(frame->x_low / x_step);
  if ((f64)k * x_step < frame->x_low) k++;
  for (; (f64)k * x_step <= frame->x_high; k++) {
    page_print(page, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">", place_x(frame, (f64)k * x_step),
               BOTTOM + 16);
    page_number(page, (f64)k * x_step);
    page_put(page, "</text>");
  }
  page_put(page, "</g>");
}

static void put_curve(struct page *page, const struct frame *frame, const struct curve *curve, u32 colour) {
  if (curve->stride > 1) {
    page_print(page, "<path class=\"spread f%u\" d=\"", colour);
    for (u32 k = 0; k < curve->count; k++)
      page_print(page, "%s%.1f %.1f", k == 0 ? "M" : "L", place_x(frame, curve->points[k].x),
                 place_y(frame, curve->points[k].high));
    for (u32 k = curve->count; k-- > 0;)
      page_print(page, "L%.1f %.1f", place_x(frame, curve->points[k].x), place_y(frame, curve->points[k].low));
    page_put(page, "Z\"/>");
  }
  if (curve->count == 1)
    page_print(page, "<circle class=\"f%u\" r=\"3\" cx=\"%.1f\" cy=\"%.1f\"/>", colour,
               place_x(frame, curve->points[0].x), place_y(frame, curve->points[0].mean));
  page_print(page, "<path class=\"line s%u\" d=\"", colour);
  for (u32 k = 0; k < curve->count; k++)
    page_print(page, "%s%.1f %.1f", k == 0 ? "M" : "L", place_x(frame, curve->points[k].x),
               place_y(frame, curve->points[k].mean));
  page_put(page, "\"/>");
}

/* The point of a curve at x; NULL where it has none near (a metric that not every row has). */
static const struct curve_point *point_at(const struct curve *curve, f64 x, f64 reach) {
  const struct curve_point *best = NULL;
  f64 best_far = reach;
  for (u32 k = 0; k < curve->count; k++) {
    const f64 far = curve->points[k].x > x ? curve->points[k].x - x : x - curve->points[k].x;
    if (far > best_far) continue;
    best = &curve->points[k];
    best_far = far;
  }
  return best;
}

static void put_strips(struct page *page, const struct frame *frame, const struct chart *chart,
                       const struct curve *curves) {
  u32 longest = 0;
  for (u32 i = 1; i < chart->count; i++)
    if (curves[i].count > curves[longest].count) longest = i;
  const struct curve *const lead = &curves[longest];
  const u32 strips = lead->count < STRIPS_MAX ? lead->count : STRIPS_MAX;
  const f64 width = (RIGHT - LEFT) / strips, reach = (frame->x_high - frame->x_low) / strips;
  page_put(page, "<g class=\"strips\">");
  for (u32 strip = 0; strip < strips; strip++) {
    const struct curve_point *const point = &lead->points[(u64)strip * lead->count / strips];
    f64 x = place_x(frame, point->x) - width / 2;
    page_print(page, "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\"><title>step ", x, TOP, width,
               BOTTOM - TOP);
    page_number(page, point->x);
    for (u32 i = 0; i < chart->count; i++) {
      const struct curve_point *const near = point_at(&curves[i], point->x, reach);
      if (near == NULL) continue;
      page_print(page, "\n%s ", metric_name(chart->metrics[i]));
      page_number(page, near->mean);
    }
    page_put(page, "</title></rect>");
  }
  page_put(page, "</g>");
}

static void put_chart(struct page *page, const struct chart *chart, const struct curve *curves) {
  struct frame frame;
  if (!frame_of(&frame, curves, chart->count)) return;
  page_print(page, "<figure><figcaption><b>%s</b>", chart->title);
  for (u32 i = 0; i < chart->count; i++) {
    if (curves[i].count == 0) continue;
    const char *const unit = metric_unit(chart->metrics[i]);
    page_print(page, " <span class=\"key t%u\" title=\"%s\">%s%s%s%s</span>", i, metric_doc(chart->metrics[i]),
               metric_name(chart->metrics[i]), unit[0] != 0 ? " (" : "", unit, unit[0] != 0 ? ")" : "");
  }
  page_print(page, "</figcaption>\n<svg viewBox=\"0 0 388 206\" role=\"img\" aria-label=\"%s\">", chart->title);
  put_axes(page, &frame);
  for (u32 i = 0; i < chart->count; i++)
    if (curves[i].count > 0) put_curve(page, &frame, &curves[i], i);
  put_strips(page, &frame, chart, curves);
  page_put(page, "</svg></figure>\n");
}

void put_charts(struct page *page, const struct gathered *gathered, enum run_phase phase) {
  bool any = false;
  for (u32 i = 0; i < COUNT_OF(charts) && !any; i++)
    for (u32 k = 0; k < charts[i].count; k++)
      any = any || (charts[i].phase == phase && gathered->curves[i][k].count > 0);
  if (!any) return;
  page_print(page, "<section><h2>%s</h2>\n<div class=\"charts\">\n",
             phase == PHASE_SFT ? "Supervised fine-tuning" : "Reinforcement learning (RLSP)");
  for (u32 i = 0; i < COUNT_OF(charts); i++)
    if (charts[i].phase == phase) put_chart(page, &charts[i], gathered->curves[i]);
  page_print(page, "</div><p class=\"small\">x: %s</p></section>\n",
             phase == PHASE_SFT ? "optimizer steps" : "PPO iterations");
}

void put_warnings(struct page *page, const struct gathered *gathered) {
  if (gathered->warning_count == 0) return;
  page_put(page, "<section class=\"warnings\"><h2>Warnings</h2><ul>\n");
  for (u32 i = 0; i < gathered->warning_count; i++) {
    const struct warning *const warning = &gathered->warnings[i];
    page_put(page, "<li>");
    page_text(page, warning->text, strlen(warning->text));
    page_put(page, " <code>");
    page_text(page, warning->key, strlen(warning->key));
    page_print(page, "</code> <span class=\"small\">%s step %llu", phase_name(warning->phase),
               (unsigned long long)warning->first);
    if (warning->count > 1)
      page_print(page, " to %llu, %llu times", (unsigned long long)warning->last, (unsigned long long)warning->count);
    page_put(page, "</span></li>\n");
  }
  page_put(page, "</ul></section>\n");
}
