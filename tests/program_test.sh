#!/bin/sh
# Whole runs under verifier = program: the bits of the task's own verifier where the program says the same; killed with kill -9 and resumed, the bits of
# the run that nobody disturbed, even where the program answers by chance; nothing left running; a helper that is killed ends the run with an error.
# usage: tests/program_test.sh RLSP
# shellcheck disable=SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
checker=$work/checker.sh # a name of its own, to be found among the processes
cp tests/countdown_checker.sh "$checker"
# Small enough that some responses are right, some wrong, some no answer.
task='configs/tiny.ini model.layers=1 task.numbers=2 task.number_max=9 task.target_min=0 task.target_max=10 task.test_problems=16
  task.solve_probability=1 sft.steps=200 sft.lr=0.004 rollout.samples=32 ppo.iterations=8 checkpoint.every=3 log.every=1
  reward.correctness.program_seconds=60' # a busy machine is no reason for another verdict
verified="$task reward.correctness.verifier=program"
settings="$verified reward.correctness.program=$checker"

# verdicts FOLDER: rows in its journal so far.
verdicts() {
  if [ -f "$1/verdicts.txt" ]; then wc -l <"$1/verdicts.txt"; else echo 0; fi
}

# kill_at FOLDER ROWS SETTINGS: begins or goes on, and is killed when the journal has so many rows.
kill_at() {
  kill_folder=$1 kill_rows=$2
  shift 2
  begin "$kill_folder" "$@"
  while [ "$(verdicts "$kill_folder")" -lt "$kill_rows" ] && kill -0 "$running" 2>/dev/null; do :; done
  kill -9 "$running" 2>/dev/null || true
  await
}

# left: processes that are the program's.
printf '%s' "$checker" >"$work/name" # in a file, or grep would find itself
left() { grep -lsF -f "$work/name" /proc/[0-9]*/cmdline 2>/dev/null | wc -l; }

# await_none: until none is left, for at most 5 s.
await_none() {
  tries=0
  while [ "$(left)" -gt 0 ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  left
}

# steps FOLDER: its metrics but for what is measured of this machine.
steps() { sed 's/,"perf\/[a-z_]*":[^,}]*//g' "$1/metrics.jsonl"; }

# ---- undisturbed ----
train "$work/own" $task
same "the task's own verifier: status" 0 $status
own=$(summary weights_hash "$work/own")
train "$work/whole" $settings reward.correctness.program_parallel=1
same "a program that says the same: status" 0 $status
same "a program that says the same: weights" "$own" "$(summary weights_hash "$work/whole")"
same "a program that says the same: metrics" "$(steps "$work/own" | cksum)" "$(steps "$work/whole" | cksum)"
same "allocations after the freeze" 0 "$(summary allocations_after_freeze "$work/whole")"
same "it met right, wrong and no answer" "no-answer right wrong " "$(cut -c 36-53 "$work/whole/verdicts.txt" | sort -u | tr -s ' \n' '  ')"
rows_whole=$(verdicts "$work/whole")
train "$work/many" $settings reward.correctness.program_parallel=16
same "16 programs at once: the same journal" "$(cksum <"$work/whole/verdicts.txt")" "$(cksum <"$work/many/verdicts.txt")"
same "16 programs at once: weights" "$own" "$(summary weights_hash "$work/many")"
status=0
$rlsp eval $settings run.device=cpu run.dir="$work/many" >"$work/many.said" 2>&1 || status=$?
same "eval: status" 0 $status
same "eval leaves the journal" "$rows_whole" "$(verdicts "$work/many")"

# ---- killed ----
for share in 2 40 70 96; do # per cent of the journal
  run=$work/kill_$share
  kill_at "$run" $((rows_whole * share / 100)) $settings
  same "killed at $share %: status" 137 $status
  same "killed at $share %: programs left" 0 "$(await_none)"
  train "$run" $settings
  same "killed at $share %: resumed, status" 0 $status
  same "killed at $share %: resumed, weights" "$own" "$(summary weights_hash "$run")"
  same "killed at $share %: resumed, journal" "$(cksum <"$work/whole/verdicts.txt")" "$(cksum <"$run/verdicts.txt")"
done

# A program that answers by chance: what was said before the kill stands after it.
run=$work/chance
for share in 45 75; do
  kill_at "$run" $((rows_whole * share / 100)) $verified "reward.correctness.program=$checker random"
  same "by chance, killed at $share %: status" 137 $status
  cp "$run/metrics.jsonl" "$work/metrics_$share"
  cp "$run/verdicts.txt" "$work/verdicts_$share"
done
train "$run" $verified "reward.correctness.program=$checker random"
same "by chance: resumed, status" 0 $status
if [ "$(summary weights_hash "$run")" != "$own" ]; then passed "by chance: other weights"; else failed "by chance: other weights" "chance played no part"; fi
steps "$run" >"$work/chance_steps"
for share in 45 75; do
  mkdir "$work/cut" && grep '}$' "$work/metrics_$share" >"$work/cut/metrics.jsonl"
  lines=$(rows "$work/cut")
  same "by chance, killed at $share %: its $lines steps again" "$(steps "$work/cut" | cksum)" "$(head -n "$lines" "$work/chance_steps" | cksum)"
  bytes=$(wc -c <"$work/verdicts_$share")
  same "by chance, killed at $share %: its verdicts again" "$(cksum <"$work/verdicts_$share")" "$(head -c "$bytes" "$run/verdicts.txt" | cksum)"
  rm -r "$work/cut"
done

# ---- the helper is killed ----
run=$work/helper
begin "$run" $settings
while [ "$(verdicts "$run")" -lt $((rows_whole / 2)) ] && kill -0 "$running" 2>/dev/null; do :; done
helper=$(awk -v parent="$running" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2>/dev/null || true)
kill -9 $helper
await
same "helper killed: status" 1 $status
if grep -q '^rlsp: reward.correctness.program: the helper process' "$run.said"; then passed "helper killed: it is said"; else failed "helper killed: it is said" "$(last_said "$run")"; fi
same "helper killed: programs left" 0 "$(await_none)"
train "$run" $settings
same "helper killed: resumed, status" 0 $status
same "helper killed: resumed, weights" "$own" "$(summary weights_hash "$run")"

# ---- refused ----
refused() { # NAME PART SETTINGS
  refused_name=$1 refused_part=$2
  shift 2
  train "$work/refused" $verified "$@"
  same "$refused_name: status" 2 $status
  if grep -qF "$refused_part" "$work/refused.said"; then passed "$refused_name: it is said"; else failed "$refused_name: it is said" "$(last_said "$work/refused")"; fi
  if [ -e "$work/refused" ]; then failed "$refused_name: nothing is written" "$(ls "$work/refused")"; else passed "$refused_name: nothing is written"; fi
}
refused 'no program' 'reward.correctness.program names none'
refused 'a program that is not there' 'rlsp: reward.correctness.program: ' "reward.correctness.program=$work/absent"
chmod -x "$checker"
refused 'a program that is not executable' 'chmod +x' "reward.correctness.program=$checker"
finish
