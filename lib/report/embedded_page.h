// The style and the script of the HTML report, files of lib/report/page carried inside the program.
#pragma once

#include <string_view>

namespace r8scan::report {

extern const std::string_view page_style;
extern const std::string_view page_script;

}  // namespace r8scan::report
