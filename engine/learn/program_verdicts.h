/* What a user's program says of a batch of responses: each distinct one asked once, several at a time, or read from the journal.
 *
 * The result is a function of the batch and of what the program says, not of the order in which programs end: answers are kept
 * by question, and journaled in the order of questions, each as soon as those before it are known.
 * Owns: tables in the host arena, for the largest batch. Called by: the trainer, with the rollout's responses. Fails: as the runner and files do. */
#ifndef RLSP_ENGINE_LEARN_PROGRAM_VERDICTS_H
#define RLSP_ENGINE_LEARN_PROGRAM_VERDICTS_H

#include "engine/learn/verdict_journal.h"
#include "engine/memory/arena.h"

struct program_verdicts {
  struct program_runner *runner;
  struct verdict_journal *journal; /* closed: nothing is read or kept */
  u64 program_key;                 /* of the program and its limits */
  u32 batch_max, index_size;       /* a power of two, twice the rows at least */
  u32 known, written;              /* rows that are known or asked; of these, from the first, those in the journal */
  struct verdict_row *rows;        /* [2 batch_max] the journal's, then in the order of questions */
  u8 *answered;                    /* [2 batch_max] of rows */
  u32 *index;                      /* [index_size] row + 1 by key; 0 = free */
  u32 *row_of;                     /* [batch_max] of each question */
};

void program_verdicts_place(struct program_verdicts *verdicts, u32 batch_max, struct arena *host);
/* runner and journal outlive it. */
void program_verdicts_open(struct program_verdicts *verdicts, struct program_runner *runner,
                           struct verdict_journal *journal, const struct program_settings *settings);

/* Writes question `index`; its texts are good until the next call. */
typedef void program_verdicts_question(void *context, u32 index, struct program_question *question);
/* count <= batch_max. ends[count]. (phase, step) is the batch's name, once a run. */
enum status program_verdicts_ask(struct program_verdicts *verdicts, const char *phase, u64 step, u32 count,
                                 program_verdicts_question *question, void *context, enum program_end *ends,
                                 struct error *error) MUST_USE;

#endif
