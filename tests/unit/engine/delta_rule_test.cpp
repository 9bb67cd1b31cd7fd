// The delta rule against its oracle: over thousands of random packs, scanning with it finds the same, object by object
// and byte by byte, as building and scanning every object.
#include "engine/delta_rule.h"
#include "engine/object_scan.h"
#include "tests/recall/contexts.h"
#include "tests/support/built_in_rules.h"
#include "tests/support/delta_builder.h"
#include "tests/support/pack_writer.h"
#include "tests/support/random_delta.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

using namespace r8scan;
using namespace r8scan::test;

namespace {

// A rule whose anchor is wide, so that the edges of copies matter more.
Matcher wide_matcher()
{
    Rule rule;
    rule.id = "wide";
    rule.regex = "r8_[A-Za-z0-9]{37}";
    rule.anchors = {"r8_[A-Za-z0-9]{20}"};
    rule.boundary = BoundaryKind::token;
    auto matcher = Matcher::compile({rule});
    REQUIRE(matcher.ok());
    return std::move(*matcher);
}

struct Scanned {
    ObjectScan scan;
    std::string lines;  // one for each hit: entry, offset, confidence
};

Scanned scan_folder(const std::filesystem::path& objects, const Matcher& matcher, ObjectScanOptions options)
{
    Problems problems;
    Problems unopened;
    const auto stores = git::open_object_stores(objects, HashAlgorithm::sha1, {{}, false}, problems);
    const auto table = git::ObjectTable::build(stores, options.threads);
    Control control;
    Scanned scanned{scan_objects(table, matcher, options, control, problems, unopened), {}};
    for (const auto& skip : problems.list()) {
        // Deltas may copy an encoded token so often that the limit for decoded text is met: with the rule as without.
        REQUIRE_MESSAGE(skip.reason == "content over a limit", skip.reason << ": " << skip.examples.front());
        scanned.lines += std::to_string(skip.count) + " cut\n";
    }
    for (const auto& object : scanned.scan.hits) {
        for (const auto& hit : object.hits) {
            scanned.lines += to_hex(table.id(object.entry)) + " " + std::to_string(hit.position.offset) + " " +
                             std::to_string(hit.position.line) + ":" + std::to_string(hit.position.column) + " " +
                             to_string(hit.confidence) + " " + hit.why + "\n";
        }
    }
    return scanned;
}

// One whole object and a random tree of deltas below it, which cut and join the secret in every way.
void write_random_pack(Rng& rng, const std::filesystem::path& objects, const std::string& secret)
{
    PackWriter writer;
    std::vector<std::string> contents = {random_base(rng, secret, rng.between(1, 3000), rng.chance(20))};
    std::vector<std::size_t> entries = {writer.add(Type::blob, contents.front())};
    for (std::size_t deltas = rng.between(1, 12); deltas != 0; --deltas) {
        const auto base = rng.below(entries.size());
        const auto step = random_delta(rng, contents[base], secret);
        entries.push_back(rng.chance(70) ? writer.add_ofs_delta(entries[base], step.delta)
                                         : writer.add_ref_delta(writer.id(entries[base]), step.delta));
        contents.push_back(step.target);
    }
    writer.write(objects);
}

std::size_t rounds(std::size_t usual)
{
    const char* asked = std::getenv("R8SCAN_TEST_ROUNDS");
    return asked != nullptr ? std::strtoull(asked, nullptr, 10) : usual;
}

}  // namespace

TEST_CASE("the delta rule finds the same as scanning everything, in thousands of random packs")
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    const auto packs = rounds(500);
#else
    const auto packs = rounds(4000);
#endif
    const auto narrow = built_in_matcher();
    const auto wide = wide_matcher();
    std::uint64_t hits = 0;
    std::uint64_t skipped_bytes = 0;
    for (std::size_t seed = 0; seed < packs; ++seed) {
        Rng rng(seed);
        const TempDir dir;
        write_random_pack(rng, dir.path(), random_token(rng));
        const auto& matcher = seed % 2 == 0 ? narrow : wide;
        ObjectScanOptions with;
        ObjectScanOptions without;
        without.delta_rule = false;
        const auto ruled = scan_folder(dir.path(), matcher, with);
        const auto oracle = scan_folder(dir.path(), matcher, without);
        REQUIRE_MESSAGE(ruled.lines == oracle.lines, "seed " << seed);
        hits += static_cast<std::uint64_t>(std::count(oracle.lines.begin(), oracle.lines.end(), '\n'));
        skipped_bytes += oracle.scan.scanned_bytes - ruled.scan.scanned_bytes;
    }
    // The packs must put the rule to the test: hits to lose, and bytes passed over.
    CHECK(hits > packs / 2);
    CHECK(skipped_bytes > 100 * packs);
}

TEST_CASE("the delta rule finds the same as scanning everything, for tokens in every encoding")
{
    const auto matcher = built_in_matcher();
    std::uint64_t hits = 0;
    std::uint64_t skipped_bytes = 0;
    std::uint64_t packs = 0;
    for (const auto& context : all_contexts()) {
        if (context.hold || context.big) {
            continue;  // containers: no base is skipped for those
        }
        for (std::size_t round = 0; round < rounds(4); ++round) {
            Rng rng(++packs);
            const TempDir dir;
            write_random_pack(rng, dir.path(), context.make(random_token(rng), rng).bytes);
            ObjectScanOptions without;
            without.delta_rule = false;
            const auto ruled = scan_folder(dir.path(), matcher, {});
            const auto oracle = scan_folder(dir.path(), matcher, without);
            REQUIRE_MESSAGE(ruled.lines == oracle.lines, context.name << ", seed " << packs);
            hits += static_cast<std::uint64_t>(std::count(oracle.lines.begin(), oracle.lines.end(), '\n'));
            skipped_bytes += oracle.scan.scanned_bytes - ruled.scan.scanned_bytes;
        }
    }
    CHECK(hits > packs / 2);
    CHECK(skipped_bytes > 100 * packs);
}

TEST_CASE("dropping bases for want of memory changes nothing that is found")
{
    const auto matcher = built_in_matcher();
    std::uint64_t dropped = 0;
    for (std::size_t seed = 0; seed < 200; ++seed) {
        Rng rng(seed + 100000);
        const TempDir dir;
        write_random_pack(rng, dir.path(), random_token(rng));
        ObjectScanOptions plenty;
        ObjectScanOptions none;
        none.limits.live_bases = 0;
        const auto kept = scan_folder(dir.path(), matcher, plenty);
        const auto rebuilt = scan_folder(dir.path(), matcher, none);
        REQUIRE_MESSAGE(kept.lines == rebuilt.lines, "seed " << seed);
        dropped += rebuilt.scan.dropped_bases;
    }
    CHECK(dropped > 100);
}

TEST_CASE("several threads find what one finds")
{
    const auto matcher = built_in_matcher();
    for (std::size_t seed = 0; seed < 100; ++seed) {
        Rng rng(seed + 200000);
        const TempDir dir;
        for (int packs = 0; packs < 5; ++packs) {
            write_random_pack(rng, dir.path(), random_token(rng));
        }
        ObjectScanOptions one;
        ObjectScanOptions many;
        many.threads = 4;
        REQUIRE(scan_folder(dir.path(), matcher, one).lines == scan_folder(dir.path(), matcher, many).lines);
    }
}

TEST_CASE("a token that appears only because its neighbour was edited is found")
{
    const auto matcher = built_in_matcher();
    const auto secret = token(7);
    const std::string base = "word" + secret + " tail";
    PackWriter writer;
    const auto root = writer.add(Type::blob, base);
    DeltaBuilder delta(base);
    delta.insert("= ").copy(4, base.size() - 4);
    writer.add_ofs_delta(root, delta.delta());
    const TempDir dir;
    writer.write(dir.path());
    const auto scanned = scan_folder(dir.path(), matcher, {});
    CHECK(scanned.scan.hits.size() == 1);
    CHECK(scanned.lines.find(" 2 1:3 high") != std::string::npos);
}

TEST_CASE("an anchor spread over one-byte inserts and copies is seen")
{
    const auto matcher = built_in_matcher();
    const std::string base = "rrrr8888____ and more text that holds no anchor at all";
    LayerScanner scanner(matcher);
    REQUIRE(!scanner.has_anchor(as_bytes(base)));
    DeltaBuilder spread(base);
    spread.copy(0, 1).insert("8").copy(8, 1).copy(13, 20);
    const auto stream = spread.delta();
    const auto delta = git::Delta::open(as_bytes(stream), base.size());
    REQUIRE(delta.ok());
    DeltaRule rule(*matcher.anchor_width());
    CHECK(*rule.may_bring_anchor(*delta, as_bytes(base), scanner));

    DeltaBuilder harmless(base);
    harmless.copy(4, 40).insert("nothing");
    const auto quiet = harmless.delta();
    const auto quiet_delta = git::Delta::open(as_bytes(quiet), base.size());
    REQUIRE(quiet_delta.ok());
    CHECK(!*rule.may_bring_anchor(*quiet_delta, as_bytes(base), scanner));

    auto broken = quiet;
    broken.back() = static_cast<char>(0xff);
    const auto broken_delta = git::Delta::open(as_bytes(broken), base.size());
    REQUIRE(broken_delta.ok());
    CHECK(rule.may_bring_anchor(*broken_delta, as_bytes(base), scanner).ok());
    broken.resize(broken.size() - 1);
    const auto cut_delta = git::Delta::open(as_bytes(broken), base.size());
    REQUIRE(cut_delta.ok());
    CHECK(!rule.may_bring_anchor(*cut_delta, as_bytes(base), scanner).ok());
}
