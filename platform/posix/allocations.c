#include "platform/allocations.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define INTERPOSED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERPOSED 0
#endif
#endif
#if !defined(INTERPOSED)
#if defined(__GLIBC__)
#define INTERPOSED 1
#else
#define INTERPOSED 0
#endif
#endif

static _Atomic u64 count, driver_count;
static _Thread_local bool own_thread, in_driver;
static _Atomic bool watching, trapping;

void allocations_watch_begin(bool trap) {
  own_thread = true;
  atomic_store(&count, 0);
  atomic_store(&driver_count, 0);
  atomic_store(&trapping, trap);
  atomic_store(&watching, true);
}

void allocations_watch_end(void) { atomic_store(&watching, false); }

u64 allocations_count(void) { return atomic_load(&count); }

u64 allocations_driver_count(void) { return atomic_load(&driver_count); }

void allocations_own_thread(void) { own_thread = true; }
void allocations_driver_begin(void) { in_driver = true; }
void allocations_driver_end(void) { in_driver = false; }

bool allocations_watched(void) { return INTERPOSED; }

#if INTERPOSED
/* glibc's own names for the real ones. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static void note(void) {
  if (!atomic_load_explicit(&watching, memory_order_relaxed)) return;
  if (in_driver || !own_thread) {
    atomic_fetch_add_explicit(&driver_count, 1, memory_order_relaxed);
    return;
  }
  atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
  if (atomic_load_explicit(&trapping, memory_order_relaxed)) abort();
}

void *malloc(size_t bytes) {
  note();
  return __libc_malloc(bytes);
}

void *calloc(size_t members, size_t bytes) {
  note();
  return __libc_calloc(members, bytes);
}

void *realloc(void *old, size_t bytes) {
  note();
  return __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  note();
  return __libc_memalign(alignment, bytes);
}
#endif
