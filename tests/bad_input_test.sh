#!/bin/sh
# Bad input: each kind ends with its exit status and one line `rlsp: PLACE: what is wrong; what to do`, and a damaged
# checkpoint gives way to the one before it, to the same bits.
# usage: tests/bad_input_test.sh RLSP
# shellcheck disable=SC2086 # settings are lists of words
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
. tests/whole_run.sh
golden tiny

# refused NAME STATUS PATTERN COMMAND...: rlsp COMMAND ends so, and its one line of error matches the pattern.
refused() {
  name=$1 wanted=$2 pattern=$3
  shift 3
  status=0
  $rlsp "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
  lines=$(grep -c '' "$work/err" || true)
  if [ $status -ne "$wanted" ]; then
    failed "$name" "status $status instead of $wanted: $(cat "$work/err")"
  elif [ "$(grep -c '^rlsp: ' "$work/err")" -ne 1 ] || [ "$lines" -ne 1 ]; then
    failed "$name" "$lines lines instead of one: $(cat "$work/err")"
  elif ! grep -q "^rlsp: .*: .*$pattern.*; ." "$work/err"; then
    failed "$name" "no '$pattern', or no cure after a ';': $(cat "$work/err")"
  else
    passed "$name"
  fi
}

# config NAME PATTERN TEXT: a config of that text (\n and so on as printf has it) is refused, at its line.
config() {
  printf '%b' "$3" >"$work/bad.ini"
  refused "config: $1" 2 "$2" config "$work/bad.ini"
  grep -q "^rlsp: $work/bad\.ini:[0-9][0-9]*: " "$work/err" || failed "config: $1: its line" "$(cat "$work/err")"
}

# ---- configs ----
config 'unknown section' 'unknown section' '[rum]\nseed = 1\n'
config 'unknown key' 'unknown key' '[run]\nsede = 1\n'
config 'key given twice' 'already' '[run]\nseed = 1\n[ppo]\n[run]\nseed = 2\n'
config 'key above every section' 'section' 'seed = 1\n'
config 'line without =' "no '='" '[run]\nseed 1\n'
config 'section without ]' "no ']'" '[run\nseed = 1\n'
config 'no key before =' 'before' '[run]\n= 1\n'
config 'no value' 'no value' '[run]\nseed =\n'
config 'not a whole number' 'whole number' '[run]\nseed = many\n'
config 'whole number with a rest' 'whole number' '[run]\nseed = 12x\n'
config 'whole number too large for 64 bits' 'out of range' '[run]\nseed = 99999999999999999999999\n'
config 'whole number out of range' 'out of range' '[run]\nthreads = 100000\n'
config 'not a number' 'not a number' '[reward]\nalpha = high\n'
config 'a number that is none' 'not a number' '[reward]\nalpha = nan\n'
config 'number out of range' 'out of range' '[reward]\nalpha = 1.5\n'
config 'not a choice' 'not a choice' '[reward]\nbalance = fair\n'
config 'text too long' '' "[run]\ndir = $(printf '%03000d' 0)\n"
config 'NUL byte' 'NUL' '[run]\nseed = 1\00002\n'
config 'control character' 'control character' '[run]\ndir = a\0007b\n'
config 'not UTF-8' 'UTF-8' '[run]\ndir = a\0377b\n'
config 'heads that do not divide the width' 'divide' '[model]\nwidth = 100\nheads = 3\n'
config 'truncated sampling' 'cannot be trained with' '[rollout]\ntop_p = 0.9\n'
config 'minibatch above the samples' 'minibatch' '[rollout]\nsamples = 8\nslots = 8\n[ppo]\nminibatch = 64\n'

config 'no source of answers' 'no source' '[reward.correctness]\nanswer_sources = box, bucks\n'
config 'a source given twice' 'twice' '[reward.correctness]\nanswer_sources = box, box\n'
config 'regex without a pattern' 'pattern is empty' '[reward.correctness]\nverifier = regex\n'

refused 'no such config' 2 '' train "$work/none.ini"
refused 'a folder as config' 2 '' train "$work"
refused 'override: unknown key' 2 'unknown key' train configs/tiny.ini run.sede=1
refused 'override: unknown section' 2 'unknown section' train configs/tiny.ini rum.seed=1
refused 'override: no section' 2 'section' train configs/tiny.ini seed=1
refused 'override: no =' 2 '' train configs/tiny.ini run.seed
refused 'override: bad value' 2 'whole number' train configs/tiny.ini run.seed=x
refused 'no run.dir' 2 'run directory' train configs/tiny.ini run.device=cpu run.dir=
refused 'no such task.problems' 2 '' train configs/tiny.ini run.device=cpu run.dir="$work/x" task.problems="$work/none.jsonl"

# ---- the command line ----
refused 'no command' 2 'no command'
refused 'unknown command' 2 'unknown command' trian configs/tiny.ini
refused 'no config' 2 'no config' train
refused 'unknown option' 2 'unknown option' plan configs/tiny.ini --device-memroy 1G
refused 'option without its value' 2 'no value' plan configs/tiny.ini --device-memory
refused 'option that is no size' 2 'size' plan configs/tiny.ini --device-memory=lots

# ---- verifiers ----
refused 'a pattern that is none' 2 'missing closing parenthesis' train configs/tiny.ini run.device=cpu run.dir="$work/x" reward.correctness.verifier=regex 'reward.correctness.pattern=(a'
scored() { # NAME PATTERN TEXT: rlsp score refuses the line
  printf '%b' "$3" >"$work/pairs"
  refused "score: $1" 5 "$2" score --input "$work/pairs"
}
scored 'no JSON' 'line ends too early, at its byte 9' '{"gold":"1","answer":"1"}\n{"gold":'
scored 'no object' 'no object' '[1]\n'
scored 'no gold' 'no "gold"' '{"answer":"1"}\n'
scored 'no answer' 'neither' '{"gold":"1"}\n'
scored 'an answer and a completion' 'both' '{"gold":"1","answer":"1","completion":"1"}\n'
scored 'a key twice' 'twice' '{"gold":"1","gold":"2","answer":"1"}\n'
scored 'a gold that is no text' 'no string' '{"gold":[1],"answer":"1"}\n'
scored 'a truncated that is no truth' 'neither true nor false' '{"gold":"1","answer":"1","truncated":1}\n'
refused 'score: the output is the input' 2 'is the input too' score --input "$work/pairs" --output "$work/pairs"
scored 'a tolerance that is none' 'tolerance_digits' '{"gold":"1","answer":"1","tolerance_digits":-1}\n'
refused 'score: no such input' 2 '' score --input "$work/none.jsonl"
refused 'score: an output that cannot be' 2 '' score --output "$work/none/out"
refused 'score: the task'"'"'s own verifier' 2 'does not go by texts' score configs/tiny.ini

# ---- devices and memory ----
refused 'missing device' 4 '' train configs/tiny.ini run.dir="$work/x" run.device=vulkan:99
refused 'device that is not called so' 4 '' train configs/tiny.ini run.dir="$work/x" run.device=nosuchdevice
status=0
$rlsp plan configs/tiny.ini --device-memory 1M >"$work/out" 2>"$work/err" || status=$?
same 'plan that does not fit: status' 3 $status
same 'plan that does not fit: last line' 'does not fit' "$(tail -n 1 "$work/out" | cut -c 1-12)"

# ---- run directories ----
: >"$work/file"
refused 'run.dir below a file' 2 '' train configs/tiny.ini run.device=cpu run.dir="$work/file/run"
refused 'run.dir that is a file' 2 '' train configs/tiny.ini run.device=cpu run.dir="$work/file"
if [ "$(id -u)" -eq 0 ]; then
  refused 'run.dir that cannot be made' 2 '' train configs/tiny.ini run.device=cpu run.dir=/proc/rlsp
else
  mkdir -m 555 "$work/sealed"
  refused 'run.dir that cannot be made' 2 '' train configs/tiny.ini run.device=cpu run.dir="$work/sealed/run"
fi
begin "$work/busy" configs/tiny.ini sft.steps=1000000
while ! [ -f "$work/busy/config.ini" ] && kill -0 "$running" 2>/dev/null; do sleep 0.02; done
refused 'run.dir in use' 2 'in use' train configs/tiny.ini run.device=cpu run.dir="$work/busy"
kill -9 "$running"
await
refused 'run.dir of other settings, without a checkpoint to compare: resume=never' 2 'used' \
  train configs/tiny.ini run.device=cpu run.dir="$work/busy" run.resume=never

# ---- damaged checkpoints ----
settings="$golden_arguments checkpoint.every=2 checkpoint.keep=3 log.every=1"
golden_rows=$(awk '/^ *steps *=|^ *iterations *=/ { n += $3 } END { print n }' configs/tiny.ini)
begin "$work/whole" $settings
reach "$work/whole" $((golden_rows - 10))
kill -s TERM "$running"
await
same 'stopped in PPO' 143 $status
newest=$(sed 's/.*step_/step_/' "$work/whole/checkpoints/latest")
refused 'run.dir of other settings' 2 'other settings' train $settings run.device=cpu run.dir="$work/whole" run.seed=99

# flip FILE: one bit in its middle.
flip() {
  at=$(($(wc -c <"$1") / 2))
  byte=$(od -An -tu1 -j $at -N 1 "$1")
  printf '%b' "\\0$(printf '%o' $((byte ^ 16)))" | dd of="$1" bs=1 seek=$at conv=notrunc 2>/dev/null
}

# damaged NAME FILE: the run in $work/hurt, hurt in FILE of its newest checkpoint, goes on from an older one, and says so.
damaged() {
  train "$work/hurt" $settings
  if [ $status -ne 0 ]; then
    failed "$2 $1" "status $status: $(last_said "$work/hurt")"
  elif ! grep -q "$newest" "$work/hurt.said"; then
    failed "$2 $1" "nothing says that $newest was passed over: $(head -n 5 "$work/hurt.said")"
  else
    same "$2 $1" "$golden_hash" "$(summary weights_hash "$work/hurt")"
  fi
  rm -rf "$work/hurt"
}

for path in "$work/whole/checkpoints/$newest"/*; do
  file=${path##*/}
  cp -r "$work/whole" "$work/hurt"
  flip "$work/hurt/checkpoints/$newest/$file"
  damaged 'with one bit flipped' "$file"
  cp -r "$work/whole" "$work/hurt"
  truncate -s -1 "$work/hurt/checkpoints/$newest/$file"
  damaged 'cut by a byte' "$file"
done
cp -r "$work/whole" "$work/hurt"
rm "$work/hurt/checkpoints/$newest/$file"
damaged 'removed' "$file"
cp -r "$work/whole" "$work/hurt"
for path in "$work/hurt/checkpoints"/step_*/*.safetensors; do flip "$path"; done
refused 'every checkpoint damaged' 5 '' train $settings run.device=cpu run.dir="$work/hurt"
rm -rf "$work/hurt"
cp -r "$work/whole" "$work/hurt"
: >"$work/hurt/checkpoints/latest"
train "$work/hurt" $settings
same 'an empty "latest"' "$golden_hash" "$(summary weights_hash "$work/hurt")"
finish
