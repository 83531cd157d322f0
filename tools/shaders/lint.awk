# The lint of the exact profile (ARCHITECTURE.md, Numerics) over spirv-dis text. Every float operation is + - * or a
# negation and decorated NoContraction; no capability beyond what every device of ours has (so no 64-bit integers,
# halves, subgroups, matrices, float atomics); library functions on integers only; no folding bait (+ 0.0, * 1.0) as
# written (inlining may make some of it: of normal numbers, where folding is exact). Prints each fault; exits 1 when
# there is one.
#   awk -v module=NAME -v as_written=1 -f lint.awk module.txt
function fault(text) {
  print "shaders/" module ".comp: exact lint: " text
  faults++
}
BEGIN {
  count = split("Shader PhysicalStorageBufferAddresses", names, " ")
  for (i = 1; i <= count; i++) capability_ok[names[i]] = 1
  count = split("UMin UMax UClamp SMin SMax SClamp SAbs FindILsb FindSMsb FindUMsb", names, " ")
  for (i = 1; i <= count; i++) library_ok[names[i]] = 1
  count = split("OpFDiv OpFRem OpFMod OpDot OpVectorTimesMatrix OpMatrixTimesVector OpMatrixTimesMatrix " \
                "OpMatrixTimesScalar OpOuterProduct OpTranspose OpQuantizeToF16 OpFConvert OpAtomicFAddEXT " \
                "OpIsNan OpIsInf OpConvertFToU OpAtomicFMinEXT OpAtomicFMaxEXT OpCooperativeMatrixMulAddKHR OpCooperativeMatrixMulAddNV", names, " ")
  for (i = 1; i <= count; i++) banned[names[i]] = 1
}
$1 == "OpCapability" && !($2 in capability_ok) { fault("capability " $2 " is not one every device has") }
$1 == "OpDecorate" && $3 == "NoContraction" { decorated[$2] = 1 }
# Fast-math bits would undo NoContraction.
$3 == "FPFastMathMode" { fault("FPFastMathMode on " $2) }
$2 != "=" { next }
$3 == "OpConstant" && $4 == "%float" { constant[$1] = $5 }
$3 in banned || $3 ~ /^OpGroup/ { fault($3 " in " $1 " is banned") }
$3 == "OpExtInst" && !($6 in library_ok) { fault("library function " $6 " in " $1 " is banned") }
$3 ~ /^Op(FAdd|FSub|FMul|FNegate|VectorTimesScalar)$/ {
  operations++
  if (!($1 in decorated)) fault($3 " " $1 " is not NoContraction")
  for (i = 5; as_written && i <= NF; i++) {
    if (!($i in constant)) continue
    value = constant[$i]
    if ($3 == "OpFMul" && value == "1") fault($3 " " $1 " multiplies by 1.0, which drivers fold")
    if ($3 ~ /^OpF(Add|Sub)$/ && (value == "0" || value == "-0")) fault($3 " " $1 " adds 0.0, which drivers fold")
  }
}
END {
  if (NR == 0) fault("empty input")
  if (faults) exit 1
}
