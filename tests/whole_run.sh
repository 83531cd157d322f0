# shellcheck shell=sh disable=SC2034,SC2046,SC2086
# What tests of whole runs share: the command, a folder, the golden runs, and reading what a run leaves behind. Sourced
# after tests/tap.sh; the first argument of such a test is the rlsp command, which may have an emulator before it
# ("qemu-aarch64-static -L /usr/aarch64-linux-gnu build/aarch64/rlsp"). Everything a test writes lies in $work.
rlsp=$1
work=$(mktemp -d)
running=
trap 'end_all' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

end_all() {
  [ -z "$running" ] || kill -9 "$running" 2>/dev/null || true
  rm -rf "$work"
}

# golden NAME: the arguments of a golden run, and its stored hash. A name is a config and the settings that change its
# bits: tiny, or tiny+reward.balance=streams. One line a run in tests/golden_hashes.txt.
golden() {
  golden_arguments="configs/$(printf '%s' "$1" | sed 's/+/ /g; s/ \|$/.ini&/')"
  golden_hash=$(awk -v name="$1" '$1 == name { print $2 }' tests/golden_hashes.txt)
}

# device ARGUMENT...: a test runs on the CPU device where the arguments do not name another.
device() {
  case " $*" in *' run.device='*) ;; *) echo run.device=cpu ;; esac
}

# train FOLDER ARGUMENT...: a run to its end, or to its death; what it said is FOLDER.said, its status $status.
train() {
  folder=$1
  shift
  status=0
  $rlsp train "$@" $(device "$@") run.dir="$folder" >"$folder.said" 2>&1 || status=$?
}

# begin FOLDER ARGUMENT...: the same in the background, as $running. env: a shell starts background jobs with SIGINT
# ignored, and what is ignored stays ignored.
begin() {
  folder=$1
  shift
  env --default-signal=INT,TERM,HUP $rlsp train "$@" $(device "$@") run.dir="$folder" >"$folder.said" 2>&1 &
  running=$!
}

# await: the end of what begin began; $status. The shell's own word on a killed job goes nowhere.
await() {
  status=0
  wait "$running" 2>/dev/null || status=$?
  running=
}

# summary KEY FOLDER: a number or text of its summary.json.
summary() {
  sed -n 's/^ *"'"$1"'": *"\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}.*$/\1/p' "$2/summary.json" 2>/dev/null | head -n 1
}

# rows FOLDER: lines in its metrics.jsonl so far.
rows() {
  if [ -f "$1/metrics.jsonl" ]; then wc -l <"$1/metrics.jsonl"; else echo 0; fi
}

# reach FOLDER ROWS: waits until so many rows of metrics are there, or the run has ended.
reach() {
  while [ "$(rows "$1")" -lt "$2" ] && kill -0 "$running" 2>/dev/null; do sleep 0.02; done
}

# last_said FOLDER: the end of what it said, for a failed test.
last_said() { tail -n 5 "$1.said"; }
