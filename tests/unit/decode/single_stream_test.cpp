#include "tests/support/archives.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <doctest/doctest.h>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;

namespace {

struct Codec {
    ContainerKind kind;
    std::string (*pack)(std::string_view);
};

const Codec codecs[] = {
    {ContainerKind::gzip, [](std::string_view bytes) { return test::gzipped(bytes); }},
    {ContainerKind::bzip2, [](std::string_view bytes) { return test::filtered(bytes, "bzip2"); }},
    {ContainerKind::xz, [](std::string_view bytes) { return test::filtered(bytes, "xz"); }},
    {ContainerKind::zstd, [](std::string_view bytes) { return test::filtered(bytes, "zstd"); }},
    {ContainerKind::zlib, [](std::string_view bytes) { return test::deflated(bytes); }},
};

std::string noise_with_token(std::uint64_t seed, std::size_t size)
{
    test::Rng rng(seed);
    return test::token(seed) + test::random_bytes(rng, size);
}

}  // namespace

TEST_CASE("single stream: each kind gives back its content and knows where it ends")
{
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        const auto text = "key = " + test::token(1) + "\n";
        const auto packed = codec.pack(text);
        const bool anywhere = codec.kind != ContainerKind::zlib;
        const std::string before = anywhere ? "something before " : "";
        const auto result = test::opened(codec.kind, before + packed + "something behind", before.size());
        CHECK(result.end.recognised);
        CHECK(result.end.end == before.size() + packed.size());
        REQUIRE(result.members.size() == 1);
        CHECK(result.members[0].content == text);
        CHECK(result.members[0].name.empty());
        CHECK(result.members[0].outer_offset == 0);
        CHECK(result.problems.empty());
    }
}

TEST_CASE("single stream: members that follow each other are joined, all but zlib")
{
    const auto whole = test::token(1);
    for (const auto& codec : codecs) {
        if (codec.kind == ContainerKind::zlib) {
            continue;
        }
        CAPTURE(decode::to_string(codec.kind));
        const auto packed = codec.pack(whole.substr(0, 20)) + codec.pack(whole.substr(20));
        const auto result = test::opened(codec.kind, packed + "tail");
        REQUIRE(result.members.size() == 1);
        CHECK(result.members[0].content == whole);
        CHECK(result.end.end == packed.size());
        CHECK(result.problems.empty());
    }
}

TEST_CASE("single stream: xz padding and zstd's skippable frames stand between joined members")
{
    const auto token = test::token(2);
    const auto xz =
        test::filtered(token.substr(0, 9), "xz") + std::string(8, '\0') + test::filtered(token.substr(9), "xz");
    CHECK(test::opened(ContainerKind::xz, xz).holds(token));
    const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
    const auto zstd = test::filtered(token.substr(0, 9), "zstd") + skippable + test::filtered(token.substr(9), "zstd");
    CHECK(test::opened(ContainerKind::zstd, zstd).holds(token));
}

TEST_CASE("single stream: an empty gzip file is a container with nothing in it")
{
    const auto result = test::opened(ContainerKind::gzip, test::gzipped(""));
    CHECK(result.end.recognised);
    CHECK(result.holds(""));
    CHECK(result.problems.empty());
}

TEST_CASE("single stream: what a cut stream still gives is handed on, then the cut is named")
{
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        // bzip2 gives whole blocks of 900 kB alone, so the token has to be in one before the last.
        const auto packed = codec.pack(noise_with_token(3, 2'000'000));
        const auto result = test::opened(codec.kind, packed.substr(0, packed.size() - 900'000));
        CHECK(result.end.recognised);
        CHECK(result.holds(test::token(3)));
        CHECK(result.is_named(Unread::corrupt, ""));
    }
}

TEST_CASE("single stream: a short gzip file that is cut is named too")
{
    const auto packed = test::gzipped("password = " + test::token(4) + "\n");
    const auto result = test::opened(ContainerKind::gzip, packed.substr(0, packed.size() - 6));
    CHECK(result.holds(test::token(4)));
    CHECK(result.is_named(Unread::corrupt, ""));
}

TEST_CASE("single stream: after a broken member the caller is led to the next one")
{
    auto first = test::gzipped(noise_with_token(5, 5000));
    first[2000] = static_cast<char>(first[2000] ^ 0x10);
    const auto second = test::gzipped(test::token(6));
    const auto result = test::opened(ContainerKind::gzip, first + second);
    CHECK(result.holds(test::token(5)));
    CHECK(result.is_named(Unread::corrupt, ""));
    CHECK(result.end.end <= first.size());
}

TEST_CASE("single stream: bytes that only look like a beginning are no container")
{
    test::Rng rng(7);
    const std::string heads[] = {std::string("\x1f\x8b\x08"),
                                 "BZh91AY&SY",
                                 std::string("\xfd"
                                             "7zXZ\0",
                                             6),
                                 std::string("\x28\xb5\x2f\xfd"),
                                 std::string("\x78\x9c"),
                                 std::string("x^2 + y^2 = 1")};
    const ContainerKind kinds[] = {ContainerKind::gzip, ContainerKind::bzip2, ContainerKind::xz,
                                   ContainerKind::zstd, ContainerKind::zlib,  ContainerKind::zlib};
    unsigned recognised = 0;
    for (unsigned round = 0; round < 2000; ++round) {
        for (std::size_t i = 0; i < std::size(heads); ++i) {
            const auto result = test::opened(kinds[i], heads[i] + test::random_bytes(rng, 2000));
            recognised += result.end.recognised ? 1U : 0U;
            CHECK(result.end.recognised == !(result.members.empty() && result.problems.empty()));
        }
    }
    // Chance lets some through: so many magics stand in terabytes of random bytes.
    CHECK(recognised < 120);
}

TEST_CASE("single stream: a member larger than may be held is cut and named")
{
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        decode::Budget budget;
        budget.member_in_memory = 1U << 20U;
        const auto packed = codec.pack(noise_with_token(8, 1U << 20U));
        const auto result = test::opened(codec.kind, packed, 0, budget);
        REQUIRE(result.members.size() == 1);
        CHECK(result.members[0].content.size() == 1U << 20U);
        CHECK(result.holds(test::token(8)));
        CHECK(result.is_named(Unread::limit, ""));
    }
}

TEST_CASE("single stream: a content exactly as large as the limits is whole")
{
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        decode::Budget budget;
        budget.bytes = 100'000;
        budget.member_in_memory = 100'000;
        const auto content = noise_with_token(9, 100'000 - 40);
        const auto result = test::opened(codec.kind, codec.pack(content), 0, budget);
        CHECK(result.holds(content));
        CHECK(result.problems.empty());
    }
}

TEST_CASE("single stream: what expands more than 1000 to 1 is cut above 16 MiB")
{
    const std::string zeros(64U << 20U, '\0');
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        decode::Budget budget;
        const auto packed = codec.pack(zeros);
        const auto result = test::counted(codec.kind, packed, budget);
        CHECK(result.members == 1);
        CHECK(result.bytes > (16U << 20U));
        CHECK(result.bytes <= std::max<std::uint64_t>(packed.size() * 1000, 16U << 20U) + (1U << 20U));
        REQUIRE(result.problems.size() == 1);
        CHECK(result.problems[0].why == Unread::limit);
    }
}

TEST_CASE("single stream: the budget of a blob is shared and never exceeded")
{
    decode::Budget budget;
    budget.bytes = 100'000;
    const auto packed = test::gzipped(noise_with_token(10, 60'000));
    CHECK(test::counted(ContainerKind::gzip, packed, budget).problems.empty());
    const auto second = test::counted(ContainerKind::gzip, packed, budget);
    CHECK(second.bytes < 40'000);
    REQUIRE(second.problems.size() == 1);
    CHECK(second.problems[0].why == Unread::limit);
    CHECK(budget.bytes == 0);
}

TEST_CASE("single stream: a caller that asks to stop gets nothing more")
{
    const auto packed = test::gzipped(std::string(30U << 20U, 'a'));
    decode::Budget budget;
    decode::ContainerCallbacks callbacks;
    bool called = false;
    callbacks.stop = [] { return true; };
    callbacks.member = [&](const decode::Member&) { return called = true; };
    decode::open_container(ContainerKind::gzip, as_bytes(packed), 0, budget, callbacks);
    CHECK_FALSE(called);
}

TEST_CASE("single stream: flipped bits never harm, and the sound part before them is found")
{
    test::Rng rng(11);
    for (const auto& codec : codecs) {
        CAPTURE(decode::to_string(codec.kind));
        const auto sound = codec.pack(noise_with_token(12, 4000) + test::random_text(rng, 4000));
        for (unsigned i = 0; i < 400; ++i) {
            auto broken = sound;
            const auto at = rng.below(broken.size());
            broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
            const auto result = test::opened(codec.kind, broken);
            if (at > 200 && (codec.kind == ContainerKind::gzip || codec.kind == ContainerKind::zlib)) {
                CHECK(result.holds(test::token(12)));
            }
        }
        for (unsigned i = 0; i < 200; ++i) {
            static_cast<void>(test::opened(codec.kind, sound.substr(0, rng.below(sound.size()))));
        }
    }
}
