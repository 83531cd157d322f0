# Writes the C file of one shader: its words, and assertions that the push constants the SPIR-V reads lie where C puts
# them. First file: spirv-dis text of the module before stripping (names and offsets); second: `od -An -v -tx4` of the
# final module.
#   awk -v name=NAME -v header=HEADER -f embed.awk module.txt module.words       HEADER declares struct NAME_params
function asserted(condition, place) {
  print "_Static_assert(" condition ", \"" place "\");"
}
BEGIN {
  params = "%" name "_params"
  print "/* Made by tools/shaders/build.sh from shaders/" name ".comp. */"
  print "#include <stddef.h>\n\n#include \"platform/vulkan/shaders.h\"\n#include \"" header "\"\n"
}
FNR == 1 { file++ }
file == 1 && $1 == "OpMemberName" && $2 == params { member[$3] = $4 }
file == 1 && $1 == "OpMemberDecorate" && $2 == params && $4 == "Offset" { offset[$3] = $5 }
file == 1 && $1 == params && $3 == "OpTypeStruct" { for (i = 4; i <= NF; i++) type[i - 4] = $i; members = NF - 3 }
file == 2 && FNR == 1 {
  if (members == 0) { print "embed.awk: no struct " name "_params in the module" > "/dev/stderr"; failed = 1; exit 1 }
  for (i = 0; i < members; i++) {
    bytes = type[i] ~ /^%_ptr_/ ? 8 : 4
    gsub(/"/, "", member[i])
    place = name "_params." member[i]
    asserted("offsetof(struct " name "_params, " member[i] ") == " offset[i], place)
    asserted("sizeof((struct " name "_params){0}." member[i] ") == " bytes, place)
    end = offset[i] + bytes
  }
  asserted("sizeof(struct " name "_params) == " int((end + 7) / 8) * 8, name "_params")
  print "\nconst u32 shader_" name "_words[] = {"
}
file == 2 {
  line = "   "
  for (i = 1; i <= NF; i++) { line = line " 0x" $i "u,"; words++ }
  print line
}
END {
  if (failed) exit 1
  if (words == 0) { print "embed.awk: no words for " name > "/dev/stderr"; exit 1 }
  print "};\nconst u32 shader_" name "_bytes = " words * 4 ";"
}
