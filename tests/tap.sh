# shellcheck shell=sh
# Results of a shell test in TAP. Sourced by tests/*_test.sh and tools/lint.sh; needs no other file.
#
#   passed NAME | failed NAME [WHAT IS WRONG] | skipped NAME REASON      one result
#   same NAME EXPECTED FOUND                                             passed where the two are equal
#   finish                                                               the plan, and the exit status
tap_count=0
tap_failed=0

passed() {
  tap_count=$((tap_count + 1))
  printf 'ok %d - %s\n' $tap_count "$1"
}

failed() {
  tap_count=$((tap_count + 1))
  tap_failed=$((tap_failed + 1))
  printf 'not ok %d - %s\n' $tap_count "$1"
  [ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skipped() {
  tap_count=$((tap_count + 1))
  printf 'ok %d - %s # SKIP %s\n' $tap_count "$1" "$2"
}

same() {
  if [ "$2" = "$3" ]; then passed "$1"; else failed "$1" "expected '$2', found '$3'"; fi
}

finish() {
  printf '1..%d\n' $tap_count
  [ $tap_failed -eq 0 ]
  exit
}
