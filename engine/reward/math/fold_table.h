/* Every character beyond ASCII that an answer may hold, once: FOLD(code, what the lexer sees). In the order of the codes (a test holds it).
 * Included by fold.c and its test. Not here, and so refused: controls, bidirectional marks, zero width, letters of other scripts, full-width
 * letters and digits (look-alikes). */
#ifndef RLSP_ENGINE_REWARD_MATH_FOLD_TABLE_H
#define RLSP_ENGINE_REWARD_MATH_FOLD_TABLE_H

#define FOLD_TABLE(FOLD)            \
  FOLD(0x00a0, " ")                 \
  FOLD(0x00a2, "\\cents ")          \
  FOLD(0x00a3, "\\pounds ")         \
  FOLD(0x00a5, "\\yen ")            \
  FOLD(0x00ac, "\\neg ")            \
  FOLD(0x00b0, "^{\\circ}")         \
  FOLD(0x00b1, "\\pm ")             \
  FOLD(0x00b2, "^{2}")              \
  FOLD(0x00b3, "^{3}")              \
  FOLD(0x00b4, "'")                 \
  FOLD(0x00b7, "\\cdot ")           \
  FOLD(0x00b9, "^{1}")              \
  FOLD(0x00ba, "^{\\circ}")         \
  FOLD(0x00bc, "\\frac{1}{4}")      \
  FOLD(0x00bd, "\\frac{1}{2}")      \
  FOLD(0x00be, "\\frac{3}{4}")      \
  FOLD(0x00d7, "\\times ")          \
  FOLD(0x00f7, "\\div ")            \
  FOLD(0x0393, "\\Gamma ")          \
  FOLD(0x0394, "\\Delta ")          \
  FOLD(0x0398, "\\Theta ")          \
  FOLD(0x039b, "\\Lambda ")         \
  FOLD(0x039e, "\\Xi ")             \
  FOLD(0x03a0, "\\Pi ")             \
  FOLD(0x03a3, "\\Sigma ")          \
  FOLD(0x03a6, "\\Phi ")            \
  FOLD(0x03a8, "\\Psi ")            \
  FOLD(0x03a9, "\\Omega ")          \
  FOLD(0x03b1, "\\alpha ")          \
  FOLD(0x03b2, "\\beta ")           \
  FOLD(0x03b3, "\\gamma ")          \
  FOLD(0x03b4, "\\delta ")          \
  FOLD(0x03b5, "\\epsilon ")        \
  FOLD(0x03b6, "\\zeta ")           \
  FOLD(0x03b7, "\\eta ")            \
  FOLD(0x03b8, "\\theta ")          \
  FOLD(0x03b9, "\\iota ")           \
  FOLD(0x03ba, "\\kappa ")          \
  FOLD(0x03bb, "\\lambda ")         \
  FOLD(0x03bc, "\\mu ")             \
  FOLD(0x03bd, "\\nu ")             \
  FOLD(0x03be, "\\xi ")             \
  FOLD(0x03c0, "\\pi ")             \
  FOLD(0x03c1, "\\rho ")            \
  FOLD(0x03c3, "\\sigma ")          \
  FOLD(0x03c4, "\\tau ")            \
  FOLD(0x03c5, "\\upsilon ")        \
  FOLD(0x03c6, "\\phi ")            \
  FOLD(0x03c7, "\\chi ")            \
  FOLD(0x03c8, "\\psi ")            \
  FOLD(0x03c9, "\\omega ")          \
  FOLD(0x03d1, "\\theta ")          \
  FOLD(0x03d5, "\\phi ")            \
  FOLD(0x2002, " ")                 \
  FOLD(0x2003, " ")                 \
  FOLD(0x2004, " ")                 \
  FOLD(0x2005, " ")                 \
  FOLD(0x2006, " ")                 \
  FOLD(0x2007, " ")                 \
  FOLD(0x2008, " ")                 \
  FOLD(0x2009, " ")                 \
  FOLD(0x200a, " ")                 \
  FOLD(0x2010, "-")                 \
  FOLD(0x2011, "-")                 \
  FOLD(0x2012, "-")                 \
  FOLD(0x2013, "-")                 \
  FOLD(0x2016, "\\Vert ")           \
  FOLD(0x2018, "'")                 \
  FOLD(0x2019, "'")                 \
  FOLD(0x201c, "\"")               \
  FOLD(0x201d, "\"")               \
  FOLD(0x2026, "\\ldots ")          \
  FOLD(0x202f, " ")                 \
  FOLD(0x2032, "'")                 \
  FOLD(0x2033, "''")                \
  FOLD(0x2044, "/")                 \
  FOLD(0x205f, " ")                 \
  FOLD(0x2070, "^{0}")              \
  FOLD(0x2071, "^{i}")              \
  FOLD(0x2074, "^{4}")              \
  FOLD(0x2075, "^{5}")              \
  FOLD(0x2076, "^{6}")              \
  FOLD(0x2077, "^{7}")              \
  FOLD(0x2078, "^{8}")              \
  FOLD(0x2079, "^{9}")              \
  FOLD(0x207a, "^{+}")              \
  FOLD(0x207b, "^{-}")              \
  FOLD(0x207d, "^{(}")              \
  FOLD(0x207e, "^{)}")              \
  FOLD(0x207f, "^{n}")              \
  FOLD(0x2080, "_{0}")              \
  FOLD(0x2081, "_{1}")              \
  FOLD(0x2082, "_{2}")              \
  FOLD(0x2083, "_{3}")              \
  FOLD(0x2084, "_{4}")              \
  FOLD(0x2085, "_{5}")              \
  FOLD(0x2086, "_{6}")              \
  FOLD(0x2087, "_{7}")              \
  FOLD(0x2088, "_{8}")              \
  FOLD(0x2089, "_{9}")              \
  FOLD(0x2099, "_{n}")              \
  FOLD(0x20ac, "\\euro ")           \
  FOLD(0x20b9, "\\rupees ")         \
  FOLD(0x2102, "\\mathbb{C}")       \
  FOLD(0x2115, "\\mathbb{N}")       \
  FOLD(0x211a, "\\mathbb{Q}")       \
  FOLD(0x211d, "\\mathbb{R}")       \
  FOLD(0x2124, "\\mathbb{Z}")       \
  FOLD(0x2150, "\\frac{1}{7}")      \
  FOLD(0x2151, "\\frac{1}{9}")      \
  FOLD(0x2152, "\\frac{1}{10}")     \
  FOLD(0x2153, "\\frac{1}{3}")      \
  FOLD(0x2154, "\\frac{2}{3}")      \
  FOLD(0x2155, "\\frac{1}{5}")      \
  FOLD(0x2156, "\\frac{2}{5}")      \
  FOLD(0x2157, "\\frac{3}{5}")      \
  FOLD(0x2158, "\\frac{4}{5}")      \
  FOLD(0x2159, "\\frac{1}{6}")      \
  FOLD(0x215a, "\\frac{5}{6}")      \
  FOLD(0x215b, "\\frac{1}{8}")      \
  FOLD(0x215c, "\\frac{3}{8}")      \
  FOLD(0x215d, "\\frac{5}{8}")      \
  FOLD(0x215e, "\\frac{7}{8}")      \
  FOLD(0x2192, "\\to ")             \
  FOLD(0x21d2, "\\Rightarrow ")     \
  FOLD(0x21d4, "\\Leftrightarrow ") \
  FOLD(0x2200, "\\forall ")         \
  FOLD(0x2202, "\\partial ")        \
  FOLD(0x2203, "\\exists ")         \
  FOLD(0x2205, "\\emptyset ")       \
  FOLD(0x2206, "\\Delta ")          \
  FOLD(0x2207, "\\nabla ")          \
  FOLD(0x2208, "\\in ")             \
  FOLD(0x2209, "\\notin ")          \
  FOLD(0x220f, "\\prod ")           \
  FOLD(0x2211, "\\sum ")            \
  FOLD(0x2212, "-")                 \
  FOLD(0x2213, "\\mp ")             \
  FOLD(0x2215, "/")                 \
  FOLD(0x2216, "\\setminus ")       \
  FOLD(0x2217, "*")                 \
  FOLD(0x2219, "\\cdot ")           \
  FOLD(0x221a, "\\surd ")           \
  FOLD(0x221b, "\\cuberoot ")       \
  FOLD(0x221e, "\\infty ")          \
  FOLD(0x2220, "\\angle ")          \
  FOLD(0x2223, "\\mid ")            \
  FOLD(0x2227, "\\land ")           \
  FOLD(0x2228, "\\lor ")            \
  FOLD(0x2229, "\\cap ")            \
  FOLD(0x222a, "\\cup ")            \
  FOLD(0x222b, "\\int ")            \
  FOLD(0x2236, ":")                 \
  FOLD(0x2248, "\\approx ")         \
  FOLD(0x2260, "\\neq ")            \
  FOLD(0x2261, "\\equiv ")          \
  FOLD(0x2264, "\\leq ")            \
  FOLD(0x2265, "\\geq ")            \
  FOLD(0x2282, "\\subset ")         \
  FOLD(0x2286, "\\subseteq ")       \
  FOLD(0x22c5, "\\cdot ")           \
  FOLD(0x2308, "\\lceil ")          \
  FOLD(0x2309, "\\rceil ")          \
  FOLD(0x230a, "\\lfloor ")         \
  FOLD(0x230b, "\\rfloor ")         \
  FOLD(0x25b3, "\\triangle ")       \
  FOLD(0x27e8, "\\langle ")         \
  FOLD(0x27e9, "\\rangle ")         \
  FOLD(0x2a7d, "\\leq ")            \
  FOLD(0x2a7e, "\\geq ")            \
  FOLD(0x3000, " ")                 \
  FOLD(0x3001, ", ")                \
  FOLD(0x3002, ". ")                \
  FOLD(0xff05, "\\%")               \
  FOLD(0xff08, "(")                 \
  FOLD(0xff09, ")")                 \
  FOLD(0xff0b, "+")                 \
  FOLD(0xff0c, ", ")                \
  FOLD(0xff0d, "-")                 \
  FOLD(0xff0f, "/")                 \
  FOLD(0xff1a, ":")                 \
  FOLD(0xff1b, "; ")                \
  FOLD(0xff1c, "<")                 \
  FOLD(0xff1d, "=")                 \
  FOLD(0xff1e, ">")                 \
  FOLD(0xff3b, "[")                 \
  FOLD(0xff3d, "]")                 \
  FOLD(0xff5b, "\\{")               \
  FOLD(0xff5c, "|")                 \
  FOLD(0xff5d, "\\}")

#endif
