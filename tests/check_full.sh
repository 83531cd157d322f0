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
    if [ $# -gt 0 ] && [ "$name" = command_test.c ]; then
      echo "sh -c '. tests/tap.sh; skipped command_test \"it starts rlsp itself, without the emulator\"; finish'"
      continue
    fi
    printf '%s%s/tests/%s\n' "${*:+$* }" "$folder" "${name%.c}"
  done
}

emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || echo qemu-aarch64)
emulator="$emulator -L /usr/aarch64-linux-gnu"
vulkan_test=$build/tests/vulkan_test
lavapipe=$(printf '%s:' /usr/share/vulkan/icd.d/lvp_icd*.json)
swiftshader=
for path in /usr/lib/chromium /usr/lib/*/chromium /usr/share/vulkan/icd.d; do
  [ ! -f "$path/vk_swiftshader_icd.json" ] || swiftshader=$path/vk_swiftshader_icd.json
done
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

  echo '= Vulkan'
  for width in 128 256 512; do echo "env VK_ICD_FILENAMES=$lavapipe LP_NATIVE_VECTOR_WIDTH=$width $vulkan_test"; done
  if [ -n "$swiftshader" ]; then
    echo "env VK_ICD_FILENAMES=$swiftshader $vulkan_test"
  else
    echo "sh -c '. tests/tap.sh; skipped SwiftShader \"no vk_swiftshader_icd.json (package chromium)\"; finish'"
  fi
  for mode in core sync; do echo "env VK_ICD_FILENAMES=$lavapipe tests/validated.sh $mode $build/rlsp $vulkan_test"; done

  echo '= whole runs'
  echo "tests/resume_test.sh $build/rlsp 20"
  echo "tests/signals_test.sh $build/rlsp"
  echo "tests/bad_input_test.sh $build/rlsp"
  echo "$no_leaks tests/bad_input_test.sh $build/sanitize/rlsp"
} >"$build/check_full.list"

set --
while read -r line; do set -- "$@" "$line"; done <"$build/check_full.list"
exec tests/run.sh "$@"
