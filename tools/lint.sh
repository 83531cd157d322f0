#!/bin/sh
# The rules of the house that no compiler checks, as TAP (run it by `make lint`, or tests/run.sh tools/lint.sh).
# usage: tools/lint.sh [BUILD_FOLDER]        (default build; for generated headers and rlsp)
# Each rule lists what breaks it as FILE:LINE: text. A tool that is missing is a skip that names it.
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
build=${1:-build}
CC=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

files() { # PATTERN...: tracked and new files, not the ignored ones, not the deleted ones
  git ls-files -co --exclude-standard -- "$@" | while read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
}
code=$(files '*.c' '*.h' '*.comp' '*.glsl')
headers=$(files '*.h')
engine=$(files 'engine/*.c' 'engine/*.h')
product=$(files 'engine/*.[ch]' 'platform/*.[ch]' 'tools/*.[ch]')
scripts=$(files '*.sh' '.ci/run')
text=$(files '*.c' '*.h' '*.comp' '*.glsl' '*.sh' '*.awk' '*.mk' '*.md' '*.ini' '*.1' 'Makefile' '.ci/run')

rule() { # NAME OUTPUT: passes where the output is empty
  if [ -z "$2" ]; then passed "$1"; else failed "$1" "$(printf '%s\n' "$2" | head -n 40)"; fi
}

search() { # REGEX FILES: FILE:LINE: text of each match
  [ -z "$2" ] || printf '%s\n' "$2" | tr '\n' '\0' | xargs -0 grep -nHE -- "$1" | cut -c 1-160 || true
}

# ---- text ----
# The marks are spelled in two halves, so that this file does not hold them.
rule 'no marks of unfinished work' "$(search '\b(TO''DO|FIX''ME|XX''X|HA''CK)\b' "$text")"
rule 'no trailing blanks' "$(search '[[:blank:]]+$' "$text")"
rule 'no tabs outside makefiles' "$(search "$(printf '\t')" "$(printf '%s\n' "$text" | grep -vE '(^|/)Makefile$|\.mk$')")"
rule 'no carriage returns' "$(search "$(printf '\r')" "$text")"
rule 'no path of a machine' "$(search '(^|[^a-z.])/(work|home|root)/' "$text" | grep -v '^tools/lint.sh:' || true)"
rule 'every file ends with a newline' "$(for file in $text; do [ -z "$(tail -c 1 "$file")" ] || echo "$file"; done)"
rule 'no file above 800 lines' "$(for file in $code $scripts; do
  lines=$(wc -l <"$file")
  [ "$lines" -le 800 ] || echo "$file: $lines lines"
done)"
rule 'no file called utils, misc, common or helpers' "$(files | grep -iE '(^|/|_)(utils?|misc|common|helpers?)(_|\.|/|$)' || true)"
rule 'a header opens with what it owns' "$(for file in $headers; do
  [ "$(head -c 2 "$file")" = '/*' ] || echo "$file:1: $(head -n 1 "$file")"
done)"
rule 'a source opens with what it owns, or with its header' "$(for file in $(printf '%s\n' "$code" | grep '\.c$'); do
  [ "$(head -c 2 "$file")" = '/*' ] || head -n 4 "$file" | grep -qE "^#include \"(${file%/*}/|platform/[a-z]+\.h)" ||
    echo "$file:1: $(head -n 1 "$file")"
done)"

# ---- what may be used where ----
rule 'no environment variables' "$(search '\b(secure_)?getenv *\(|\benviron\b' "$product")"
# <math.h> has macros too, which need no library.
if [ -f "$build/librlsp.a" ]; then
  nm -D --defined-only "$($CC -print-file-name=libm.so.6)" | sed 's/.* //; s/@.*//' | sort -u >"$work/libm"
  rule 'no libm' "$(nm -Au "$build/librlsp.a" 2>/dev/null | awk 'NR == FNR { libm[$1]; next } $NF in libm' "$work/libm" -)"
else
  skipped 'no libm' "no $build/librlsp.a"
fi
rule 'engine: no allocation' "$(search '\b(malloc|calloc|realloc|free|strdup|strndup|alloca|aligned_alloc|posix_memalign|asprintf|getline) *\(' "$engine")"
rule 'engine: no OS call' \
  "$(search '# *include <(unistd|fcntl|pthread|signal|dirent|dlfcn|errno|time|poll|sched|spawn|threads|sys/[a-z]+)\.h>' "$engine")"
rule 'engine reaches the platform through platform/*.h' "$(search '# *include "platform/[^"]*/' "$engine")"
rule 'engine and platform do not know tools or tests' "$(search '# *include "(tools|tests)/' "$(files 'engine/*.[ch]' 'platform/*.[ch]')")"
rule 'vulkan.h under platform/vulkan alone' \
  "$(search '# *include [<"]vulkan/' "$(printf '%s\n' "$code" | grep -v '^platform/vulkan/')")"
rule 'includes are written from the root' "$(search '# *include "[^/"]*"' "$(printf '%s\n' "$code" | grep '\.[ch]$')")"

# Direction: a room may include rooms of its own rank and below.
rank() {
  case $1 in
  engine | engine/memory | engine/text | engine/config) echo 0 ;;
  engine/kernels) echo 1 ;;
  engine/formats | engine/model | engine/reward | engine/reward/math | engine/task | engine/report) echo 2 ;;
  engine/learn) echo 3 ;;
  *) echo 4 ;;
  esac
}
[ -z "$engine" ] || printf '%s\n' "$engine" | tr '\n' '\0' |
  xargs -0 grep -HoE '# *include "engine/[^"]*"' | sed 's/:.*"\(.*\)"/ \1/' >"$work/includes"
upward=$(while read -r from to; do
  [ "$(rank "${to%/*}")" -le "$(rank "${from%/*}")" ] || echo "$from: includes $to"
done <"$work/includes" | grep -vE '^engine/config/config_check.c: includes engine/(task/countdown|reward/math/extract).h$' || true)
rule 'rooms depend downwards (tools -> learn -> model, reward, ... -> kernels -> memory, text, config)' "$upward"
# Between headers alone: a .c may look at a room that looks at its header.
circles=$(grep '^[^ ]*\.h ' "$work/includes" | sed 's#/[^/ ]*\( \|$\)#\1#g' | awk '$1 != $2' | tsort 2>&1 >"$work/order" || true)
rule 'no circles among rooms' "$circles"

# ---- headers compile alone ----
alone=
for file in $headers; do
  printf '#include "%s"\nextern int only_for_this_line;\n' "$file" |
    $CC -std=c11 -Wall -Wextra -Werror -I. -I"$build/generated" -D_DEFAULT_SOURCE -DKERNEL_ISA=baseline -fsyntax-only -x c - >"$work/said" 2>&1 ||
    alone="$alone$file: $(grep -m 1 error "$work/said")
"
done
rule 'each header compiles alone' "$alone"

# ---- layout, scripts, shaders, man page ----
# Another version of clang-format lays out otherwise.
if ! command -v clang-format >/dev/null; then
  skipped 'layout' 'no clang-format'
elif ! clang-format --version | grep -q 'version 14\.'; then
  skipped 'layout' "$(clang-format --version | sed 's/ (.*//') is not version 14"
else
  rule 'layout (make format)' "$(tools/format.sh --check)"
fi
if command -v shellcheck >/dev/null; then
  # shellcheck disable=SC2086 # a list of words
  rule 'shellcheck' "$(shellcheck -x -f gcc $scripts || true)"
else
  skipped 'shellcheck' 'no shellcheck'
fi
if command -v mandoc >/dev/null; then
  rule 'man page' "$(mandoc -Tlint -W warning docs/rlsp.1 2>&1 || true)"
else
  skipped 'man page' 'no mandoc'
fi
# Every shader of the exact profile, with every set of constants in use, as AMD's compiler makes it.
amd=0
said=$(tools/shaders/amd_table.sh "$build" --faults 2>&1) || amd=$?
if [ $amd = 77 ]; then
  skipped 'on AMD no shader spills, and none fuses' "$said"
else
  rule 'on AMD no shader spills, and none fuses' "$said"
fi
for script in $(files 'tools/shaders/*_test.sh'); do rule "$script" "$("$script" 2>&1 || echo "ended with status $?")"; done

# ---- what is said twice agrees ----
if [ -x "$build/rlsp" ]; then
  commands=$("$build/rlsp" help | sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*/\1/p')
  rule 'the man page has every command' "$(for command in $commands; do
    grep -q "^\.It Cm $command\( \|\$\)" docs/rlsp.1 || echo "docs/rlsp.1: no .It Cm $command"
  done)"
  rule 'configs/reference.ini is what rlsp config prints' "$("$build/rlsp" config | diff -u configs/reference.ini - | head -n 20)"
  rule 'every config is valid' "$(for file in $(files 'configs/*.ini'); do
    "$build/rlsp" config "$file" 2>&1 >/dev/null || true
  done)"
else
  skipped 'the man page and the configs agree with rlsp' "no $build/rlsp"
fi
finish
