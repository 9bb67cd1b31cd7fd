#include "decode/percent.h"

#include "decode/unescape.h"

namespace r8scan::decode {

Decoded decode_percent_around(Bytes content, std::uint64_t at)
{
    return unescape_around(content, at, [](std::string_view text, std::size_t i) -> std::optional<Escape> {
        if (text[i] != '%') {
            return std::nullopt;
        }
        const auto byte = hex_number(text, i + 1, 2);
        return byte ? std::optional(Escape{{static_cast<char>(*byte)}, 3}) : std::nullopt;
    });
}

}  // namespace r8scan::decode
