#!/bin/sh
# A user's program for verifier = program: Countdown's own verdict, from the texts alone, sharing no code with the engine.
# Standard input: the response. Descriptor 3: the gold (the target). Descriptor 4: the prompt. Exit code: 0 right, 1 wrong, 2 no answer.
# usage: tests/countdown_checker.sh [random]      random: now and then a verdict by chance, as of a program that runs out of time
read -r gold <&3
read -r prompt <&4
seed=
[ "${1-}" != random ] || seed=$(date +%N)
exec awk -v gold="$gold" -v prompt="$prompt" -v seed="$seed" '
function value(word) { return word ~ /^[0-9]+$/ }
function result(a, op, b) {
  if (op == "+") return a + b
  if (op == "-") return a - b
  if (op == "*") return a * b
  return b != 0 && a % b == 0 ? a / b : -1
}
# Takes a value from what is left; false: it is not there.
function take(a, i) {
  for (i = 1; i <= left; i++) if (stock[i] == a) { stock[i] = stock[left--]; return 1 }
  return 0
}
{ for (i = 1; i <= NF; i++) { if ($i == "BACK") n = 0; else word[++n] = $i } } # the last attempt alone counts
END {
  if (seed != "") { srand(seed); if (rand() < 0.2) exit int(rand() * 5) }
  numbers = split(prompt, said, " ") - 3 # BOS n1 .. nk : T
  for (i = 1; i <= numbers; i++) stock[++left] = said[i + 1]
  steps = numbers - 1
  if (n != 6 * steps - 1 && !(n == 6 * steps && (word[n] == "OK" || word[n] == "NO"))) exit 2
  right = 1
  for (s = 0; s < steps; s++) {
    at = 6 * s
    a = word[at + 1]; op = word[at + 2]; b = word[at + 3]; r = word[at + 5]
    if (s > 0 && word[at] != "," || !value(a) || op !~ /^[-+*\/]$/ || !value(b) || word[at + 4] != "=" || !value(r)) exit 2
    right = right && take(a + 0) && take(b + 0) && result(a, op, b) == r
    stock[++left] = r + 0
  }
  exit !(right && r == gold)
}'
