// Leads: places in a stream where something encoded may begin. A rule's plain match is a candidate; a lead only says
// "decode here, and look again".
#pragma once

#include <cstdint>
#include <string>

namespace r8scan {

enum class LeadKind : std::uint8_t {
    base64,             // base64 of text, of base64 or of UTF-16, at any alignment
    base64_container,   // base64 that begins a compressed file
    wide,               // UTF-16 or UTF-32
    hex,
    percent,
    escape,             // \xHH, \uHHHH, octal, \_
    html,
    quoted_printable,
    interrupted,        // begins plainly, and something that may be an escape or a joint cuts it short; begin is exact
    container,          // the magic of a compressed file or an archive; Lead::detail says which
};

/// An expression of bounded width for the matcher, in its dialect.
struct LeadExpression {
    std::string expression;
    LeadKind kind = LeadKind::base64;
    std::uint8_t detail = 0;
    bool caseless = false;
};

/// Where such an expression matched.
struct Lead {
    LeadKind kind = LeadKind::base64;
    std::uint8_t detail = 0;
    std::uint64_t begin = 0;  // exact where all matches of the expression have one width; not after the first byte
    std::uint64_t end = 0;    // behind the last byte of the match
    friend auto operator<=>(const Lead&, const Lead&) = default;
};

}  // namespace r8scan
