#!/bin/sh
# Vulkan drivers that run on the CPU beside the system's own, for tests/check_full.sh and whoever wants to compare: fetched
# from this machine's package archive and unpacked below FOLDER. Nothing is installed.
# usage: tools/drivers.sh swiftshader|lavapipe FOLDER
#   swiftshader  Google's, out of Debian's chromium (32 MB to fetch)
#   lavapipe     Debian 13's Mesa with its LLVM, its Vulkan loader, its validation layer and its libc (65 MB); for Debian 12
# Prints the words to put before a program that is to run on that driver:
#   $(tools/drivers.sh lavapipe build/drivers) build/rlsp devices
# Where it cannot be had: one line on standard error that says why, and exit status 1.
set -eu
. "$(dirname "$0")/package_archive.sh"
name=$1
mkdir -p "$2/$1"
folder=$(cd "$2/$1" && pwd)
release=$(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_CODENAME-}")
architecture=$(dpkg --print-architecture 2>/dev/null || echo amd64)

fail() { # TEXT
  printf '%s\n' "$1" >&2
  exit 1
}

# fetched COMMAND...: runs it unless it once succeeded, and says only why it failed.
fetched() {
  [ ! -f "$folder/done" ] || return 0
  said=$("$@" 2>&1) || fail "$(printf '%s\n' "$said" | tail -n 1)"
  archive_close "$folder"
  : >"$folder/done"
}

# absolute MANIFEST LIBRARY: the manifest is to name the library where it lies.
absolute() { sed -i 's#"library_path": *"[^"]*"#"library_path": "'"$2"'"#' "$1"; }

swiftshader() {
  archive_open "$folder" "$architecture" && archive_fetch "$folder" chromium-common &&
    absolute "$folder/usr/lib/chromium/vk_swiftshader_icd.json" "$folder/usr/lib/chromium/libvk_swiftshader.so"
}

# A libc can only be another's if its own loader starts the program: that is what the words do. What is not below the folder
# (inih, cmocka) comes from the system.
lavapipe() {
  archive_open "$folder" "$architecture" -e 's/\bbookworm\b/trixie/g' &&
    archive_fetch_all "$folder" mesa-vulkan-drivers libvulkan1 vulkan-validationlayers || return 1
  library=$(echo "$folder"/usr/lib/*/libvulkan_lvp.so)
  for manifest in "$folder"/usr/share/vulkan/icd.d/lvp_icd*.json; do absolute "$manifest" "$library"; done
  library=$(echo "$folder"/usr/lib/*/libVkLayer_khronos_validation.so)
  absolute "$folder/usr/share/vulkan/explicit_layer.d/VkLayer_khronos_validation.json" "$library"
}

case $name in
swiftshader)
  for path in /usr/lib/chromium /usr/lib/*/chromium; do
    [ ! -f "$path/vk_swiftshader_icd.json" ] || { echo "env VK_ICD_FILENAMES=$path/vk_swiftshader_icd.json" && exit; }
  done
  fetched swiftshader
  echo "env VK_ICD_FILENAMES=$folder/usr/lib/chromium/vk_swiftshader_icd.json"
  ;;
lavapipe)
  [ "$release" = bookworm ] || fail "only Debian 12 has an old lavapipe: the system's own is of 2024 or later here"
  fetched lavapipe
  manifest=$(echo "$folder"/usr/share/vulkan/icd.d/lvp_icd*.json)
  loader=$(echo "$folder"/usr/lib*/ld-linux-*.so.* "$folder"/usr/lib/*/ld-linux-*.so.* | tr ' ' '\n' | grep -v '\*' | head -n 1)
  libraries=$(dirname "$(echo "$folder"/usr/lib/*/libvulkan_lvp.so)")
  echo "env VK_ICD_FILENAMES=$manifest VK_LAYER_PATH=$folder/usr/share/vulkan/explicit_layer.d $loader --library-path $libraries"
  ;;
*) fail "$name: no such driver; usage: tools/drivers.sh swiftshader|lavapipe FOLDER" ;;
esac
