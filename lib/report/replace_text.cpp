#include "report/replace_text.h"

#include <fmt/format.h>

namespace r8scan::report {
namespace {

/// A literal ends at the line's end. What holds one is written as an expression, byte by byte.
std::string pattern_of(std::string_view token)
{
    if (token.find_first_of("\r\n") == std::string_view::npos) {
        return "literal:" + std::string(token);
    }
    std::string pattern = "regex:";
    for (const char c : token) {
        pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return pattern;
}

}  // namespace

Result<void> ReplaceTextReport::finding(const Finding& finding)
{
    if (finding.placeholder || !m_told.insert(finding.token_sha256).second) {
        return {};
    }
    const std::string_view token = finding.secret->reveal();
    if (token == finding.secret->redacted()) {
        return Error(ErrorCode::usage,
                     "replace-text needs the tokens in the clear, and the report that was read has them redacted: scan "
                     "with -f replace-text=FILE");
    }
    return m_out.write(pattern_of(token) + "==>***REMOVED***\n");
}

Result<void> ReplaceTextReport::summary(const Summary& /*summary*/)
{
    return {};
}

}  // namespace r8scan::report
