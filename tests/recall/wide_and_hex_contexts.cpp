// UTF-16 and UTF-32 streams, and hex in every notation, also of UTF-16 as registry exports have it.
//
// Lines and columns of wide text are those of the text, a byte order mark counted as one character (it is a code point,
// and it counts in UTF-8 too). In binary data the contract does not say how they count.
#include "tests/recall/contexts.h"
#include "tests/recall/encoders.h"

#include <fmt/format.h>

namespace r8scan::test {
namespace {

constexpr const char* byte_order_mark = "\xef\xbb\xbf";

const char* wide_layer(std::size_t unit)
{
    return unit == 2 ? "utf-16" : "utf-32";
}

void add_wide_streams(std::vector<Context>& out)
{
    for (const std::size_t unit : {2U, 4U}) {
        for (const bool big_endian : {false, true}) {
            for (const bool mark : {false, true}) {
                Context context;
                context.name = fmt::format("UTF-{}{}{}", 8 * unit, big_endian ? "BE" : "LE", mark ? " with mark" : "");
                context.group = encoding_group;
                context.layers = {wide_layer(unit)};
                context.make = some_line;
                context.fits = Fits::text;
                context.hold = [=](const Snippet& placed, Rng&) {
                    Held held;
                    held.moved = wide_of(around(mark ? byte_order_mark : "", placed, ""), {unit, big_endian});
                    held.content = held.moved->bytes;
                    // The mark is a column of the first line only.
                    held.line_known = !mark;
                    return held;
                };
                out.push_back(context);
            }
        }
    }
    out.push_back(
        {"UTF-16LE with mark, on the first line",
         encoding_group,
         {"utf-16"},
         [](std::string_view token, Rng& rng) { return around(byte_order_mark, some_line(token, rng), "\r\n"); },
         Confidence::high,
         Fits::stream,
         [](const Snippet& placed, Rng&) {
             Held held;
             held.moved = wide_of(placed, {});
             held.content = held.moved->bytes;
             return held;
         }});
    // As the strings of .NET programs: a length, the characters, a flag; at even and odd offsets.
    out.push_back({"UTF-16LE in binary data",
                   encoding_group,
                   {"utf-16"},
                   [](std::string_view token, Rng&) { return wide_of(bare(token), {}); },
                   Confidence::high,
                   Fits::stream,
                   [](const Snippet& placed, Rng& rng) {
                       Held held;
                       const auto before = random_bytes(rng, rng.between(1, 300)) + "\x01\x51";
                       held.moved = around(before, placed, std::string(1, '\0') + "\x07" + "e" + std::string(1, '\0'));
                       held.content = held.moved->bytes;
                       held.line_known = false;
                       return held;
                   }});
}

struct Notation {
    const char* name;
    const char* before;
    const char* between;
    const char* behind;
    std::size_t width;
    const char* between_lines;
};

constexpr Notation notations[] = {
    {"bare", "", "", "", 0, ""},
    {"quoted", "\"", "", "\"", 0, ""},
    {"SQL", "(1, X'", "", "', 2)", 0, ""},
    {"0x", "0x", "", " ", 0, ""},
    {"PostgreSQL bytea", "\t\\\\x", "", "\tx", 0, ""},
    {"plain dump", "", "", "\n", 30, "\n"},
    {"spaces", "", " ", "\n", 0, ""},
    {"spaces, lines of 16", "", " ", "\n", 16, "\n"},
    {"colons", "key:\n    ", ":", "\n", 0, ""},
    {"colons, lines of 15", "    pub:\n        ", ":", "\n", 15, ":\n        "},
    {"commas", "[", ",", "]", 0, ""},
    {"0x, commas", "{0x", ", 0x", "};", 0, ""},
    {"0x, commas, no blanks", "[0x", ",0x", "]", 0, ""},
    {"0x, commas, lines of 12", "unsigned char k[] = {\n  0x", ", 0x", "\n};", 12, ",\n  0x"},
};

void add_hex(std::vector<Context>& out)
{
    for (const auto& notation : notations) {
        for (const bool upper : {false, true}) {
            for (const bool alone : {true, false}) {
                out.push_back(
                    {fmt::format("hex, {}{}{}", notation.name, upper ? ", upper case" : "",
                                 alone ? "" : ", with text around"),
                     encoding_group,
                     {"hex"},
                     [=](std::string_view token, Rng& rng) {
                         const auto plain =
                             alone ? bare(token)
                                   : around(random_text(rng, rng.below(40)) + '=', bare(token), "\nnext line");
                         const HexStyle style{upper, notation.between, notation.width, notation.between_lines};
                         return around(notation.before, hex_of(plain, style), notation.behind);
                     }});
            }
        }
    }
}

// `"Token"=hex(1):72,00,38,00,\` with as many pairs a line as regedit writes.
Snippet registry_export(std::string_view token, Rng& rng)
{
    const auto value = rng.chance(50) ? std::string("\"Token\"=hex(1):") : std::string("\"Key\"=hex(2):");
    const auto text = around(rng.chance(50) ? "Bearer " : "", bare(token), std::string(1, '\0'));
    const auto pairs_of_25 = hex_of(wide_of(text, {}), {false, ",", 25, ",\\\r\n  "});
    return around("[HKEY_CURRENT_USER\\Software\\x]\r\n" + value, pairs_of_25, "\r\n\r\n");
}

void add_hex_of_utf16(std::vector<Context>& out)
{
    const std::vector<std::string> layers = {"hex", "utf-16"};
    out.push_back({"hex of UTF-16, registry export", encoding_group, layers, registry_export});
    for (const auto* between : {"", " ", ","}) {
        for (const bool upper : {false, true}) {
            out.push_back({fmt::format("hex of UTF-16, \"{}\" between{}", between, upper ? ", upper case" : ""),
                           encoding_group, layers, [=](std::string_view token, Rng& rng) {
                               const auto text = rng.chance(50) ? bare(token) : filled("t={token};", token, rng);
                               return around("'", hex_of(wide_of(text, {}), {upper, between, 0, ""}), "'");
                           }});
        }
    }
}

}  // namespace

void add_wide_and_hex_contexts(std::vector<Context>& out)
{
    add_wide_streams(out);
    add_hex(out);
    add_hex_of_utf16(out);
}

}  // namespace r8scan::test
