/* What texts are not read, and where: REFUSE(text, outcome, byte offset). */
#ifndef RLSP_TESTS_VERIFIER_REFUSE_TABLE_H
#define RLSP_TESTS_VERIFIER_REFUSE_TABLE_H

#define REFUSE_TABLE(REFUSE)                                                          \
  /* ---- refuses nonsense ---- */                                                    \
  REFUSE("(", UNREADABLE, 1)                                                          \
  REFUSE(")", UNREADABLE, 0)                                                          \
  REFUSE("[", UNREADABLE, 1)                                                          \
  REFUSE("{", UNREADABLE, 1)                                                          \
  REFUSE("}", UNREADABLE, 0)                                                          \
  REFUSE("|", UNREADABLE, 1)                                                          \
  REFUSE("-", UNREADABLE, 1)                                                          \
  REFUSE("!", UNREADABLE, 0)                                                          \
  REFUSE("_", UNREADABLE, 1)                                                          \
  REFUSE("^", UNREADABLE, 0)                                                          \
  REFUSE("\\", UNREADABLE, 0)                                                         \
  REFUSE("\\$", UNREADABLE, 2)                                                        \
  REFUSE(",", UNREADABLE, 0)                                                          \
  REFUSE("1.1.1", UNREADABLE, 3)                                                      \
  REFUSE("a \\cdot \\cdot b", UNREADABLE, 9)                                          \
  REFUSE("a //b", UNREADABLE, 3)                                                      \
  REFUSE("a +", UNREADABLE, 3)                                                        \
  REFUSE("a / b /", UNREADABLE, 7)                                                    \
  REFUSE("f(,", UNREADABLE, 2)                                                        \
  REFUSE("\\frac{2}{}", UNREADABLE, 9)                                                \
  REFUSE("\\frac{}{2}", UNREADABLE, 6)                                                \
  REFUSE("\\sqrt", UNREADABLE, 5)                                                     \
  REFUSE("\\sin^x", UNREADABLE, 6)                                                    \
  REFUSE("\\cos 1 \\cos", UNREADABLE, 11)                                             \
  REFUSE("((()))", UNREADABLE, 3)                                                     \
  REFUSE("(1,2", UNREADABLE, 4)                                                       \
  REFUSE("(1,2,3]", UNREADABLE, 7)                                                    \
  REFUSE("[1,2,3)", UNREADABLE, 7)                                                    \
  REFUSE("\\lfloor x", UNREADABLE, 9)                                                 \
  REFUSE("\\mathit{x + y}", UNREADABLE, 10)                                           \
  REFUSE("3 5", UNREADABLE, 2)                                                        \
  REFUSE("1 2 3", UNREADABLE, 2)                                                      \
  REFUSE("5 more", UNREADABLE, 2)                                                     \
  REFUSE("5 or more", UNREADABLE, 5)                                                  \
  REFUSE("about 5", UNREADABLE, 0)                                                    \
  REFUSE("the answer is 5", UNREADABLE, 0)                                            \
  REFUSE("x = 5 (correct)", UNREADABLE, 15)                                           \
  REFUSE("5 (five)", UNREADABLE, 8)                                                   \
  REFUSE("2 + \\text{cat}", UNREADABLE, 10)                                           \
  REFUSE("(1,2)(3,4)", UNREADABLE, 5)                                                 \
  REFUSE("\\variable{x}", UNREADABLE, 0)                                              \
  REFUSE("37_7", UNREADABLE, 2)                                                       \
  REFUSE("12_{1}", UNREADABLE, 2)                                                     \
  REFUSE("a@b", UNREADABLE, 1)                                                        \
  REFUSE("x \\not 3", UNREADABLE, 7)                                                  \
  REFUSE("|2|x||", UNREADABLE, 6)                                                     \
  REFUSE("\\begin{pmatrix}1&2\\\\3\\end{pmatrix}", UNREADABLE, 16)                    \
  REFUSE("\\begin{pmatrix}\\end{pmatrix}", UNREADABLE, 15)                            \
  REFUSE("x_", UNREADABLE, 2)                                                         \
  REFUSE("an answer", UNREADABLE, 3)                                                  \
  /* ---- says what it does not do ---- */                                            \
  REFUSE("\\int x dx", UNSUPPORTED, 1)                                                \
  REFUSE("\\int_0^1 x^2 dx", UNSUPPORTED, 1)                                          \
  REFUSE("\\lim_{x \\to 0} x", UNSUPPORTED, 1)                                        \
  REFUSE("\\frac{d}{dx} x^2", UNSUPPORTED, 1)                                         \
  REFUSE("\\frac{dy}{dx}", UNSUPPORTED, 1)                                            \
  REFUSE("\\partial x", UNSUPPORTED, 1)                                               \
  REFUSE("\\sum_{k=1}^{\\infty} k", UNSUPPORTED, 1)                                   \
  REFUSE("\\sum k", UNSUPPORTED, 1)                                                   \
  REFUSE("1 + 2 + \\cdots + n", UNSUPPORTED, 9)                                       \
  REFUSE("0.314...", UNSUPPORTED, 5)                                                  \
  REFUSE("\\forall x", UNSUPPORTED, 1)                                                \
  REFUSE("x \\Rightarrow y", UNSUPPORTED, 3)                                          \
  REFUSE("\\mathbb{R}^+", UNSUPPORTED, 11)                                            \
  REFUSE("\\mathbb{H}", UNSUPPORTED, 10)                                              \
  REFUSE("\\overline{abc}", UNSUPPORTED, 14)                                          \
  REFUSE("\\begin{tabular}", UNSUPPORTED, 0)                                          \
  REFUSE("{x : x > 2}", UNSUPPORTED, 0)                                               \
  REFUSE("\\{2x \\mid x > 2\\}", UNSUPPORTED, 6)                                      \
  REFUSE("\\operatorname{proj}(x)", UNSUPPORTED, 0)                                   \
  /* ---- does not choose between readings ---- */                                    \
  REFUSE("1/2x", AMBIGUOUS, 3)                                                        \
  REFUSE("a/bc", AMBIGUOUS, 3)                                                        \
  REFUSE("x2", AMBIGUOUS, 1)                                                          \
  REFUSE("2x2", AMBIGUOUS, 2)                                                         \
  REFUSE("\\sqrt23", AMBIGUOUS, 5)                                                    \
  REFUSE("2.5(4)", AMBIGUOUS, 3)                                                      \
  REFUSE("2\\frac32", AMBIGUOUS, 2)                                                   \
  REFUSE("1 234/567", AMBIGUOUS, 5)                                                   \
  REFUSE("5!=120", AMBIGUOUS, 1)                                                      \
  REFUSE("C(5,2)+1", AMBIGUOUS, 1)                                                    \
  REFUSE("\\sin x/2", AMBIGUOUS, 6)                                                   \
  REFUSE("\\sin 2(x+1)", AMBIGUOUS, 6)                                                \
  REFUSE("n^2!", AMBIGUOUS, 3)                                                        \
  REFUSE("(A) 15 (B) 16", AMBIGUOUS, 0)                                               \
  REFUSE("e^{I\\pi}", AMBIGUOUS, 8)                                                   \
  REFUSE("a+bI", AMBIGUOUS, 4)                                                        \
  REFUSE("\\begin{pmatrix}1&\\frac{1}{2}\\frac{1}{3}&4\\end{pmatrix}", AMBIGUOUS, 29) \
  /* ---- more ---- */                                                                \
  REFUSE("1/5/2024", AMBIGUOUS, 0)                                                    \
  REFUSE("10C5", AMBIGUOUS, 3)                                                        \
  REFUSE("x \\equiv 1, 2 \\pmod{3}", UNSUPPORTED, 10)                                 \
  REFUSE("x > 2 or 3", UNREADABLE, 10)                                                \
  REFUSE("5'3\"", UNREADABLE, 3)                                                      \
  REFUSE("\"hello", UNREADABLE, 6)

#endif
