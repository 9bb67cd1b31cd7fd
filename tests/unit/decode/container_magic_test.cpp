#include "decode/container_magic.h"

#include "tests/support/archives.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>

using namespace r8scan;
using decode::ContainerKind;

TEST_CASE("container magic: every kind but zlib has one, and a name")
{
    std::set<ContainerKind> kinds;
    std::set<std::string> names;
    for (const auto& magic : decode::container_magics()) {
        kinds.insert(magic.kind);
        names.insert(decode::to_string(magic.kind));
    }
    CHECK(kinds.size() == 12);
    CHECK(names.size() == 12);
    CHECK_FALSE(kinds.contains(ContainerKind::zlib));
}

TEST_CASE("container magic: an expression stands where the table says")
{
    const auto stands = [](ContainerKind kind, const std::string& bytes) {
        for (const auto& magic : decode::container_magics()) {
            if (magic.kind == kind) {
                const std::regex expression(std::string(magic.expression), std::regex::ECMAScript);
                const auto part = bytes.substr(magic.begin_before);
                return std::regex_search(part, expression, std::regex_constants::match_continuous);
            }
        }
        return false;
    };
    CHECK(stands(ContainerKind::tar, test::archive_of({{"a", "b"}}, "gnutar")));
    CHECK(stands(ContainerKind::tar, test::archive_of({{"a", "b"}}, "ustar")));
    CHECK(stands(ContainerKind::ar, test::archive_of({{"a", "b"}}, "argnu")));
    CHECK(stands(ContainerKind::zip, test::archive_of({{"a", "b"}}, "zip")));
    CHECK(stands(ContainerKind::bzip2, test::filtered("text", "bzip2")));
}

TEST_CASE("container magic: zlib's headers of all levels, and text that nearly is one")
{
    for (const auto* const head : {"x\x01", "x\x5e", "x\x9c", "x\xda"}) {
        CHECK(decode::begins_as_zlib(as_bytes(head)));
    }
    for (const auto* const head : {"", "x", "xy", "y\x9c"}) {
        CHECK_FALSE(decode::begins_as_zlib(as_bytes(head)));
    }
}

TEST_CASE("container magic: a git pack is not opened here, and nothing is opened behind the end")
{
    CHECK_FALSE(test::opened(ContainerKind::git_pack, std::string("PACK\0\0\0\2\0\0\0\0", 12)).end.recognised);
    CHECK_FALSE(test::opened(ContainerKind::gzip, "", 0).end.recognised);
    CHECK_FALSE(test::opened(ContainerKind::zip, "PK", 7).end.recognised);
}
