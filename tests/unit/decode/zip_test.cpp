#include "tests/support/archives.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;
using test::archive_of;
using test::opened;

namespace {

std::string small_zip(const char* options = nullptr)
{
    return archive_of({{"dir/a.txt", "a " + test::token(1)}, {"b.txt", "b " + test::token(2)}}, "zip", options);
}

void check_small_zip(const test::Opened& result)
{
    CHECK(result.end.recognised);
    CHECK(result.content_of("dir/a.txt") == "a " + test::token(1));
    CHECK(result.content_of("b.txt") == "b " + test::token(2));
    CHECK(result.members.size() == 2);
    CHECK(result.problems.empty());
}

// Rewrites the offsets of the directory so that they count from `shift` bytes before the archive, as self-extracting
// archives have them.
std::string with_shifted_offsets(std::string zip, std::uint32_t shift)
{
    const auto add = [&](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, zip.data() + at, sizeof value);
        value += shift;
        std::memcpy(zip.data() + at, &value, sizeof value);
    };
    const std::string entry("PK\x01\x02");
    for (auto at = zip.find(entry); at != zip.npos; at = zip.find(entry, at + 4)) {
        add(at + 42);
    }
    add(zip.rfind("PK\x05\x06") + 16);
    return zip;
}

}  // namespace

TEST_CASE("zip: deflated and stored members are read, the end is behind the directory")
{
    for (const auto* const options : {"zip:compression=deflate", "zip:compression=store"}) {
        CAPTURE(options);
        const auto bytes = small_zip(options);
        const auto result = opened(ContainerKind::zip, bytes);
        check_small_zip(result);
        CHECK(result.end.end == bytes.size());
        REQUIRE(result.members.size() == 2);
        CHECK(result.members[0].outer_offset == 0);
        CHECK(bytes.substr(result.members[1].outer_offset, 4) == "PK\x03\x04");
        CHECK(result.members[1].outer_offset > 0);
    }
}

TEST_CASE("zip: a script before it, whether or not the offsets count from the script")
{
    const std::string script = "#!/bin/sh\nexec unzip \"$0\"\n";
    check_small_zip(opened(ContainerKind::zip, script + small_zip(), script.size()));
    const auto shifted = with_shifted_offsets(small_zip(), static_cast<std::uint32_t>(script.size()));
    const auto result = opened(ContainerKind::zip, script + shifted, script.size());
    check_small_zip(result);
    CHECK(result.end.end == script.size() + shifted.size());
    CHECK(result.members.at(0).outer_offset == 0);
}

TEST_CASE("zip: in the middle of other bytes, near their end or far from it")
{
    test::Rng rng(1);
    for (const std::size_t behind : {100U, 200'000U}) {
        CAPTURE(behind);
        const auto before = test::random_bytes(rng, 1000);
        const auto bytes = small_zip();
        const auto result = opened(ContainerKind::zip, before + bytes + test::random_bytes(rng, behind), before.size());
        check_small_zip(result);
        CHECK(result.end.end == before.size() + bytes.size());
    }
}

TEST_CASE("zip: two archives one after the other are two")
{
    const auto first = archive_of({{"one", test::token(3)}}, "zip");
    const auto both = first + small_zip();
    const auto result = opened(ContainerKind::zip, both);
    CHECK(result.members.size() == 1);
    CHECK(result.content_of("one") == test::token(3));
    CHECK(result.end.end == first.size());
    check_small_zip(opened(ContainerKind::zip, both, result.end.end));
}

TEST_CASE("zip: a stored archive inside belongs to the outer one")
{
    const auto outer = archive_of({{"inner.zip", small_zip()}, {"z", "last"}}, "zip", "zip:compression=store");
    const auto result = opened(ContainerKind::zip, outer);
    REQUIRE(result.members.size() == 2);
    CHECK(result.end.end == outer.size());
    check_small_zip(opened(ContainerKind::zip, result.content_of("inner.zip")));
}

TEST_CASE("zip: names in UTF-8, symbolic links, directories")
{
    const std::string name = "\xc3\xa9t\xc3\xa9/\xe6\x97\xa5\xe6\x9c\xac.txt";
    const auto bytes =
        archive_of({{name, test::token(1)}, {"link", "", test::token(2)}, {"dir/", "", "", true}}, "zip");
    const auto result = opened(ContainerKind::zip, bytes);
    CHECK(result.content_of(name) == test::token(1));
    CHECK(result.content_of("link") == test::token(2));
    CHECK(result.content_of("dir/").empty());
    CHECK(result.problems.empty());
}

TEST_CASE("zip: encrypted members are named, both ways of encryption")
{
    for (const auto* const options : {"zip:encryption=zipcrypt", "zip:encryption=aes256"}) {
        CAPTURE(options);
        const auto bytes = archive_of({{"secret.txt", test::token(1)}, {"more", "m"}}, "zip", options, "password");
        const auto result = opened(ContainerKind::zip, bytes);
        CHECK(result.is_named(Unread::encrypted, "secret.txt"));
        CHECK(result.is_named(Unread::encrypted, "more"));
        CHECK_FALSE(result.holds(test::token(1)));
        CHECK(result.end.end == bytes.size());
    }
}

TEST_CASE("zip: a cut archive gives what it has, the broken member's sound part too")
{
    const auto bytes = archive_of({{"a", test::token(1)}, {"b", test::token(2) + std::string(3000, 'b')}}, "zip");
    const auto directory = bytes.find("PK\x01\x02");
    const auto without_directory = opened(ContainerKind::zip, bytes.substr(0, directory));
    CHECK(without_directory.content_of("a") == test::token(1));
    CHECK(without_directory.content_of("b").size() == 3040);
    CHECK(without_directory.problems.size() == 1);
    const auto cut = opened(ContainerKind::zip, bytes.substr(0, directory - 22));
    CHECK(cut.content_of("a") == test::token(1));
    CHECK(cut.content_of("b").starts_with(test::token(2)));
    CHECK(cut.is_named(Unread::corrupt, "b"));
}

TEST_CASE("zip: a broken member does not hide those behind it")
{
    test::Rng rng(9);
    auto bytes = archive_of(
        {{"a", test::token(1)}, {"b", test::token(2) + test::random_text(rng, 20'000)}, {"c", test::token(3)}}, "zip");
    const auto second = bytes.find("PK\x03\x04", 4);
    bytes.replace(second + 2000, 200, std::string(200, '\xff'));
    const auto result = opened(ContainerKind::zip, bytes);
    CHECK(result.content_of("a") == test::token(1));
    CHECK(result.content_of("b").starts_with(test::token(2)));
    CHECK(result.content_of("c") == test::token(3));
    CHECK(result.is_named(Unread::corrupt, "b"));
    CHECK(result.members.size() == 3);
    CHECK(result.end.end == bytes.size());
}

TEST_CASE("zip: a wrong checksum is named, the content handed on")
{
    auto bytes = small_zip("zip:compression=store");
    const auto at = bytes.find("b " + test::token(2));
    bytes[at] = 'c';
    const auto result = opened(ContainerKind::zip, bytes);
    CHECK(result.content_of("b.txt") == "c " + test::token(2));
    CHECK(result.is_named(Unread::corrupt, "b.txt"));
    CHECK(result.content_of("dir/a.txt") == "a " + test::token(1));
}

TEST_CASE("zip: a method that nobody knows is named")
{
    auto bytes = archive_of({{"a", test::token(1)}, {"b", test::token(2)}}, "zip", "zip:compression=store");
    bytes[8] = 9;  // Deflate64
    bytes[bytes.find("PK\x01\x02") + 10] = 9;
    const auto result = opened(ContainerKind::zip, bytes);
    CHECK(result.is_named(Unread::unsupported, "a"));
    CHECK(result.content_of("b") == test::token(2));
}

TEST_CASE("zip: the signature in a program is no archive")
{
    test::Rng rng(2);
    unsigned recognised = 0;
    for (unsigned i = 0; i < 5000; ++i) {
        recognised += opened(ContainerKind::zip, "PK\x03\x04" + test::random_bytes(rng, 300)).end.recognised ? 1U : 0U;
    }
    CHECK(recognised < 10);
    CHECK_FALSE(opened(ContainerKind::zip, "PK\x03\x04").end.recognised);
}

TEST_CASE("zip: a bomb of a GiB of zeros is cut")
{
    std::string zeros(512U << 20U, '\0');
    const auto bytes = archive_of({{"zeros", zeros}, {"more", zeros}, {"b", test::token(2)}}, "zip");
    zeros = {};
    decode::Budget budget;
    const auto result = test::counted(ContainerKind::zip, bytes, budget);
    CHECK(result.bytes <= (1U << 30U));
    REQUIRE_FALSE(result.problems.empty());
    CHECK(result.problems[0].why == Unread::limit);
}

TEST_CASE("zip: flipped bits and cut ends never harm")
{
    test::Rng rng(3);
    for (const auto* const options : {"zip:compression=deflate", "zip:compression=store"}) {
        const auto sound =
            archive_of({{"a", test::random_text(rng, 2000)}, {"b", test::random_bytes(rng, 500)}}, "zip", options);
        for (unsigned i = 0; i < 600; ++i) {
            auto broken = sound;
            const auto at = rng.below(broken.size());
            broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
            static_cast<void>(opened(ContainerKind::zip, broken));
            static_cast<void>(opened(ContainerKind::zip, sound.substr(0, rng.below(sound.size()))));
        }
    }
}
