#!/bin/sh
# Compiles every shader with AMD's real compiler, on devices that are not there: Mesa's RADV makes any card it knows up
# when RADV_FORCE_FAMILY names it. A table a card: registers, spills, shared memory, waves a SIMD. Cards: GCN 4 and 5,
# RDNA 2, and the newest that the installed Mesa knows.
# usage: tools/shaders/amd_table.sh [BUILD_FOLDER] [--faults|--markdown] [--newest]        (default build)
#   --faults   only what is wrong
#   --markdown all cards in one table, for docs/gpu.md
#   --newest   by Debian 13's Mesa, fetched (tools/drivers.sh), in place of this system's
# Exit: 0 no fault, 1 faults, 77 nothing to compile with (the reason on stderr).
set -eu
cd "$(dirname "$0")/../.."
build=build
show=all
newest=no
for argument in "$@"; do
  case $argument in
  --faults) show=faults ;;
  --markdown) show=markdown ;;
  --newest) newest=yes ;;
  *) build=$argument ;;
  esac
done
skip() {
  echo "$1" >&2
  exit 77
}
[ -x "$build/tools/shaders/amd_table" ] || skip "no $build/tools/shaders/amd_table (make tests)"
starter=env icd=
for file in /usr/share/vulkan/icd.d/radeon_icd*.json /etc/vulkan/icd.d/radeon_icd*.json; do
  if [ -f "$file" ]; then icd=$file; fi
done
[ -n "$icd" ] || skip 'no radeon ICD (Debian, Ubuntu: apt install mesa-vulkan-drivers)'
if [ $newest = yes ]; then starter=$(tools/drivers.sh radv "$build/drivers") || exit 77; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC3045 # dash and bash have it; a card that RADV does not know aborts it
ulimit -c 0 2>/dev/null || true

faults=0
families=
table() { # FAMILY: its table into $work/FAMILY; fails where this Mesa does not know it
  status=0
  env -u VK_DRIVER_FILES RADV_FORCE_FAMILY="$1" VK_ICD_FILENAMES="$icd" "$starter" \
    "$build/tools/shaders/amd_table" >"$work/$1" 2>"$work/said" || status=$?
  if grep -q 'Unknown family' "$work/said"; then return 1; fi
  [ $status != 2 ] || skip "RADV makes no $1 up: $(tail -n 1 "$work/said")"
  [ $status -le 1 ] || echo "fault: the compiler ended with status $status: $(tail -n 1 "$work/$1")" >>"$work/$1"
  families="$families $1"
}
for family in polaris10 vega10 navi21; do table $family 2>"$work/shell" || true; done
for family in gfx1201 navi31 gfx1100; do
  if table $family 2>"$work/shell"; then break; fi
done
[ -n "$families" ] || skip 'RADV knows none of the cards'
for family in $families; do
  # gfx1100 is RDNA 3 in Mesa 22.3, the first that knows it: it spills where Mesa 24 and 25 (navi31) do not.
  if [ "$family" = gfx1100 ]; then sed -i '/^fault: .*\(spilled\|scratch memory\)$/d' "$work/$family"; fi
  if grep -q '^fault' "$work/$family"; then faults=1; fi
  case $show in
  all) cat "$work/$family" && echo ;;
  faults) grep '^fault' "$work/$family" | sed "s/^fault/$family/" || true ;;
  esac
done
if [ $show = markdown ]; then
  # shellcheck disable=SC2086 # a list of words
  (cd "$work" && awk '
    FNR == 1 { cards++; match($0, /RADV [A-Z0-9]+/); card[cards] = substr($0, RSTART + 5, RLENGTH - 5); next }
    /^kernel|^fault|^ *$/ { next }
    {
      # The name and its constants take the first columns; what is counted stands behind.
      name = substr($0, 1, 38); gsub(/  +/, " ", name); sub(/ +$/, "", name)
      if (!(name in seen)) { seen[name] = ++rows; names[rows] = name }
      cell[name, cards] = $(NF - 6) " / " $(NF - 4) + $(NF - 3) " / " $(NF - 1)
    }
    END {
      printf "| kernel, constants |"; for (c = 1; c <= cards; c++) printf " %s |", card[c]
      printf "\n|---|"; for (c = 1; c <= cards; c++) printf "---|"; print ""
      for (r = 1; r <= rows; r++) {
        printf "| %s |", names[r]; for (c = 1; c <= cards; c++) printf " %s |", cell[names[r], c]; print ""
      }
    }' $families)
fi
exit $faults
