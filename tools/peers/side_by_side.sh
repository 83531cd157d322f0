#!/bin/sh
# One PPO iteration of rlsp and of PyTorch in turn (A B A B ...), on the same sizes, in one run: what else the machine does meets both.
#
#   tools/peers/side_by_side.sh CONFIG.ini [ROUNDS] [THREADS]        RLSP=build/rlsp PYTHON=python3 (with torch) may be set
#   On a GPU: DEVICE=vulkan TORCH_DEVICE=cuda DTYPES="f32 bf16" before it; PyTorch runs once a round for each of DTYPES.
#
# Prints the medians over the rounds, and their ratio round by round: median, smallest, largest. Needs a release build of rlsp; writes nothing.
set -eu
config=${1:?usage: $0 CONFIG.ini [ROUNDS] [THREADS]}
rounds=${2:-7}
threads=${3:-2}
here=$(dirname "$0")
rlsp=${RLSP:-build/rlsp}
python=${PYTHON:-python3}
device=${DEVICE:-cpu}
torch_device=${TORCH_DEVICE:-cpu}
dtypes=${DTYPES:-f32}
each=3 # repetitions a round: its figure is their median

resolved=$("$rlsp" config "$config")
setting() { # setting SECTION KEY
  printf '%s\n' "$resolved" | awk -v section="[$1]" -v key="$2" '/^\[/ { now = $1 } now == section && $1 == key { print $3 }'
}
if [ "$(setting model kv_heads)" != "$(setting model heads)" ] || [ "$(setting model bias)" != none ] || [ "$(setting reward balance)" = streams ]; then
  echo "side_by_side: $config: ppo_pytorch.py has as many key and value heads as query heads, no biases, one value head; choose such a config" >&2
  exit 2
fi
prompt=$(($(setting task numbers) + 3))
samples=$(setting rollout samples)
# Sequences of one SFT pass: as many as fit into a pass of rlsp, a power of two.
pass=1
while [ $((2 * pass * (prompt + 24))) -le "$(setting optim micro_tokens)" ]; do pass=$((2 * pass)); done
shape="--layers $(setting model layers) --width $(setting model width) --heads $(setting model heads) --ffn $(setting model ffn)
  --prompt $prompt --response 24 --samples $samples --minibatch $(setting ppo minibatch) --epochs $(setting ppo epochs)
  --sft-batch $(setting sft batch) --sft-pass $pass --threads $threads --device $torch_device"

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
round=0
while [ "$round" -lt "$rounds" ]; do
  "$rlsp" bench "$config" "run.threads=$threads" "run.device=$device" "rollout.slots=$samples" --only learning --json --repetitions "$each" >>"$lines"
  for dtype in $dtypes; do
    # shellcheck disable=SC2086
    "$python" "$here/ppo_pytorch.py" $shape --dtype "$dtype" --json --repetitions "$each" >>"$lines"
  done
  round=$((round + 1))
done

"$python" - "$lines" <<'END'
import json, statistics, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
ours = [row for row in rows if row["program"].startswith("rlsp")]
peers = {}
for row in rows:
    if not row["program"].startswith("rlsp"):
        peers.setdefault(row["program"], []).append(row)
print("Seconds: median of the rounds (smallest .. largest). Ratio: how many times as long PyTorch takes, round by round; best: fastest by fastest repetition.")
def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} .. {max(values):.{digits}f})"
def figures(rows, name, which):
    return [row["figures"][name][which] for row in rows]
for program, theirs in peers.items():
    print(f"{ours[0]['program']} on {ours[0]['device']} ({ours[0]['simd']}) and {program} on {theirs[0]['device']}, {ours[0]['threads']} threads, {len(ours)} rounds in turn.")
    for name in theirs[0]["figures"]:
        a, b = figures(ours, name, "median"), figures(theirs, name, "median")
        best = min(figures(theirs, name, "min")) / min(figures(ours, name, "min"))
        print(f"  {name:24s}  rlsp {spread(a, 4):27s}  torch {spread(b, 4):27s}  ratio {spread([y / x for x, y in zip(a, b)], 2):22s}  best {best:.2f}")
END
