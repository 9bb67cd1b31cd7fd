// One history stored eight ways gives the same findings, for any number of threads, with and without the delta rule.
//
// The history has tokens in versions of one file that git stores as deltas of each other, in a merge, a binary file, a
// message, a tag, and in commits that only a reflog or nothing reaches.
#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/git_command.h"
#include "tests/support/history_variants.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

constexpr std::uint64_t first_token = 200;
constexpr std::size_t distinct_tokens = 8;

/// Versions of a long file, each with an edit; `extra` goes into the middle.
std::string version(const std::string& text, const std::string& extra, std::size_t number)
{
    return "version " + std::to_string(number) + "\n" + text.substr(0, text.size() / 2) + "\n" + extra + "\n" +
           text.substr(text.size() / 2) + "\n";
}

void build_history(RepoBuilder& repo)
{
    Rng rng(11);
    const std::string text = random_text(rng, 9000);
    const auto secret = [](std::uint64_t number) { return token(first_token + number); };
    const auto files = [&](std::size_t number, const std::string& extra) {
        return Files{{"src/long.txt", version(text, extra, number)}, {"other.txt", "other\n"}};
    };
    const Id root = repo.commit_files(files(0, ""), {}, "Start");
    const Id added = repo.commit_files(files(1, "key: " + secret(0)), {root}, "Add a key");
    const Id kept = repo.commit_files(files(2, "key: " + secret(0) + "\nkey: " + secret(1)), {added}, "Add another");
    const Id gone = repo.commit_files(files(3, ""), {kept}, "Remove both");
    const Id side = repo.commit_files(files(4, "side"), {root}, "On the side with " + secret(2));
    Files merged = files(5, secret(3) + " in the merge");
    merged.emplace("tool.bin", File(random_bytes(rng, 3000) + ' ' + secret(4) + ' ' + random_bytes(rng, 300)));
    const Id merge = repo.commit_files(merged, {gone, side}, "Merge the side");
    const Id back = repo.commit_files(files(6, "key: " + secret(0)), {merge}, "Bring the first back");
    repo.ref("refs/heads/main", back);
    repo.ref("refs/heads/side", side);
    repo.ref("refs/tags/v1", repo.tag_object(merge, Type::commit, "v1", "Tagged with " + secret(5)));

    const Id amended = repo.commit_files(files(7, "gone: " + secret(6)), {back}, "Amended away");
    repo.reflog("HEAD", {{merge, back, "commit"}, {back, amended, "commit"}, {amended, back, "reset"}});
    repo.commit_files(files(8, "lost: " + secret(7)), {back}, "Nothing reaches this");
}

/// The findings without ids, in an order that does not hang on ids either.
std::string sorted_lines(const ScanResult& result)
{
    std::vector<std::string> lines;
    for (const Finding& finding : result.findings) {
        lines.push_back(describe(finding, Ids::leave_out));
    }
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}", fmt::join(lines, "\n"));
}

ScanResult scan(const std::filesystem::path& dir, unsigned threads, bool delta_rule)
{
    ScanOptions options;
    options.repository = dir;
    options.threads = threads;
    options.delta_rule = delta_rule;
    return collect(options);
}

}  // namespace

TEST_CASE("one history stored eight ways gives the same findings")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to repack with");
        return;
    }
    const TempDir temp;
    const std::vector<HistoryVariant> variants = store_eight_ways(temp.path(), build_history);
    const ScanResult loose = scan(variants.front().dir, 1, false);
    REQUIRE_MESSAGE(loose.summary.tokens == distinct_tokens, describe(loose));

    for (const HistoryVariant& variant : variants) {
        CAPTURE(variant.name);
        const ScanResult result = scan(variant.dir, 1, true);
        CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
        CHECK(result.summary.complete);
        CHECK(result.summary.tokens == distinct_tokens);
        CHECK(result.summary.objects.listed == loose.summary.objects.listed);
        CHECK(result.summary.objects.blobs == loose.summary.objects.blobs);
        CHECK(result.summary.objects.commits == loose.summary.objects.commits);
        CHECK(result.summary.objects.tags == loose.summary.objects.tags);
        CHECK(result.summary.objects.trees == loose.summary.objects.trees);
        if (variant.hash == Hash::sha1) {
            CHECK(describe(result) == describe(loose));
        } else {  // other ids, and so another order of what only ids can order
            CHECK(sorted_lines(result) == sorted_lines(loose));
        }
    }
}

TEST_CASE("findings do not depend on threads nor on the delta rule")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to repack with");
        return;
    }
    const TempDir temp;
    for (const HistoryVariant& variant : store_eight_ways(temp.path(), build_history)) {
        CAPTURE(variant.name);
        const ScanResult oracle = scan(variant.dir, 1, false);
        REQUIRE(oracle.summary.tokens == distinct_tokens);
        CHECK_FALSE(oracle.summary.delta_rule);
        for (const unsigned threads : {1U, 4U}) {
            for (const bool delta_rule : {false, true}) {
                CAPTURE(threads);
                CAPTURE(delta_rule);
                const ScanResult result = scan(variant.dir, threads, delta_rule);
                CHECK(result.summary.delta_rule == delta_rule);
                CHECK(result.summary.exit_code == 1);
                CHECK(describe(result) == describe(oracle));
            }
        }
    }
}

}  // namespace r8scan::test
