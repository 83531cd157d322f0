#!/bin/sh
# The claim in miniature: SFT, outcome-only PPO, RLSP with the paper's balance and with streams, over several seeds, as a table in Markdown.
# usage: tools/study.sh OUT_DIR [SEEDS] [RLSP]     e.g. tools/study.sh runs/study "1 2 3" build/rlsp
# One SFT run a seed, shared by its arms (model.path). Runs that are finished are not run again.
set -eu
out=$1
seeds=${2:-"1 2 3"}
rlsp=${3:-build/rlsp}
arms="outcome-only paper streams"

config_of() {
  case $1 in
    paper) echo configs/countdown.ini ;;
    *) echo "configs/countdown-$1.ini" ;;
  esac
}

# One number of an evaluation: field FILE PHASE KEY
field() {
  tr -d '\n' <"$1" | sed "s/.*\"$2\":{\([^}]*\)}.*/\1/" | tr ',' '\n' | sed -n "s/^\"$3\":\(.*\)/\1/p"
}

run_seed() {
  seed=$1
  "$rlsp" train configs/countdown.ini run.dir="$out/sft-$seed" run.seed="$seed" ppo.iterations=0 eval.samples=4 checkpoint.every=500 >>"$out/log-$seed" 2>&1
  for arm in $arms; do
    "$rlsp" train "$(config_of "$arm")" run.dir="$out/$arm-$seed" run.seed="$seed" sft.steps=0 eval.samples=4 \
      model.path="$out/sft-$seed/checkpoints/step_$(tr -dc 0-9 <"$out/sft-$seed/checkpoints/latest")" >>"$out/log-$seed" 2>&1
  done
}

mkdir -p "$out"
for seed in $seeds; do run_seed "$seed"; done

printf '| arm | seed | pass@1 (stderr) | first attempt | length | x SFT | attempts | depth >= 2 | distinct | OK true | weights |\n'
printf '|---|---|---|---|---|---|---|---|---|---|---|\n'
for arm in sft $arms; do
  for seed in $seeds; do
    file="$out/$arm-$seed/summary.json"
    phase=rlsp
    [ "$arm" = sft ] && phase=sft
    set --
    for key in pass_at_1 stderr first_attempt mean_length mean_attempts depth2_share distinct_ratio check_precision; do
      set -- "$@" "$(field "$file" $phase $key)"
    done
    hash=$(sed -n 's/.*"weights_hash":"\([0-9a-f]*\)".*/\1/p' "$file")
    base=$(field "$out/sft-$seed/summary.json" sft mean_length)
    printf '%s %s %s %s %s %s %s %s %s %s %s %s\n' "$arm" "$seed" "$@" "$base" "$hash" |
      awk '{ printf "| %s | %s | %.3f (%.3f) | %.3f | %.1f | %.2f | %.2f | %.3f | %s | %.2f | %s |\n", $1, $2, $3, $4, $5, $6, $6 / $11, $7, $8, ($9 == "null" ? "-" : sprintf("%.2f", $9)), $10, $12 }'
  done
done
