#!/bin/sh
# Fetches the libraries that rlsp links with for another architecture (inih, cmocka) from this machine's package archive
# and unpacks them into FOLDER. Nothing is installed and nothing of the system changes: apt works on lists of its own
# below FOLDER, so no foreign architecture has to be added to dpkg. Needs no root. Called by the Makefile under CROSS=.
# usage: tools/cross_sysroot.sh DEBIAN_ARCHITECTURE FOLDER        (leaves FOLDER/usr/...)
set -eu
architecture=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
packages='libinih1 libinih-dev libcmocka0 libcmocka-dev'

fail() { # TEXT
  printf 'cross_sysroot: %s\n' "$1" >&2
  exit 1
}

command -v apt-get >/dev/null 2>&1 || fail "needs apt; put libinih and libcmocka for $architecture into $folder/usr by hand, then: touch $folder/done"
apt=$folder/apt
rm -rf "$apt"
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/sources"
: >"$apt/status"

# The machine's own sources, opened to the other architecture. Ubuntu keeps what is not amd64 on another host.
for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ -f "$source" ] || continue
  sed -e '/^Architectures:/d' -e 's/\barch=[a-z0-9,]*//' \
    -e 's#//[a-z.]*\(archive\|security\)\.ubuntu\.com/ubuntu#//ports.ubuntu.com/ubuntu-ports#' \
    "$source" >"$apt/sources/${source##*/}"
done
cat >"$apt/apt.conf" <<CONF
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "$(id -un)";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
CONF

# A source of somebody else that has nothing for this architecture must not stop us: the download decides.
APT_CONFIG=$apt/apt.conf apt-get -q update >"$apt/log" 2>&1 || true
# shellcheck disable=SC2086 # a list of words
(cd "$apt" && APT_CONFIG=$apt/apt.conf apt-get -q download $packages >>"$apt/log" 2>&1) || {
  tail -n 20 "$apt/log" >&2
  fail "cannot fetch $packages for $architecture; see above, and whether there is a network"
}
for package in "$apt"/*.deb; do
  dpkg-deb -x "$package" "$folder"
done
rm -rf "$apt"
: >"$folder/done"
