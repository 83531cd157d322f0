#!/bin/sh
# The verifier and Math-Verify on the same pairs, one thread each, in turn: pairs a second, the slowest single verdict, the confusion of their verdicts with every
# disagreement in full; then the slowest of ours on hostile texts.
#
#   tools/peers/verifier_side_by_side.sh [DATA] [ROUNDS]     DATA: a folder with math/math500.jsonl and grader/*.jsonl (default ../shared/data)
#   PYTHON=python3 (with math-verify[antlr4_13_2]), CC=gcc and B=build (a release build of rlsp) may be set
#
# Each of ROUNDS (default 3) has ours, all pairs 20 times, and then Math-Verify, once: whatever else the machine does meets both. Verdicts are left in $B/peers.
set -eu
data=${1:-../shared/data}
rounds=${2:-3}
here=$(dirname "$0")
build=${B:-build}
python=${PYTHON:-python3}
grader=$data/grader
set -- "math=$data/math/math500.jsonl" "modes=$grader/math_verify.jsonl" "modes=$grader/lighteval_extractive.jsonl" "answers=$grader/nemo_skills.jsonl" \
  "boxes=$grader/completion_level.jsonl" "answers=$grader/qwen_tora_listed.jsonl" "boxes=$grader/verifiers_rubric.jsonl" "normal=$grader/normalize.jsonl" \
  "answers=$grader/latex2sympy2_extended.jsonl" "answers=$grader/sympy_parse_latex.jsonl"
mkdir -p "$build/peers"
make -s B="$build" "$build/peers/verifier_bench"
round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  "$build/peers/verifier_bench" 20 "$build/peers/ours.txt" "$@" >"$build/peers/speed.txt"
  "$python" "$here/verifier_math_verify.py" "$build/peers/theirs.txt" "$@" >>"$build/peers/speed.txt"
  cat "$build/peers/speed.txt"
  awk '{ speed[$1] = $4 } END { printf "ratio %.0f\n", speed["rlsp"] / speed["Math-Verify"] }' "$build/peers/speed.txt"
done
"$python" "$here/verifier_math_verify.py" --compare "$build/peers/ours.txt" "$build/peers/theirs.txt" "$@"
echo "hostile texts:"
"$build/peers/verifier_bench" 5 "$build/peers/hostile.txt" hostile
