#!/bin/sh
# Runs a Vulkan test under Khronos' validation layer, which must be there and have nothing to say.
# usage: tests/validated.sh core|sync RLSP TEST        (RLSP shows that the loader takes the layer)
# Layers of 2023 read VK_LAYER_ENABLES and VK_LAYER_DISABLES, later ones the VK_VALIDATION_ names.
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/tap.sh
mode=$1 rlsp=$2 test=$3
layer=VK_LAYER_KHRONOS_validation
VK_INSTANCE_LAYERS=$layer
export VK_INSTANCE_LAYERS
if [ "$mode" = sync ]; then
  VK_LAYER_ENABLES=VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT
  VK_LAYER_DISABLES=VK_VALIDATION_FEATURE_DISABLE_CORE_CHECKS_EXT
  VK_VALIDATION_VALIDATE_SYNC=true
  VK_VALIDATION_VALIDATE_CORE=false
  export VK_LAYER_ENABLES VK_LAYER_DISABLES VK_VALIDATION_VALIDATE_SYNC VK_VALIDATION_VALIDATE_CORE
fi
if ! VK_LOADER_DEBUG=layer "$rlsp" devices 2>&1 | grep -q "Insert instance layer \"$layer\""; then
  skipped "$mode validation" 'no Vulkan loader or no validation layer (package vulkan-validationlayers)'
  finish
fi
output=$("$test" 2>&1)
status=$?
printf '%s\n' "$output"
said=$(printf '%s\n' "$output" | grep -E 'VUID-|SYNC-HAZARD|Validation (Error|Warning)|UNASSIGNED-' | cut -c 1-600)
if [ -n "$said" ]; then
  failed "$mode validation is silent" "$(printf '%s\n' "$said" | head -n 20)"
else
  passed "$mode validation is silent"
fi
printf '1..%d\n' $tap_count
[ -z "$said" ] || status=1
exit $status
