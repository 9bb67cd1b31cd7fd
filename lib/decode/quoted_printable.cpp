#include "decode/quoted_printable.h"

#include "decode/unescape.h"

namespace r8scan::decode {

Decoded decode_quoted_printable_around(Bytes content, std::uint64_t at)
{
    return unescape_around(content, at, [](std::string_view text, std::size_t i) -> std::optional<Escape> {
        if (text[i] != '=') {
            return std::nullopt;
        }
        if (const auto byte = hex_number(text, i + 1, 2)) {
            return Escape{{static_cast<char>(*byte)}, 3};
        }
        // Blanks may have been added behind the mark on the way.
        auto end = i + 1;
        while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) {
            ++end;
        }
        if (end < text.size() && text[end] == '\r') {
            ++end;
        }
        return end < text.size() && text[end] == '\n' ? std::optional(Escape{{}, end + 1 - i}) : std::nullopt;
    });
}

}  // namespace r8scan::decode
