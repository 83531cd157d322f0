#!/bin/sh
# What this machine's GPU makes of rlsp, in one call of less than 8 minutes: which device, whether its bits match, whether
# validation is silent, how fast. For a machine that has a GPU and neither packages nor a compiler: `make gpu-check` puts
# together what has to be carried there. Also runs in a source tree after `make all tests`.
# usage: tools/gpu_check.sh [DEVICE]        (as run.device; default vulkan: the best there is)
# Prints all of it, and a table last: docs/gpu.md keeps the tables. Exit status: 1 when a part has failed, 3 when there is no GPU but a driver that runs on the CPU.
# Needs sh, awk, sed, date, timeout. Each part has its own limit, and all end together after $seconds_max.
# shellcheck disable=SC2086 # commands are lists of words
set -u
cd "$(dirname "$0")/.." || exit 2
device=${1:-vulkan}
seconds_max=470
rlsp=build/rlsp
began=$(date +%s)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

LD_LIBRARY_PATH=$PWD/build/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

# part NAME SECONDS COMMAND...: runs it, shows what it says, and adds a row to the table. It alone ends what takes too long:
# its timeout reaches everything that the command has started (so tests/run.sh gets no limit of its own below it).
part() {
  name=$1 limit=$2
  shift 2
  left=$((seconds_max - $(date +%s) + began))
  [ "$limit" -le $left ] || limit=$left
  printf '\n== %s\n' "$name"
  if [ "$limit" -lt 1 ]; then
    row "$name" 'not run: no time left' 0
    return
  fi
  at=$(date +%s)
  timeout -k 5 "$limit" "$@" >"$work/said" 2>&1 </dev/null
  status=$?
  cat "$work/said"
  case $status in
  0) outcome=passed ;;
  124 | 137) outcome="not done: stopped after $limit s" ;;
  *) outcome="FAILED: status $status" ;;
  esac
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$work/said" | tail -n 1)
  row "$name" "$outcome${counts:+ ($counts)}" $(($(date +%s) - at))
}

row() { # NAME OUTCOME SECONDS
  printf '| %s | %s | %d s |\n' "$1" "$2" "$3" >>"$work/table"
}

# A device that is not a driver on the CPU.
sees_gpu() { $rlsp devices 2>/dev/null | grep '^vulkan:' | grep -qv '^vulkan:[0-9]* *cpu '; }
sees_vulkan() { $rlsp devices 2>/dev/null | grep -q '^vulkan:'; }

# Where the system shows no device: our loader, then NVIDIA's libraries by manifests of ours (a container often has the
# libraries and no manifest; the EGL one wants no X).
seek() {
  given=${VK_ICD_FILENAMES-}
  sees_gpu && return
  LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/build/spare
  sees_gpu && echo 'No Vulkan loader on this system: build/spare is used' && return
  for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}\n' $library >"$work/icd.json"
    VK_ICD_FILENAMES=$work/icd.json
    export VK_ICD_FILENAMES
    sees_gpu && echo "No driver manifest on this system: $library is used by one of ours" && return
  done
  unset VK_ICD_FILENAMES
  [ -z "$given" ] || { VK_ICD_FILENAMES=$given && export VK_ICD_FILENAMES; }
  return 1
}

# ---- the machine ----
echo "rlsp on a GPU: $(date -u '+%Y-%m-%d %H:%M UTC'), $($rlsp version | head -n 1), revision $(cat build/revision 2>/dev/null || git describe --always --dirty 2>/dev/null)"
echo "system: $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null), $(uname -sm), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | sort | uniq -c | sed 's/^ *\([0-9]*\) /\1 x /')"
nvidia-smi --query-gpu=name,driver_version,memory.total,power.limit --format=csv,noheader 2>/dev/null | sed 's/^/nvidia-smi: /'
seek || true
$rlsp devices
if ! sees_gpu; then
  echo
  echo 'NO GPU among the Vulkan devices. What there is of one:'
  find /usr/share/vulkan/icd.d /etc/vulkan/icd.d /dev/dri /dev/nvidia* 2>&1 | sed 's/^/  /'
  ldconfig -p 2>/dev/null | grep -iE 'vulkan|libGLX_nvidia|libEGL_nvidia|libXext|libX11\.' | sed 's/^/  /'
  sees_vulkan || exit 1
  row 'a GPU' 'none: what follows is of a driver that runs on the CPU' 0
fi
find /usr/share/vulkan/explicit_layer.d /etc/vulkan/explicit_layer.d -name 'VkLayer_khronos_validation.json' 2>/dev/null | grep -q . ||
  { VK_LAYER_PATH=$PWD/build/spare && export VK_LAYER_PATH && LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$PWD/build/spare; }

# ---- bits ----
if $rlsp help devices | grep -q -- --probe; then part 'probe' 60 $rlsp devices --probe; fi
set --
for test in build/tests/vulkan_*test; do
  # Hundreds of small runs; tests/check_full.sh has them.
  case $test in *vulkan_faults_test) continue ;; esac
  set -- "$@" "$test"
done
part 'kernels against their C definitions' 120 tests/run.sh "$@"
while read -r name _; do
  case $name in '' | '#'*) continue ;; esac
  part "golden run $name: weights as stored" 90 tests/run.sh "tests/golden_test.sh $rlsp $name run.device=$device"
done <tests/golden_hashes.txt

# ---- speed: the first golden run has paid for the pipelines ----
part 'countdown-gpu.ini: does it fit' 10 sh -c "$rlsp plan configs/countdown-gpu.ini run.device=$device >$work/plan; status=\$?; tail -n 4 $work/plan; exit \$status"
part 'bench of countdown-gpu.ini' 100 $rlsp bench configs/countdown-gpu.ini "run.device=$device" --repetitions 3
for python in ${PYTHON:-python3}; do
  "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null || continue
  part 'SFT and PPO beside PyTorch in f32 and bf16' 100 env PYTHON="$python" DEVICE="$device" TORCH_DEVICE=cuda DTYPES='f32 bf16' \
    tools/peers/side_by_side.sh configs/countdown-gpu.ini 1 8
done

# ---- validation: each mode alone over a whole run ----
for mode in core sync gpu; do part "$mode validation of tiny.ini: silent" 60 tests/run.sh "tests/validated.sh $mode $rlsp tiny"; done

printf '\n| part | outcome | took |\n|---|---|---|\n'
cat "$work/table"
if grep -qE 'FAILED|not (done|run)' "$work/table"; then exit 1; fi
sees_gpu || exit 3
