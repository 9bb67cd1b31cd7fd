# Writes the text of INPUT into OUTPUT as a C++ string constant.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT}.new
"// Made from patterns/replicate.toml when the library is built.
#include \"match/embedded.h\"

namespace r8scan {
const std::string_view embedded_patterns = R\"r8toml(${text})r8toml\";
}  // namespace r8scan
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
