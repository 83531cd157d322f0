#include "tests/verifier_pairs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_PATH "tests/verifier_pairs.txt"

static const char *const label_words[] = {"right", "wrong", "never", "safe", "undecided"};

static void refuse(u32 line, const char *why) {
  fprintf(stderr, PAIRS_PATH ":%u: %s\n", line, why);
  abort();
}

static char *read_whole(void) {
  FILE *file = fopen(PAIRS_PATH, "rb");
  if (file == NULL) refuse(0, "not there; run from the root of the project");
  fseek(file, 0, SEEK_END);
  const long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  if (text == NULL) abort();
  text[fread(text, 1, (size_t)size, file)] = 0;
  fclose(file);
  return text;
}

/* "right.2" into label and options; returns what follows. */
static char *read_label(struct pair *pair, char *at) {
  char *gold = strchr(at, ' ');
  if (gold == NULL) refuse(pair->line, "no label");
  *gold = 0;
  char *mark = strchr(at, '.');
  if (mark != NULL) {
    *mark++ = 0;
    if (*mark == 'u') pair->options.units = true;
    if (*mark >= '1' && *mark <= '9') pair->options.digits = (u32)(*mark - '0');
  }
  for (u32 i = 0; i < COUNT_OF(label_words); i++) {
    if (strcmp(at, label_words[i]) == 0) {
      pair->label = (enum pair_label)i;
      return gold + 1;
    }
  }
  refuse(pair->line, "unknown label");
  return NULL;
}

void pairs_open(struct pairs *pairs) {
  memset(pairs, 0, sizeof *pairs);
  pairs->text = read_whole();
  const char *section = "";
  u32 number = 0;
  for (char *line = pairs->text, *next; *line != 0; line = next) {
    char *end = strchr(line, '\n');
    if (end == NULL) refuse(number + 1, "no newline");
    *end = 0, next = end + 1, number++;
    if (line[0] == '=') section = line + 2;
    if (line[0] == 0 || line[0] == '#' || line[0] == '=') continue;
    if (pairs->count == PAIRS_MAX) refuse(number, "too many pairs");
    struct pair *pair = &pairs->rows[pairs->count++];
    pair->section = section, pair->line = number;
    char *gold = read_label(pair, line);
    char *between = strstr(gold, " ~~ ");
    if (between == NULL) refuse(number, "no ~~");
    *between = 0;
    pair->gold = gold, pair->answer = between + 4;
  }
}

void pairs_close(struct pairs *pairs) { free(pairs->text); }

const char *pair_label_word(enum pair_label label) { return label_words[label]; }

bool pair_label_allows(enum pair_label label, enum decision decision) {
  switch (label) {
    case LABEL_RIGHT:
      return decision == DECISION_RIGHT;
    case LABEL_WRONG:
      return decision == DECISION_WRONG;
    case LABEL_NEVER:
      return decision != DECISION_RIGHT;
    case LABEL_SAFE:
      return decision != DECISION_WRONG;
    case LABEL_UNDECIDED:
      return decision == DECISION_UNDECIDED;
  }
  return false;
}
