/* The processes that descend from this one: from the parents that /proc names, so that no process hides by leaving its group or session. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "platform/files.h"
#include "platform/posix/program_process.h"

#define PROCESSES_LISTED_MAX 32767u
/* Each round goes one generation down at least, and most go many. */
#define GENERATIONS_MAX 256u

struct listed {
  i32 process, parent;
  u32 threads;
};

struct listing {
  u32 count, family_count, family_threads;
  struct listed rows[PROCESSES_LISTED_MAX]; /* of no family yet */
  i32 family[PROCESSES_LISTED_MAX];
};

#define THREADS_FIELD 20 /* of proc(5)'s stat; the state is 3, the parent 4 */

/* "PID (name) STATE PARENT ...", where the name may hold anything. */
static bool read_facts(const char *process, struct listed *row) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", process);
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t got = descriptor >= 0 ? read(descriptor, text, sizeof text - 1) : -1;
  if (descriptor >= 0) close(descriptor);
  if (got <= 0) return false;
  text[got] = 0;
  const char *at = strrchr(text, ')');
  if (at == NULL || strlen(at) < 5) return false;
  row->process = (i32)strtol(process, NULL, 10);
  row->parent = (i32)strtol(at + 4, NULL, 10);
  for (u32 field = 2; field < THREADS_FIELD && at != NULL; field++) at = strchr(at + 1, ' ');
  row->threads = at != NULL ? (u32)strtoul(at, NULL, 10) : 1;
  return true;
}

static bool list_process(void *context, const char *name) {
  struct listing *listing = context;
  if (name[0] < '1' || name[0] > '9' || !read_facts(name, &listing->rows[listing->count])) return true;
  listing->count++;
  return listing->count < PROCESSES_LISTED_MAX - 1;
}

static bool in_family(const struct listing *listing, i32 process) {
  for (u32 i = 0; i < listing->family_count; i++)
    if (listing->family[i] == process) return true;
  return false;
}

/* Moves the children of the family into it; /proc lists by rising id, and so mostly parents first. False: there was none. */
static bool next_generation(struct listing *listing) {
  const u32 before = listing->count;
  u32 kept = 0;
  for (u32 i = 0; i < before; i++) {
    const struct listed row = listing->rows[i];
    if (in_family(listing, row.parent)) {
      listing->family[listing->family_count++] = row.process;
      listing->family_threads += row.threads;
    } else {
      listing->rows[kept++] = row;
    }
  }
  listing->count = kept;
  return kept < before;
}

u32 program_family(bool end) {
  struct listing listing;
  listing.count = listing.family_threads = 0;
  listing.family_count = 1;
  listing.family[0] = (i32)getpid();
  if (files_list("/proc", list_process, &listing, NULL) != STATUS_OK) return 0;
  for (u32 round = 0; round < GENERATIONS_MAX && next_generation(&listing); round++) continue;
  for (u32 i = 1; end && i < listing.family_count; i++) kill((pid_t)listing.family[i], SIGKILL);
  return listing.family_threads;
}
