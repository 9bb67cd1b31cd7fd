// The places. See places.h.
#include "tests/recall/places.h"

namespace r8scan::test {
namespace {

std::string lines(Rng& rng, std::size_t most = 200)
{
    return random_text(rng, rng.between(1, most));
}

std::string crlf_lines(Rng& rng)
{
    std::string text;
    for (const char c : lines(rng)) {
        text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    }
    return text;
}

// Two, three and four bytes a character, and lines now and then.
std::string foreign_text(Rng& rng)
{
    constexpr std::string_view words[] = {"Schlüssel", "密钥", "🔑", "ключ", "clé", "مفتاح", "👩‍💻", "a"};
    std::string text;
    for (auto count = rng.between(1, 12); count > 0; --count) {
        text += std::string(words[rng.below(std::size(words))]) + (rng.chance(20) ? "\n" : " ");
    }
    return text + "：";
}

// Random bytes that hold no letters, so that they never make a word with what follows.
std::string binary(Rng& rng)
{
    std::string bytes;
    for (auto size = rng.between(1, 120); size > 0; --size) {
        bytes += static_cast<char>(rng.chance(50) ? rng.below(32) : 128 + rng.below(128));
    }
    // An escape character would make a terminal sequence of what follows, a 28 hex a length.
    return bytes + '\0';
}

}  // namespace

const std::string& long_text()
{
    static const std::string text = [] {
        Rng rng(20);
        auto made = random_text(rng, 1U << 20U);
        auto line = random_text(rng, 1U << 19U);
        for (char& c : line) {
            c = c == '\n' ? ' ' : c;
        }
        return made + '\n' + line;
    }();
    return text;
}

std::span<const Place> places()
{
    static const std::vector<Place> table = {
        {"alone", [](const Snippet& s, Rng&) { return s; }},
        {"at the start of a text", [](const Snippet& s, Rng& rng) { return around("", s, '\n' + lines(rng)); }},
        {"at the end without newline", [](const Snippet& s, Rng& rng) { return around(lines(rng) + '\n', s, ""); }},
        {"in the middle of LF text",
         [](const Snippet& s, Rng& rng) { return around(lines(rng) + '\n', s, '\n' + lines(rng)); }},
        {"between empty lines",
         [](const Snippet& s, Rng& rng) { return around(lines(rng) + "\n\n", s, "\n\n" + lines(rng)); }},
        {"in the middle of CRLF text",
         [](const Snippet& s, Rng& rng) { return around(crlf_lines(rng) + "\r\n", s, "\r\n" + crlf_lines(rng)); }},
        {"behind other alphabets on its line",
         [](const Snippet& s, Rng& rng) { return around(foreign_text(rng), s, "。" + foreign_text(rng)); }},
        {"between binary bytes", [](const Snippet& s, Rng& rng) { return around(binary(rng), s, '\0' + binary(rng)); },
         false},
        {"behind another token",
         [](const Snippet& s, Rng& rng) {
             constexpr std::string_view marks[] = {",", " ", "\n", ":", "|", ";", "\", \""};
             const auto mark = marks[rng.below(std::size(marks))];
             return around(random_token(rng) + std::string(mark), s, std::string(mark) + "end");
         }},
        {"behind a megabyte", [](const Snippet& s, Rng&) { return around(long_text() + ", ", s, " and more\n"); }, true,
         true},
    };
    return table;
}

}  // namespace r8scan::test
