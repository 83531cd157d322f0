#!/bin/sh
# A golden run: a whole run whose weights are known to the bit.
# usage: tests/golden_test.sh RLSP NAME [SETTING=VALUE...]
#   NAME     a line of tests/golden_hashes.txt
#   SETTING  one that must not change a bit: run.device, run.threads, run.simd, rollout.slots, checkpoint.every, ...
# shellcheck disable=SC2046,SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
name=$2
shift 2
golden "$name"
title="$name${*:+ $*}"

# An instruction set this CPU lacks cannot be tested here, nor a Vulkan device where there is no driver.
for setting; do
  case $setting in
  run.device=vulkan*)
    if ! $rlsp devices | grep -q '^vulkan:'; then
      skipped "$title" 'no Vulkan driver'
      finish
    fi
    continue
    ;;
  run.simd=avx2) flag=avx2 ;;
  run.simd=avx512) flag=avx512bw ;;
  *) continue ;;
  esac
  if ! grep -qw $flag /proc/cpuinfo; then
    skipped "$title" "this CPU has no $flag"
    finish
  fi
done

train "$work/run" $golden_arguments "$@"
if [ $status -ne 0 ]; then
  failed "$title: ends well" "status $status: $(last_said "$work/run")"
  finish
fi
same "$title: weights" "$golden_hash" "$(summary weights_hash "$work/run")"
same "$title: allocations after the freeze" 0 "$(summary allocations_after_freeze "$work/run")"

# The plan needs no run, and is right to the byte.
$rlsp plan $golden_arguments "$@" $(device "$@") >"$work/plan"
for arena in host device; do
  bytes=$(summary "${arena}_bytes" "$work/run")
  if [ -n "$bytes" ] && grep "$arena" "$work/plan" | grep -qw "$bytes"; then
    passed "$title: plan of the $arena arena"
  else
    failed "$title: plan of the $arena arena" "summary.json says '$bytes' bytes; rlsp plan ends: $(tail -n 4 "$work/plan")"
  fi
done
finish
