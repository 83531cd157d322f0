#!/bin/sh
# Checks that the exact lint refuses what it should: each line below is a shader's body with one fault, and a word of what
# the lint must say. Silent when all is well; exits 1 otherwise. Run from the repository's root.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

refuses() { # BODY WORD
  cat > "$folder/bad.comp" <<END
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) buffer A { float a[]; };
layout(std430, binding = 1) buffer B { float b[]; };
void main() { uint i = gl_LocalInvocationID.x; precise float x = a[i]; $1 a[i] = x; }
END
  glslc --target-env=vulkan1.2 -O0 -o "$folder/bad.spv" "$folder/bad.comp"
  spirv-dis "$folder/bad.spv" -o "$folder/bad.txt"
  said=$(awk -v module=bad -v as_written=1 -f tools/shaders/lint.awk "$folder/bad.txt" || true)
  case $said in
    *"$2"*) ;;
    *) echo "exact lint: '$1' should be refused with '$2', but it says '$said'" >&2; failed=1 ;;
  esac
}

refuses 'b[i] = b[i + 1] * b[i + 2];' 'not NoContraction'
refuses 'x = x / 3.0;' 'OpFDiv'
refuses 'x = sqrt(x);' 'Sqrt'
refuses 'x = fma(x, x, x);' 'Fma'
refuses 'x = x + 0.0;' 'adds 0.0'
refuses 'x = x * 1.0;' 'multiplies by 1.0'
refuses 'x = max(x, 2.0);' 'FMax'
refuses 'x = dot(vec2(x, x), vec2(x, x));' 'OpDot'
refuses 'double y = double(x); x = float(y);' 'Float64'
exit $failed
