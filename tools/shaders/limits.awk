# Holds a shader to what every device has (shaders/geometry.h), over spirv-dis text of its final module: invocations of a
# workgroup, bytes of shared memory, and the push constants: at most 128 bytes, with group_base where the device puts it.
# Sizes that are specialisation constants are checked as their defaults have them; for the constants in use,
# platform/vulkan/dispatch_*.c and tools/shaders/amd_table.sh do it. Prints each fault; exits 1 when there is one.
#   awk -v module=NAME -f limits.awk module.txt
function fault(text) {
  print "shaders/" module ".comp: limits: " text
  faults++
}
function limit(name,   line, words) {
  while ((getline line < "shaders/geometry.h") > 0) {
    split(line, words, " ")
    if (words[1] == "#define" && words[2] == name) { close("shaders/geometry.h"); return words[3] + 0 }
  }
  fault("shaders/geometry.h has no " name)
}
# What an operation on constants gives; operands from field `first` on.
function operate(operation, first,   a, b, c) {
  a = value[$first]; b = value[$(first + 1)]; c = value[$(first + 2)]
  if (operation == "IAdd") return a + b
  if (operation == "ISub") return a - b
  if (operation == "IMul") return a * b
  if (operation == "UDiv" || operation == "SDiv") return b == 0 ? 0 : int(a / b)
  if (operation == "UMod" || operation == "SRem" || operation == "SMod") return b == 0 ? 0 : a % b
  if (operation == "ShiftLeftLogical") return a * 2 ^ b
  if (operation == "ShiftRightLogical") return int(a / 2 ^ b)
  if (operation == "Select") return a ? b : c
  if (operation == "IEqual" || operation == "LogicalEqual") return a == b
  if (operation == "INotEqual" || operation == "LogicalNotEqual") return a != b
  if (operation ~ /^[US]GreaterThan$/) return a > b
  if (operation ~ /^[US]GreaterThanEqual$/) return a >= b
  if (operation ~ /^[US]LessThan$/) return a < b
  if (operation ~ /^[US]LessThanEqual$/) return a <= b
  if (operation == "LogicalAnd") return a && b
  if (operation == "LogicalOr") return a || b
  if (operation == "LogicalNot") return !a
  unknown[$1] = operation
  return 0
}
function members_end(type,   i, end, last) {
  for (i = 0; i < member_count[type]; i++) {
    last = offset[type, i] + bytes[member[type, i]]
    if (last > end) end = last
  }
  return end
}

$1 == "OpExecutionMode" && $3 == "LocalSize" { invocations = $4 * $5 * $6 }
$1 == "OpDecorate" && $3 == "BuiltIn" && $4 == "WorkgroupSize" { group_size = $2 }
$1 == "OpMemberDecorate" && $4 == "Offset" { offset[$2, $3] = $5 }
# References to what is declared later.
$1 == "OpTypeForwardPointer" { bytes[$2] = 8 }
$2 != "=" { next }
$3 == "OpConstant" || $3 == "OpSpecConstant" { value[$1] = $5 }
$3 == "OpConstantTrue" || $3 == "OpSpecConstantTrue" { value[$1] = 1 }
$3 == "OpConstantFalse" || $3 == "OpSpecConstantFalse" { value[$1] = 0 }
$3 == "OpSpecConstantOp" { value[$1] = operate($5, 6) }
$1 == group_size && $3 ~ /^Op(Spec)?ConstantComposite$/ { invocations = value[$5] * value[$6] * value[$7] }
$3 == "OpTypeBool" { bytes[$1] = 4 }
$3 == "OpTypeInt" || $3 == "OpTypeFloat" { bytes[$1] = $4 / 8 }
$3 == "OpTypeVector" { bytes[$1] = bytes[$4] * $5 }
$3 == "OpTypeArray" {
  bytes[$1] = bytes[$4] * value[$5]
  if ($5 in unknown) fault("an array is sized by " unknown[$5] ", which limits.awk does not know")
}
# The size of a struct in shared memory, and of one with offsets.
$3 == "OpTypeStruct" {
  member_count[$1] = NF - 3
  for (i = 4; i <= NF; i++) { member[$1, i - 4] = $i; bytes[$1] += bytes[$i] }
  if (($1, 0) in offset) bytes[$1] = members_end($1)
}
$3 == "OpTypePointer" { pointed[$1] = $5; if ($4 == "PhysicalStorageBuffer") bytes[$1] = 8 }
$3 == "OpVariable" && $5 == "Workgroup" { shared += bytes[pointed[$4]] }
$3 == "OpVariable" && $5 == "PushConstant" { push = pointed[$4] }
END {
  if (NR == 0) fault("empty input")
  if (invocations == 0) fault("no workgroup size")
  most = limit("INVOCATIONS_MAX")
  if (invocations > most) fault("a workgroup of " invocations " invocations; every device has " most)
  most = limit("SHARED_BYTES_MAX")
  if (shared > most) fault(shared " bytes of shared memory; every device has " most)
  base = limit("GROUP_BASE_OFFSET")
  last = member_count[push] - 1
  if (push == "") fault("no push constants")
  else if (last < 1 || offset[push, last] != base) fault("the push constants do not end with group_base at " base)
  else if (offset[push, last - 1] + bytes[member[push, last - 1]] > base) fault("the params reach beyond " base " bytes")
  else if (members_end(push) > base + 4) fault(members_end(push) " bytes of push constants; every device has " base + 4)
  if (faults) exit 1
}
