#!/bin/sh
# Whole runs under the verifiers that go by texts: they end well, allocate nothing after the freeze, give the same bits for any number of threads, count
# what they could not read, and warn where they cannot decide.
# usage: tests/verifier_run_test.sh RLSP
# shellcheck disable=SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
# Small enough that some responses are right, some wrong, some no answer.
task='configs/tiny.ini model.layers=1 task.numbers=2 task.number_max=9 task.target_min=0 task.target_max=10 task.test_problems=16
  task.solve_probability=1 sft.steps=200 sft.lr=0.004 rollout.samples=32 ppo.iterations=4 log.every=1'

# metric FOLDER NAME: of the last PPO iteration.
metric() { sed -n 's/.*"phase":"ppo".*"'"$(printf '%s' "$2" | sed 's/[/]/\\&/g')"'":\([^,}]*\).*/\1/p' "$1/metrics.jsonl" | tail -n 1; }

# between NAME LOW HIGH VALUE
between() {
  if awk -v low="$2" -v high="$3" -v value="${4:-x}" 'BEGIN { exit !(value + 0 >= low && value + 0 <= high && value != "x") }'; then
    passed "$1"
  else
    failed "$1" "'$4' is not between $2 and $3"
  fi
}

# run_of NAME SETTINGS: under one thread and under four.
run_of() {
  name=$1
  shift
  train "$work/$name" $task "$@" run.threads=1
  same "$name: status" 0 $status
  [ $status -eq 0 ] || last_said "$work/$name" | sed 's/^/# /'
  same "$name: allocations after the freeze" 0 "$(summary allocations_after_freeze "$work/$name")"
  train "$work/$name.4" $task "$@" run.threads=4
  same "$name: four threads, the same weights" "$(summary weights_hash "$work/$name")" "$(summary weights_hash "$work/$name.4")"
  shares=$(for kind in answer no_answer/none no_answer/empty no_answer/several no_answer/unterminated no_answer/echo no_answer/truncated no_answer/too_long; do
    metric "$work/$name" "verdicts/$kind"
  done | awk '{ sum += $1 } END { print NR, sum }')
  same "$name: the kinds make up all responses" '8 1' "$shares"
}

run_of countdown reward.correctness.verifier=countdown
run_of math reward.correctness.verifier=math reward.correctness.answer_sources=number
run_of exact reward.correctness.verifier=exact reward.correctness.answer_sources=number
run_of regex reward.correctness.verifier=regex 'reward.correctness.pattern==\s(\d+)(?!.*=)'
for name in math exact regex; do
  between "$name: some responses are right" 0.05 1 "$(metric "$work/$name" accuracy)"
  same "$name: nothing undecided" 0 "$(metric "$work/$name" verdicts/undecided)"
done
same "math and exact say the same of whole numbers" "$(summary weights_hash "$work/math")" "$(summary weights_hash "$work/exact")"

# A pattern that is stopped at its limit says nothing of any response.
train "$work/stopped" $task reward.correctness.verifier=regex 'reward.correctness.pattern=^((.?){30}){30}(?!)'
same "undecided: status" 0 $status
between "undecided: counted" 0.5 1 "$(metric "$work/stopped" verdicts/undecided)"
if grep -q 'warning: iteration 1: the verifier could not decide on' "$work/stopped.said"; then
  passed "undecided: a warning"
else
  failed "undecided: a warning" "$(last_said "$work/stopped")"
fi
train "$work/quiet" $task reward.correctness.verifier=regex 'reward.correctness.pattern=^((.?){30}){30}(?!)' reward.correctness.undecided_warn=1
if grep -q 'could not decide' "$work/quiet.said"; then
  failed "undecided: no warning below the limit" "$(last_said "$work/quiet")"
else
  passed "undecided: no warning below the limit"
fi
between "undecided: in the summary" 0.5 1 "$(sed -n 's/.*"undecided": *\([^,}]*\).*/\1/p' "$work/stopped/summary.json" | tail -n 1)"
finish
