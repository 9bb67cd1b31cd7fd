// Random data. See random_data.h.
#include "tests/precision/random_data.h"

#include <iterator>
#include <string_view>

namespace r8scan::test {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex = "0123456789abcdef";

// The size of the alphabet is a power of two: a random number gives several characters.
void append(std::string& text, std::size_t size, std::string_view alphabet, Rng& rng)
{
    std::uint64_t bits = 0;
    std::size_t left = 0;
    for (; size > 0; --size) {
        if (left == 0) {
            bits = rng.next();
            left = 10;
        }
        text += alphabet[bits & (alphabet.size() - 1)];
        bits >>= 6U;
        --left;
    }
}

void append_values(std::string& text, std::size_t size, std::string_view alphabet, Rng& rng)
{
    constexpr std::size_t lengths[] = {22, 27, 43, 64, 86, 128, 171, 342};
    while (text.size() < size) {
        text += "    \"";
        append(text, lengths[rng.below(std::size(lengths))], alphabet, rng);
        text += "\",\n";
    }
}

}  // namespace

const char* to_string(RandomKind kind)
{
    switch (kind) {
        case RandomKind::bytes:
            return "bytes";
        case RandomKind::base64_run:
            return "base64, one run";
        case RandomKind::base64_lines:
            return "base64, lines of 76";
        case RandomKind::base64_values:
            return "base64, single values";
        case RandomKind::base64url_run:
            return "base64url, one run";
        case RandomKind::base64url_values:
            return "base64url, single values";
        case RandomKind::hex_run:
            return "hex";
    }
    return "?";
}

std::string random_piece(RandomKind kind, Rng& rng, std::size_t size)
{
    std::string text;
    text.reserve(size + 400);
    switch (kind) {
        case RandomKind::bytes:
            while (text.size() < size) {
                const auto bits = rng.next();
                for (unsigned shift = 0; shift < 64; shift += 8) {
                    text += static_cast<char>((bits >> shift) & 0xffU);
                }
            }
            break;
        case RandomKind::base64_run:
            append(text, size, standard, rng);
            break;
        case RandomKind::base64_lines:
            while (text.size() < size) {
                append(text, 76, standard, rng);
                text += '\n';
            }
            break;
        case RandomKind::base64_values:
            append_values(text, size, standard, rng);
            break;
        case RandomKind::base64url_run:
            append(text, size, url, rng);
            break;
        case RandomKind::base64url_values:
            append_values(text, size, url, rng);
            break;
        case RandomKind::hex_run:
            append(text, size, hex, rng);
            break;
    }
    return text;
}

}  // namespace r8scan::test
