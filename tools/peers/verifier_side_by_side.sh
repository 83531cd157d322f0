#!/bin/sh
# The verifier and Math-Verify on the same pairs, one thread each, in one run: pairs a second, the slowest single verdict, the confusion of their verdicts with every
# disagreement in full.
#
#   tools/peers/verifier_side_by_side.sh [DATA] [ROUNDS]     DATA: a folder with math/math500.jsonl and grader/*.jsonl (default ../shared/data)
#   PYTHON=python3 (with math-verify[antlr4_13_2]), CC=gcc and B=build (a release build of rlsp) may be set
#
# Ours is done ROUNDS times (default 20), Math-Verify once. Verdicts are left in $B/peers.
set -eu
data=${1:-../shared/data}
rounds=${2:-20}
here=$(dirname "$0")
build=${B:-build}
python=${PYTHON:-python3}
grader=$data/grader
set -- "math=$data/math/math500.jsonl" "modes=$grader/math_verify.jsonl" "modes=$grader/lighteval_extractive.jsonl" "answers=$grader/nemo_skills.jsonl" \
  "boxes=$grader/completion_level.jsonl" "answers=$grader/qwen_tora_listed.jsonl" "boxes=$grader/verifiers_rubric.jsonl"
mkdir -p "$build/peers"
make -s B="$build" "$build/peers/verifier_bench"
"$build/peers/verifier_bench" "$rounds" "$build/peers/ours.txt" "$@"
"$python" "$here/verifier_math_verify.py" "$build/peers/theirs.txt" "$@"
"$python" "$here/verifier_math_verify.py" --compare "$build/peers/ours.txt" "$build/peers/theirs.txt" "$@"
