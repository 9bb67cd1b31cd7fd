# Writes STYLE and SCRIPT, two files of text, into OUTPUT as C++ string constants.
file(READ ${STYLE} style)
file(READ ${SCRIPT} script)
file(WRITE ${OUTPUT}.new
"// Made from lib/report/page when the library is built.
#include \"report/embedded_page.h\"

namespace r8scan::report {
const std::string_view page_style = R\"r8page(${style})r8page\";
const std::string_view page_script = R\"r8page(${script})r8page\";
}  // namespace r8scan::report
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
