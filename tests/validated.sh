#!/bin/sh
# Runs a Vulkan test or a whole run under Khronos' validation layer, which must be there and have nothing to say.
# usage: tests/validated.sh core|sync|gpu|control RLSP TEST|NAME
#   core     each call against the specification      sync     hazards between commands
#   gpu      shaders instrumented on the device: addresses out of bounds and the like
#   control  as gpu, with a TEST that breaks a rule on purpose and must be reported: "build/tests/vulkan_test outside"
#   NAME     a golden run (tests/golden_hashes.txt), on run.device = vulkan; its weights must be the stored ones too
# Each mode runs alone: sync and gpu without the checks of core. RLSP and TEST may have words before them
# (tools/drivers.sh). That a mode is on is read from what the layer says of itself.
# shellcheck disable=SC2086 # commands are lists of words
set -u
cd "$(dirname "$0")/.." || exit 2
mode=$1 what=$3 title="${3##*/} under $1 validation"
shift
. tests/tap.sh
. tests/whole_run.sh
layer=VK_LAYER_KHRONOS_validation

# The layer's settings, with the names of 2023 (enables, disables) and those since.
case $mode in
core) enables='' wanted=None ;;
sync) enables=VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT wanted=SYNCHRONIZATION_VALIDATION ;;
*) enables=VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT wanted=GPU_ASSISTED ;;
esac
{
  echo 'khronos_validation.debug_action = VK_DBG_LAYER_ACTION_LOG_MSG'
  echo 'khronos_validation.report_flags = error,warn,info,perf'
  if [ $mode != core ]; then
    echo "khronos_validation.enables = $enables"
    echo 'khronos_validation.disables = VK_VALIDATION_FEATURE_DISABLE_CORE_CHECKS_EXT'
    echo 'khronos_validation.validate_core = false'
  fi
  [ $mode != sync ] || echo 'khronos_validation.validate_sync = true'
  [ $wanted != GPU_ASSISTED ] || printf 'khronos_validation.gpuav_%s\n' 'enable = true' 'validate_ray_query = false'
} >"$work/vk_layer_settings.txt"
VK_INSTANCE_LAYERS=$layer VK_LAYER_SETTINGS_PATH=$work
export VK_INSTANCE_LAYERS VK_LAYER_SETTINGS_PATH

if ! VK_LOADER_DEBUG=layer $rlsp devices 2>&1 | grep -q "Insert instance layer \"$layer\""; then
  skipped "$title" 'no Vulkan loader or no validation layer (package vulkan-validationlayers)'
  finish
fi

if grep -q "^$what " tests/golden_hashes.txt; then
  golden "$what"
  train "$work/run" $golden_arguments run.device=vulkan
  cp "$work/run.said" "$work/said"
  same "$title: status" 0 $status
  same "$title: weights" "$golden_hash" "$(summary weights_hash "$work/run")"
else
  status=0
  $what >"$work/said" 2>&1 || status=$?
  cat "$work/said"
  same "$title: status" 0 $status
fi

if grep -q "Current Enables:.*$wanted" "$work/said" && { [ $mode = core ] || grep -q 'Current Disables:.*CORE_CHECKS' "$work/said"; }; then
  passed "$title: it is on"
else
  failed "$title: it is on" "$(grep -m 3 'Current' "$work/said" || echo 'the layer says nothing of itself')"
fi
# All but information (its greeting is that), and the features it needs for itself.
grep -E 'VUID-|SYNC-HAZARD|Validation (Error|Warning|Performance)|UNASSIGNED-|Internal (Error|Warning)' "$work/said" |
  grep -vE 'Validation Information|\[ WARNING-GPU-Assisted-Validation \]|Internal Warning: (Forcing|Setting) ' |
  cut -c 1-600 >"$work/messages"
messages=$(grep -c '' "$work/messages")
if [ $mode = control ]; then
  if grep -qi 'out of bounds' "$work/messages"; then passed "$title: reported"; else failed "$title: reported" "$(cat "$work/said")"; fi
else
  if [ "$messages" -eq 0 ]; then passed "$title: 0 messages"; else failed "$title: $messages messages" "$(head -n 20 "$work/messages")"; fi
fi
finish
