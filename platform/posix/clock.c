#include "platform/clock.h"

#include <stdio.h>
#include <time.h>

u64 clock_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (u64)now.tv_sec * 1000000000u + (u64)now.tv_nsec;
}

u64 clock_wall_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (u64)now.tv_sec;
}

/* Days to a civil date in 400-year eras that begin on 1 March (H. Hinnant, "chrono-compatible low-level date
 * algorithms"). */
void clock_wall_text(u64 seconds, char text[CLOCK_TEXT_BYTES]) {
  const u64 days = seconds / 86400 + 719468, era = days / 146097, day_of_era = days % 146097;
  const u64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const u64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const u64 month_from_march = (5 * day_of_year + 2) / 153;
  const u64 day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const u64 month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const u64 year = year_of_era + era * 400 + (month <= 2);
  const u64 second = seconds % 86400;
  snprintf(text, CLOCK_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)(year % 10000), (unsigned)month,
           (unsigned)day, (unsigned)(second / 3600), (unsigned)(second / 60 % 60), (unsigned)(second % 60));
}
