#include "platform/vulkan/vulkan_segments.h"

#include "engine/check.h"
#include "platform/clock.h"
#include "platform/vulkan/access.h"
#include "platform/vulkan/shaders.h"
#include "platform/vulkan/vulkan_device.h"
#include "shaders/dispatch_sizes_params.h"

/* Operations of the first cuts' segments: what a slow device of the kind does in some 50 ms. */
#define WORK_DISCRETE 50000000000ull
#define WORK_INTEGRATED 10000000000ull
#define WORK_CPU 200000000ull
/* What a call costs whatever it does, in operations. */
#define CALL_WORK 20000u
/* A segment that is slow once may have met another program's work; one that is slow twice, or very slow, is cut. */
#define SLOW_RUNS_MAX 2u
#define VERY_SLOW_FACTOR 4u
/* Pieces that a program is first cut into, of the PROGRAM_PIECES_MAX that there may come to be. */
#define FIRST_PIECES_MAX (PROGRAM_PIECES_MAX / 2)
/* Accesses since the last barrier; more, and the next call gets one. */
#define PENDING_MAX 256u

_Static_assert(SIZES_WORDS == PROGRAM_SIZES_WORDS, "the rows of a program's sizes");

static bool is_before(struct position a, struct position b) {
  return a.call < b.call || (a.call == b.call && a.group < b.group);
}

static struct position program_end(const struct program *program) { return (struct position){program->count, 0}; }

/* ---- cutting ---- */

/* Groups of a call at most, and its dispatch. */
static u64 call_groups(const struct vulkan_device *vulkan, const struct program *program, u32 call,
                       struct dispatch *dispatch) {
  vulkan_dispatch(program->calls[call].kernel, program->calls[call].params, vulkan->on_cpu, dispatch);
  return dispatch_groups(dispatch, dispatch->rows_max);
}

/* Groups of one call that are within the work left: all of those left, or a number that folds into whole rows of a dispatch. */
static u64 groups_within(const struct dispatch *dispatch, u64 groups, u64 work) {
  const u64 cost = dispatch->group_cost == 0 ? 1 : dispatch->group_cost;
  u64 within = work > CALL_WORK ? (work - CALL_WORK) / cost : 0;
  if (within >= groups) return groups;
  return within > WORKGROUPS_MAX ? within / WORKGROUPS_MAX * WORKGROUPS_MAX : within;
}

/* Where `work` operations from `from` end: after it, and not after the program's end. */
static struct position cut_after(const struct vulkan_device *vulkan, const struct program *program,
                                 struct position from, u64 work) {
  struct position at = from;
  while (at.call < program->count) {
    struct dispatch dispatch;
    const u64 groups = call_groups(vulkan, program, at.call, &dispatch) - at.group;
    u64 within = groups_within(&dispatch, groups, work);
    if (within == 0 && groups > 0 && !is_before(from, at)) within = 1;
    if (within < groups) return (struct position){at.call, at.group + within};
    const u64 cost = CALL_WORK + groups * dispatch.group_cost;
    work = work > cost ? work - cost : 0;
    at = (struct position){at.call + 1, 0};
  }
  return at;
}

static u64 work_between(const struct vulkan_device *vulkan, const struct program *program, struct position from,
                        struct position end) {
  u64 work = 0;
  for (struct position at = from; is_before(at, end); at = (struct position){at.call + 1, 0}) {
    struct dispatch dispatch;
    const u64 groups = call_groups(vulkan, program, at.call, &dispatch);
    work += CALL_WORK + ((at.call == end.call ? end.group : groups) - at.group) * dispatch.group_cost;
  }
  return work;
}

u64 vulkan_segment_work(VkPhysicalDeviceType type) {
  if (type == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU) return WORK_DISCRETE;
  return type == VK_PHYSICAL_DEVICE_TYPE_CPU ? WORK_CPU : WORK_INTEGRATED;
}

/* ---- recording ---- */

/* One dispatch. */
struct piece {
  VkPipeline pipeline;
  const struct program_call *call;
  u32 group_base, columns, rows;
  u64 size_address; /* where the device writes its size; 0 = columns by rows */
};

/* Pieces wait until a barrier has to come: between two barriers their order is of no account. */
struct recording {
  struct vulkan_device *vulkan;
  const struct program *program;
  struct vulkan_segment *segment;
  struct piece pieces[PENDING_MAX];
  u32 piece_count;
  struct access pending[PENDING_MAX];
  u32 pending_count;
};

static void record_dispatch(struct recording *recording, const struct piece *piece) {
  const struct vulkan_device *vulkan = recording->vulkan;
  const struct vulkan_api *api = &vulkan->api;
  const VkCommandBuffer commands = recording->segment->commands;
  api->CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, piece->pipeline);
  api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, piece->call->params_bytes,
                        piece->call->params);
  api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, GROUP_BASE_OFFSET,
                        sizeof piece->group_base, &piece->group_base);
  recording->segment->dispatches++;
  if (piece->size_address == 0) {
    api->CmdDispatch(commands, piece->columns, piece->rows, 1);
    return;
  }
  VkBuffer buffer;
  const u64 offset = vulkan_chunk_offset(vulkan, piece->size_address, &buffer);
  api->CmdDispatchIndirect(commands, buffer, offset);
}

/* A test records them backwards: a barrier that is missing shows. */
static void record_waiting(struct recording *recording) {
  const u32 count = recording->piece_count;
  for (u32 i = 0; i < count; i++)
    record_dispatch(recording, &recording->pieces[recording->vulkan->reversed ? count - 1 - i : i]);
  recording->piece_count = 0;
}

/* The call may need what one before it wrote, or overwrite what one before it reads: then a barrier. */
static void wait_for_what_it_needs(struct recording *recording, const struct program_call *call) {
  struct access accesses[ACCESSES_MAX];
  const u32 count = kernel_accesses(call->kernel, call->params, accesses);
  bool conflict = recording->pending_count + count > PENDING_MAX;
  for (u32 i = 0; i < count && !conflict; i++)
    for (u32 j = 0; j < recording->pending_count && !conflict; j++)
      conflict = access_conflict(&accesses[i], &recording->pending[j]);
  if (conflict) {
    record_waiting(recording);
    vulkan_barrier_between_calls(recording->vulkan, recording->segment->commands);
    recording->segment->barriers++;
    recording->pending_count = 0;
  }
  for (u32 i = 0; i < count; i++) recording->pending[recording->pending_count++] = accesses[i];
}

/* Fills the row of `sizes` that a piece of a call reads its size from. */
static enum status describe_piece(struct recording *recording, u32 row, const struct dispatch *dispatch, u64 base,
                                  u64 groups, struct error *error) {
  u32 words[SIZES_WORDS] = {0};
  words[SIZES_COUNT_LOW] = (u32)dispatch->count;
  words[SIZES_COUNT_HIGH] = (u32)(dispatch->count >> 32);
  words[SIZES_FIRST] = dispatch->first;
  words[SIZES_ROWS_MAX] = dispatch->rows_max;
  words[SIZES_UNIT] = dispatch->unit;
  words[SIZES_PER_GROUP] = dispatch->per_group;
  words[SIZES_REPEAT] = dispatch->repeat;
  words[SIZES_BASE] = (u32)base;
  words[SIZES_LIMIT] = (u32)groups;
  return vulkan_upload_bytes(recording->vulkan, recording->program->sizes + (u64)row * sizeof words, words,
                             sizeof words, error);
}

static enum status record_piece(struct recording *recording, u32 index, u64 base, u64 groups,
                                const struct dispatch *dispatch, struct error *error) {
  struct vulkan_device *vulkan = recording->vulkan;
  const struct program *program = recording->program;
  const struct program_call *call = &program->calls[index];
  VkPipeline pipeline = VK_NULL_HANDLE;
  enum status status = vulkan_pipeline_get(vulkan, call->kernel, dispatch, call, &pipeline, error);
  if (status != STATUS_OK) return status;
  wait_for_what_it_needs(recording, call);
  struct piece *piece = &recording->pieces[recording->piece_count++];
  *piece = (struct piece){.pipeline = pipeline,
                          .call = call,
                          .group_base = (u32)base,
                          .columns = groups < WORKGROUPS_MAX ? (u32)groups : WORKGROUPS_MAX,
                          .rows = (u32)((groups + WORKGROUPS_MAX - 1) / WORKGROUPS_MAX)};
  if (dispatch->count == 0) return STATUS_OK;
  /* A call's first piece has the call's row; a later one begins a segment, and has that segment's. */
  const u32 row = base == 0 ? index : program->count + recording->segment->ordinal;
  piece->size_address = program->sizes + 4ull * (row * SIZES_WORDS + SIZES_COMMAND);
  return describe_piece(recording, row, dispatch, base, groups, error);
}

static enum status record_pieces(struct recording *recording, struct error *error) {
  const struct vulkan_segment *segment = recording->segment;
  for (struct position at = segment->begin; is_before(at, segment->end); at = (struct position){at.call + 1, 0}) {
    struct dispatch dispatch;
    u64 end = call_groups(recording->vulkan, recording->program, at.call, &dispatch);
    if (at.call == segment->end.call) end = segment->end.group;
    if (at.group >= end) continue;
    const enum status status = record_piece(recording, at.call, at.group, end - at.group, &dispatch, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* Works out the sizes of all the program's dispatches. */
static enum status record_sizes(struct recording *recording, struct error *error) {
  struct vulkan_device *vulkan = recording->vulkan;
  const struct vulkan_api *api = &vulkan->api;
  const VkCommandBuffer commands = recording->segment->commands;
  const struct dispatch dispatch = {0};
  const u32 rows = PROGRAM_SIZES_ROWS(recording->program->count), group_base = 0;
  const struct dispatch_sizes_params params = {.sizes = vulkan_arena_address(vulkan, recording->program->sizes),
                                               .rows = rows};
  VkPipeline pipeline = VK_NULL_HANDLE;
  const enum status status =
      vulkan_pipeline_get(vulkan, KERNEL_COUNT + SHADER_dispatch_sizes, &dispatch, NULL, &pipeline, error);
  if (status != STATUS_OK) return status;
  api->CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
  api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof params, &params);
  api->CmdPushConstants(commands, vulkan->layout, VK_SHADER_STAGE_COMPUTE_BIT, GROUP_BASE_OFFSET, sizeof group_base,
                        &group_base);
  api->CmdDispatch(commands, (rows + 63) / 64, 1, 1);
  vulkan_barrier(vulkan, commands);
  return STATUS_OK;
}

static enum status record_segment(struct vulkan_device *vulkan, const struct vulkan_program *recorded,
                                  struct vulkan_segment *segment, struct error *error) {
  struct recording recording = {.vulkan = vulkan, .program = recorded->program, .segment = segment};
  const VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  segment->barriers = segment->dispatches = 0;
  enum status status =
      vulkan_checked(vulkan, vulkan->api.BeginCommandBuffer(segment->commands, &begin), "vkBeginCommandBuffer", error);
  if (status != STATUS_OK) return status;
  if (recorded->any_indirect && segment == &vulkan->segments[recorded->first]) status = record_sizes(&recording, error);
  if (status == STATUS_OK) status = record_pieces(&recording, error);
  if (status != STATUS_OK) return status;
  record_waiting(&recording);
  vulkan_barrier(vulkan, segment->commands);
  return vulkan_checked(vulkan, vulkan->api.EndCommandBuffer(segment->commands), "vkEndCommandBuffer", error);
}

/* A new segment with a command buffer; *index = VULKAN_SEGMENTS_MAX where there is no room for one more. */
static enum status take_segment(struct vulkan_device *vulkan, struct vulkan_program *recorded, u32 *index,
                                struct error *error) {
  *index = VULKAN_SEGMENTS_MAX;
  if (vulkan->segment_count == VULKAN_SEGMENTS_MAX || recorded->count == PROGRAM_PIECES_MAX) return STATUS_OK;
  struct vulkan_segment *segment = &vulkan->segments[vulkan->segment_count];
  *segment = (struct vulkan_segment){.next = VULKAN_SEGMENTS_MAX, .ordinal = recorded->count};
  const VkCommandBufferAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                                .commandPool = vulkan->pool,
                                                .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                                .commandBufferCount = 1};
  const enum status status =
      vulkan_checked(vulkan, vulkan->api.AllocateCommandBuffers(vulkan->device, &allocate, &segment->commands),
                     "vkAllocateCommandBuffers", error);
  if (status != STATUS_OK) return status;
  *index = vulkan->segment_count++;
  recorded->count++;
  return STATUS_OK;
}

enum status vulkan_segments_record(struct vulkan_device *vulkan, struct vulkan_program *recorded, struct error *error) {
  const struct program *program = recorded->program;
  const struct position end = program_end(program);
  struct position at = {0, 0};
  u32 *link = &recorded->first;
  recorded->first = VULKAN_SEGMENTS_MAX;
  for (u32 i = 0; i < program->count; i++) {
    struct dispatch dispatch;
    (void)call_groups(vulkan, program, i, &dispatch);
    recorded->any_indirect = recorded->any_indirect || dispatch.count != 0;
  }
  /* A long program has even pieces, and room to cut those that turn out to be slow. */
  const u64 share = work_between(vulkan, program, at, end) / FIRST_PIECES_MAX,
            work = share > vulkan->segment_work ? share : vulkan->segment_work;
  while (is_before(at, end)) {
    u32 index;
    enum status status = take_segment(vulkan, recorded, &index, error);
    if (status != STATUS_OK) return status;
    CHECK(index < VULKAN_SEGMENTS_MAX, "program %s has more than %u pieces", program->name, PROGRAM_PIECES_MAX);
    *link = index;
    struct vulkan_segment *segment = &vulkan->segments[index];
    segment->begin = at;
    /* The last that there is room for takes all that is left. */
    const bool last = recorded->count == PROGRAM_PIECES_MAX || vulkan->segment_count == VULKAN_SEGMENTS_MAX;
    segment->end = last ? end : cut_after(vulkan, program, at, work);
    status = record_segment(vulkan, recorded, segment, error);
    if (status != STATUS_OK) return status;
    at = segment->end;
    link = &segment->next;
  }
  return STATUS_OK;
}

/* ---- running ---- */

/* A piece of more groups than fit one row of a dispatch is folded into whole rows, and those of the last row that lie behind the piece would be done
 * twice if its call went on there. So a piece that ends within its call is one row, or many whole ones; and stays so when it is cut. */
static struct position on_whole_rows(const struct vulkan_segment *segment, struct position middle) {
  if (middle.call != segment->end.call) return middle;
  const u64 begin = segment->begin.call == middle.call ? segment->begin.group : 0, groups = middle.group - begin;
  if (groups == 0 || segment->end.group - begin <= WORKGROUPS_MAX) return middle;
  middle.group = begin + (groups < WORKGROUPS_MAX ? WORKGROUPS_MAX : groups / WORKGROUPS_MAX * WORKGROUPS_MAX);
  return middle;
}

/* Cuts a slow segment in two; leaves it as it is where it cannot be. */
static enum status cut_in_two(struct vulkan_device *vulkan, struct vulkan_program *recorded,
                              struct vulkan_segment *segment, struct error *error) {
  const struct program *program = recorded->program;
  const struct position middle = on_whole_rows(
      segment,
      cut_after(vulkan, program, segment->begin, work_between(vulkan, program, segment->begin, segment->end) / 2));
  if (!is_before(middle, segment->end)) return STATUS_OK;
  u32 index;
  enum status status = take_segment(vulkan, recorded, &index, error);
  if (status != STATUS_OK || index == VULKAN_SEGMENTS_MAX) return status;
  struct vulkan_segment *second = &vulkan->segments[index];
  second->begin = middle;
  second->end = segment->end;
  second->next = segment->next;
  segment->end = middle;
  segment->next = index;
  status = record_segment(vulkan, recorded, segment, error);
  return status == STATUS_OK ? record_segment(vulkan, recorded, second, error) : status;
}

enum status vulkan_segments_run(struct vulkan_device *vulkan, struct vulkan_program *recorded, struct error *error) {
  for (u32 index = recorded->first; index < VULKAN_SEGMENTS_MAX;) {
    struct vulkan_segment *segment = &vulkan->segments[index];
    index = segment->next;
    u64 ns;
    enum status status = vulkan_submit(vulkan, segment->commands, recorded->program->name, &ns, error);
    if (status != STATUS_OK) return status;
    segment->slow_runs = ns > vulkan->segment_ns_max ? segment->slow_runs + 1 : 0;
    if (segment->slow_runs < SLOW_RUNS_MAX && ns <= VERY_SLOW_FACTOR * vulkan->segment_ns_max) continue;
    segment->slow_runs = 0;
    status = cut_in_two(vulkan, recorded, segment, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}
