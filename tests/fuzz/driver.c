/* A seeded mutator for the fuzz target, where libFuzzer is not at hand: inputs grow from tests/verifier_pairs.txt by pieces of LaTeX, splices and flipped bytes.
 *
 *   usage: verifier_fuzz [-s SECONDS | -n EXECUTIONS] [-r SEED] [-f FIRST] [FILE...]      with FILEs: runs these inputs, nothing else
 *
 * Input number n of a seed is always the same (-f n -n 1 runs it alone). Prints executions and seed, as TAP. Owns: the corpus. Fails: where the target aborts
 * the number is said and the input is left in fuzz-input.bin. Sanitizers end the process themselves: ASAN_OPTIONS=abort_on_error=1 brings them here. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/random.h"
#include "tests/verifier_pairs.h"

#define INPUT_MAX 2048u

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct input {
  u8 bytes[INPUT_MAX];
  u32 size;
};

static struct pairs pairs;
static struct input input;
static u64 executions, seed = 1;

static const char *const pieces[] = {"\\frac{1}{2}",
                                     "\\frac",
                                     "\\dfrac",
                                     "\\sqrt{2}",
                                     "\\sqrt[3]{x}",
                                     "\\left(",
                                     "\\right)",
                                     "\\{",
                                     "\\}",
                                     "{",
                                     "}",
                                     "(",
                                     ")",
                                     "[",
                                     "]",
                                     "^",
                                     "_",
                                     "^{2}",
                                     "_{2}",
                                     "!",
                                     "!!",
                                     "%",
                                     "\\%",
                                     "\\$",
                                     "^\\circ",
                                     "\\pi",
                                     "e",
                                     "i",
                                     "x",
                                     "y",
                                     "\\infty",
                                     "\\cup",
                                     "\\cap",
                                     "\\setminus",
                                     "\\in ",
                                     "\\pm",
                                     "\\mp",
                                     "\\cdot",
                                     "\\times",
                                     "/",
                                     "\\div",
                                     "+",
                                     "-",
                                     "*",
                                     "=",
                                     "<",
                                     ">",
                                     "\\le ",
                                     "\\ge ",
                                     "\\ne ",
                                     "\\approx ",
                                     "\\equiv ",
                                     "\\pmod{7}",
                                     "\\bmod ",
                                     ",",
                                     ";",
                                     "|",
                                     "\\lfloor ",
                                     "\\rfloor ",
                                     "\\lceil ",
                                     "\\rceil ",
                                     "\\sin ",
                                     "\\cos",
                                     "\\tan^{-1}",
                                     "\\log_2 ",
                                     "\\ln ",
                                     "\\log ",
                                     "\\exp ",
                                     "\\binom{5}{2}",
                                     "\\sum_{k=1}^{3} ",
                                     "\\prod_{k=1}^{3} ",
                                     "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
                                     "\\begin{pmatrix}",
                                     "\\end{pmatrix}",
                                     "&",
                                     "\\\\",
                                     "\\text{cm}",
                                     "\\text{ or }",
                                     "\\text{",
                                     "\\mathrm{",
                                     "\\boxed{",
                                     "$",
                                     "\\(",
                                     "\\)",
                                     "0",
                                     "1",
                                     "2",
                                     "3",
                                     "10",
                                     "0.5",
                                     "1.5",
                                     "0.\\overline{3}",
                                     "999999999",
                                     "10^{100}",
                                     "1E5",
                                     "101_2",
                                     "12:30",
                                     "2{,}500",
                                     "1,000",
                                     "\\emptyset",
                                     "\\mathbb{R}",
                                     "\\gcd(4,6)",
                                     "\\min(1,2)",
                                     "\\max",
                                     "\\operatorname{lcm}",
                                     "\\overline{z}",
                                     "\\theta",
                                     "f(x)",
                                     "x_1",
                                     "(C)",
                                     "\\text{(C)}",
                                     "</think>",
                                     "final answer is ",
                                     "#### ",
                                     "\n",
                                     " ",
                                     "\\,",
                                     "\\!",
                                     "~",
                                     "°",
                                     "π",
                                     "√",
                                     "−",
                                     "½",
                                     "²",
                                     "\xe2\x80\x8b",
                                     "\xe2\x80\xae",
                                     "\xff",
                                     "or",
                                     " and ",
                                     "1/2",
                                     "1 1/2",
                                     "\\sinh ",
                                     "\\arctan ",
                                     "|x|",
                                     "(-1)^{",
                                     "0^0",
                                     "\\frac{0}{0}",
                                     "\\frac{1}{0}",
                                     "\\ldots",
                                     "\\int ",
                                     "\\lim ",
                                     "\\choose ",
                                     "\\over ",
                                     "\\degree",
                                     " percent",
                                     " dollars"};

static void insert(struct random_stream *random, const char *piece, u32 size) {
  if (input.size + size > INPUT_MAX) return;
  const u32 at = 1 + random_below(random, input.size);
  memmove(input.bytes + at + size, input.bytes + at, input.size - at);
  memcpy(input.bytes + at, piece, size);
  input.size += size;
}

static void erase(struct random_stream *random) {
  if (input.size < 4) return;
  const u32 at = 1 + random_below(random, input.size - 2), left = input.size - at;
  const u32 size = 1 + random_below(random, left < 8 ? left : 8);
  memmove(input.bytes + at, input.bytes + at + size, left - size);
  input.size -= size;
}

static void repeat(struct random_stream *random) {
  u8 part[64];
  if (input.size < 3) return;
  const u32 at = 1 + random_below(random, input.size - 2), left = input.size - at;
  const u32 size = 1 + random_below(random, left < sizeof part ? left : (u32)sizeof part),
            times = 1 + random_below(random, 4);
  memcpy(part, input.bytes + at, size);
  for (u32 i = 0; i < times; i++) insert(random, (const char *)part, size);
}

static const char *any_text(struct random_stream *random) {
  const struct pair *pair = &pairs.rows[random_below(random, pairs.count)];
  return random_below(random, 2) == 0 ? pair->gold : pair->answer;
}

static void mutate(struct random_stream *random) {
  switch (random_below(random, 8)) {
    case 0:
    case 1:
    case 2: {
      const char *piece = pieces[random_below(random, COUNT_OF(pieces))];
      insert(random, piece, (u32)strlen(piece));
      break;
    }
    case 3:
      erase(random);
      break;
    case 4:
      repeat(random);
      break;
    case 5: {
      const char *text = any_text(random);
      insert(random, text, (u32)strlen(text));
      break;
    }
    case 6:
      input.bytes[random_below(random, input.size)] = (u8)random_u32(random);
      break;
    default:
      input.bytes[random_below(random, input.size)] ^= (u8)(1u << random_below(random, 8));
  }
}

/* Input number `number` of a seed. */
static void grow(u64 number) {
  struct random_stream random;
  random_open(&random, seed, RANDOM_TEST, number);
  const struct pair *pair = &pairs.rows[random_below(&random, pairs.count)];
  input.bytes[0] = (u8)random_u32(&random);
  const char *answer = random_below(&random, 4) == 0 ? any_text(&random) : pair->answer;
  input.size = 1 + (u32)snprintf((char *)input.bytes + 1, INPUT_MAX - 1, "%s\n%s", pair->gold, answer);
  for (u32 left = random_below(&random, 7); left > 0; left--) mutate(&random);
}

static void crashed(int signal_number) {
  static char text[128];
  const int size = snprintf(text, sizeof text, "\nverifier_fuzz: signal %d in execution %llu of seed %llu\n",
                            signal_number, (unsigned long long)executions, (unsigned long long)seed);
  if (write(2, text, (size_t)size) != size) _exit(1);
  FILE *file = fopen("fuzz-input.bin", "wb");
  if (file != NULL) fwrite(input.bytes, 1, input.size, file), fclose(file);
  _exit(1);
}

static int run_files(int count, char **paths) {
  for (int i = 0; i < count; i++) {
    FILE *file = fopen(paths[i], "rb");
    if (file == NULL) {
      perror(paths[i]);
      return 2;
    }
    input.size = (u32)fread(input.bytes, 1, INPUT_MAX, file);
    fclose(file);
    LLVMFuzzerTestOneInput(input.bytes, input.size);
  }
  return 0;
}

int main(int argc, char **argv) {
  u64 seconds = 10, most = UINT64_MAX, first = 0;
  int option;
  while ((option = getopt(argc, argv, "s:n:r:f:")) != -1) {
    const u64 value = strtoull(optarg != NULL ? optarg : "0", NULL, 10);
    if (option == 's')
      seconds = value;
    else if (option == 'n')
      most = value, seconds = UINT64_MAX;
    else if (option == 'r')
      seed = value;
    else if (option == 'f')
      first = value;
    else
      return 2;
  }
  if (optind < argc) return run_files(argc - optind, argv + optind);
  pairs_open(&pairs);
  signal(SIGABRT, crashed);
  const time_t began = time(NULL);
  for (executions = first; executions - first < most; executions++) {
    if (executions % 256 == 0 && (u64)(time(NULL) - began) >= seconds) break;
    grow(executions);
    LLVMFuzzerTestOneInput(input.bytes, input.size);
  }
  printf("# %llu executions, seed %llu, %llu s\n", (unsigned long long)(executions - first), (unsigned long long)seed,
         (unsigned long long)(time(NULL) - began));
  printf("TAP version 13\n1..1\nok 1 - verifier_fuzz\n");
  pairs_close(&pairs);
  return 0;
}
