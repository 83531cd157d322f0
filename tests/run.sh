#!/bin/sh
# Runs tests that speak TAP, one after the other, and sums them up: failures in full, a line a command, the counts last.
# usage: tests/run.sh [-t SECONDS] COMMAND...
#   COMMAND  a program and its arguments in one word ("tests/golden_test.sh build/rlsp tiny"); "= TEXT" prints a heading
#   -t       longest time a command may take (default 1800)
# A command that crashes, prints no plan, runs fewer tests than planned, takes too long, or skips without a reason has failed.
set -u
cd "$(dirname "$0")/.." || exit 2
limit=1800
if [ "${1-}" = -t ]; then
  limit=$2
  shift 2
fi
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Reads the output of one command; writes "passed failed skipped" into `counts` and what the reader should see to stdout.
# cmocka 1.1.5 writes "not ok 2 # SKIP name" for a skip, later ones "ok 2 # SKIP name"; the reason is a line
# "skipped: REASON" before it. Scripts write "ok 2 - name # SKIP REASON".
cat >"$work/sum.awk" <<'AWK'
/^TAP version / { next }
/^1\.\.[0-9]+/ { planned += substr($1, 4); plans++; next }
/^(not )?ok [0-9]+ .*# SKIP/ {
  results++
  text = $0
  sub(/^(not )?ok [0-9]+ (- )?/, "", text)
  name = text
  sub(/ *# SKIP.*/, "", name)
  sub(/.*# SKIP */, "", text)
  if (name == "") { name = text; text = reason }
  if (text == "") fail("skips without a reason: " name)
  else { skipped++; print "  skipped " name ": " text }
  reason = ""
  next
}
/^not ok [0-9]+/ { results++; failed++; keep($0); reason = ""; next }
/^ok [0-9]+/ { results++; passed++; reason = ""; next }
/skipped: / { reason = $0; sub(/.*skipped: */, "", reason); next }
{ keep($0) }
function keep(line) { kept[++lines] = line }
function fail(line) { failed++; keep(line) }
END {
  if (plans == 0) fail("printed no plan: " ended)
  else if (results < planned) { keep("ran " results " of " planned " tests: " ended); failed += planned - results }
  else if (results > planned) fail("ran " results " tests but planned " planned)
  else if (status != 0 && failed == 0) fail("passed, and then " ended)
  if (failed > 0) for (i = 1; i <= lines; i++) print "  | " kept[i]
  print passed + 0, failed + 0, skipped + 0 >counts
}
AWK

all_passed=0 all_failed=0 all_skipped=0
for command; do
  case $command in
  '= '*)
    printf '\n%s\n' "${command#= }"
    continue
    ;;
  esac
  began=$(date +%s)
  timeout --foreground -k 10 "$limit" sh -c "exec $command" >"$work/output" 2>&1 </dev/null
  status=$?
  seconds=$(($(date +%s) - began))
  case $status in
  124) ended="stopped after $limit s" ;;
  126 | 127) ended="could not be started" ;;
  *) if [ $status -gt 128 ]; then ended="died of signal $((status - 128))"; else ended="ended with status $status"; fi ;;
  esac
  # LC_ALL=C: a test may print bytes that are no text.
  LC_ALL=C awk -v status=$status -v ended="$ended" -v counts="$work/counts" -f "$work/sum.awk" "$work/output" >"$work/shown"
  read -r passed failed skipped <"$work/counts"
  printf '%4d passed %3d failed %3d skipped %5d s  %s\n' "$passed" "$failed" "$skipped" "$seconds" "$command"
  cat "$work/shown"
  all_passed=$((all_passed + passed))
  all_failed=$((all_failed + failed))
  all_skipped=$((all_skipped + skipped))
done
printf '\n%d passed, %d failed, %d skipped\n' $all_passed $all_failed $all_skipped
[ $all_failed -eq 0 ]
