#!/bin/sh
# Checks that the exact lint and the limits refuse what they should: each line below is a shader's body (or its
# declarations) with one fault, and a word of what must be said. Silent when all is well; exits 1 otherwise. Run from the
# repository's root.
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

# What all kernels have; each line below changes or adds a part.
push='layout(push_constant, std430) uniform P { uvec4 p; layout(offset = 124) uint group_base; };'
size='layout(local_size_x = 16, local_size_y = 16) in;'
limits() { # DECLARATIONS: what the limits say, "" = nothing
  cat > "$folder/bad.comp" <<END
#version 450
layout(std430, binding = 0) buffer A { float a[]; };
$1
#ifndef USE
#define USE
#endif
void main() { USE a[group_base] = float(p.x); }
END
  glslc --target-env=vulkan1.2 -O0 -o "$folder/bad.spv" "$folder/bad.comp"
  spirv-dis "$folder/bad.spv" -o "$folder/bad.txt"
  awk -v module=bad -f tools/shaders/limits.awk "$folder/bad.txt" || true
}
beyond() { # DECLARATIONS WORD
  said=$(limits "$1")
  case $2:$said in
    nothing:) ;;
    nothing:*) echo "limits: '$1' is within them, but they say '$said'" >&2; failed=1 ;;
    *:*"$2"*) ;;
    *) echo "limits: '$1' should be refused with '$2', but they say '$said'" >&2; failed=1 ;;
  esac
}
shared='
#define USE s[gl_LocalInvocationID.x] = a[0]; barrier(); a[1] = s[p.y];
shared float '
beyond "$push$size" nothing
beyond "$push layout(local_size_x = 512) in;" '512 invocations'
beyond "$push layout(local_size_x = 32, local_size_y = 16, local_size_x_id = 0) in;" '512 invocations'
beyond "$push$size${shared}s[8192];" nothing
beyond "$push$size${shared}s[8193];" '32772 bytes of shared'
beyond "$push$size layout(constant_id = 0) const uint X = 64;${shared}s[X * X * 2u + (X > 3u ? X : 0u) - X];" nothing
beyond "$push$size layout(constant_id = 0) const uint X = 64;${shared}s[X * X * 2u + (X > 3u ? X : 0u)];" '33024 bytes of shared'
beyond "$size layout(push_constant) uniform P { uvec4 p; uint group_base; };" 'do not end with group_base'
beyond "$size layout(push_constant) uniform P { uvec4 p; uvec4 q[8]; layout(offset = 144) uint group_base; };" 'do not end with group_base'
beyond "$size layout(push_constant) uniform P { uvec4 p; layout(offset = 124) uint group_bases[2]; };
#define group_base group_bases[0]" '132 bytes of push'
exit $failed
