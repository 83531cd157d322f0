#!/bin/sh
# The first inputs of libFuzzer's corpus: a file for each pair of tests/verifier_pairs.txt. usage: tests/fuzz/seeds.sh FOLDER
set -eu
mkdir -p "$1"
awk -v folder="$1" '!/^[#=]/ && NF {
  sub(/^[^ ]* /, "")
  at = index($0, " ~~ ")
  file = folder "/pair-" NR
  printf " %s\n%s", substr($0, 1, at - 1), substr($0, at + 4) >file
  close(file)
}' tests/verifier_pairs.txt
