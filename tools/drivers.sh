#!/bin/sh
# Vulkan drivers that need no GPU beside the system's own, for tests/check_full.sh and whoever wants to compare: fetched
# from this machine's package archive and unpacked below FOLDER. Nothing is installed.
# usage: tools/drivers.sh swiftshader|lavapipe|radv FOLDER
#   swiftshader  Google's, out of Debian's chromium (32 MB to fetch)
#   lavapipe     Debian 13's Mesa with its LLVM, its Vulkan loader, its validation layer and its libc (65 MB); for Debian 12
#   radv         the driver for AMD's cards of that Mesa, which compiles for cards that are not there (tools/shaders/amd_table.sh)
# Prints the path of a script to put before a program that is to run on that driver alone:
#   $(tools/drivers.sh lavapipe build/drivers) build/rlsp devices
# Where it cannot be had: one line on standard error that says why, and exit status 1.
set -eu
# shellcheck source=tools/package_archive.sh
. "$(dirname "$0")/package_archive.sh"
name=$1
case $name in
swiftshader) packed=chromium ;;
lavapipe | radv) packed=mesa ;;
*) packed= ;;
esac
mkdir -p "$2/$packed"
folder=$(cd "$2/$packed" && pwd)
script=$2/$name.sh
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
# (inih, PCRE2, cmocka) comes from the system.
mesa() {
  archive_open "$folder" "$architecture" -e 's/\bbookworm\b/trixie/g' &&
    archive_fetch_all "$folder" mesa-vulkan-drivers libvulkan1 vulkan-validationlayers || return 1
  for driver in lvp radeon; do
    library=$(echo "$folder"/usr/lib/*/libvulkan_$driver.so)
    for manifest in "$folder"/usr/share/vulkan/icd.d/"$driver"_icd*.json; do absolute "$manifest" "$library"; done
  done
  library=$(echo "$folder"/usr/lib/*/libVkLayer_khronos_validation.so)
  absolute "$folder/usr/share/vulkan/explicit_layer.d/VkLayer_khronos_validation.json" "$library"
}

# starter WORD...: the script that begins a command with these words.
starter() {
  printf '#!/bin/sh\nexec %s "$@"\n' "$*" >"$script"
  chmod +x "$script"
  echo "$script"
}

case $name in
swiftshader)
  manifest=
  for path in /usr/lib/chromium /usr/lib/*/chromium; do
    [ ! -f "$path/vk_swiftshader_icd.json" ] || manifest=$path/vk_swiftshader_icd.json
  done
  if [ -z "$manifest" ]; then
    fetched swiftshader
    manifest=$folder/usr/lib/chromium/vk_swiftshader_icd.json
  fi
  starter env VK_ICD_FILENAMES="$manifest"
  ;;
lavapipe | radv)
  [ "$release" = bookworm ] || fail "only Debian 12 needs a newer Mesa: the one of this system is of 2024 or later"
  fetched mesa
  if [ "$name" = lavapipe ]; then driver=lvp; else driver=radeon; fi
  libraries=$(dirname "$(echo "$folder"/usr/lib/*/libvulkan_lvp.so)")
  loader=$(find "$folder"/usr/lib* -name 'ld-linux-*.so.*' | head -n 1)
  starter env VK_ICD_FILENAMES="$(echo "$folder"/usr/share/vulkan/icd.d/"$driver"_icd*.json)" \
    VK_LAYER_PATH="$folder/usr/share/vulkan/explicit_layer.d" "$loader" --library-path "$libraries"
  ;;
*) fail "$name: no such driver; usage: tools/drivers.sh swiftshader|lavapipe|radv FOLDER" ;;
esac
