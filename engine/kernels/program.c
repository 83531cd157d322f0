#include "engine/kernels/program.h"

#include <string.h>

#include "engine/check.h"

void program_begin(struct program *program, const char *name) {
  program->name = name;
  program->count = 0;
}

void program_call(struct program *program, enum kernel kernel, const void *params, u32 params_bytes) {
  if (program->calls != NULL) {
    CHECK(program->count < program->capacity, "program %s recorded more calls than it counted", program->name);
    struct program_call *call = &program->calls[program->count];
    memset(call, 0, sizeof *call);
    memcpy(call->params, params, params_bytes);
    call->kernel = (u32)kernel;
    call->params_bytes = params_bytes;
  }
  program->count++;
}

void program_place(struct program *program, struct arena *host, struct arena *device) {
  char name[PLAN_NAME_BYTES] = "program.";
  strncat(name, program->name, sizeof name - strlen(name) - 1);
  program->capacity = program->count;
  struct program_call *calls =
      arena_take_pointer(host, name, DTYPE_U8, program->count, sizeof(struct program_call), 0, 0);
  program->sizes = arena_take(device, name, DTYPE_U32, PROGRAM_SIZES_ROWS(program->count), PROGRAM_SIZES_WORDS, 0, 0);
  program->calls = host->base == NULL ? NULL : calls;
}
