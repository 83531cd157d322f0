/* engine/reward/math/read.h: what texts are read as, and which are not read. Rows of our own making, judged one by one; a dump is
 * expression_print's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reward/math/read.h"
#include "engine/text/json.h"

struct row {
  const char *text, *read;
};

static struct expression nodes[VERIFIER_NODES_MAX];
static u32 children[VERIFIER_CHILDREN_MAX];
static u8 pool_text[VERIFIER_TEXT_MAX];
static struct expression_pool pool = {.nodes = nodes, .children = children, .text = pool_text};
static char dump[1 << 16];

static const char *const outcomes[] = {"ok",        "empty",     "unreadable", "unsupported",
                                       "too large", "forbidden", "ambiguous"};

/* The dump, or the outcome's name. The text lies alone in memory, so that the sanitizers see a step beyond it. */
static const char *read_text(const char *text, u32 size, struct read_result *result) {
  char *const alone = malloc(size > 0 ? size : 1);
  assert_non_null(alone);
  memcpy(alone, text, size);
  *result = read_answer(&pool, alone, size);
  free(alone);
  assert_true(result->place <= size);
  assert_true((result->outcome == READ_OK) == (result->root != EXPRESSION_NONE));
  if (result->outcome != READ_OK) return outcomes[result->outcome];
  assert_true(result->root < pool.node_count);
  assert_true(expression_print(&pool, result->root, dump, sizeof dump) > 0);
  return dump;
}

static const char *read_row(const char *text) {
  struct read_result result;
  return read_text(text, (u32)strlen(text), &result);
}

static void check_rows(const struct row *rows, u32 count) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++) {
    const char *const got = read_row(rows[i].text);
    if (strcmp(got, rows[i].read) == 0) continue;
    print_error("%s\n  read as %s\n  not as  %s\n", rows[i].text, got, rows[i].read);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void reads_numbers(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"0", "0"},
      {"1,234,567", "1234567"},
      {"32,\\! 349", "32349"},
      {"23{,}000", "23000"},
      {"45\\,045", "45045"},
      {"1 000 000", "1000000"},
      {"306,956.63", "306956.63"},
      {"1000,99", "1000.99"},
      {"0,111", "0.111"},
      {"2,74 $", "(money '$' 2.74)"},
      {".0000672", ".0000672"},
      {"0.1\\overline{6}", "0.1[6]"},
      {"0.\\overline{3}", "0.[3]"},
      {"0.(3)", "0.[3]"},
      {"0.\\dot{1}4\\dot{2}", "0.[142]"},
      {"1.5 \\times 10^{3}", "(multiply 1.5 (power 10 3))"},
      {"1.5e3", "(multiply 1.5 (power 10 3))"},
      {"2e-5", "(multiply 2 (power 10 (negate 5)))"},
      {"1 4/5", "(mixed 1 (divide 4 5))"},
      {"-1 4/5", "(negate (mixed 1 (divide 4 5)))"},
      {"137 \\frac{1}{2}", "(mixed 137 (divide 1 2))"},
      {"1\\tfrac45", "(mixed 1 (divide 4 5))"},
      {"1½", "(mixed 1 (divide 1 2))"},
      {"101_2", "101_2"},
      {"-37_8", "(negate 37_8)"},
      {"0.0011_{2}", "0.0011_2"},
      {"(101)_2", "101_2"},
      {"152A_{11}", "152A_11"},
      {"{A5}_{11}", "A5_11"},
      {"101_{\\text{two}}", "101_2"},
      {"4th", "4"},
      {"five", "5"},
      {"5 million", "(multiply 5 (power 10 6))"},
      {"1000000000000000000000000000000000000001", "1000000000000000000000000000000000000001"},
      {"5.", "5"},
      {"$5.$", "5"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_lists(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"3,4", "(list 3 4)"},
      {"1,-2", "(list 1 (negate 2))"},
      {"1,234,5", "(list 1 234 5)"},
      {"-6,-3,-2,-1,1,2,3,6", "(list (negate 6) (negate 3) (negate 2) (negate 1) 1 2 3 6)"},
      {"6,8{,}10", "(list 6 8 10)"},
      {"3, 5, 7", "(list 3 5 7)"},
      {"1, 2, and 3", "(list 1 2 3)"},
      {"5 \\text{ and } 7", "(list 5 7)"},
      {"-2{or}-12", "(list (negate 2) (negate 12))"},
      {"n=1, 2, 3", "(= n (list 1 2 3))"},
      {"x=1 or x=2", "(list (= x 1) (= x 2))"},
      {"x<1 or x>3", "(or (< x 1) (> x 3))"},
      {"p=5,q=2;p=7,q=2", "(list (list (= p 5) (= q 2)) (list (= p 7) (= q 2)))"},
      {"(-4,27);(2,15)", "(list (tuple (negate 4) 27) (tuple 2 15))"},
      {"$5$ and $7$", "(list 5 7)"},
      {"W(x)=1orW(x)=-1", "(list (= (call 'W' x) 1) (= (call 'W' x) (negate 1)))"},
      {"7,-2,{}-5", "(list 7 (negate 2) (negate 5))"},
      {"{(E)},", "(choice E)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_fractions_roots_powers(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"\\frac12", "(divide 1 2)"},
      {"\\frac1{72}", "(divide 1 72)"},
      {"\\frac9{19}", "(divide 9 19)"},
      {"\\frac 59", "(divide 5 9)"},
      {"\\frac{29}4", "(divide 29 4)"},
      {"\\frac1234", "(multiply (divide 1 2) 34)"},
      {"\\cfrac{25}{16}", "(divide 25 16)"},
      {"{1 \\over 2}", "(divide 1 2)"},
      {"1 \\over 2", "(divide 1 2)"},
      {"1/2 x", "(multiply (divide 1 2) x)"},
      {"1/(2x)", "(divide 1 (multiply 2 x))"},
      {"a/b/c", "(divide (divide a b) c)"},
      {"11\\sqrt2", "(multiply 11 (root 2 2))"},
      {"\\sqrt[3]{x}", "(root x 3)"},
      {"\\sqrt(2)", "(root 2 2)"},
      {"√2", "(root 2 2)"},
      {"√23", "(root 23 2)"},
      {"1+√3i", "(add 1 (multiply (root 3 2) i))"},
      {"sqrt(2)", "(root 2 2)"},
      {"x²³", "(power x 23)"},
      {"2**10", "(power 2 10)"},
      {"2^10", "(power 2 10)"},
      {"5^5^5", "(power 5 (power 5 5))"},
      {"x^-1", "(power x (negate 1))"},
      {"-x^2", "(negate (power x 2))"},
      {"12^{1/7}", "(power 12 (divide 1 7))"},
      {"5!7!", "(multiply (factorial 5) (factorial 7))"},
      {"n!!", "(double_factorial n)"},
      {"\\binom{5}{2}", "(binomial 5 2)"},
      {"{n \\choose k}", "(binomial n k)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_functions(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"\\sin^2 x", "(power (sin x) 2)"},
      {"\\sin^{-1} x", "(asin x)"},
      {"\\sin 2x", "(sin (multiply 2 x))"},
      {"\\sin x\\cos x", "(multiply (sin x) (cos x))"},
      {"\\sin5x\\cosx", "(multiply (sin (multiply 5 x)) (cos x))"},
      {"\\secx", "(sec x)"},
      {"sinxcosx", "(multiply (sin x) (cos x))"},
      {"3\\sec\\frac{1}{2}\\theta", "(multiply 3 (sec (multiply (divide 1 2) theta)))"},
      {"\\cos(x)^2", "(power (cos x) 2)"},
      {"\\arcsin(a)", "(asin a)"},
      {"\\operatorname{arcsinh}(a)", "(asinh a)"},
      {"\\text{lcm}(4,6)", "(lcm 4 6)"},
      {"\\log_2 8", "(log 8 2)"},
      {"\\log_28", "(log 8 2)"},
      {"log_10(100)", "(log 100 10)"},
      {"\\log x", "(log x)"},
      {"\\ln x^2", "(ln (power x 2))"},
      {"\\exp x", "(exp x)"},
      {"\\gcd(-12, 4)", "(gcd (negate 12) 4)"},
      {"\\gcd(32)", "32"},
      {"\\max(9,876,543)", "(max 9 876 543)"},
      {"\\lfloor 2.5 \\rfloor", "(floor 2.5)"},
      {"\\lceil x \\rceil", "(ceiling x)"},
      {"|x||y|", "(multiply (abs x) (abs y))"},
      {"||x|-1|", "(abs (add (abs x) (negate 1)))"},
      {"\\left|x-3\\right|", "(abs (add x (negate 3)))"},
      {"7 \\bmod 3", "(mod 7 3)"},
      {"-7 \\bmod 3", "(mod (negate 7) 3)"},
      {"\\overline{z}", "(conjugate z)"},
      {"\\sum_{k=1}^{5} k", "(sum k 1 5 k)"},
      {"\\prod^c_{a = b} x", "(product a b c x)"},
      {"f(4-x)", "(call 'f' (add 4 (negate x)))"},
      {"f^{-1}(x)", "(call 'f^-1' x)"},
      {"p(x) = x^2", "(= (call 'p' x) (power x 2))"},
      {"x(y+1)", "(multiply x (add y 1))"},
      {"h_{\\theta}(x_0, x_1)", "(call 'h_theta' x_0 x_1)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_sums_and_names(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"x y", "(multiply x y)"},
      {"2xy+10x", "(add (multiply 2 x y) (multiply 10 x))"},
      {"-\\frac{5}{2}x-\\frac{29}{4}", "(add (negate (multiply (divide 5 2) x)) (negate (divide 29 4)))"},
      {"3 \\pm 2 \\sqrt{2}", "(plus_minus 3 (multiply 2 (root 2 2)))"},
      {"x = ±2", "(= x (plus_minus 2))"},
      {"2+3-4", "(add 2 3 (negate 4))"},
      {"5 - -3", "(add 5 (negate (negate 3)))"},
      {"x_{12}", "x_12"},
      {"x₁", "x_1"},
      {"y''_1", "y_1''"},
      {"AB", "AB"},
      {"AB=9", "(= AB 9)"},
      {"\\frac{NO}{BO}", "(divide NO BO)"},
      {"PV = nRT", "(= PV (multiply n R T))"},
      {"\\overline{CD}", "CD"},
      {"\\frac{1}{7}\\triangleABC", "(multiply (divide 1 7) triangle ABC)"},
      {"\\mathit{test}", "test"},
      {"2\\mathbf{i}+3\\mathbf{j}", "(add (multiply 2 i vector) (multiply 3 j))"},
      {"\\varphi", "phi"},
      {"πr²", "(multiply pi (power r 2))"},
      {"e^{i\\pi}", "(power e (multiply i pi))"},
      {"2pi", "(multiply 2 pi)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_points_intervals_sets(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"(1,234)", "(tuple 1 234)"},
      {"(0;0;0)", "(tuple 0 0 0)"},
      {"\\left( 3, \\frac{\\pi}{2} \\right)", "(tuple 3 (divide pi 2))"},
      {"[0,1)", "(interval[) 0 1)"},
      {"\\left(\\frac{3}{5},\\frac{8}{3}\\right]", "(interval(] (divide 3 5) (divide 8 3))"},
      {"(−∞, 2]", "(interval(] (negate infinity) 2)"},
      {"]0,1[", "(interval() 0 1)"},
      {"[0,1[", "(interval[) 0 1)"},
      {"[a + b]", "(add a b)"},
      {"\\{-1\\}\\cup[0,7)", "(union (set (negate 1)) (interval[) 0 7))"},
      {"{1,2} ∪ {2,3}", "(union (set 1 2) (set 2 3))"},
      {"\\{\\}", "(set)"},
      {"(0,9) \\cup (9,36) \\cup [40, 41]", "(union (tuple 0 9) (tuple 9 36) (interval[] 40 41))"},
      {"\\mathbb{R} \\setminus \\{0\\}", "(difference reals (set 0))"},
      {"[0,1] \\setminus {0.5}", "(difference (interval[] 0 1) (set 0.5))"},
      {"\\{x \\mid x > 2\\}", "(> x 2)"},
      {"\\{x \\in \\mathbb{R} : x \\neq 2\\}", "(!= x 2)"},
      {"\\langle 1,2 \\rangle", "(tuple 1 2)"},
      {"\\emptyset", "emptyset"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_statements(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"x=5", "(= x 5)"},
      {"= 5", "5"},
      {"\\approx8.24", "8.24"},
      {"x <= 5", "(<= x 5)"},
      {"x \\geqslant 5", "(>= x 5)"},
      {"x != 3", "(!= x 3)"},
      {"x \\not= 3", "(!= x 3)"},
      {"-80\\leqg(x)\\leq82", "(chain (<= (negate 80) (call 'g' x)) (<= (call 'g' x) 82))"},
      {"x = 5+5+1 = 7 =11", "(chain (= x (add 5 5 1)) (= (add 5 5 1) 7) (= 7 11))"},
      {"x \\in [-2,7]", "(in x (interval[] (negate 2) 7))"},
      {"x in (2,3]", "(in x (interval(] 2 3))"},
      {"a \\equiv 3 \\pmod{7}", "(congruent a (mod 3 7))"},
      {"1 < ms < 2", "(chain (< 1 (multiply m s)) (< (multiply m s) 2))"},
      {"1:4", "(divide 1 4)"},
      {"1:2:3", "(tuple 1 2 3)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_matrices(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"\\begin{pmatrix} -1 & 0 \\\\ 0 & -1 \\end{pmatrix}", "(matrix 2 (negate 1) 0 0 (negate 1))"},
      {"\\begin{pmatrix}4&2\\-1&1\\end{pmatrix}", "(matrix 2 4 2 (negate 1) 1)"},
      {"\\begin{pmatrix}1\\7\\end{pmatrix}", "(matrix 1 1 7)"},
      {"\\begin{pmatrix}1\\\\2\\\\\\end{pmatrix}", "(matrix 1 1 2)"},
      {"(\\begin{pmatrix}1\\\\2\\end{pmatrix})", "(matrix 1 1 2)"},
      {"\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}", "(determinant (matrix 2 1 2 3 4))"},
      {"\\left|\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right|", "(determinant (matrix 2 1 2 3 4))"},
      {"\\begin{pmatrix}\\frac{1}{2}&0\\0\\frac{1}{3}&4\\end{pmatrix}",
       "(matrix 2 (divide 1 2) 0 (mixed 0 (divide 1 3)) 4)"},
      {"\\begin{cases} x=1 \\\\ y=2 \\end{cases}", "(list (= x 1) (= y 2))"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_marks_and_units(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"50%", "(percent 50)"},
      {"50\\%", "(percent 50)"},
      {"50 percent", "(percent 50)"},
      {"$5", "(money '$' 5)"},
      {"\\$5", "(money '$' 5)"},
      {"\\$32,\\!348", "(money '$' 32348)"},
      {"5 dollars", "(money '$' 5)"},
      {"€5", "(money '€' 5)"},
      {"1,000.99€", "(money '€' 1000.99)"},
      {"45^\\circ", "(degrees 45)"},
      {"45°", "(degrees 45)"},
      {"\\frac{270}7\\text{ degrees}", "(degrees (divide 270 7))"},
      {"5cm", "(unit 'cm' 5)"},
      {"440{cm}^2", "(unit 'cm^2' 440)"},
      {"8\\sqrt{3}{squareinches}", "(unit 'in^2' (multiply 8 (root 3 2)))"},
      {"864 \\mbox{ inches}^2", "(unit 'in^2' 864)"},
      {"5\\text{ square cm}", "(unit 'cm^2' 5)"},
      {"10 miles per hour", "(unit 'mi/h' 10)"},
      {"60 km/h", "(unit 'km/h' 60)"},
      {"10 \\text{ m/s}^2", "(unit 'm/s^2' 10)"},
      {"10\\text{ min}", "(unit 'min' 10)"},
      {"5 feet 3 inches", "(add (unit 'ft' 5) (unit 'in' 3))"},
      {"3 hours and 20 minutes", "(add (unit 'h' 3) (unit 'min' 20))"},
      {"10 + 2 cm", "(unit 'cm' (add 10 2))"},
      {"18 bolts", "(unit 'bolts' 18)"},
      {"42 square", "(unit 'square' 42)"},
      {"5.4 \\text{ cents}", "(unit 'cent' 5.4)"},
      {"3m", "(multiply 3 m)"},
      {"30^\\circ C", "(unit 'C' (degrees 30))"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_words(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"\\text{Evelyn}", "(text 'evelyn')"},
      {"{twolines}", "(text 'twolines')"},
      {"\\text{two lines}", "(text 'two lines')"},
      {"Monday", "(text 'monday')"},
      {"(C)", "(choice C)"},
      {"\\text{(C)}", "(choice C)"},
      {"({E})", "(choice E)"},
      {"C", "C"},
      {"June 20", "(date 212)"},
      {"{October30}", "(date 350)"},
      {"June 20, 2014", "(date 1031380)"},
      {"12:00", "(time 720)"},
      {"{4:30p.m.}", "(time 270 'pm')"},
      {"{1:03PM}", "(time 63 'pm')"},
      {"4:51:06", "(text '4:51:06')"},
      {"no solution", "emptyset"},
      {"does not exist", "undefined"},
      {"all real numbers", "reals"},
      {"NO", "(text 'no')"},
      {"II", "II"},
  };
  check_rows(rows, COUNT_OF(rows));
}

static void reads_wrappers(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"$\\boxed{5}$.", "5"},
      {"\\boxed{1, 2}", "(list 1 2)"},
      {"**5**", "5"},
      {"\\( 5 \\)", "5"},
      {"\\[ 5 \\]", "5"},
      {"{{5}}", "5"},
      {"\\left.5\\right.", "5"},
      {"42<|im_end|>", "42"},
      {"185\\", "185"},
      {"\\displaystyle 5", "5"},
      {"\\\\frac{1}{2}", "(divide 1 2)"},
      {"$\\\\left(\\\\frac{1}{5},\\\\frac{1}{6}\\\\right)$", "(tuple (divide 1 5) (divide 1 6))"},
      {"\\\\{1,2\\\\}", "(set 1 2)"},
  };
  check_rows(rows, COUNT_OF(rows));
}

/* ---- what is not read ---- */

struct outcome_row {
  const char *text;
  enum read_outcome outcome;
  u32 place;
};

static void check_outcomes(const struct outcome_row *rows, u32 count) {
  u32 wrong = 0;
  for (u32 i = 0; i < count; i++) {
    struct read_result result;
    const char *const got = read_text(rows[i].text, (u32)strlen(rows[i].text), &result);
    if (result.outcome == rows[i].outcome && result.place == rows[i].place) continue;
    print_error("%s\n  read as %s at %u, not as %s at %u\n", rows[i].text, got, result.place, outcomes[rows[i].outcome],
                rows[i].place);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void refuses_nonsense(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
      {"(", READ_UNREADABLE, 1},
      {")", READ_UNREADABLE, 0},
      {"[", READ_UNREADABLE, 1},
      {"{", READ_UNREADABLE, 1},
      {"}", READ_UNREADABLE, 0},
      {"|", READ_UNREADABLE, 1},
      {"-", READ_UNREADABLE, 1},
      {"!", READ_UNREADABLE, 0},
      {"_", READ_UNREADABLE, 0},
      {"^", READ_UNREADABLE, 0},
      {"\\", READ_UNREADABLE, 0},
      {"\\$", READ_UNREADABLE, 2},
      {",", READ_UNREADABLE, 0},
      {"1.1.1", READ_UNREADABLE, 3},
      {"a \\cdot \\cdot b", READ_UNREADABLE, 9},
      {"a //b", READ_UNREADABLE, 3},
      {"a +", READ_UNREADABLE, 3},
      {"a / b /", READ_UNREADABLE, 7},
      {"f(,", READ_UNREADABLE, 2},
      {"\\frac{2}{}", READ_UNREADABLE, 9},
      {"\\frac{}{2}", READ_UNREADABLE, 6},
      {"\\sqrt", READ_UNREADABLE, 5},
      {"\\sin^x", READ_UNREADABLE, 6},
      {"\\cos 1 \\cos", READ_UNREADABLE, 11},
      {"((()))", READ_UNREADABLE, 3},
      {"(1,2", READ_UNREADABLE, 4},
      {"(1,2,3]", READ_UNREADABLE, 7},
      {"[1,2,3)", READ_UNREADABLE, 7},
      {"\\lfloor x", READ_UNREADABLE, 9},
      {"\\mathit{x + y}", READ_UNREADABLE, 10},
      {"3 5", READ_UNREADABLE, 2},
      {"1 2 3", READ_UNREADABLE, 2},
      {"5 more", READ_UNREADABLE, 2},
      {"5 or more", READ_UNREADABLE, 5},
      {"about 5", READ_UNREADABLE, 0},
      {"the answer is 5", READ_UNREADABLE, 0},
      {"x = 5 (correct)", READ_UNREADABLE, 15},
      {"5 (five)", READ_UNREADABLE, 8},
      {"2 + \\text{cat}", READ_UNREADABLE, 10},
      {"(1,2)(3,4)", READ_UNREADABLE, 5},
      {"\\variable{x}", READ_UNREADABLE, 0},
      {"37_7", READ_UNREADABLE, 2},
      {"12_{1}", READ_UNREADABLE, 2},
      {"a@b", READ_UNREADABLE, 1},
      {"x \\not 3", READ_UNREADABLE, 7},
      {"|2|x||", READ_UNREADABLE, 6},
      {"\\begin{pmatrix}1&2\\\\3\\end{pmatrix}", READ_UNREADABLE, 16},
      {"\\begin{pmatrix}\\end{pmatrix}", READ_UNREADABLE, 15},
      {"x_", READ_UNREADABLE, 2},
      {"an answer", READ_UNREADABLE, 3},
  };
  check_outcomes(rows, COUNT_OF(rows));
}

static void says_what_it_does_not_do(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
      {"\\int x dx", READ_UNSUPPORTED, 1},
      {"\\int_0^1 x^2 dx", READ_UNSUPPORTED, 1},
      {"\\lim_{x \\to 0} x", READ_UNSUPPORTED, 1},
      {"\\frac{d}{dx} x^2", READ_UNSUPPORTED, 1},
      {"\\frac{dy}{dx}", READ_UNSUPPORTED, 1},
      {"\\partial x", READ_UNSUPPORTED, 1},
      {"\\sum_{k=1}^{\\infty} k", READ_UNSUPPORTED, 1},
      {"\\sum k", READ_UNSUPPORTED, 1},
      {"1 + 2 + \\cdots + n", READ_UNSUPPORTED, 9},
      {"0.333...", READ_UNSUPPORTED, 5},
      {"\\forall x", READ_UNSUPPORTED, 1},
      {"x \\Rightarrow y", READ_UNSUPPORTED, 3},
      {"\\mathbb{R}^+", READ_UNSUPPORTED, 11},
      {"\\mathbb{H}", READ_UNSUPPORTED, 10},
      {"\\overline{abc}", READ_UNSUPPORTED, 14},
      {"\\begin{tabular}", READ_UNSUPPORTED, 0},
      {"{x : x > 2}", READ_UNSUPPORTED, 0},
      {"\\{2x \\mid x > 2\\}", READ_UNSUPPORTED, 6},
      {"\\operatorname{proj}(x)", READ_UNSUPPORTED, 0},
  };
  check_outcomes(rows, COUNT_OF(rows));
}

static void does_not_choose_between_readings(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
      {"1/2x", READ_AMBIGUOUS, 3},
      {"a/bc", READ_AMBIGUOUS, 3},
      {"x2", READ_AMBIGUOUS, 1},
      {"2x2", READ_AMBIGUOUS, 2},
      {"\\sqrt23", READ_AMBIGUOUS, 5},
      {"2.5(4)", READ_AMBIGUOUS, 3},
      {"2\\frac32", READ_AMBIGUOUS, 2},
      {"1 234/567", READ_AMBIGUOUS, 5},
      {"5!=120", READ_AMBIGUOUS, 1},
      {"C(5,2)", READ_AMBIGUOUS, 1},
      {"\\sin x/2", READ_AMBIGUOUS, 6},
      {"\\sin 2(x+1)", READ_AMBIGUOUS, 6},
      {"n^2!", READ_AMBIGUOUS, 3},
      {"(A) 15", READ_AMBIGUOUS, 0},
      {"e^{I\\pi}", READ_AMBIGUOUS, 8},
      {"a+bI", READ_AMBIGUOUS, 4},
      {"\\begin{pmatrix}1&\\frac{1}{2}\\frac{1}{3}&4\\end{pmatrix}", READ_AMBIGUOUS, 29},
  };
  check_outcomes(rows, COUNT_OF(rows));
}

static void refuses_characters_that_hide(void **state) {
  (void)state;
  static const struct outcome_row rows[] = {
      {"\xd0\xb0", READ_FORBIDDEN, 0},         /* Cyrillic a */
      {"4\xd9\xa3", READ_FORBIDDEN, 1},        /* Arabic-Indic 3 */
      {"\xef\xbc\x95", READ_FORBIDDEN, 0},     /* full-width 5 */
      {"\xf0\x9d\x9f\x93", READ_FORBIDDEN, 0}, /* mathematical bold 5 */
      {"12\xe2\x80\x8b", READ_FORBIDDEN, 2},   /* zero-width space */
      {"\xe2\x80\xae"
       "15",
       READ_FORBIDDEN, 0}, /* right-to-left override */
      {"\xe2\x81\xa6"
       "15",
       READ_FORBIDDEN, 0}, /* left-to-right isolate */
      {"1\xef\xbb\xbf"
       "5",
       READ_FORBIDDEN, 1}, /* byte order mark */
      {"1\xc2\xad"
       "5",
       READ_FORBIDDEN, 1},          /* soft hyphen */
      {"1\x01", READ_FORBIDDEN, 1}, /* control */
      {"1\x7f", READ_FORBIDDEN, 1},
      {"1\xff", READ_FORBIDDEN, 1},     /* not UTF-8 */
      {"1\xe2\x88", READ_FORBIDDEN, 1}, /* cut off */
      {"1\xc0\xaf", READ_FORBIDDEN, 1}, /* overlong */
  };
  check_outcomes(rows, COUNT_OF(rows));
  struct read_result result;
  assert_string_equal(read_text("1\0002", 3, &result), "forbidden");
}

static void reads_nothing_as_empty(void **state) {
  (void)state;
  static const char *const texts[] = {"", " ", "\n\t", "$$", "\\,\\;", "<|im_end|>"};
  for (u32 i = 0; i < COUNT_OF(texts); i++) assert_string_equal(read_row(texts[i]), "empty");
}

/* ---- one reading, many spellings ---- */

static void check_same(const char *a, const char *b) {
  static char first[1 << 16];
  snprintf(first, sizeof first, "%s", read_row(a));
  const char *const second = read_row(b);
  if (strcmp(first, second) != 0) print_error("%s\n  %s\n%s\n  %s\n", a, first, b, second);
  assert_string_equal(first, second);
}

static void spelling_does_not_matter(void **state) {
  (void)state;
  static const char *const texts[] = {"3\\sqrt{13}",   "-\\frac{2}{3}+x^2",  "[-3,-2)\\cup(0,\\infty)",
                                      "(6,31,-1)",     "x^4-5x^3+2x^2+x-19", "\\{4,5,7\\}",
                                      "5x-7y+11z+4=0", "4210_{5}",           "2-9i,-2+9i",
                                      "90^\\circ",     "x \\in [-2,7]",      "\\text{even}"};
  static const char *const around[][2] = {
      {"$", "$"},        {"$$", ".$$"},      {"\\(", "\\)"},        {"\\[ ", " \\]."},
      {"\\boxed{", "}"}, {"\\fbox{ ", "}."}, {" \n", "\n "},        {"\\displaystyle ", "\\,"},
      {"", "."},         {"**", "**"},       {"~", "<|endoftext|>"}};
  for (u32 i = 0; i < COUNT_OF(texts); i++) {
    for (u32 j = 0; j < COUNT_OF(around); j++) {
      char text[256];
      snprintf(text, sizeof text, "%s%s%s", around[j][0], texts[i], around[j][1]);
      check_same(texts[i], text);
    }
    /* Every backslash doubled. */
    char doubled[256];
    u32 size = 0;
    for (const char *c = texts[i]; *c != 0; c++) {
      doubled[size++] = *c;
      if (*c == '\\') doubled[size++] = *c;
    }
    doubled[size] = 0;
    check_same(texts[i], doubled);
  }
}

/* ---- hostile texts ---- */

static char hostile[ANSWER_BYTES_MAX + 64];

/* head, `body` over and over, tail: as long as an answer may be. */
static const char *repeat(const char *head, const char *body, const char *tail, u32 times) {
  size_t size = (size_t)snprintf(hostile, sizeof hostile, "%s", head);
  const size_t limit = ANSWER_BYTES_MAX - strlen(tail);
  for (u32 i = 0; i < times && size + strlen(body) <= limit; i++) size += (size_t)sprintf(hostile + size, "%s", body);
  snprintf(hostile + size, sizeof hostile - size, "%s", tail);
  return hostile;
}

static void ends_where_a_limit_is_met(void **state) {
  (void)state;
  static const struct {
    const char *head, *body, *tail, *read;
  } rows[] = {
      {"", "{", "", "too large"},       {"", "(", "", "too large"},
      {"", "\\sqrt{", "", "too large"}, {"", "-", "5", "too large"},
      {"5", "!", "", "too large"},      {"", "5^", "5", "too large"},
      {"", "|", "", "too large"},       {"", "\\sin ", "", "too large"},
      {"", "\\frac", "", "too large"},  {"", "\\begin{pmatrix}", "", "too large"},
      {"1", "/2", "", "too large"},     {"", "\xc2\xbd", "", "too large"},
      {"", "\\", "", "unreadable"},     {"", "1.", "", "unreadable"},
      {"", "1 2/3 ", "", "unreadable"}, {"", "1A1", "", "ambiguous"},
      {"", "_", "", "unreadable"},      {"x", "^", "", "unreadable"},
  };
  for (u32 i = 0; i < COUNT_OF(rows); i++) {
    const char *const got = read_row(repeat(rows[i].head, rows[i].body, rows[i].tail, UINT32_MAX));
    if (strcmp(got, rows[i].read) != 0)
      print_error("%s%s..: %.60s, not %s\n", rows[i].head, rows[i].body, got, rows[i].read);
    assert_string_equal(got, rows[i].read);
  }
}

static void long_answers_are_read(void **state) {
  (void)state;
  static const char *const bodies[] = {"1,", "x", "1+", "1=", "(1,2),", "x^2", "9", ",234", "5 cm+"};
  for (u32 i = 0; i < COUNT_OF(bodies); i++) {
    struct read_result result;
    repeat("1", bodies[i], "1", 500);
    read_text(hostile, (u32)strlen(hostile), &result);
    assert_true(result.outcome == READ_OK || bodies[i][0] == 'x');
  }
  memset(hostile, '7', sizeof hostile);
  struct read_result result;
  assert_string_equal(read_text(hostile, ANSWER_BYTES_MAX + 1, &result), "too large");
  read_text(hostile, ANSWER_BYTES_MAX, &result);
  assert_int_equal(result.outcome, READ_OK);
}

static void parentheses_nest_as_deep_as_said(void **state) {
  (void)state;
  char text[3 * VERIFIER_DEPTH_MAX];
  for (u32 depth = 1; depth <= VERIFIER_DEPTH_MAX; depth++) {
    snprintf(text, sizeof text, "%0*d", (int)(2 * depth + 1), 5);
    memset(text, '(', depth);
    text[depth] = '5';
    memset(text + depth + 1, ')', depth);
    assert_string_equal(read_row(text), "5");
  }
}

/* Whatever the bytes: an outcome, a place inside the text, a root inside the pool. */
static void no_bytes_do_harm(void **state) {
  (void)state;
  static const char *const parts[] = {"\\frac",
                                      "{",
                                      "}",
                                      "1",
                                      "23",
                                      "x",
                                      "AB",
                                      "\\sqrt",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "|",
                                      "^",
                                      "_",
                                      ",",
                                      ";",
                                      ":",
                                      ".",
                                      "\\\\",
                                      "\\begin{pmatrix}",
                                      "\\end{pmatrix}",
                                      "&",
                                      "\\text{",
                                      "cm",
                                      " ",
                                      "$",
                                      "\\$",
                                      "%",
                                      "=",
                                      "<",
                                      "\\in",
                                      "\\cup",
                                      "+",
                                      "-",
                                      "*",
                                      "/",
                                      "!",
                                      "'",
                                      "\\sin",
                                      "\\log",
                                      "\\pm",
                                      "\\{",
                                      "\\}",
                                      "\\left",
                                      "\\right",
                                      "and",
                                      "or",
                                      "word",
                                      "June",
                                      "\\overline",
                                      "\\mathbf",
                                      "\\mathbb",
                                      "\\sum",
                                      "\\over",
                                      "\xcf\x80",
                                      "\xc2\xb2",
                                      "\xe2\x88\x9a",
                                      "f",
                                      "e",
                                      "i",
                                      "\\",
                                      "\\boxed{",
                                      "\\mod",
                                      "\\pmod",
                                      "\\angle",
                                      "pm",
                                      "**"};
  u32 seed = 1, read = 0;
  for (u32 i = 0; i < 20000; i++) {
    char text[160];
    u32 size = 0;
    seed = seed * 1664525u + 1013904223u;
    for (u32 count = seed >> 28; count > 0 && size < sizeof text - 20; count--) {
      seed = seed * 1664525u + 1013904223u;
      size += (u32)sprintf(text + size, "%s", parts[(seed >> 16) % COUNT_OF(parts)]);
    }
    struct read_result result;
    read_text(text, size, &result);
    read += result.outcome == READ_OK;
  }
  assert_true(read > 100);
}

/* ---- tables ---- */

static void characters_stand_in_order(void **state) {
  (void)state;
  static const u32 codes[] = {
#define FOLD(code, text) code,
#include "engine/reward/math/fold_table.h"
#undef FOLD
  };
  for (u32 i = 1; i < COUNT_OF(codes); i++) assert_true(codes[i - 1] < codes[i]);
}

static void check_once(const char *const *names, u32 count) {
  for (u32 i = 0; i < count; i++)
    for (u32 j = 0; j < i; j++) assert_string_not_equal(names[i], names[j]);
}

static void names_stand_once(void **state) {
  (void)state;
#define NAME(text, kind, value) text,
  static const char *const commands[] = {
#include "engine/reward/math/command_table.h"
#include "engine/reward/math/function_table.h"
  };
  static const char *const names[] = {
#include "engine/reward/math/function_table.h"
#include "engine/reward/math/name_table.h"
  };
#undef NAME
  static const char *const units[] = {
#define UNIT(text, kept, where) text,
#include "engine/reward/math/unit_table.h"
#undef UNIT
  };
  static const char *const words[] = {
#define WORD(text, kind, value) text,
#include "engine/reward/math/word_table.h"
#undef WORD
  };
  check_once(commands, COUNT_OF(commands));
  check_once(names, COUNT_OF(names));
  check_once(units, COUNT_OF(units));
  check_once(words, COUNT_OF(words));
}

/* ---- the golds of others ---- */

/* Every gold of MATH that is there: at least 995 of 1000 are read. */
static void reads_golds(void **state) {
  (void)state;
  static const char *const paths[] = {"../shared/data/math/math500.jsonl", "../shared/data/math/train_12k.jsonl"};
  static char line[1 << 17];
  u32 golds = 0, unread = 0;
  for (u32 i = 0; i < COUNT_OF(paths); i++) {
    FILE *const file = fopen(paths[i], "r");
    if (file == NULL) continue;
    while (fgets(line, sizeof line, file) != NULL) {
      struct json json;
      struct json_token tokens[64];
      struct read_result result;
      static char gold[ANSWER_BYTES_MAX];
      u64 at;
      assert_null(json_parse(&json, line, strlen(line), tokens, COUNT_OF(tokens), &at));
      const u64 size = json_text(&json, json_find(&json, 0, "answer"), gold, sizeof gold);
      if (size == 0) continue; /* one row has none */
      assert_true(size < sizeof gold);
      read_text(gold, (u32)size, &result);
      golds++;
      unread += result.outcome != READ_OK;
    }
    fclose(file);
  }
  if (golds == 0) {
    printf("# skipped: no ../shared/data\n");
    skip();
  }
  assert_true(golds >= 12000);
  assert_true(unread * 200 <= golds);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_numbers),
      cmocka_unit_test(reads_lists),
      cmocka_unit_test(reads_fractions_roots_powers),
      cmocka_unit_test(reads_functions),
      cmocka_unit_test(reads_sums_and_names),
      cmocka_unit_test(reads_points_intervals_sets),
      cmocka_unit_test(reads_statements),
      cmocka_unit_test(reads_matrices),
      cmocka_unit_test(reads_marks_and_units),
      cmocka_unit_test(reads_words),
      cmocka_unit_test(reads_wrappers),
      cmocka_unit_test(refuses_nonsense),
      cmocka_unit_test(says_what_it_does_not_do),
      cmocka_unit_test(does_not_choose_between_readings),
      cmocka_unit_test(refuses_characters_that_hide),
      cmocka_unit_test(reads_nothing_as_empty),
      cmocka_unit_test(spelling_does_not_matter),
      cmocka_unit_test(ends_where_a_limit_is_met),
      cmocka_unit_test(long_answers_are_read),
      cmocka_unit_test(parentheses_nest_as_deep_as_said),
      cmocka_unit_test(no_bytes_do_harm),
      cmocka_unit_test(characters_stand_in_order),
      cmocka_unit_test(names_stand_once),
      cmocka_unit_test(reads_golds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
