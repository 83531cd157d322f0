/* Every fixed limit of the engine, each with its reason. A number that bounds memory stands here and nowhere else. */
#ifndef RLSP_ENGINE_MEMORY_LIMITS_H
#define RLSP_ENGINE_MEMORY_LIMITS_H

/* Every tensor starts on this boundary: the largest minStorageBufferOffsetAlignment and cache-line size in the field. */
#define TENSOR_ALIGN_BYTES 256u

/* A device arena is a list of chunks, none above this: AMD's proprietary driver and lavapipe refuse larger allocations. */
#define CHUNK_BYTES_MAX (2ull << 30)

/* Rows of the plan: 139 a layer (weights and biases of 3 networks, moments, gradients, activations of both phases) of at most 256, and 203 besides. */
#define PLAN_ROWS_MAX 40960u
#define PLAN_NAME_BYTES 64u

/* Push constants every Vulkan driver gives; so a kernel's params struct is at most a little less. */
#define PUSH_BYTES 128u
#define PARAMS_BYTES_MAX 120u /* the rest says which groups of the call a dispatch does (shaders/kernel.glsl) */

/* Host memory for a Vulkan driver's own objects: some hundred bytes a recorded command (lavapipe keeps them here), and room. */
#define DRIVER_MEMORY_BYTES (64u << 20)

/* Worker threads of the CPU device: the largest single-socket machines have 128 cores with 2 hardware threads each. */
#define THREADS_MAX 256u

/* Private memory of one CPU worker: attention keeps one query's scores (4 B x CONTEXT_MAX) and a transposed
 * panel of keys; the matrix product packs 1024 x 128 of B. 1 MiB holds the largest with room. */
#define KERNEL_SCRATCH_BYTES (1u << 20)

/* Host threads for verdicts. Each has a workspace of some 20 MiB (VERIFIER_BALL_BYTES and the expressions), resident. */
#define WORKERS_MAX 16u

/* Logits held at once: 4 Mi floats (16 MiB): one 64-row block of a 65 k vocabulary, whole packs of small ones. */
#define HEAD_CHUNK_FLOATS (4u << 20)

/* Longest sequence (prompt + response), in tokens: RLSP.md's evaluations need 8192 + 2048. */
#define CONTEXT_MAX 32768u

/* Reward streams of one run: correctness, length, and room for those to come. */
#define STREAMS_MAX 4u

/* Head dimension: 64-wide score blocks, two of them; the largest of the Llama and Qwen families is 128. */
#define HEAD_DIM_MAX 256u

/* Paths of a run directory and its files, in bytes with the final NUL (PATH_MAX on Linux). */
#define PATH_BYTES_MAX 4096u

/* Number multisets of the Countdown table: all 22,100 of 3 numbers to 50 and 8,855 of 4 to 20, at up to 100 targets of 6 bytes, in about a second. Where there
 * are more (4 numbers to 99: 4.4 million, 2 GB), a fixed random part of them is taken. */
#define COUNTDOWN_MULTISETS_MAX 32768u

/* The verifier (engine/reward/math). An answer in bytes: the longest gold of MATH has 159; matrices and lists of roots a few hundred. */
#define ANSWER_BYTES_MAX 4096u
/* Nodes of one reading or normal form, their children, and the bytes of names and digits: an answer of that many bytes makes at most two nodes a byte. */
#define VERIFIER_NODES_MAX 8192u
#define VERIFIER_CHILDREN_MAX 16384u
#define VERIFIER_TEXT_MAX 16384u
/* Parentheses within parentheses. */
#define VERIFIER_DEPTH_MAX 64u
/* Bits of any integer or of a value's exponent: 2003! has 19,000; 10^10000 33,220. Beyond it is undecided. */
#define VERIFIER_INTEGER_BITS_MAX 65536u
/* Balls: agreement that counts as right, and the most bits that are spent on it. */
#define VERIFIER_AGREE_BITS 100u
#define VERIFIER_PRECISION_MAX 2048u
/* Work of one verdict, about a 64-bit word's multiplication each: some milliseconds. */
#define VERIFIER_STEPS_MAX (8u << 20)
/* A user's pattern (PCRE2): what it compiles to and all of one match lie in REGEX_BYTES; steps and nesting of one match are bounded, some milliseconds. */
#define REGEX_BYTES (4u << 20)
#define REGEX_STEPS_MAX 200000u
#define REGEX_DEPTH_MAX 2000u
#define REGEX_HEAP_KIBIBYTES 1024u
/* Matches looked at in one completion. */
#define REGEX_MATCHES_MAX 1000u
/* What FLINT, Arb and GMP may hold at once in one thread. */
#define VERIFIER_BALL_BYTES (16u << 20)

/* A user's program as verifier (platform/program_runner.h). Words of its command, and how many of it run at once: twice the threads there may be. */
#define PROGRAM_WORDS_MAX 64u
#define PROGRAM_PARALLEL_MAX 512u
/* One text that it is given: a completion of CONTEXT_MAX tokens has 32 bytes a token. */
#define PROGRAM_TEXT_BYTES_MAX (1u << 20)
/* What it may print, and the largest file it may write: a verdict needs neither, a compiler writes some MiB. */
#define PROGRAM_OUTPUT_BYTES_MAX (1u << 20)
#define PROGRAM_FILE_BYTES_MAX (64u << 20)
/* Processes and threads of it and of what it starts, at once: some libraries start a thread a core in each process. */
#define PROGRAM_PROCESSES_MAX 512u

#endif
