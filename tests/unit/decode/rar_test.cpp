#include "tests/support/archives.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;
using test::opened;

// No free program writes RAR, so these are put together here: stored members alone.
namespace {

std::string little_endian(std::uint64_t value, unsigned size)
{
    std::string bytes;
    for (unsigned i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

std::uint32_t crc_of(const std::string& bytes)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string rar4_block(const std::string& type_and_flags, const std::string& fields)
{
    const auto rest = type_and_flags + little_endian(7 + fields.size(), 2) + fields;
    return little_endian(crc_of(rest) & 0xffffU, 2) + rest;
}

std::string rar4(const std::vector<test::ArchiveMember>& members)
{
    std::string bytes("Rar!\x1a\x07\0", 7);
    bytes += rar4_block(std::string("\x73\0\0", 3), std::string(6, '\0'));
    for (const auto& member : members) {
        const auto size = little_endian(member.content.size(), 4);
        bytes +=
            rar4_block(std::string("\x74\0\x80", 3),
                       size + size + "\x03" + little_endian(crc_of(member.content), 4) + little_endian(0x5a000000, 4) +
                           "\x14\x30" + little_endian(member.name.size(), 2) + little_endian(0100644, 4) + member.name);
        bytes += member.content;
    }
    return bytes + rar4_block(std::string("\x7b\0\x40", 3), "");
}

std::string rar5_block(const std::string& fields)
{
    const auto rest = std::string(1, static_cast<char>(fields.size())) + fields;
    return little_endian(crc_of(rest), 4) + rest;
}

std::string rar5(const std::vector<test::ArchiveMember>& members)
{
    std::string bytes("Rar!\x1a\x07\x01\0", 8);
    bytes += rar5_block(std::string("\1\0\0", 3));
    for (const auto& member : members) {
        const std::string size(1, static_cast<char>(member.content.size()));  // below 128: one byte
        bytes +=
            rar5_block(std::string("\2\2", 2) + size + "\4" + size + '\0' + little_endian(crc_of(member.content), 4) +
                       std::string("\0\1", 2) + static_cast<char>(member.name.size()) + member.name);
        bytes += member.content;
    }
    return bytes + rar5_block(std::string("\5\0\0", 3));
}

const auto write_rar = {rar4, rar5};

std::vector<test::ArchiveMember> members()
{
    return {{"dir/a.txt", "first " + test::token(1)}, {"b.txt", test::token(2)}};
}

}  // namespace

TEST_CASE("rar: both generations give back their members")
{
    for (const auto& rar : write_rar) {
        const auto bytes = rar(members());
        const auto result = opened(ContainerKind::rar, "before" + bytes, 6);
        CHECK(result.end.recognised);
        CHECK(result.content_of("dir/a.txt") == "first " + test::token(1));
        CHECK(result.content_of("b.txt") == test::token(2));
        CHECK(result.problems.empty());
        CHECK(result.end.end <= 6 + bytes.size());
        CHECK(result.end.end + 16 > 6 + bytes.size());
    }
}

TEST_CASE("rar: a cut archive gives the members before the cut")
{
    for (const auto& rar : write_rar) {
        const auto bytes = rar(members());
        const auto result = opened(ContainerKind::rar, bytes.substr(0, bytes.find(test::token(2)) + 10));
        CHECK(result.content_of("dir/a.txt") == "first " + test::token(1));
        CHECK(result.problems.size() == 1);
    }
}

TEST_CASE("rar: the signature in a program is no archive")
{
    test::Rng rng(1);
    for (unsigned i = 0; i < 1000; ++i) {
        CHECK_FALSE(opened(ContainerKind::rar, "Rar!\x1a\x07" + test::random_bytes(rng, 200)).end.recognised);
    }
}

TEST_CASE("rar: flipped bits and cut ends never harm")
{
    test::Rng rng(2);
    for (const auto& rar : write_rar) {
        const auto sound = rar(members());
        for (unsigned i = 0; i < 400; ++i) {
            auto broken = sound;
            const auto at = rng.below(broken.size());
            broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
            static_cast<void>(opened(ContainerKind::rar, broken));
            static_cast<void>(opened(ContainerKind::rar, sound.substr(0, rng.below(sound.size()))));
        }
    }
}
