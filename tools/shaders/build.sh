#!/bin/sh
# Builds one shader into C: GLSL -> SPIR-V -> NoContraction on every float operation -> lint -> optimise -> validate ->
# lint again -> limits -> array.
# usage: build.sh NAME OUT_DIR        (from the repository's root; writes OUT_DIR/NAME.{spv,c,d})
set -eu
name=$1
out=$2
tools=tools/shaders
mkdir -p "$out"

lint() { # TEXT AS_WRITTEN
  awk -v module="$name" -v as_written="$2" -f "$tools/lint.awk" "$1" >&2
}

glslc --target-env=vulkan1.2 -O0 -I. -MD -MF "$out/$name.d" -MT "$out/$name.c" \
  -o "$out/$name.raw.spv" "shaders/$name.comp"
# An empty rule for each file included: one that goes away must not stop make.
awk '{ for (i = 2; i <= NF; i++) print $i ":" }' "$out/$name.d" > "$out/$name.headers"
cat "$out/$name.headers" >> "$out/$name.d"
spirv-dis "$out/$name.raw.spv" -o "$out/$name.raw.txt"
awk -f "$tools/decorate.awk" "$out/$name.raw.txt" "$out/$name.raw.txt" > "$out/$name.exact.txt"
lint "$out/$name.exact.txt" 1
spirv-as --target-env vulkan1.2 -o "$out/$name.exact.spv" "$out/$name.exact.txt"
# The second lint is not idle: spirv-opt unrolls loops marked [[unroll]], forgets the decorations of the copies and then
# fuses them into Fma. So the shaders leave unrolling to the drivers.
spirv-opt --target-env=vulkan1.2 -O --strip-debug -o "$out/$name.spv" "$out/$name.exact.spv"
spirv-val --target-env vulkan1.2 "$out/$name.spv"
spirv-dis "$out/$name.spv" -o "$out/$name.txt"
lint "$out/$name.txt" 0
awk -v module="$name" -f "$tools/limits.awk" "$out/$name.txt" >&2
od -An -v -tx4 "$out/$name.spv" > "$out/$name.words"
header=shaders/params.h
[ ! -f "shaders/${name}_params.h" ] || header=shaders/${name}_params.h
awk -v name="$name" -v header="$header" -f "$tools/embed.awk" "$out/$name.exact.txt" "$out/$name.words" > "$out/$name.c.part"
mv "$out/$name.c.part" "$out/$name.c"
