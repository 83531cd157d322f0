#!/bin/sh
# One build as a test: it is made without a warning, or its messages are shown.
# usage: tests/build.sh MAKE_ARGUMENT...        (CC=clang B=build/clang)
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/tap.sh
unset MAKEFLAGS MFLAGS MAKELEVEL
if output=$(make "$@" all tests 2>&1); then passed "make $*"; else failed "make $*" "$(printf '%s\n' "$output" | grep -v '^  [A-Z]* ' | tail -n 60)"; fi
finish
