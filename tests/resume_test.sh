#!/bin/sh
# kill -9 at N times spread over a run; gone on from there, each ends with the bits of the run that nobody disturbed.
# usage: tests/resume_test.sh RLSP N
# resumed_from must show that at least half of the runs went on from past step 0, and never more than checkpoint.every
# steps may be done again.
# shellcheck disable=SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
kills=$2
every=2
# Per mille of the time an undisturbed run takes. Fixed, in an order in which the first few already fall in both phases.
moments='310 620 850 120 480 930 230 710 550 790 40 380 670 890 170 580 440 960 270 760'
golden tiny
# A row of metrics each step says how far a run had come when it died.
settings="$golden_arguments checkpoint.every=$every log.every=1"

now() { date +%s%3N; }

# place FILE: "phase step" of its last whole line.
place() {
  sed -n 's/^{"phase": *"\([a-z]*\)", *"step": *\([0-9]*\)\(,.*\)\{0,1\}}$/\1 \2/p' "$1" 2>/dev/null | tail -n 1
}

began=$(now)
train "$work/whole" $settings
took=$(($(now) - began))
same "undisturbed: status" 0 $status
same "undisturbed: weights" "$golden_hash" "$(summary weights_hash "$work/whole")"
rows_whole=$(rows "$work/whole")

# kill_at FOLDER PER_MILLE: begins or goes on, and is killed after that share of an undisturbed run's time.
kill_at() {
  begin "$1" $settings
  sleep "$(awk -v ms="$took" -v share="$2" 'BEGIN { printf "%.3f", ms * share / 1e6 }')"
  kill -9 "$running" 2>/dev/null || true
  await
}

later=0 in_sft=0 in_ppo=0 done_kills=0
for moment in $moments; do
  [ $done_kills -lt "$kills" ] || break
  done_kills=$((done_kills + 1))
  run=$work/kill_$moment
  title="killed at $moment per mille"
  share=$moment
  kill_at "$run" "$share"
  while [ $status -eq 0 ] && [ "$share" -gt 20 ]; do # this machine had been busier before: it ended first
    share=$((share * 3 / 4))
    rm -rf "$run"
    kill_at "$run" "$share"
  done
  if [ $status -ne 137 ]; then
    failed "$title" "it had ended before, with status $status"
    continue
  fi
  died=$(place "$run/metrics.jsonl")
  case $died in ppo*) in_ppo=$((in_ppo + 1)) ;; *) in_sft=$((in_sft + 1)) ;; esac
  train "$run" $settings
  from=$(place "$run/resumed.jsonl")
  [ "${from#* }" = 0 ] && [ "${from% *}" = sft ] || [ -z "$from" ] || later=$((later + 1))
  # Steps done again: in its phase, those after the one it went on from. From the end of SFT to PPO there is a checkpoint.
  again=0
  [ "${died% *}" != "${from% *}" ] || again=$((${died#* } - ${from#* }))
  if [ $status -ne 0 ]; then
    failed "$title" "status $status: $(last_said "$run")"
  elif [ "$(summary weights_hash "$run")" != "$golden_hash" ]; then
    failed "$title" "at ${died:-no step}, from ${from:-nothing}: weights $(summary weights_hash "$run") instead of $golden_hash"
  elif [ $again -gt $every ]; then
    failed "$title" "died at $died, went on from $from: $again steps again, and a checkpoint is made every $every"
  elif [ "$(rows "$run")" -ne "$rows_whole" ]; then
    failed "$title" "$(rows "$run") rows of metrics instead of $rows_whole"
  else
    passed "$title (died at ${died:-no step}, went on from ${from:-nothing})"
  fi
  rm -rf "$run" "$run.said"
done
if [ $((later * 2)) -ge "$kills" ]; then passed "$later of $kills went on from past step 0"; else failed "$later of $kills went on from past step 0"; fi
if [ $in_sft -gt 0 ] && [ $in_ppo -gt 0 ]; then
  passed "$in_sft died in SFT, $in_ppo in PPO"
else
  failed "$in_sft died in SFT, $in_ppo in PPO" "both must be met"
fi

# One run killed again and again goes on each time.
for moment in 300 300 300; do kill_at "$work/again" $moment; done
train "$work/again" $settings
same "killed three times: weights" "$golden_hash" "$(summary weights_hash "$work/again")"
finish
