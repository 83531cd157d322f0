/* Rows of the peers' tests whose label we do not take, each with our reason: false mathematics, rows that contradict others, texts that are broken.
 * A row is named by the hash of "gold\nanswer" (grader_hash), so that nobody's data is quoted here; several files hold the same row.
 * Such a row counts neither for nor against us. Only rows whose label is "equal" can be here. Called by: verifier_grader_test.c. */
#ifndef RLSP_TESTS_VERIFIER_EXCEPTIONS_H
#define RLSP_TESTS_VERIFIER_EXCEPTIONS_H

#include "engine/types.h"

struct grader_exception {
  u64 hash;
  const char *reason;
};

static const struct grader_exception grader_exceptions[] = {
    /* ---- answer level ---- */
    {0xd7f164c9ca7ecd58ull,
     "the answer's chain of equations says that 7 is 11: it is false, whatever stands at its end"},
    {0x606aa5b503bbc0efull,
     "the answer says that 1/3 is about 1.3, which is false; right only if what follows the first value is not read"},
    {0xcdd452af59d65accull,
     "both texts hold \\rac, which is no command (a \\frac that lost its \\f): nobody can read it"},
    {0xddd0865eb445823eull,
     "an ordered pair against a list of the same two numbers in braces: equal only if order does not count, and in a "
     "pair it does"},
    {0xafda1481ccf6e44full,
     "equal only if z is real; over the complex numbers the gold is a ring, and neither text says which"},
    {0xe312bf2995568097ull,
     "the gold is broken (commands with two backslashes, a box without its end), and its variable is another one"},
    {0xb071383ba41bd632ull,
     "f(x) and f(y) are equal only under the peer's strict=false; its own row beside this one says that they are not"},
    {0xab43b8da06b27818ull,
     "1/12 is no finite decimal; true to a tolerance, which this row does not ask for (others hold the same pair with "
     "a precision)"},
    /* ---- normalisation ---- */
    {0x600851d7e79e2ec8ull, "takes the variable a for the article: a b c is not b c"},
    {0xdd194c1ce5e52000ull,
     "the word answer says nothing, so that it is not read: whoever repeats it has not answered"},
    {0x9018fc6764020cf0ull, "3s is three seconds, or three times s (MATH has golds like 2s)"},
    /* ---- parser level ---- */
    {0xb40525648a3de8a5ull,
     "the gold was printed by sympy, which drops the base: a logarithm to base 2 is not one to base 10 or e"},
    {0x04372af5563a813eull, "as above, base a"},
    {0xc0ae0506f7beae40ull, "as above, base a^2"},
    {0x703f6acf083d4f97ull, "as above, base a without braces"},
    {0xd81ee5c5f3a08cadull, "the gold is a double rounded to 15 digits, not the exact value of exp(12.4)"},
    {0x4394f8dd307b085bull, "the gold is a double: the root of 99.9999999999999 is 9.99999999999999499..."},
    {0x7a1b598496fc8106ull, "1+1 mod 2 is 2 or 0, by whichever of the two binds first"},
    {0x0b206421b4571bc1ull,
     "braces without a backslash are a group in LaTeX: the answer is a matrix, not the set of it"},
    {0xec0220e5a6f01eaeull, "as above: 876123 mod 128 times a power of ten, or 876123 modulo that product"},
};

#endif
