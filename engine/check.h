/* CHECK: a programmer's error. On in every build; prints the place and aborts, so that a broken invariant never trains on. */
#ifndef RLSP_ENGINE_CHECK_H
#define RLSP_ENGINE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition, ...)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      fprintf(stderr, "rlsp: %s:%d: check failed: %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                                       \
      fputc('\n', stderr);                                                                \
      abort();                                                                            \
    }                                                                                     \
  } while (0)

#endif
