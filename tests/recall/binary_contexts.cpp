// Tokens in binary files: length-prefixed as serialisers write them, NUL-terminated, in sqlite records (whose header is
// a length too), and packed into string tables without anything between (low confidence, by the boundary tables).
//
// Behind a length prefix of 40 the next byte is that of the next value and may well be a letter or a digit. A prefix
// only counts with a binary byte within the eight bytes before the token, so each form brings its own.
#include "tests/recall/contexts.h"
#include "tests/recall/sqlite_page.h"

namespace r8scan::test {
namespace {

using namespace std::string_literals;

struct Prefixed {
    const char* name;
    std::string before;
    std::string behind;  // a letter or a digit where the format can have one there
};

const std::vector<Prefixed>& prefixed()
{
    static const std::vector<Prefixed> table = {
        {".pyc, short ASCII", "\xa9\x02z\x28"s, "Z\x04name"s},
        {".pyc, interned", "e\x01\xda\x28"s, "r\x03"s},
        {".pyc, unicode", "\xa9\x01u\x28\0\0\0"s, "N)\x01"s},
        {".pyc of Python 2", "t\x02\0\0\0s\x28\0\0\0"s, "s\x04\0\0\0name"s},
        {"protobuf", "\x12\x2c\x0a\x28"s, "\x12\x04prod"s},
        {"protobuf, sixth field behind", "\x08\x01\x12\x28"s, "2\x05hello"s},
        {"protobuf, twelfth field", "\x08\x01\x62\x28"s, "b\x01x"s},
        {"MessagePack", "\x82\xa5token\xd9\x28"s, "\xa4name\xa1x"s},
        {"MessagePack, number behind", "\x93\x07\xd9\x28"s, "A"s},
        {"CBOR", "\xa2\x63tok\x78\x28"s, "ctwo\x01"s},
        {"CBOR, text behind", "\x83\x07\x78\x28"s, "ax"s},
        {"Java class constant",
         "\x01\0\x04"
         "Code\x01\0\x28"s,
         "\x01\0\x03run"s},
        {"Thrift, four bytes big-endian", "\x0b\0\x01\0\0\0\x28"s, "\x0b\0\x02"s},
        {"four bytes big-endian, letter behind", "\x01\0\0\0\x28"s, "Q\0\0\0\x01"s},
        {"four bytes little-endian", "\x07\x28\0\0\0"s, "\x28\0\0\0"s},
        {"four bytes little-endian, letter behind", "\x02\x28\0\0\0"s, "w\x01\0"s},
        {"one byte", "\x07key\x28"s, "9\x02"s},
    };
    return table;
}

struct Framed {
    const char* name;
    std::string before;
    std::string behind;
    Confidence confidence = Confidence::high;
};

const std::string elf =
    "\x7f"
    "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0"s;
const std::string mach_o = "\xcf\xfa\xed\xfe\x0c\0\0\x01\0\0\0\0\x06\0\0\0"s;
const std::string pe = "MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"s;
const std::string wasm = "\0asm\x01\0\0\0"s;
const std::string words =
    "index out of range, the quick brown fox jumps over the lazy dog and then goes on to the river";

std::vector<Framed> framed()
{
    return {
        {"ELF, NUL-terminated", elf + "main\0"s, "\0printf\0"s},
        {"Mach-O, NUL-terminated", mach_o + "_main\0"s, "\0_printf\0"s},
        {"PE, NUL-terminated", pe + "abc\0"s, "\0\0KERNEL32"s},
        {"wasm, data segment", wasm + "\x0b\x2e\x01\0\x41\x80\x08\x0b"s, "\0"s},
        {"class file, constant", "\xca\xfe\xba\xbe\0\0\0\x37\0\x1d\x01\0\x28"s, "\x01\0\x04main"s},
        {"Go, packed", elf + words, words, Confidence::low},
        {"Go, packed, digits beside", elf + words + "0"s, "12" + words, Confidence::low},
        {"Rust, packed behind", elf + "called `Option::unwrap()`\0"s, "src/main.rs", Confidence::low},
        {"Mach-O, packed before", mach_o + words, "\0next\0"s, Confidence::low},
        {"PE, packed", pe + words, words, Confidence::low},
    };
}

void add_sqlite(std::vector<Context>& out)
{
    const auto add = [&](const char* name, const char* group, SqliteRow (*row)(std::string_view, Rng&),
                         Confidence confidence) {
        Context context;
        context.name = std::string("sqlite, ") + name;
        context.group = group;
        context.confidence = confidence;
        context.fits = Fits::stream;
        context.make = [=](std::string_view token, Rng& rng) {
            auto database = sqlite_database(row(token, rng));
            const auto at = database.find(token);
            return Snippet{std::move(database), at, at + token.size()};
        };
        out.push_back(context);
    };
    add(
        "alone in its row", plain_group, [](std::string_view token, Rng&) { return SqliteRow{std::string(token)}; },
        Confidence::high);
    add(
        "between numbers", plain_group,
        [](std::string_view token, Rng& rng) {
            return SqliteRow{static_cast<int>(rng.between(2, 31)), std::string(token),
                             static_cast<int>(rng.between(2, 31))};
        },
        Confidence::high);
    // The header of the record says how long each column is, so letters of the next one may touch.
    add(
        "between text", prefix_group,
        [](std::string_view token, Rng& rng) {
            return SqliteRow{rng.chance(50) ? "prod"s : "user9"s, std::string(token), "note"s};
        },
        Confidence::high);
    add(
        "text before", prefix_group,
        [](std::string_view token, Rng&) {
            return SqliteRow{"production"s, std::string(token), 7};
        },
        Confidence::high);
}

}  // namespace

void add_binary_contexts(std::vector<Context>& out)
{
    for (const auto& each : prefixed()) {
        out.push_back({each.name, prefix_group, {}, [each](std::string_view token, Rng& rng) {
                           // What the same format may have had before.
                           const auto before = rng.chance(50) ? "name\x02"s : ""s;
                           return around(before + each.before, bare(token), each.behind);
                       }});
    }
    for (const auto& each : framed()) {
        const bool low = each.confidence == Confidence::low;
        out.push_back({each.name,
                       low ? packed_group : plain_group,
                       {},
                       [each](std::string_view token, Rng&) { return around(each.before, bare(token), each.behind); },
                       each.confidence,
                       Fits::stream});
    }
    out.push_back(
        {"packed, no executable",
         packed_group,
         {},
         [](std::string_view token, Rng&) { return around("\x01\x02"s + "format", bare(token), "failed\0\x03"s); },
         Confidence::low});
    add_sqlite(out);
}

}  // namespace r8scan::test
