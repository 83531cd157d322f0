#!/bin/sh
# Installs what building and testing rlsp needs and this machine lacks, from its own package archive (apt).
# usage: tools/install_deps.sh [--dry-run] GROUP...
#   build  compiler, INI parser, FLINT, Vulkan headers, shader tools     check  cmocka, a Vulkan driver that runs on the CPU
#   lint   clang, shellcheck, mandoc, clang-format                full   aarch64 cross compiler, qemu, validation layer
# Where all is there nothing is called and nothing is printed. Exit status: 0 all there; 1 something is missing still.
# On a system without apt it checks the same things and names what is missing.
set -eu

# GROUP PROBE PACKAGE[|ALTERNATIVE]...: the probe says whether it is there, the package brings it. The first alternative
# that the archive knows is taken (Debian 12, Debian 13 and Ubuntu 24.04 differ in a few names).
needs='
build  command:gcc                         gcc
build  command:make                        make
build  header:stdio.h                      libc6-dev
build  header:ini.h                        libinih-dev
build  header:pcre2posix.h                 libpcre2-dev
build  header:acb.h|flint/acb.h            libflint-arb-dev|libflint-dev
build  header:vulkan/vulkan.h              libvulkan-dev
build  command:glslc                       glslc
build  command:spirv-val                   spirv-tools
check  header:cmocka.h                     libcmocka-dev
check  file:/usr/share/vulkan/icd.d/lvp_   mesa-vulkan-drivers
lint   command:clang                       clang
lint   command:clang-format                clang-format
lint   command:shellcheck                  shellcheck
lint   command:mandoc                      mandoc
full   command:aarch64-linux-gnu-gcc       gcc-aarch64-linux-gnu
full   file:/usr/aarch64-linux-gnu/include libc6-dev-arm64-cross
full   command:qemu-aarch64-static|qemu-aarch64 qemu-user-static|qemu-user
full   layer:VkLayer_khronos_validation    vulkan-validationlayers
'

there() { # PROBE
  what=${1#*:}
  case $1 in
  command:*)
    for one in $(printf '%s' "$what" | tr '|' ' '); do
      command -v "$one" >/dev/null 2>&1 && return 0
    done
    return 1
    ;;
  # cmocka.h wants these four before it
  header:*)
    for one in $(printf '%s' "$what" | tr '|' ' '); do
      printf '#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <%s>\n' "$one" |
        "$(command -v gcc || command -v clang || echo cc)" -E -o /dev/null - >/dev/null 2>&1 && return 0
    done
    return 1
    ;;
  file:*) for one in "$what"*; do [ -e "$one" ] && return 0; done && return 1 ;;
  layer:*)
    for one in /usr/lib/*/lib"$what".so /usr/lib/lib"$what".so /usr/share/vulkan/explicit_layer.d/"$what"*.json; do
      [ -e "$one" ] && return 0
    done
    return 1
    ;;
  esac
}

known() { # PACKAGE: the archive has it; of a name that only others mention apt-cache prints nothing, and ends with 0
  [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]
}

# Sets `missing` to lines "PROBE PACKAGES" of the groups asked for. A header cannot be looked for without a compiler, and
# counts as missing.
look() {
  missing=$(printf '%s' "$needs" | while read -r group probe packages; do
    case " $groups " in *" $group "*) ;; *) continue ;; esac
    [ -n "$group" ] && ! there "$probe" && printf '%s %s\n' "$probe" "$packages"
  done || true)
}

# Sets `packages` to a package for each missing line.
choose() {
  packages=$(printf '%s\n' "$missing" | while read -r _ alternatives; do
    chosen=
    for one in $(printf '%s' "$alternatives" | tr '|' ' '); do
      if known "$one"; then
        chosen=$one
        break
      fi
    done
    printf '%s ' "${chosen:-${alternatives%%|*}}"
  done)
  packages=${packages% }
}

fail() { # TEXT...
  printf 'install_deps: %s\n' "$@" >&2
  exit 1
}

dry=
groups=
for argument; do
  case $argument in
  --dry-run) dry=yes ;;
  build | check | lint | full) groups="$groups $argument" ;;
  *) fail "$argument: no such group; usage: tools/install_deps.sh [--dry-run] build|check|lint|full..." ;;
  esac
done
[ -n "$groups" ] || fail "no group given; usage: tools/install_deps.sh [--dry-run] build|check|lint|full..."

look
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || fail "missing, and there is no apt here to install from (the names are Debian's):" \
  "$(printf '%s\n' "$missing" | awk '{ print $NF }' | tr '\n' ' ')"

if [ "$(id -u)" -eq 0 ]; then
  root=
elif command -v sudo >/dev/null 2>&1; then
  root=sudo
else
  choose
  fail "missing: $packages" "this needs root, and there is no sudo: run as root: apt-get update && apt-get install -y --no-install-recommends $packages"
fi
choose
if [ -n "$dry" ]; then
  printf '%s\n' "$packages"
  exit 1
fi
printf 'Installing: %s\n' "$packages"
# A fresh machine has no package lists yet. Failing sources of others must not stop us: the install says what is wrong.
$root apt-get update -q || true
choose
# shellcheck disable=SC2086 # a list of words
$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages ||
  fail "apt could not install: $packages" "see its messages above; on a machine without a network install them by other means, then run make again"
look
[ -z "$missing" ] || fail "still missing after the install: $(printf '%s\n' "$missing" | awk '{ print $NF }' | tr '\n' ' ')"
