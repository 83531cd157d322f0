# Rewrites spirv-dis text: every float operation gets the NoContraction decoration it lacks (safer than `precise` in
# every line). Reads the text twice: awk -f decorate.awk module.txt module.txt > decorated.txt
function is_float_operation(name) {
  return name ~ /^Op(FAdd|FSub|FMul|FDiv|FRem|FMod|FNegate|VectorTimesScalar)$/
}
FNR == NR {
  if ($1 == "OpDecorate" && $3 == "NoContraction") decorated[$2] = 1
  if ($2 == "=" && is_float_operation($3) && !($1 in decorated)) missing[++missing_count] = $1
  next
}
# The annotations end where the types begin: the first instruction of the types section is an OpType.
!inserted && $2 == "=" && $3 ~ /^OpType/ {
  for (i = 1; i <= missing_count; i++) print "OpDecorate " missing[i] " NoContraction"
  inserted = 1
}
{ print }
