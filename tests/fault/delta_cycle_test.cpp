// REF_DELTA cycles, on which git itself hangs: beside a live token they cost their own objects and nothing else.
//
// A delta on an id can name itself or, through others, come back to itself. No such object can be built.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/delta_builder.h"
#include "tests/support/pack_writer.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds longest_scan{10};
#else
constexpr std::chrono::seconds longest_scan{1};
#endif

/// Deltas, each on the next one's id and the last on the first's, spread over the packs in turn.
void add_cycle(std::vector<PackWriter>& packs, std::size_t length)
{
    for (std::size_t i = 0; i < length; ++i) {
        DeltaBuilder delta("ten bytes.");
        delta.copy(0, 10);
        const Id self = made_up_id(Hash::sha1, i);
        const Id base = made_up_id(Hash::sha1, (i + 1) % length);
        packs[i % packs.size()].add_ref_delta(base, delta.delta(), self);
    }
}

void check_cycle(std::size_t length, std::size_t pack_count)
{
    CAPTURE(length);
    CAPTURE(pack_count);
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const std::string loose = token(401);
    const std::string packed = token(402);
    repo.ref("refs/heads/main", repo.commit_files({{"a", loose + "\n"}}, {}, "Start"));
    std::vector<PackWriter> packs(pack_count);
    add_cycle(packs, length);
    const std::size_t whole = packs[0].add(Type::blob, "a live one: ");
    DeltaBuilder delta("a live one: ");
    delta.copy(0, 12).insert(packed + "\n");
    packs[0].add_ref_delta(packs[0].id(whole), delta.delta());
    for (const PackWriter& pack : packs) {
        pack.write(repo.objects_dir());
    }

    const auto start = std::chrono::steady_clock::now();
    const ScanResult result = collect(repo.dir());
    CHECK(std::chrono::steady_clock::now() - start < longest_scan);
    CHECK(found(result, loose));
    CHECK(found(result, packed));
    CHECK(result.summary.exit_code == 3);
    std::uint64_t skipped = 0;
    for (const Skip& skip : result.summary.skipped) {
        skipped += skip.count;
    }
    CHECK_MESSAGE(skipped >= length, skips(result.summary));
}

}  // namespace

TEST_CASE("a delta on itself beside a live token is skipped and said")
{
    check_cycle(1, 1);
}

TEST_CASE("two deltas on each other beside a live token are skipped and said")
{
    check_cycle(2, 1);
    check_cycle(2, 2);
}

TEST_CASE("a cycle of a thousand deltas beside a live token is skipped and said")
{
    check_cycle(1000, 1);
    check_cycle(1000, 3);
}

}  // namespace r8scan::test
