#include "tests/support/archives.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstring>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;
using test::archive_of;
using test::opened;

namespace {

struct Format {
    ContainerKind kind;
    const char* name;
};

const Format formats[] = {
    {ContainerKind::tar, "gnutar"}, {ContainerKind::tar, "pax"},  {ContainerKind::tar, "ustar"},
    {ContainerKind::ar, "arbsd"},   {ContainerKind::ar, "argnu"}, {ContainerKind::seven_zip, "7zip"},
};

std::string tar_header(std::string name, std::uint64_t size)
{
    auto tar = archive_of({{std::move(name), std::string(size, 'x')}}, "ustar");
    return tar.substr(0, 512);
}

}  // namespace

TEST_CASE("archive: each format gives back its members with their names")
{
    for (const auto& format : formats) {
        CAPTURE(format.name);
        const auto bytes = archive_of({{"a.txt", "first " + test::token(1)}, {"b.txt", test::token(2)}}, format.name);
        const auto result = opened(format.kind, "before" + bytes, 6);
        CHECK(result.end.recognised);
        CHECK(result.content_of("a.txt") == "first " + test::token(1));
        CHECK(result.content_of("b.txt") == test::token(2));
        CHECK(result.problems.empty());
        CHECK(result.end.end + 1024 > 6 + bytes.size());
        CHECK(result.end.end <= 6 + bytes.size());
    }
}

TEST_CASE("archive: tar tells where each member's header stands, long names and links included")
{
    const std::string name = std::string(150, 'd') + "/" + std::string(150, 'f');
    for (const auto* const format : {"gnutar", "pax"}) {
        CAPTURE(format);
        const auto bytes =
            archive_of({{"dir", "", "", true}, {name, test::token(1)}, {"link", "", test::token(2)}}, format);
        const auto result = opened(ContainerKind::tar, bytes);
        REQUIRE(result.members.size() == 3);
        CHECK(result.members[0].name.starts_with("dir"));
        CHECK(result.members[0].content.empty());
        CHECK(result.members[1].name == name);
        CHECK(result.members[1].outer_offset >= 512);
        CHECK(result.members[1].outer_offset < bytes.find(test::token(1)));
        CHECK(result.members[2].content == test::token(2));
    }
}

TEST_CASE("archive: names that are not ASCII come as they are")
{
    const std::string name = "gr\xc3\xbc\xc3\x9f/\xe6\x97\xa5.txt";
    for (const auto* const format : {"gnutar", "ustar"}) {
        CHECK(opened(ContainerKind::tar, archive_of({{name, test::token(1)}}, format)).content_of(name) ==
              test::token(1));
    }
}

TEST_CASE("archive: a tar without its end is fine, a tar cut in a member is not")
{
    const auto bytes = archive_of({{"a", test::token(1)}, {"b", test::token(2) + std::string(5000, 'x')}}, "ustar");
    const auto without_end = bytes.substr(0, 512 + 512 + 512 + 5120);
    const auto fine = opened(ContainerKind::tar, without_end);
    CHECK(fine.members.size() == 2);
    CHECK(fine.problems.empty());
    const auto cut = opened(ContainerKind::tar, bytes.substr(0, 2000));
    CHECK(cut.content_of("a") == test::token(1));
    CHECK(cut.content_of("b").starts_with(test::token(2)));
    REQUIRE(cut.problems.size() == 1);
    CHECK(cut.is_named(Unread::corrupt, "b"));
}

TEST_CASE("archive: a damaged tar header ends the archive before what the caller can find behind it")
{
    auto bytes = archive_of({{"a", test::token(1)}, {"b", test::token(2)}, {"c", test::token(3)}}, "ustar");
    bytes[1024] = static_cast<char>(bytes[1024] ^ 1);
    const auto result = opened(ContainerKind::tar, bytes);
    CHECK(result.holds(test::token(1)));
    CHECK(result.problems.size() == 1);
    CHECK(result.end.end <= 2048);
    CHECK(opened(ContainerKind::tar, bytes, 2048).holds(test::token(3)));
}

TEST_CASE("archive: text that speaks of ustar is no tar")
{
    const std::string text = std::string(257, ' ') + "ustar" + std::string(2000, ' ');
    const auto result = opened(ContainerKind::tar, text);
    CHECK_FALSE(result.end.recognised);
    CHECK(result.problems.empty());
}

TEST_CASE("archive: no more than 100,000 members")
{
    std::string bytes;
    const auto header = tar_header("empty", 0);
    bytes.reserve(100'050 * header.size());
    for (unsigned i = 0; i < 100'050; ++i) {
        bytes += header;
    }
    decode::Budget budget;
    const auto result = test::counted(ContainerKind::tar, bytes, budget);
    CHECK(result.members == 100'000);
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].why == Unread::limit);
    CHECK(budget.members == 0);
}

TEST_CASE("archive: a member that states terabytes takes what is there")
{
    auto header = tar_header("big", 0);
    header.replace(124, 12, "77777777777 ");
    header.replace(148, 8, "        ");
    unsigned sum = 0;
    for (const char c : header) {
        sum += static_cast<unsigned char>(c);
    }
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    header.replace(148, 7, std::string(digits, 7));
    const auto result = opened(ContainerKind::tar, header + test::token(1));
    CHECK(result.content_of("big") == test::token(1));
    CHECK(result.is_named(Unread::corrupt, "big"));
}

TEST_CASE("archive: members too large for memory are cut, the next ones of a tar still read")
{
    decode::Budget budget;
    budget.member_in_memory = 1000;
    const auto bytes = archive_of({{"a", test::token(1) + std::string(5000, 'x')}, {"b", test::token(2)}}, "ustar");
    const auto result = opened(ContainerKind::tar, bytes, 0, budget);
    CHECK(result.content_of("a").size() == 1000);
    CHECK(result.is_named(Unread::limit, "a"));
    CHECK(result.content_of("b") == test::token(2));
}

TEST_CASE("archive: a 7z that expands a thousandfold is cut and not expanded behind the cut")
{
    const auto bytes = archive_of({{"zeros", std::string(200U << 20U, '\0')}, {"b", test::token(2)}}, "7zip");
    decode::Budget budget;
    const auto result = test::counted(ContainerKind::seven_zip, bytes, budget);
    CHECK(result.bytes < (100U << 20U));
    REQUIRE_FALSE(result.problems.empty());
    CHECK(result.problems[0].why == Unread::limit);
}

TEST_CASE("archive: a 7z that wants a dictionary of 4 GiB is named, nothing is set aside for it")
{
    const auto crc = [](std::string_view bytes) {
        return static_cast<std::uint32_t>(
            crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
    };
    std::string text;
    for (int i = 0; i < 50; ++i) {
        text += "name" + std::to_string(i);
    }
    auto bytes = archive_of({{text, test::token(1)}, {text + "2", test::token(2)}}, "7zip", "7zip:compression=lzma1");
    const auto coder = bytes.rfind("\x23\x03\x01\x01\x05");  // LZMA, which packs the header or the content
    REQUIRE(coder != bytes.npos);
    bytes.replace(coder + 6, 4, "\xff\xff\xff\xff");
    std::uint64_t offset = 0;
    std::memcpy(&offset, bytes.data() + 12, sizeof offset);
    const auto header_sum = crc(std::string_view(bytes).substr(32 + offset));
    std::memcpy(bytes.data() + 28, &header_sum, sizeof header_sum);
    const auto start_sum = crc(std::string_view(bytes).substr(12, 20));
    std::memcpy(bytes.data() + 8, &start_sum, sizeof start_sum);
    const auto result = opened(ContainerKind::seven_zip, bytes);
    CHECK(result.is_named(Unread::limit, ""));
    CHECK(result.end.end == bytes.size());
}

TEST_CASE("archive: flipped bits and cut ends never harm")
{
    test::Rng rng(5);
    for (const auto& format : formats) {
        CAPTURE(format.name);
        const auto sound =
            archive_of({{"a.txt", test::random_text(rng, 3000)}, {"b", test::random_bytes(rng, 500)}}, format.name);
        for (unsigned i = 0; i < 400; ++i) {
            auto broken = sound;
            const auto at = rng.below(broken.size());
            broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
            static_cast<void>(opened(format.kind, broken));
            static_cast<void>(opened(format.kind, sound.substr(0, rng.below(sound.size()))));
        }
    }
}
