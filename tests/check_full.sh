#!/bin/sh
# The tests of `make check-full`, in a row: compilers, optimisation, instruction sets, threads, aarch64, sanitizers, Vulkan
# drivers and widths, validation, kills. usage: tests/check_full.sh BUILD_FOLDER
set -eu
cd "$(dirname "$0")/.."
build=$1
mkdir -p "$build"

# lavapipe leaks some bytes an instance, which the address sanitizer would lay at our door; we allocate nothing.
no_leaks='env ASAN_OPTIONS=detect_leaks=0'

units() { # FOLDER [EMULATOR...]: the commands of every room's tests, one a line
  folder=$1
  shift
  for source in tests/*_test.c; do
    name=${source##*/}
    [ "$name" != vulkan_faults_test.c ] || continue # many minutes: once, below
    if [ $# -gt 0 ] && [ "$name" = command_test.c ]; then
      echo "sh -c '. tests/tap.sh; skipped command_test \"it starts rlsp itself, without the emulator\"; finish'"
      continue
    fi
    printf '%s%s/tests/%s\n' "${*:+$* }" "$folder" "${name%.c}"
  done
}

emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || echo qemu-aarch64)
emulator="$emulator -L /usr/aarch64-linux-gnu"

# Those that run on every driver there is.
vulkan_tests=$(grep -l '"tests/vulkan_image.h"' tests/*_test.c | sed 's#.*/\(.*\)\.c$#\1#')

# on_driver NAME WORDS RUN: the Vulkan tests and a golden run on a driver that these words choose.
on_driver() {
  echo "= Vulkan, $1"
  for name in $vulkan_tests; do echo "$2 $build/tests/$name"; done
  echo "tests/golden_test.sh '$2 $build/rlsp' $3 run.device=vulkan"
}

# on_fetched_driver DRIVER NAME RUN: the same on one that tools/drivers.sh fetches; $words are its words, empty without it.
on_fetched_driver() {
  if words=$(tools/drivers.sh "$1" "$build/drivers" 2>"$build/drivers.said"); then
    on_driver "$2" "$words" "$3"
  else
    words=
    echo "sh -c '. tests/tap.sh; skipped \"Vulkan, $2\" \"$(tr -d \'\" <"$build/drivers.said" | tail -n 1)\"; finish'"
  fi
}

# validations NAME WORDS RUN: each mode alone over the tests that run kernels and over a whole run; the control shows that it sees.
# Debian 12's layer (1.3.239) on its lavapipe takes addresses in the middle of the arena for out of bounds, here and there, where
# attention has its longest loops, and suppresses the access; a newer layer on a newer lavapipe finds nothing in the same shaders.
layer_manifest=/usr/share/vulkan/explicit_layer.d/VkLayer_khronos_validation.json
validations() {
  echo "= validation layer, $1"
  for mode in core sync gpu; do
    for name in $vulkan_tests; do
      if [ "$1 $mode $name" = 'lavapipe gpu vulkan_attention_test' ] && grep -q '"1\.3\.239"' $layer_manifest 2>/dev/null; then
        echo "sh -c '. tests/tap.sh; skipped \"$name under gpu validation\" \"layer 1.3.239 reports addresses that are in bounds\"; finish'"
        continue
      fi
      echo "tests/validated.sh $mode '$2 $build/rlsp' '$2 $build/tests/$name'"
    done
    echo "tests/validated.sh $mode '$2 $build/rlsp' $3"
  done
  echo "tests/validated.sh control '$2 $build/rlsp' '$2 $build/tests/vulkan_test outside'"
}
golden_names=$(awk '!/^#/ && NF { print $1 }' tests/golden_hashes.txt)

{
  echo '= builds'
  echo "tests/build.sh CC=gcc B=$build"
  echo "tests/build.sh CC=clang B=$build/clang"
  echo "tests/build.sh CC=gcc config=debug B=$build/gcc-O0"
  echo "tests/build.sh CC=clang config=debug B=$build/clang-O0"
  echo "tests/build.sh CC=gcc config=sanitize B=$build/sanitize"
  echo "tests/build.sh CC=gcc CROSS=aarch64-linux-gnu- B=$build/aarch64"

  for folder in "$build" "$build/clang" "$build/gcc-O0" "$build/clang-O0" "$build/sanitize"; do
    echo "= every room, $folder"
    units "$folder" | sed "s|^\($build/sanitize/tests/command_test\)|$no_leaks \1|"
  done
  echo '= the verifier, fuzzed'
  echo "$build/sanitize/tests/fuzz/verifier_fuzz -s 60 -r $(date +%j)" # another seed every day; a failure says which
  echo "$build/clang/tests/fuzz/verifier_fuzz -n 100000"
  echo '= every room, aarch64 under qemu'
  units "$build/aarch64" "$emulator"

  echo '= golden runs'
  for name in $golden_names; do
    for simd in baseline avx2 avx512; do
      for threads in 1 2; do
        echo "tests/golden_test.sh $build/rlsp $name run.simd=$simd run.threads=$threads"
      done
    done
    echo "tests/golden_test.sh $build/rlsp $name run.threads=3 rollout.slots=7"
  done
  for simd in baseline avx2 avx512; do echo "tests/golden_test.sh $build/clang/rlsp tiny run.simd=$simd"; done
  # Minutes each: once is enough.
  for folder in "$build/gcc-O0" "$build/clang-O0" "$build/sanitize"; do echo "tests/golden_test.sh $folder/rlsp tiny"; done
  echo "tests/golden_test.sh '$emulator $build/aarch64/rlsp' tiny run.threads=2"

  lavapipe="env VK_ICD_FILENAMES=$(printf '%s:' /usr/share/vulkan/icd.d/lvp_icd*.json)"
  short=tiny+sft.steps=12+ppo.iterations=3 # the whole of it takes minutes
  on_driver 'lavapipe, vectors of 256 bits' "$lavapipe LP_NATIVE_VECTOR_WIDTH=256" tiny
  for width in 128 512; do on_driver "lavapipe, vectors of $width bits" "$lavapipe LP_NATIVE_VECTOR_WIDTH=$width" $short; done
  on_fetched_driver swiftshader SwiftShader $short
  on_fetched_driver lavapipe 'lavapipe of a newer Mesa' tiny
  [ -z "$words" ] || validations 'a newer layer on a newer lavapipe' "$words" $short
  validations lavapipe "$lavapipe" tiny
  echo '= shaders on AMD cards, by the compiler of a newer Mesa'
  echo "tests/amd_shaders_test.sh $build"

  echo '= every Vulkan call may fail'
  echo "$build/sanitize/tests/vulkan_faults_test all"
  echo "$build/sanitize/tests/vulkan_faults_test staged"

  echo '= whole runs'
  small='model.layers=1 model.width=16 model.heads=1 model.kv_heads=1 model.ffn=16 optim.micro_tokens=256'
  small="$small rollout.samples=4 rollout.slots=4 ppo.minibatch=4 rollout.response_max=4"
  echo "tests/rss_test.sh $build/rlsp 10000 run.device=cpu"
  echo "tests/rss_test.sh '$lavapipe $build/rlsp' 10000 run.device=vulkan:0 $small"
  echo "tests/resume_test.sh $build/rlsp 20"
  echo "tests/signals_test.sh $build/rlsp"
  echo "tests/program_test.sh $build/rlsp"
  echo "tests/verifier_run_test.sh $build/rlsp"
  echo "tests/bad_input_test.sh $build/rlsp"
  echo "$no_leaks tests/bad_input_test.sh $build/sanitize/rlsp"
} >"$build/check_full.list"

set --
while read -r line; do set -- "$@" "$line"; done <"$build/check_full.list"
exec tests/run.sh "$@"
