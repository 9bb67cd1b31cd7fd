#include "tests/support/archives.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <doctest/doctest.h>

using namespace r8scan;
using decode::ContainerKind;
using decode::Unread;
using test::opened;

namespace {

std::string object(const std::string& dictionary, const std::string& stream)
{
    return "7 0 obj\n<< /Length " + std::to_string(stream.size()) + " " + dictionary + " >>\nstream\r\n" + stream +
           "\nendstream\nendobj\n";
}

std::string pdf(const std::string& objects, const std::string& trailer = "")
{
    return "%PDF-1.7\n" + objects + "trailer\n<< /Size 3 " + trailer + " >>\nstartxref\n0\n%%EOF\n";
}

}  // namespace

TEST_CASE("pdf: every Flate stream is expanded, also by the filter's short name")
{
    const auto bytes =
        pdf(object("/Filter /FlateDecode", test::deflated("one " + test::token(1))) +
            object("/Filter/DCTDecode", "an image") + object("/Filter[/Fl]", test::deflated(test::token(2))));
    const auto result = opened(ContainerKind::pdf, "before " + bytes, 7);
    CHECK(result.end.recognised);
    REQUIRE(result.members.size() == 2);
    CHECK(result.members[0].content == "one " + test::token(1));
    CHECK(result.members[1].content == test::token(2));
    CHECK(bytes.substr(result.members[0].outer_offset, 6) == "stream");
    CHECK(result.problems.empty());
}

TEST_CASE("pdf: a stream without its checksum is whole, a cut one gives what it has")
{
    const auto stream = test::deflated(test::token(1));
    CHECK(opened(ContainerKind::pdf, pdf(object("/Filter /FlateDecode", stream.substr(0, stream.size() - 4))))
              .problems.empty());
    const auto long_one = test::deflated(test::token(2) + std::string(9, 'a') + test::token(3));
    const auto cut = opened(ContainerKind::pdf, pdf(object("/Filter /FlateDecode", long_one.substr(0, 60)) +
                                                    object("/Filter /FlateDecode", stream)));
    CHECK(cut.holds(test::token(1)));
    CHECK(cut.holds(test::token(2).substr(0, 30)));
    CHECK(cut.is_named(Unread::corrupt, ""));
}

TEST_CASE("pdf: an encrypted file is named once")
{
    const auto bytes =
        pdf(object("/Filter /FlateDecode", "\x01\x02 random") + object("/Filter /FlateDecode", "\x05more"),
            "/Encrypt 5 0 R");
    const auto result = opened(ContainerKind::pdf, bytes);
    CHECK(result.members.empty());
    REQUIRE(result.problems.size() == 1);
    CHECK(result.is_named(Unread::encrypted, ""));
}

TEST_CASE("pdf: a filter before Flate is named")
{
    const auto bytes = pdf(object("/Filter [/ASCII85Decode /FlateDecode]", "<~abc~>"));
    CHECK(opened(ContainerKind::pdf, bytes).is_named(Unread::unsupported, ""));
}

TEST_CASE("pdf: the magic in a text, and words that look like streams")
{
    CHECK_FALSE(opened(ContainerKind::pdf, "if it begins with %PDF- it is a PDF", 18).end.recognised);
    const auto result = opened(ContainerKind::pdf, "%PDF-1.4 upstream\nof /FlateDecode the downstream\r\n endstream\n");
    CHECK(result.members.empty());
}

TEST_CASE("pdf: limits hold, flipped bits never harm")
{
    test::Rng rng(4);
    std::string objects;
    for (unsigned i = 0; i < 20; ++i) {
        objects += object("/Filter /FlateDecode", test::deflated(test::random_text(rng, 300)));
    }
    const auto sound = pdf(objects);
    decode::Budget budget;
    budget.members = 5;
    const auto few = opened(ContainerKind::pdf, sound, 0, budget);
    CHECK(few.members.size() == 5);
    CHECK(few.is_named(Unread::limit, ""));
    for (unsigned i = 0; i < 400; ++i) {
        auto broken = sound;
        const auto at = rng.below(broken.size());
        broken[at] = static_cast<char>(broken[at] ^ (1 << rng.below(8)));
        CHECK(opened(ContainerKind::pdf, broken).members.size() >= (at > 10 ? 18U : 0U));
        static_cast<void>(opened(ContainerKind::pdf, sound.substr(0, rng.below(sound.size()))));
    }
}
