/* How the shaders cut their work into workgroups: read by GLSL (sizes of tiles and groups) and by C (platform/vulkan/dispatch*.c
 * count the groups of a call with them). Plain numbers; nothing here changes a bit of a result. */
#ifndef RLSP_SHADERS_GEOMETRY_H
#define RLSP_SHADERS_GEOMETRY_H

#define WORKGROUPS_MAX 65535  /* what every Vulkan device takes in one dimension */
#define GROUP_BASE_OFFSET 124 /* in the push constants, behind any params */

/* What every Vulkan device has: tools/shaders/limits.awk holds every shader to these. */
#define INVOCATIONS_MAX 256
#define SHARED_BYTES_MAX 32768

#define MATMUL_INVOCATIONS 256 /* tiles and slices are cut from these */
#define MATMUL_BLOCK 64        /* k's summed in a row: a part of the definition */
#define ATTENTION_TILE 64     /* queries and keys of a tile: the contracts' block */
#define ATTENTION_SIDE 16     /* threads along each */
#define ATTENTION_PART 128    /* dimensions of a result a group makes, at most */
#define ATTENTION_ALONE 4     /* heads of lone queries a group takes, 64 threads each */
#define GROUP_ROW_LANES 64 /* one workgroup a row: the 64 strided lanes of a row sum */
#define GROUP_ELEMENTS 256 /* one thread an element */
#define GROUP_SAMPLES 64   /* one thread a sample */

#define REDUCE_ELEMENTS 4096  /* one workgroup of 64 lanes; like the block below, set by params.h */
#define VOCABULARY_BLOCK 64   /* tokens */
#define VOCABULARY_INVOCATIONS_MAX 256
#define VOCABULARY_SLICE 4096 /* tokens of a row that one workgroup of 64 takes: logprob_bwd */
#define VOCABULARY_TILE_BLOCKS 32 /* blocks held in shared memory at once: logprob_fwd, sample */
#define VOCABULARY_TILES_MAX 2048 /* in a row that is drawn from: 4 Mi tokens */

/* Sums down the rows: columns of a workgroup, and blocks of 64 rows it sums at once. */
#define COLUMN_SUM_COLUMNS 16
#define COLUMN_SUM_BLOCKS 16
#define EMBED_BWD_COLUMNS 64
#define EMBED_BWD_BLOCKS 4

#endif
