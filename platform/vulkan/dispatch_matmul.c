/* The matrix product's tile, chosen for each call by what it would cost on a GPU, and its groups. No bit depends on the
 * choice. See dispatch.h; shaders/matmul.comp says what the sizes are. */
#include "engine/check.h"
#include "platform/vulkan/dispatch.h"

struct tile {
  u32 rows, columns;    /* of C an invocation makes; rows in fours */
  u32 lanes_y, lanes_x; /* invocations along each; what is left of a group's are its slices of k */
  u32 depth;            /* k's in shared memory at a time */
};

/* From large outputs to few rows and to few columns; tests/vulkan_matmul_test.c has a shape for each. */
static const struct tile tiles[] = {
    {8, 8, 16, 16, 16}, /* 128 x 128 */
    {8, 4, 16, 16, 16}, /* 128 x  64 */
    {4, 4, 16, 16, 16}, /*  64 x  64 */
    {4, 4, 8, 16, 16},  /*  32 x  64, 2 slices */
    {4, 4, 8, 8, 16},   /*  32 x  32, 4 slices */
    {4, 4, 4, 8, 16},   /*  16 x  32, 8 slices */
    {4, 1, 8, 32, 16},  /*  32 x  32 */
    {4, 1, 2, 32, 16},  /*   8 x  32, 4 slices */
    {4, 1, 1, 32, 16},  /*   4 x  32, 8 slices */
    {4, 1, 16, 4, 16},  /*  64 x   4, 4 slices */
    {4, 1, 8, 4, 16},   /*  32 x   4, 8 slices */
};

/* What costs an invocation how many operations, roughly. */
struct machine {
  u32 groups;     /* that run at once; more take their turn */
  u32 read;       /* of shared memory, a word or four */
  u32 word;       /* through registers into shared memory */
  u32 piece_wait; /* for memory and the barriers, each DEPTH of k, whatever else runs */
};
/* A GPU of middling size; and lavapipe, which takes the lanes of a vector one by one wherever memory is read. */
static const struct machine gpu = {.groups = 64, .read = 3, .word = 6, .piece_wait = 200};
static const struct machine cpu = {.groups = 2, .read = 60, .word = 60, .piece_wait = 200};

static u32 ceiling(u32 a, u32 b) { return a / b + (a % b != 0); }
static u32 tile_rows(const struct tile *tile) { return tile->rows * tile->lanes_y; }
static u32 tile_columns(const struct tile *tile) { return tile->columns * tile->lanes_x; }
static u32 slices(const struct tile *tile) { return MATMUL_INVOCATIONS / (tile->lanes_y * tile->lanes_x); }
static u32 b_width(const struct tile *tile) { return tile->columns % 4 == 0 ? 4 : 1; }

/* As shaders/matmul.comp sizes `fours` and `b_words`. */
static u32 shared_bytes(const struct tile *tile) {
  const u32 piece = slices(tile) * tile->depth, b_width_words = b_width(tile);
  const u32 b_words = piece * (tile_columns(tile) / b_width_words + 1) * b_width_words;
  const u32 a_words = piece * (tile_rows(tile) / 4 + 1) * 4;
  const u32 sum_words = slices(tile) == 1 ? 0 : slices(tile) * tile_rows(tile) * tile_columns(tile);
  const u32 fours_words = a_words + (b_width_words == 4 ? b_words : 0);
  return 4 * ((fours_words > sum_words ? fours_words : sum_words) + (b_width_words == 4 ? 1 : b_words));
}

/* Operations of an invocation that follow each other until all is done: products and sums, reads of shared memory, what
 * brings k there, and, of several slices, the sums of blocks. */
static u64 cost(const struct tile *tile, const struct machine *machine, const struct matmul_params *p) {
  const u32 piece = slices(tile) * tile->depth, elements = tile->rows * tile->columns;
  const u32 a_words = 4 * ceiling(piece * tile_rows(tile) / 4, MATMUL_INVOCATIONS);
  const u32 b_words = b_width(tile) * ceiling(piece * tile_columns(tile) / b_width(tile), MATMUL_INVOCATIONS);
  const u32 reads = tile->rows / 4 + tile->columns / b_width(tile);
  const u32 piece_work = tile->depth * (2 * elements + machine->read * reads) + machine->word * (a_words + b_words);
  const u32 fold_work =
      slices(tile) == 1 ? 0 : 2 * elements + machine->read * (elements / 4 + slices(tile)) + machine->piece_wait;
  const u64 rounds = ceiling(ceiling(p->k, MATMUL_BLOCK), slices(tile));
  const u64 pieces = rounds * (MATMUL_BLOCK / tile->depth);
  const u64 groups = (u64)ceiling(p->m, tile_rows(tile)) * ceiling(p->n, tile_columns(tile));
  const u64 turns = groups > machine->groups ? groups : machine->groups;
  return pieces * machine->piece_wait + (pieces * piece_work + rounds * fold_work) * turns / machine->groups;
}

static const struct tile *choose(const struct matmul_params *p, bool on_cpu) {
  const struct machine *machine = on_cpu ? &cpu : &gpu;
  const struct tile *best = &tiles[0];
  for (u32 i = 1; i < COUNT_OF(tiles); i++)
    if (cost(&tiles[i], machine, p) < cost(best, machine, p)) best = &tiles[i];
  CHECK(shared_bytes(best) <= SHARED_BYTES_MAX, "%u bytes of shared memory", shared_bytes(best));
  return best;
}

void dispatch_matmul(const void *params, struct dispatch *dispatch) {
  const struct matmul_params *p = params;
  const bool rows_are_live = p->orientation != MATMUL_TN; /* else the count bounds k, and every tile is made */
  const struct tile *tile = choose(p, dispatch->on_cpu);
  *dispatch = dispatch_rows(rows_are_live ? p->count : 0, p->m, tile_rows(tile), 0);
  dispatch->first = rows_are_live ? p->first : 0;
  dispatch->repeat = p->n == 0 ? 1 : ceiling(p->n, tile_columns(tile));
  dispatch->group_cost = 2ull * tile_rows(tile) * tile_columns(tile) * p->k;
  const u32 constants[] = {p->orientation, tile->rows, tile->columns, tile->lanes_y, tile->lanes_x, tile->depth};
  dispatch->constant_count = COUNT_OF(constants);
  for (u32 i = 0; i < COUNT_OF(constants); i++) dispatch->constants[i] = constants[i];
}
