#!/bin/sh
# Signals: the first ends a run after its step and a checkpoint, with its own exit status; the same command goes on, to the
# same bits; a second signal ends it at once.
# usage: tests/signals_test.sh RLSP
# shellcheck disable=SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
golden tiny
settings="$golden_arguments log.every=1"

# stop SIGNAL STATUS ROWS: stops a run when it has so many rows of metrics.
stop() {
  title="SIG$1 after row $3"
  run=$work/$1_$3
  begin "$run" $settings
  reach "$run" "$3"
  kill -s "$1" "$running"
  await
  same "$title: status" "$2" $status
  same "$title: one line of error" 1 "$(grep -c '^rlsp: ' "$run.said")"
  if [ -s "$run/checkpoints/latest" ]; then passed "$title: checkpoint"; else failed "$title: checkpoint" "$(last_said "$run")"; fi
  train "$run" $settings
  same "$title: goes on, status" 0 $status
  same "$title: goes on, weights" "$golden_hash" "$(summary weights_hash "$run")"
}
stop INT 130 10
stop TERM 143 64
stop HUP 130 30

# One step of this takes many seconds: a second signal cannot be mistaken for the end of the step.
begin "$work/second" $settings sft.batch=65536
while ! [ -f "$work/second/config.ini" ] && kill -0 "$running" 2>/dev/null; do sleep 0.02; done
sleep 0.5
kill -s INT "$running"
sleep 0.5
if kill -0 "$running" 2>/dev/null; then passed "after one signal the step goes on"; else failed "after one signal the step goes on" "$(last_said "$work/second")"; fi
began=$(date +%s%3N)
kill -s INT "$running" 2>/dev/null || true
await
took=$(($(date +%s%3N) - began))
same "second signal: status" 130 $status
if [ $took -lt 1000 ]; then passed "second signal: at once"; else failed "second signal: at once" "took $took ms"; fi
finish
