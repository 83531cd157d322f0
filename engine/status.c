#include "engine/status.h"

#include <stdarg.h>
#include <stdio.h>

enum status status_fail(struct error *error, enum status status, const char *place, const char *format, ...) {
  if (error == NULL) return status;
  error->status = status;
  snprintf(error->place, sizeof error->place, "%s", place);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  return status;
}
