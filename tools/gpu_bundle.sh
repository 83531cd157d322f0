#!/bin/sh
# Puts what tools/gpu_check.sh needs on a machine that has a GPU and nothing else into BUILD/gpu-check and
# BUILD/gpu-check.tar.gz: the program, the Vulkan tests, configs, scripts, and the libraries they use. `make gpu-check`.
# usage: tools/gpu_bundle.sh BUILD        (built before: make all tests)
set -eu
cd "$(dirname "$0")/.."
build=$1
bundle=$build/gpu-check
rm -rf "$bundle"
mkdir -p "$bundle/build/tests" "$bundle/build/lib" "$bundle/build/spare" "$bundle/tests" "$bundle/tools/peers" "$bundle/configs"
cp configs/*.ini "$bundle/configs"
cp tests/*.sh tests/golden_hashes.txt "$bundle/tests"
cp tools/gpu_check.sh "$bundle/tools"
cp tools/peers/*.py tools/peers/*.sh "$bundle/tools/peers"
git describe --always --dirty >"$bundle/build/revision" 2>/dev/null || echo unknown >"$bundle/build/revision"

strip -o "$bundle/build/rlsp" "$build/rlsp"
grep -l '"tests/vulkan_image.h"' tests/*_test.c | while read -r source; do
  name=${source##*/}
  strip -o "$bundle/build/tests/${name%.c}" "$build/tests/${name%.c}"
done

libraries() { # FILE...: the libraries it needs, with their paths, less what belongs to libc
  ldd "$@" 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | grep -vE '/(libc|libm|libdl|libpthread|librt)\.so'
}
# lib: what our programs link with. spare: what that machine may have better, and is taken only where it has none: the
# Vulkan loader, the libraries that NVIDIA's driver wants, the validation layer.
libraries "$build/rlsp" "$build"/tests/vulkan_test | while read -r file; do cp -L "$file" "$bundle/build/lib"; done
for directory in $(dirname "$(gcc -print-file-name=libc.so.6)") /usr/lib/*/ /usr/lib; do
  for name in libvulkan.so.1 libXext.so.6 libVkLayer_khronos_validation.so; do
    file=$directory/$name
    if [ ! -f "$file" ] || [ -f "$bundle/build/spare/$name" ]; then continue; fi
    for one in "$file" $(libraries "$file"); do cp -L "$one" "$bundle/build/spare"; done
  done
done
manifest=/usr/share/vulkan/explicit_layer.d/VkLayer_khronos_validation.json
[ ! -f "$manifest" ] || sed 's#"library_path": *"[^"]*"#"library_path": "./libVkLayer_khronos_validation.so"#' "$manifest" >"$bundle/build/spare/${manifest##*/}"

tar -C "$build" -czf "$bundle.tar.gz" gpu-check
du -sh "$bundle" "$bundle.tar.gz"
