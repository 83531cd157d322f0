#!/bin/sh
# No shader spills or fuses on AMD's cards as the newest Mesa that can be had compiles them; `make lint` asks the installed one.
# usage: tests/amd_shaders_test.sh BUILD_FOLDER
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
title='a newer Mesa: on AMD no shader spills, and none fuses'
status=0
said=$(tools/shaders/amd_table.sh "$1" --faults --newest 2>&1) || status=$?
case $status in
0) passed "$title" ;;
77) skipped "$title" "$said" ;;
*) failed "$title" "$said" ;;
esac
finish
