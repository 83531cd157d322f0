#!/bin/sh
# The tests of `make check`, in a row. usage: tests/check.sh BUILD_FOLDER      (built before, BUILD_FOLDER/sanitize too)
set -eu
cd "$(dirname "$0")/.."
build=$1
rlsp=$build/rlsp

set -- '= every room'
for source in tests/*_test.c; do
  name=${source##*/}
  set -- "$@" "$build/tests/${name%.c}"
done
set -- "$@" '= whole runs' \
  "tests/golden_test.sh $rlsp tiny run.threads=1" \
  "tests/golden_test.sh $rlsp tiny run.threads=2 rollout.slots=7" \
  "tests/golden_test.sh $rlsp tiny run.simd=baseline checkpoint.every=7" \
  "tests/golden_test.sh $rlsp tiny+sft.steps=12+ppo.iterations=3 run.device=vulkan:0" \
  "tests/resume_test.sh $rlsp 4" \
  "tests/signals_test.sh $rlsp" \
  "tests/program_test.sh $rlsp" \
  "tests/verifier_run_test.sh $rlsp" \
  "tests/bad_input_test.sh $rlsp"
# Everything but the Vulkan device: it is slow there, and its driver is not ours (tests/check_full.sh runs it).
set -- "$@" '= under the address and undefined-behaviour sanitizers'
for source in tests/*_test.c; do
  name=${source##*/}
  case $name in
  vulkan_parts_test.c | vulkan_note_test.c) leaks= ;;
  vulkan_*) continue ;;
  command_test.c) leaks='env ASAN_OPTIONS=detect_leaks=0 ' ;; # it starts rlsp, and lavapipe leaks
  *) leaks= ;;
  esac
  set -- "$@" "$leaks$build/sanitize/tests/${name%.c}"
done
set -- "$@" "$build/sanitize/tests/fuzz/verifier_fuzz -s 10"
exec tests/run.sh "$@"
