#!/bin/sh
# Resident memory stays as it is over thousands of steps. usage: tests/rss_test.sh RLSP STEPS SETTING...
#   STEPS    PPO iterations, each with an optimizer step of policy and critic
#   SETTING  the run: run.device=..., sizes
# The run is looked at through /proc from a tenth of its steps on: after that the largest may not exceed the first by more than 1 MiB
# (the C library's and the driver's own pools settle in the first steps).
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
steps=$2
shift 2
title="resident memory over $steps steps, $*"
slack=1024

begin "$work/run" configs/tiny.ini sft.steps=1 eval.problems=0 checkpoint.every=0 log.samples=0 ppo.iterations="$steps" "$@"
reach "$work/run" $((steps / 10))
first=0 largest=0 looks=0
while kill -0 "$running" 2>/dev/null; do
  now=$(awk '/^VmRSS:/ { print $2 }' "/proc/$running/status" 2>/dev/null || true)
  if [ -n "$now" ]; then
    [ "$first" -gt 0 ] || first=$now
    [ "$now" -le "$largest" ] || largest=$now
    looks=$((looks + 1))
  fi
  sleep 1
done
await
same "$title: ends well" 0 $status
if [ $looks -lt 3 ]; then
  failed "$title" "the run was seen $looks times: too short to say"
elif [ $((largest - first)) -le $slack ]; then
  passed "$title: $first KiB, at most $largest KiB"
else
  failed "$title" "it grew from $first KiB to $largest KiB in $looks looks: $(last_said "$work/run")"
fi
same "$title: allocations after the freeze" 0 "$(summary allocations_after_freeze "$work/run")"
finish
