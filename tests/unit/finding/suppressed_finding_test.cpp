#include "finding/suppressed_finding.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

Finding finding_at(const std::string& path, std::uint64_t line)
{
    Finding finding;
    finding.kind = "blob";
    finding.secret = std::make_shared<const Secret>(test::token(1));
    finding.path = path;
    finding.position.line = line;
    return finding;
}

}  // namespace

TEST_CASE("suppressed finding: its place is one text that can be taken apart again")
{
    for (const std::string path : {"a.py", "with space:7", "a in commit 1234", "x:9 in object ab", "\xff\n"}) {
        for (const std::string id : {"", "0123456789abcdef0123", "feed"}) {
            Finding finding = finding_at(path, 12);
            finding.object = id;
            const auto in_object = suppressed(finding, {});
            CHECK(in_object.place == path + ":12" + (id.empty() ? "" : " in object " + id.substr(0, 12)));
            CHECK(parts_of_place(in_object.place).path == path);
            CHECK(parts_of_place(in_object.place).line == 12);
            finding.commit = id.empty() ? std::nullopt : std::optional(id);
            CHECK(parts_of_place(suppressed(finding, {}).place).path == path);
        }
    }
    Finding message = finding_at("", 3);
    message.kind = "commit";
    message.path.reset();
    message.commit = std::string(40, 'a');
    CHECK(suppressed(message, {}).place == "commit in commit aaaaaaaaaaaa");
    for (const char* const place : {"commit in commit aaaaaaaaaaaa", "", ":", "a:", "a:0", "a:x", "a:1x"}) {
        CHECK(parts_of_place(place).path.empty());
    }
}

TEST_CASE("suppressed finding: counts are by who, where and why, in order")
{
    const Suppression mark{"inline mark", "", "made up"};
    const Suppression line{"ignore file", ".r8scanignore:3", ""};
    const auto counts = counted({{"a", "", "", mark}, {"b", "", "", line}, {"c", "", "", mark}});
    REQUIRE(counts.size() == 2);
    CHECK(in_words(counts[0].why) == "ignore file .r8scanignore:3");
    CHECK(counts[0].count == 1);
    CHECK(in_words(counts[1].why) == "inline mark: made up");
    CHECK(counts[1].count == 2);
    CHECK(counted({}).empty());
}
