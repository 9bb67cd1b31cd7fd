#include "tests/support/archives.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;
using test::opened;

namespace {

std::string big_endian(std::size_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
    }
    return bytes;
}

std::string chunk(const std::string& type, const std::string& data)
{
    const auto summed = type + data;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(summed.data()), static_cast<uInt>(summed.size()));
    return big_endian(data.size()) + summed + big_endian(sum);
}

std::string png(const std::string& chunks)
{
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string("\0\0\0\1\0\0\0\1\10\0\0\0\0", 13)) + chunks +
           chunk("IEND", "");
}

std::string with_zeros(std::string text)  // '|' stands for a zero byte
{
    for (char& c : text) {
        c = c == '|' ? '\0' : c;
    }
    return text;
}

}  // namespace

TEST_CASE("png: zTXt and compressed iTXt are expanded, plain text is left to who scans the file")
{
    const auto bytes = png(chunk("zTXt", with_zeros("Comment||") + test::deflated("z " + test::token(1))) +
                           chunk("tEXt", with_zeros("Comment|") + test::token(3)) +
                           chunk("iTXt", with_zeros("Comment|\1|en|Titel|") + test::deflated("i " + test::token(2))) +
                           chunk("iTXt", with_zeros("Comment|||en|Titel|") + "plain"));
    const auto result = opened(ContainerKind::png, "before" + bytes + "behind", 6);
    CHECK(result.end.recognised);
    CHECK(result.end.end == 6 + bytes.size());
    REQUIRE(result.members.size() == 2);
    CHECK(result.members[0].content == "z " + test::token(1));
    CHECK(result.members[1].content == "i " + test::token(2));
    CHECK(result.members[0].outer_offset == 33);
    CHECK(result.problems.empty());
}

TEST_CASE("png: a cut image gives what it has and is named")
{
    const auto bytes =
        png(chunk("zTXt", with_zeros("Comment||") + test::deflated(test::token(1) + std::string(50, 'x'))));
    const auto result = opened(ContainerKind::png, bytes.substr(0, bytes.size() - 24));
    CHECK(result.holds(test::token(1)));
    CHECK(result.is_named(Unread::corrupt, ""));
}

TEST_CASE("png: the signature in a program is no image")
{
    CHECK_FALSE(
        opened(ContainerKind::png, "\x89PNG\r\n\x1a\n and more of the program's strings, many of them").end.recognised);
    CHECK_FALSE(opened(ContainerKind::png, "\x89PNG\r\n\x1a\n").end.recognised);
}

TEST_CASE("png: flipped bits never harm")
{
    test::Rng rng(6);
    const auto sound = png(chunk("zTXt", with_zeros("Comment||") + test::deflated(test::random_text(rng, 500))) +
                           chunk("IDAT", test::random_bytes(rng, 100)));
    for (unsigned i = 0; i < 400; ++i) {
        auto broken = sound;
        const auto at = rng.below(broken.size());
        broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
        static_cast<void>(opened(ContainerKind::png, broken));
        static_cast<void>(opened(ContainerKind::png, sound.substr(0, rng.below(sound.size()))));
    }
}
