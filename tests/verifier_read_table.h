/* What texts are read as: READ(text, expression_print's dump). Rows of our own making, judged one by one. */
#ifndef RLSP_TESTS_VERIFIER_READ_TABLE_H
#define RLSP_TESTS_VERIFIER_READ_TABLE_H

#define READ_TABLE(READ)                                                                                                      \
  /* ---- numbers ---- */                                                                                                     \
  READ("0", "0")                                                                                                              \
  READ("1,234,567", "1234567")                                                                                                \
  READ("32,\\! 349", "32349")                                                                                                 \
  READ("23{,}000", "23000")                                                                                                   \
  READ("45\\,045", "45045")                                                                                                   \
  READ("1 000 000", "1000000")                                                                                                \
  READ("306,956.63", "306956.63")                                                                                             \
  READ("1000,99", "1000.99")                                                                                                  \
  READ("0,111", "0.111")                                                                                                      \
  READ("2,74 $", "(money '$' 2.74)")                                                                                          \
  READ(".0000672", ".0000672")                                                                                                \
  READ("0.1\\overline{6}", "0.1[6]")                                                                                          \
  READ("0.\\overline{3}", "0.[3]")                                                                                            \
  READ("0.(3)", "0.[3]")                                                                                                      \
  READ("0.\\dot{1}4\\dot{2}", "0.[142]")                                                                                      \
  READ("1.5 \\times 10^{3}", "(multiply 1.5 (power 10 3))")                                                                   \
  READ("1.5e3", "(multiply 1.5 (power 10 3))")                                                                                \
  READ("2e-5", "(multiply 2 (power 10 (negate 5)))")                                                                          \
  READ("1 4/5", "(mixed 1 (divide 4 5))")                                                                                     \
  READ("-1 4/5", "(negate (mixed 1 (divide 4 5)))")                                                                           \
  READ("137 \\frac{1}{2}", "(mixed 137 (divide 1 2))")                                                                        \
  READ("1\\tfrac45", "(mixed 1 (divide 4 5))")                                                                                \
  READ("1½", "(mixed 1 (divide 1 2))")                                                                                        \
  READ("101_2", "101_2")                                                                                                      \
  READ("-37_8", "(negate 37_8)")                                                                                              \
  READ("0.0011_{2}", "0.0011_2")                                                                                              \
  READ("(101)_2", "101_2")                                                                                                    \
  READ("152A_{11}", "152A_11")                                                                                                \
  READ("{A5}_{11}", "A5_11")                                                                                                  \
  READ("101_{\\text{two}}", "101_2")                                                                                          \
  READ("4th", "4")                                                                                                            \
  READ("five", "5")                                                                                                           \
  READ("5 million", "(multiply 5 (power 10 6))")                                                                              \
  READ("1000000000000000000000000000000000000001", "1000000000000000000000000000000000000001")                                \
  READ("5.", "5")                                                                                                             \
  READ("$5.$", "5")                                                                                                           \
  /* ---- lists ---- */                                                                                                       \
  READ("3,4", "(list 3 4)")                                                                                                   \
  READ("1,-2", "(list 1 (negate 2))")                                                                                         \
  READ("1,234,5", "(list 1 234 5)")                                                                                           \
  READ("-6,-3,-2,-1,1,2,3,6", "(list (negate 6) (negate 3) (negate 2) (negate 1) 1 2 3 6)")                                   \
  READ("6,8{,}10", "(list 6 8 10)")                                                                                           \
  READ("3, 5, 7", "(list 3 5 7)")                                                                                             \
  READ("1, 2, and 3", "(list 1 2 3)")                                                                                         \
  READ("5 \\text{ and } 7", "(list 5 7)")                                                                                     \
  READ("-2{or}-12", "(list (negate 2) (negate 12))")                                                                          \
  READ("n=1, 2, 3", "(= n (list 1 2 3))")                                                                                     \
  READ("x=1 or x=2", "(list (= x 1) (= x 2))")                                                                                \
  READ("x<1 or x>3", "(or (< x 1) (> x 3))")                                                                                  \
  READ("p=5,q=2;p=7,q=2", "(list (list (= p 5) (= q 2)) (list (= p 7) (= q 2)))")                                             \
  READ("(-4,27);(2,15)", "(list (tuple (negate 4) 27) (tuple 2 15))")                                                         \
  READ("$5$ and $7$", "(list 5 7)")                                                                                           \
  READ("W(x)=1orW(x)=-1", "(list (= (call 'W' x) 1) (= (call 'W' x) (negate 1)))")                                            \
  READ("7,-2,{}-5", "(list 7 (negate 2) (negate 5))")                                                                         \
  READ("{(E)},", "(choice E)")                                                                                                \
  /* ---- fractions roots powers ---- */                                                                                      \
  READ("\\frac12", "(divide 1 2)")                                                                                            \
  READ("\\frac1{72}", "(divide 1 72)")                                                                                        \
  READ("\\frac9{19}", "(divide 9 19)")                                                                                        \
  READ("\\frac 59", "(divide 5 9)")                                                                                           \
  READ("\\frac{29}4", "(divide 29 4)")                                                                                        \
  READ("\\frac1234", "(multiply (divide 1 2) 34)")                                                                            \
  READ("\\cfrac{25}{16}", "(divide 25 16)")                                                                                   \
  READ("{1 \\over 2}", "(divide 1 2)")                                                                                        \
  READ("1 \\over 2", "(divide 1 2)")                                                                                          \
  READ("1/2 x", "(multiply (divide 1 2) x)")                                                                                  \
  READ("1/(2x)", "(divide 1 (multiply 2 x))")                                                                                 \
  READ("a/b/c", "(divide (divide a b) c)")                                                                                    \
  READ("11\\sqrt2", "(multiply 11 (root 2 2))")                                                                               \
  READ("\\sqrt[3]{x}", "(root x 3)")                                                                                          \
  READ("\\sqrt(2)", "(root 2 2)")                                                                                             \
  READ("√2", "(root 2 2)")                                                                                                    \
  READ("√23", "(root 23 2)")                                                                                                  \
  READ("1+√3i", "(add 1 (multiply (root 3 2) i))")                                                                            \
  READ("sqrt(2)", "(root 2 2)")                                                                                               \
  READ("x²³", "(power x 23)")                                                                                                 \
  READ("2**10", "(power 2 10)")                                                                                               \
  READ("2^10", "(power 2 10)")                                                                                                \
  READ("5^5^5", "(power 5 (power 5 5))")                                                                                      \
  READ("x^-1", "(power x (negate 1))")                                                                                        \
  READ("-x^2", "(negate (power x 2))")                                                                                        \
  READ("12^{1/7}", "(power 12 (divide 1 7))")                                                                                 \
  READ("5!7!", "(multiply (factorial 5) (factorial 7))")                                                                      \
  READ("n!!", "(double_factorial n)")                                                                                         \
  READ("\\binom{5}{2}", "(binomial 5 2)")                                                                                     \
  READ("{n \\choose k}", "(binomial n k)")                                                                                    \
  /* ---- functions ---- */                                                                                                   \
  READ("\\sin^2 x", "(power (sin x) 2)")                                                                                      \
  READ("\\sin^{-1} x", "(asin x)")                                                                                            \
  READ("\\sin 2x", "(sin (multiply 2 x))")                                                                                    \
  READ("\\sin x\\cos x", "(multiply (sin x) (cos x))")                                                                        \
  READ("\\sin5x\\cosx", "(multiply (sin (multiply 5 x)) (cos x))")                                                            \
  READ("\\secx", "(sec x)")                                                                                                   \
  READ("sinxcosx", "(multiply (sin x) (cos x))")                                                                              \
  READ("3\\sec\\frac{1}{2}\\theta", "(multiply 3 (sec (multiply (divide 1 2) theta)))")                                       \
  READ("\\cos(x)^2", "(power (cos x) 2)")                                                                                     \
  READ("\\arcsin(a)", "(asin a)")                                                                                             \
  READ("\\operatorname{arcsinh}(a)", "(asinh a)")                                                                             \
  READ("\\text{lcm}(4,6)", "(lcm 4 6)")                                                                                       \
  READ("\\log_2 8", "(log 8 2)")                                                                                              \
  READ("\\log_28", "(log 8 2)")                                                                                               \
  READ("log_10(100)", "(log 100 10)")                                                                                         \
  READ("\\log x", "(log x)")                                                                                                  \
  READ("\\ln x^2", "(ln (power x 2))")                                                                                        \
  READ("\\exp x", "(exp x)")                                                                                                  \
  READ("\\gcd(-12, 4)", "(gcd (negate 12) 4)")                                                                                \
  READ("\\gcd(32)", "32")                                                                                                     \
  READ("\\max(9,876,543)", "(max 9 876 543)")                                                                                 \
  READ("\\lfloor 2.5 \\rfloor", "(floor 2.5)")                                                                                \
  READ("\\lceil x \\rceil", "(ceiling x)")                                                                                    \
  READ("|x||y|", "(multiply (abs x) (abs y))")                                                                                \
  READ("||x|-1|", "(abs (add (abs x) (negate 1)))")                                                                           \
  READ("\\left|x-3\\right|", "(abs (add x (negate 3)))")                                                                      \
  READ("7 \\bmod 3", "(mod 7 3)")                                                                                             \
  READ("-7 \\bmod 3", "(mod (negate 7) 3)")                                                                                   \
  READ("\\overline{z}", "(conjugate z)")                                                                                      \
  READ("\\sum_{k=1}^{5} k", "(sum k 1 5 k)")                                                                                  \
  READ("\\prod^c_{a = b} x", "(product a b c x)")                                                                             \
  READ("f(4-x)", "(call 'f' (add 4 (negate x)))")                                                                             \
  READ("f^{-1}(x)", "(call 'f^-1' x)")                                                                                        \
  READ("p(x) = x^2", "(= (call 'p' x) (power x 2))")                                                                          \
  READ("x(y+1)", "(multiply x (add y 1))")                                                                                    \
  READ("h_{\\theta}(x_0, x_1)", "(call 'h_theta' x_0 x_1)")                                                                   \
  /* ---- sums and names ---- */                                                                                              \
  READ("x y", "(multiply x y)")                                                                                               \
  READ("2xy+10x", "(add (multiply 2 x y) (multiply 10 x))")                                                                   \
  READ("-\\frac{5}{2}x-\\frac{29}{4}", "(add (negate (multiply (divide 5 2) x)) (negate (divide 29 4)))")                     \
  READ("3 \\pm 2 \\sqrt{2}", "(plus_minus 3 (multiply 2 (root 2 2)))")                                                        \
  READ("x = ±2", "(= x (plus_minus 2))")                                                                                      \
  READ("2+3-4", "(add 2 3 (negate 4))")                                                                                       \
  READ("5 - -3", "(add 5 (negate (negate 3)))")                                                                               \
  READ("x_{12}", "x_12")                                                                                                      \
  READ("x₁", "x_1")                                                                                                           \
  READ("y''_1", "y_1''")                                                                                                      \
  READ("AB", "AB")                                                                                                            \
  READ("AB=9", "(= AB 9)")                                                                                                    \
  READ("\\frac{NO}{BO}", "(divide NO BO)")                                                                                    \
  READ("PV = nRT", "(= PV (multiply n R T))")                                                                                 \
  READ("\\overline{CD}", "CD")                                                                                                \
  READ("\\frac{1}{7}\\triangleABC", "(multiply (divide 1 7) triangle ABC)")                                                   \
  READ("\\mathit{test}", "test")                                                                                              \
  READ("2\\mathbf{i}+3\\mathbf{j}", "(add (multiply 2 i vector) (multiply 3 j))")                                             \
  READ("\\varphi", "phi")                                                                                                     \
  READ("πr²", "(multiply pi (power r 2))")                                                                                    \
  READ("e^{i\\pi}", "(power e (multiply i pi))")                                                                              \
  READ("2pi", "(multiply 2 pi)")                                                                                              \
  /* ---- points intervals sets ---- */                                                                                       \
  READ("(1,234)", "(tuple 1 234)")                                                                                            \
  READ("(0;0;0)", "(tuple 0 0 0)")                                                                                            \
  READ("\\left( 3, \\frac{\\pi}{2} \\right)", "(tuple 3 (divide pi 2))")                                                      \
  READ("[0,1)", "(interval[) 0 1)")                                                                                           \
  READ("\\left(\\frac{3}{5},\\frac{8}{3}\\right]", "(interval(] (divide 3 5) (divide 8 3))")                                  \
  READ("(−∞, 2]", "(interval(] (negate infinity) 2)")                                                                         \
  READ("]0,1[", "(interval() 0 1)")                                                                                           \
  READ("[0,1[", "(interval[) 0 1)")                                                                                           \
  READ("[a + b]", "(add a b)")                                                                                                \
  READ("\\{-1\\}\\cup[0,7)", "(union (set (negate 1)) (interval[) 0 7))")                                                     \
  READ("{1,2} ∪ {2,3}", "(union (set 1 2) (set 2 3))")                                                                        \
  READ("\\{\\}", "(set)")                                                                                                     \
  READ("(0,9) \\cup (9,36) \\cup [40, 41]", "(union (tuple 0 9) (tuple 9 36) (interval[] 40 41))")                            \
  READ("\\mathbb{R} \\setminus \\{0\\}", "(difference reals (set 0))")                                                        \
  READ("[0,1] \\setminus {0.5}", "(difference (interval[] 0 1) (set 0.5))")                                                   \
  READ("\\{x \\mid x > 2\\}", "(> x 2)")                                                                                      \
  READ("\\{x \\in \\mathbb{R} : x \\neq 2\\}", "(!= x 2)")                                                                    \
  READ("\\langle 1,2 \\rangle", "(tuple 1 2)")                                                                                \
  READ("\\emptyset", "emptyset")                                                                                              \
  /* ---- statements ---- */                                                                                                  \
  READ("x=5", "(= x 5)")                                                                                                      \
  READ("= 5", "5")                                                                                                            \
  READ("\\approx8.24", "8.24")                                                                                                \
  READ("x <= 5", "(<= x 5)")                                                                                                  \
  READ("x \\geqslant 5", "(>= x 5)")                                                                                          \
  READ("x != 3", "(!= x 3)")                                                                                                  \
  READ("x \\not= 3", "(!= x 3)")                                                                                              \
  READ("-80\\leqg(x)\\leq82", "(chain (<= (negate 80) (call 'g' x)) (<= (call 'g' x) 82))")                                   \
  READ("x = 5+5+1 = 7 =11", "(chain (= x (add 5 5 1)) (= (add 5 5 1) 7) (= 7 11))")                                           \
  READ("x \\in [-2,7]", "(in x (interval[] (negate 2) 7))")                                                                   \
  READ("x in (2,3]", "(in x (interval(] 2 3))")                                                                               \
  READ("a \\equiv 3 \\pmod{7}", "(congruent a (mod 3 7))")                                                                    \
  READ("1 < ms < 2", "(chain (< 1 (multiply m s)) (< (multiply m s) 2))")                                                     \
  READ("1:4", "(divide 1 4)")                                                                                                 \
  READ("1:2:3", "(call 'ratio' (divide 1 3) (divide 2 3))")                                                                   \
  /* ---- matrices ---- */                                                                                                    \
  READ("\\begin{pmatrix} -1 & 0 \\\\ 0 & -1 \\end{pmatrix}", "(matrix 2 (negate 1) 0 0 (negate 1))")                          \
  READ("\\begin{pmatrix}4&2\\-1&1\\end{pmatrix}", "(matrix 2 4 2 (negate 1) 1)")                                              \
  READ("\\begin{pmatrix}1\\7\\end{pmatrix}", "(matrix 1 1 7)")                                                                \
  READ("\\begin{pmatrix}1\\\\2\\\\\\end{pmatrix}", "(matrix 1 1 2)")                                                          \
  READ("(\\begin{pmatrix}1\\\\2\\end{pmatrix})", "(matrix 1 1 2)")                                                            \
  READ("\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}", "(determinant (matrix 2 1 2 3 4))")                                        \
  READ("\\left|\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right|", "(determinant (matrix 2 1 2 3 4))")                         \
  READ("\\begin{pmatrix}\\frac{1}{2}&0\\0\\frac{1}{3}&4\\end{pmatrix}", "(matrix 2 (divide 1 2) 0 (mixed 0 (divide 1 3)) 4)") \
  READ("\\begin{cases} x=1 \\\\ y=2 \\end{cases}", "(list (= x 1) (= y 2))")                                                  \
  /* ---- marks and units ---- */                                                                                             \
  READ("50%", "(percent 50)")                                                                                                 \
  READ("50\\%", "(percent 50)")                                                                                               \
  READ("50 percent", "(percent 50)")                                                                                          \
  READ("$5", "(money '$' 5)")                                                                                                 \
  READ("\\$5", "(money '$' 5)")                                                                                               \
  READ("\\$32,\\!348", "(money '$' 32348)")                                                                                   \
  READ("5 dollars", "(money '$' 5)")                                                                                          \
  READ("€5", "(money '€' 5)")                                                                                                 \
  READ("1,000.99€", "(money '€' 1000.99)")                                                                                    \
  READ("45^\\circ", "(degrees 45)")                                                                                           \
  READ("45°", "(degrees 45)")                                                                                                 \
  READ("\\frac{270}7\\text{ degrees}", "(degrees (divide 270 7))")                                                            \
  READ("5cm", "(unit 'cm' 5)")                                                                                                \
  READ("440{cm}^2", "(unit 'cm^2' 440)")                                                                                      \
  READ("8\\sqrt{3}{squareinches}", "(unit 'in^2' (multiply 8 (root 3 2)))")                                                   \
  READ("864 \\mbox{ inches}^2", "(unit 'in^2' 864)")                                                                          \
  READ("5\\text{ square cm}", "(unit 'cm^2' 5)")                                                                              \
  READ("10 miles per hour", "(unit 'mi/h' 10)")                                                                               \
  READ("60 km/h", "(unit 'km/h' 60)")                                                                                         \
  READ("10 \\text{ m/s}^2", "(unit 'm/s^2' 10)")                                                                              \
  READ("10\\text{ min}", "(unit 'min' 10)")                                                                                   \
  READ("5 feet 3 inches", "(add (unit 'ft' 5) (unit 'in' 3))")                                                                \
  READ("3 hours and 20 minutes", "(add (unit 'h' 3) (unit 'min' 20))")                                                        \
  READ("10 + 2 cm", "(unit 'cm' (add 10 2))")                                                                                 \
  READ("18 bolts", "(unit 'bolts' 18)")                                                                                       \
  READ("42 square", "(unit 'square' 42)")                                                                                     \
  READ("5.4 \\text{ cents}", "(unit 'cent' 5.4)")                                                                             \
  READ("3m", "(multiply 3 m)")                                                                                                \
  READ("30^\\circ C", "(unit 'C' (degrees 30))")                                                                              \
  /* ---- words ---- */                                                                                                       \
  READ("\\text{Evelyn}", "(text 'evelyn')")                                                                                   \
  READ("{twolines}", "(text 'twolines')")                                                                                     \
  READ("\\text{two lines}", "(text 'two lines')")                                                                             \
  READ("Monday", "(text 'monday')")                                                                                           \
  READ("(C)", "(choice C)")                                                                                                   \
  READ("\\text{(C)}", "(choice C)")                                                                                           \
  READ("0.333...", "0.33[3]")                                                                                                 \
  READ("(A) 15", "(choice A 15)")                                                                                             \
  READ("({E})", "(choice E)")                                                                                                 \
  READ("C", "C")                                                                                                              \
  READ("June 20", "(date 212)")                                                                                               \
  READ("{October30}", "(date 350)")                                                                                           \
  READ("June 20, 2014", "(date 1031380)")                                                                                     \
  READ("12:00", "(time 720)")                                                                                                 \
  READ("{4:30p.m.}", "(time 270 'pm')")                                                                                       \
  READ("{1:03PM}", "(time 63 'pm')")                                                                                          \
  READ("4:51:06", "(text '04:51:06')")                                                                                        \
  READ("4\\!:\\!51\\!:\\!06 \\text{ p.m.}", "(text '04:51:06pm')")                                                            \
  READ("no solution", "emptyset")                                                                                             \
  READ("does not exist", "undefined")                                                                                         \
  READ("all real numbers", "reals")                                                                                           \
  READ("NO", "(text 'no')")                                                                                                   \
  READ("II", "II")                                                                                                            \
  /* ---- wrappers ---- */                                                                                                    \
  READ("$\\boxed{5}$.", "5")                                                                                                  \
  READ("\\boxed{1, 2}", "(list 1 2)")                                                                                         \
  READ("**5**", "5")                                                                                                          \
  READ("\\( 5 \\)", "5")                                                                                                      \
  READ("\\[ 5 \\]", "5")                                                                                                      \
  READ("{{5}}", "5")                                                                                                          \
  READ("\\left.5\\right.", "5")                                                                                               \
  READ("42<|im_end|>", "42")                                                                                                  \
  READ("185\\", "185")                                                                                                        \
  READ("\\displaystyle 5", "5")                                                                                               \
  READ("\\\\frac{1}{2}", "(divide 1 2)")                                                                                      \
  READ("$\\\\left(\\\\frac{1}{5},\\\\frac{1}{6}\\\\right)$", "(tuple (divide 1 5) (divide 1 6))")                             \
  READ("\\\\{1,2\\\\}", "(set 1 2)")                                                                                          \
  /* ---- more ---- */                                                                                                        \
  READ("2024-01-05", "(date 1036325)")                                                                                        \
  READ("48 \\text{ sq. ft}", "(unit 'ft^2' 48)")                                                                              \
  READ("1.23 x 10^4", "(multiply 1.23 (power 10 4))")                                                                         \
  READ("x \\equiv 3 \\pmod{5}", "(congruent x (mod 3 5))")                                                                    \
  READ("x \\neq 0, 1", "(and (!= x 0) (!= x 1))")                                                                             \
  READ("x = 2 or 3", "(= x (list 2 3))")                                                                                      \
  READ("x > 1 \\text{ and } x < 3", "(and (> x 1) (< x 3))")                                                                  \
  READ("{}_{10}C_5", "(binomial 10 5)")                                                                                       \
  READ("\"hello\"", "(text 'hello')")                                                                                         \
  READ("“even”", "(text 'even')")                                                                                             \
  READ("\\text{Choice B}", "(choice B)")                                                                                      \
  READ("option (C)", "(choice C)")                                                                                            \
  READ("sqrt[3]{8}", "(root 8 3)")                                                                                            \
  READ("\\Biggl(x\\Biggr)", "x")                                                                                              \
  READ("\\log_{2}{8}", "(log 8 2)")                                                                                           \
  READ("20 \\pi\\ \\text{cubic inches}", "(unit 'in^3' (multiply 20 pi))")                                                    \
  READ("\\$3 million", "(multiply (money '$' 3) (power 10 6))")                                                               \
  READ("0.\\overline{142857}", "0.[142857]")                                                                                  \
  READ("P(A \\cap B)", "(call 'P' (intersection A B))")                                                                       \
  READ("\\text{1011}_2", "1011_2")                                                                                            \
  READ("\\mathbb R", "reals")                                                                                                 \
  READ("7\\div 3", "(divide 7 3)")

#endif
