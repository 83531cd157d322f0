# shellcheck shell=sh
# Packages of this machine's archive (apt), fetched and unpacked into a folder: nothing is installed, nothing of the system
# changes, and no root is needed. Sourced by tools/cross_sysroot.sh and tools/drivers.sh.
#
#   archive_open FOLDER ARCHITECTURE [SED ARGUMENT...]   an apt of its own in FOLDER/apt, over the machine's sources as sed changes them
#   archive_fetch FOLDER PACKAGE...                      these packages alone, unpacked
#   archive_fetch_all FOLDER PACKAGE...                  these and all that they depend on, libc included
#   archive_names FOLDER PACKAGE                         prints it and all that it depends on, but what a compiler brings (libc, libgcc)
#   archive_close FOLDER                                 removes FOLDER/apt
# A function that fails has said why on standard error.

archive_open() {
  archive_folder=$1 archive_architecture=$2
  shift 2
  command -v apt-get >/dev/null 2>&1 || {
    echo 'there is no apt here to fetch packages with' >&2
    return 1
  }
  apt=$archive_folder/apt
  rm -rf "$apt"
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/sources"
  : >"$apt/status"
  for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ -f "$source" ] || continue
    sed -e '/^Architectures:/d' -e 's/\barch=[a-z0-9,]*//' "$@" "$source" >"$apt/sources/${source##*/}"
  done
  cat >"$apt/apt.conf" <<CONF
APT::Architecture "$archive_architecture";
APT::Architectures { "$archive_architecture"; };
APT::Sandbox::User "$(id -un)";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
CONF
  # A source of somebody else that has nothing for this architecture or release must not stop us: the fetch decides.
  APT_CONFIG=$apt/apt.conf apt-get -q update >"$apt/log" 2>&1 || true
}

archive_fetch() {
  apt=$1/apt
  shift
  (cd "$apt/cache/archives" && APT_CONFIG=$apt/apt.conf apt-get -q download "$@" >>"$apt/log" 2>&1) || archive_failed "$@" || return 1
  archive_unpack "${apt%/apt}"
}

archive_fetch_all() {
  apt=$1/apt
  shift
  APT_CONFIG=$apt/apt.conf apt-get -q -y --no-install-recommends --download-only install "$@" >>"$apt/log" 2>&1 || archive_failed "$@" || return 1
  archive_unpack "${apt%/apt}"
}

archive_names() {
  names=$(APT_CONFIG=$1/apt/apt.conf apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances "$2" 2>/dev/null | sed -n 's/^\([a-z][a-z0-9.+-]*\)\(:[a-z0-9]*\)*$/\1/p' |
    grep -v -e '^libc6' -e '^libgcc-s1$' -e '^gcc-.*-base$' -e '^libc-' -e '^linux-libc')
  [ -n "$names" ] && printf '%s\n' "$names"
}

archive_failed() {
  tail -n 20 "$apt/log" >&2
  echo "cannot fetch $*; see above, and whether there is a network" >&2
  return 1
}

archive_unpack() {
  for package in "$1"/apt/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$1" || return 1
    rm "$package"
  done
}

archive_close() { rm -rf "$1/apt"; }
