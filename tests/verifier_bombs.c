#include "tests/verifier_bombs.h"

#include <stdlib.h>
#include <string.h>

const char *const bomb_towers[] = {"5^{5^{5^{5^{5}}}}",
                                   "5^5^5^5^5",
                                   "2003^{2002^{2001}}",
                                   "2003^2002^2001",
                                   "((((9!)!)!)!)!",
                                   "(((9!)!)!)!",
                                   "10^{10^{10^{10}}}",
                                   "99999999!",
                                   "(10^{1000000})!",
                                   "\\binom{10^{100}}{10^{50}}",
                                   "\\prod_{k=1}^{10^{9}} k^{k^{k}}",
                                   "\\sum_{k=1}^{10^{100}} k",
                                   "1E999999999",
                                   "\\sin(10^{10^{10}})",
                                   "\\gcd(10^{10^{10}}, 7^{10^{10}})",
                                   "\\lfloor e^{e^{e^{100}}} \\rfloor",
                                   "(1.0000001)^{10^{30}}",
                                   NULL};

const char *const bomb_provable[] = {"2^{-10^{100}}",
                                     "e^{e^{e^{e^{e^{e}}}}}",
                                     "1E-999999999",
                                     "\\log(\\log(10^{10^{100}}))",
                                     "x^{10^{10}}",
                                     "(x+1)^{10^{10}}",
                                     "9!!!!!!!!!!!!",
                                     "(a+b+c+d+e+f+g)^{10000}-1",
                                     "\\sqrt[10^{50}]{2}-\\sqrt[10^{51}]{3}",
                                     "((1+x)^{1000}+1)^{1000}",
                                     "(1+\\sqrt{2})^{100000}",
                                     "1000!",
                                     "\\binom{4000}{2000}",
                                     NULL};

const char *const bomb_nests[][3] = {
    {"{", "5", "}"},          {"(", "5", ")"},          {"\\left(", "5", "\\right)"},
    {"\\frac{1}{", "5", "}"}, {"\\frac{", "5", "}{2}"}, {"\\sqrt{", "5", "}"},
    {"\\boxed{", "5", "}"},   {"\\text{", "5", "}"},    {"x^{", "5", "}"},
    {"-", "5", ""},           {"|", "5", "|"},          {"\\{", "5", "\\}"},
    {"[", "5", ")"},          {"1+(", "5", ")"},        {"\\begin{pmatrix}", "5", "\\end{pmatrix}"},
    {"\\sqrt[", "5", "]{2}"}, {"\\sin(", "5", ")"},     {"\\left\\{", "5", "\\right\\}"},
    {"5,", "5", ""},          {"$", "5", "$"},          {"\\lfloor ", "5", "\\rfloor "},
    {"5\\cup ", "5", ""},     {NULL, NULL, NULL}};

const char *const bomb_heavy[][2] = {
    {"\\sum_{k=0}^{299} x^k", "\\frac{x^{300}-1}{x-1}"},
    {"\\sum_{k=0}^{1000} x^k", "\\frac{x^{1001}-1}{x-1}"},
    {"\\sum_{k=1}^{1000} \\sqrt{k}", "1"},
    {"\\sum_{k=1}^{100} |x-k|", "\\sum_{k=1}^{100} |k-x|"},
    {"\\sum_{k=1}^{1000} \\frac{1}{k}", "7"},
    {"\\sum_{k=1}^{1000} \\frac{1}{k+x}", "7"},
    {"\\sum_{k=1}^{300} \\frac{x^k}{k}", "1"},
    {"\\prod_{k=1}^{300} (x+\\frac{1}{k})", "1"},
    {"\\sum_{k=1}^{300} \\frac{k^{20}x^{k}}{k+1}", "\\sum_{k=1}^{300} \\frac{k^{20}x^{k}}{k+2}"},
    {"\\sum_{k=1}^{100}\\sum_{j=1}^{100} \\frac{1}{k+j}", "1"},
    {"\\sum_{k=1}^{60}\\sum_{j=1}^{60} \\frac{x^k}{k+j}", "\\sum_{j=1}^{60}\\sum_{k=1}^{60} \\frac{x^k}{k+j}"},
    {"(1+\\sqrt{2})^{1000}", "(3+2\\sqrt{2})^{500}"},
    {"(x+1)^{200}(y+2)^{100}", "(x+1)^{199}(y+2)^{100}(x+2)"},
    {"\\sum_{k=1}^{1000} \\sin(k)", "5"},
    {"\\sum_{k=1}^{40} \\lfloor kx \\rfloor", "\\sum_{k=2}^{41} \\lfloor kx \\rfloor"},
    {NULL, NULL}};

char *bomb_nest(const char *const form[3], u32 count) {
  const u64 open_size = strlen(form[0]), middle_size = strlen(form[1]), close_size = strlen(form[2]);
  char *text = malloc(count * (open_size + close_size) + middle_size + 1), *at = text;
  if (text == NULL) abort();
  for (u32 i = 0; i < count; i++) memcpy(at, form[0], open_size), at += open_size;
  memcpy(at, form[1], middle_size), at += middle_size;
  for (u32 i = 0; i < count; i++) memcpy(at, form[2], close_size), at += close_size;
  *at = 0;
  return text;
}
