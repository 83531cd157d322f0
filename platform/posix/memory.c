#define _GNU_SOURCE /* MAP_ANONYMOUS, MAP_POPULATE, madvise */

#include "platform/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/files.h"

#define HUGE_PAGE_BYTES (2ull << 20)

static u64 page_bytes(void) { return (u64)sysconf(_SC_PAGESIZE); }

u64 host_memory_physical(void) {
  const long pages = sysconf(_SC_PHYS_PAGES);
  return pages > 0 ? (u64)pages * page_bytes() : 0;
}

/* "NAME: 123 kB" in /proc/meminfo */
static u64 meminfo_bytes(const char *text, const char *name) {
  const char *at = strstr(text, name);
  unsigned long long kilobytes = 0;
  if (at != NULL) sscanf(at + strlen(name), "%llu", &kilobytes);
  return (u64)kilobytes << 10;
}

u64 host_memory_available(void) {
  char text[8192];
  u64 bytes, available = 0;
  if (files_read_whole("/proc/meminfo", text, sizeof text, &bytes, NULL) == STATUS_OK)
    available = meminfo_bytes(text, "MemAvailable:") + meminfo_bytes(text, "SwapFree:");
  unsigned long long limit;
  if (files_read_whole("/sys/fs/cgroup/memory.max", text, sizeof text, &bytes, NULL) == STATUS_OK &&
      sscanf(text, "%llu", &limit) == 1 && (available == 0 || limit < available))
    available = limit; /* a container's */
  return available;
}

/* Size of the mapping: whole huge pages where it is large, so that the kernel can back it with them. */
static u64 mapped_bytes(u64 bytes) {
  const u64 unit = bytes >= 8 * HUGE_PAGE_BYTES ? HUGE_PAGE_BYTES : page_bytes();
  return bytes == 0 ? unit : (bytes + unit - 1) / unit * unit;
}

enum status host_memory_reserve(u64 bytes, void **base, struct error *error) {
  *base = NULL;
  const u64 available = host_memory_available();
  if (bytes > UINT64_MAX / 2 || (available != 0 && bytes > available))
    return status_fail(
        error, STATUS_DOES_NOT_FIT, "host memory",
        "%llu MiB are needed and %llu MiB are available; lower the sizes that `rlsp plan` names, or free memory",
        (unsigned long long)(bytes >> 20), (unsigned long long)(available >> 20));
  const u64 mapped = mapped_bytes(bytes);
  void *const memory = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return status_fail(
        error, STATUS_DOES_NOT_FIT, "host memory",
        "the system refuses %llu MiB (error %d); lower the sizes that `rlsp plan` names, or raise ulimit -v",
        (unsigned long long)(mapped >> 20), errno);
  if (mapped >= 8 * HUGE_PAGE_BYTES)
    madvise(memory, mapped, MADV_HUGEPAGE); /* fewer TLB misses; refusal costs nothing */
  volatile u8 *const bytes_of = memory;
  for (u64 at = 0, page = page_bytes(); at < mapped; at += page) bytes_of[at] = 0;
  *base = memory;
  return STATUS_OK;
}

void host_memory_release(void *base, u64 bytes) {
  if (base != NULL) munmap(base, mapped_bytes(bytes));
}
