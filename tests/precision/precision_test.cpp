// The precision table: look-alikes, random data and real repositories without a token give no finding at medium
// confidence or above. Placeholders may be seen, marked.
//
// R8SCAN_TEST_PRECISION_MIB is how much random data of each kind (16 without it; a full run has 1024).
// R8SCAN_TEST_CLEAN_REPOSITORIES names repositories, with colons between, whose history holds no token.
#include "tests/precision/lookalikes.h"
#include "tests/precision/random_data.h"
#include "tests/support/built_in_rules.h"
#include "tests/support/scan_helper.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <set>
#include <sstream>

using namespace r8scan;
using namespace r8scan::test;

namespace {

std::vector<Hit> findings_in(LayerScanner& scanner, std::string_view content)
{
    auto hits = scanner.scan(as_bytes(content));
    std::erase_if(hits, [](const Hit& hit) { return hit.placeholder || hit.confidence < Confidence::medium; });
    static_cast<void>(scanner.take_unread());
    return hits;
}

std::string described(const Hit& hit)
{
    return fmt::format("{} at {} {} {} {}", hit.secret.redacted(), hit.position.offset, hit.encoding,
                       to_string(hit.confidence), hit.why);
}

}  // namespace

TEST_CASE("look-alikes and placeholders are no findings in any encoding")
{
    const auto matcher = built_in_matcher();
    LayerScanner scanner(matcher);
    Rng rng(8);
    std::set<std::string> wrong;
    std::size_t tried = 0;
    for (int round = 0; round < 20; ++round) {
        for (const auto& plain : lookalikes(rng)) {
            for (const auto& each : in_all_encodings(plain, rng)) {
                ++tried;
                for (const auto& hit : findings_in(scanner, each.text)) {
                    const auto& rule = matcher.rules()[hit.rule].id;
                    if (wrong.insert(each.name).second) {
                        MESSAGE(each.name << ": " << rule << " " << described(hit));
                    }
                }
            }
        }
    }
    CHECK(tried > 20'000);
    CHECK(wrong.empty());
}

TEST_CASE("random data gives at most one finding in all")
{
    const char* asked = std::getenv("R8SCAN_TEST_PRECISION_MIB");
    const std::size_t pieces = asked == nullptr ? 16 : std::strtoull(asked, nullptr, 10);
    const auto matcher = built_in_matcher();
    LayerScanner scanner(matcher);
    std::size_t found = 0;
    for (const auto kind : random_kinds) {
        Rng rng(100 + static_cast<std::uint64_t>(kind));
        std::size_t of_kind = 0;
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            for (const auto& hit : findings_in(scanner, random_piece(kind, rng, 1U << 20U))) {
                ++of_kind;
                const std::string name = to_string(kind);
                MESSAGE(name << ", piece " << piece << ": " << described(hit));
            }
        }
        found += of_kind;
    }
    CHECK(found <= 1);
}

TEST_CASE("the histories of R8SCAN_TEST_CLEAN_REPOSITORIES give no finding")
{
    const char* list = std::getenv("R8SCAN_TEST_CLEAN_REPOSITORIES");
    if (list == nullptr) {
        MESSAGE("skipped: R8SCAN_TEST_CLEAN_REPOSITORIES names no repositories (paths with a colon between)");
        return;
    }
    std::istringstream paths(list);
    for (std::string path; std::getline(paths, path, ':');) {
        INFO(path);
        const auto result = collect(path);
        CHECK(result.summary.objects.scanned > 0);
        CHECK_MESSAGE(result.findings.empty(), describe(result));
    }
}
