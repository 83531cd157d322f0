#!/bin/sh
# Fetches the libraries that rlsp links with for another architecture (inih, FLINT, cmocka) from this machine's package archive
# and unpacks them into FOLDER. Nothing is installed and no foreign architecture has to be added to dpkg. Called by the
# Makefile under CROSS=.
# usage: tools/cross_sysroot.sh DEBIAN_ARCHITECTURE FOLDER        (leaves FOLDER/usr/...)
set -eu
# shellcheck source=tools/package_archive.sh
. "$(dirname "$0")/package_archive.sh"
architecture=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)

fail() { # TEXT
  printf 'cross_sysroot: %s\n' "$1" >&2
  exit 1
}

# Ubuntu keeps what is not amd64 on another host.
# shellcheck disable=SC2086 # $flint: a list of words
fetch() {
  archive_open "$folder" "$architecture" -e 's#//[a-z.]*\(archive\|security\)\.ubuntu\.com/ubuntu#//ports.ubuntu.com/ubuntu-ports#' &&
    flint=$(archive_names "$folder" libflint-arb-dev || archive_names "$folder" libflint-dev) &&
    archive_fetch "$folder" libinih1 libinih-dev libcmocka0 libcmocka-dev $flint
}
fetch || fail "no libraries for $architecture: see above; or put libinih, libflint and libcmocka into $folder/usr by hand, then: touch $folder/done"
archive_close "$folder"
: >"$folder/done"
