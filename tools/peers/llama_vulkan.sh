#!/bin/sh
# Matrix products of rlsp and of llama.cpp's Vulkan backend in turn (A B A B ...), f32, on the same Vulkan driver, in one run.
#
#   tools/peers/llama_vulkan.sh CONFIG.ini [ROUNDS]        RLSP=build/rlsp PYTHON=python3 (with cyllama-vulkan) may be set
#
# The shapes are those that `rlsp bench` takes for the config, as a linear layer has them (C = A B^T). The driver is that of
# run.device = vulkan and of ggml's device 0: where there are several, choose one by VK_ICD_FILENAMES. Writes nothing.
set -eu
config=${1:?usage: $0 CONFIG.ini [ROUNDS]}
rounds=${2:-3}
here=$(dirname "$0")
rlsp=${RLSP:-build/rlsp}
python=${PYTHON:-python3}
# ggml leaves drivers that run on the CPU alone unless it is told the device.
GGML_VK_VISIBLE_DEVICES=${GGML_VK_VISIBLE_DEVICES:-0}
export GGML_VK_VISIBLE_DEVICES

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
round=0
while [ "$round" -lt "$rounds" ]; do
  "$rlsp" bench "$config" run.device=vulkan --only matmul --json --repetitions 3 >>"$work/ours"
  shapes=$(tail -n 1 "$work/ours" | grep -oE '"matmul[^"]*[.]nt[.][^"]*"' | grep -oE '[0-9]+x[0-9]+x[0-9]+' | sort -u)
  # shellcheck disable=SC2086 # a list of words
  "$python" "$here/ggml_vulkan.py" $shapes --json --repetitions 3 >>"$work/theirs" 2>"$work/said" || {
    cat "$work/said" >&2
    exit 1
  }
  round=$((round + 1))
done

"$python" - "$work/ours" "$work/theirs" <<'END'
import json, re, statistics, sys
ours, theirs = {}, {}
for line in open(sys.argv[1]):
    row = json.loads(line)
    for name, figure in row["figures"].items():
        shape = re.search(r"[.]nt[.](\d+x\d+x\d+)", name)
        if shape:
            ours.setdefault(shape[1], []).append(figure["median"])
for line in open(sys.argv[2]):
    peer = json.loads(line)
    theirs.setdefault(peer["shape"], []).append(peer["median"])
print(f"{row['program']} on {row['device']} and {peer['program']} on {peer['device']}, {len(next(iter(theirs.values())))} rounds in turn.")
print("GFLOP/s, M x N x K: median of the rounds (smallest .. largest). Ratio: rlsp's over ggml's, round by round.")
def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} .. {max(values):.2f})"
for shape, values in ours.items():
    print(f"  {shape:16s}  rlsp {spread(values):26s}  ggml {spread(theirs[shape]):26s}  ratio {spread([x / y for x, y in zip(values, theirs[shape])])}")
END
