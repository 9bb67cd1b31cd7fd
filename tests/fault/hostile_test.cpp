// Repositories made to hurt: what they cost is bounded, what they hide is found, and what was not read is said.
#include "tests/support/delta_builder.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace r8scan;
using namespace r8scan::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds patience{30};
#else
constexpr std::chrono::seconds patience{5};
#endif

ScanResult scan_in_time(const std::filesystem::path& repository, std::uint64_t max_object_size = 256U << 20U)
{
    ScanOptions options;
    options.repository = repository;
    options.max_object_size = max_object_size;
    return collect_within(patience, options);
}

std::string line_with(std::uint64_t seed)
{
    return "key = \"" + token(seed) + "\"\n";
}

}  // namespace

TEST_CASE("a tree of ten levels with ten entries each gives a thousand places and a count")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    auto id = repo.blob(line_with(1));
    auto mode = mode_file;
    for (int level = 0; level < 10; ++level) {
        std::vector<TreeItem> items;
        for (char name = 'a'; name < 'k'; ++name) {
            items.push_back({mode, std::string(1, name), id});
        }
        id = repo.tree(items);
        mode = mode_tree;
    }
    repo.ref("refs/heads/main", repo.commit(id, {}, "boom"));
    repo.flush();
    const auto result = scan_in_time(repo.dir());
    CHECK(result.summary.exit_code == 1);
    CHECK(result.findings.size() == 1000);
    CHECK(result.summary.places_not_listed == 10000000000 - 1000);
    CHECK(result.findings.front().path == "a/a/a/a/a/a/a/a/a/a");
}

TEST_CASE("a tree nested two hundred thousand deep is cut, said, and its token found")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    auto id = repo.tree({{mode_file, "f", repo.blob(line_with(2))}});
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int depth = 20000;
#else
    constexpr int depth = 200000;
#endif
    for (int level = 0; level < depth; ++level) {
        id = repo.tree({{mode_tree, "d", id}});
    }
    repo.ref("refs/heads/main", repo.commit(id, {}, "deep"));
    repo.flush();
    const auto result = scan_in_time(repo.dir());
    CHECK(found(result, token(2)));
    CHECK(result.summary.exit_code == 3);
    CHECK(skip_of(result, "history that cannot be") != nullptr);
}

TEST_CASE("an object that declares more than its bytes can hold is damage, and costs no memory")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"a", line_with(3)}}, {}, "first"));
    PackWriter writer;
    writer.add(Type::blob, "abc");
    writer.entry(0).declared_size = std::uint64_t{1} << 40U;
    writer.write(repo.objects_dir());
    const auto result = scan_in_time(repo.dir());
    CHECK(found(result, token(3)));
    CHECK(result.summary.exit_code == 3);
    REQUIRE(skip_of(result, "damaged object") != nullptr);
    CHECK(skip_of(result, "damaged object")->examples[0].find("1099511627776 bytes") != std::string::npos);
}

TEST_CASE("a delta that declares a result over the limit is skipped and said, though nothing would have built it")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"a", line_with(4)}}, {}, "first"));
    PackWriter writer;
    const std::string base(70000, 'x');
    const auto root = writer.add(Type::blob, base);
    DeltaBuilder bomb(base);
    for (int i = 0; i < 100; ++i) {
        bomb.raw_copy(0, 0x10000);
    }
    bomb.declare_result_size(100 * 0x10000);
    writer.add_ofs_delta(root, bomb.delta(), made_up_id(Hash::sha1, 1));
    writer.write(repo.objects_dir());
    const auto result = scan_in_time(repo.dir(), 1U << 20U);
    CHECK(found(result, token(4)));
    CHECK(result.summary.exit_code == 3);
    REQUIRE(skip_of(result, "object over a limit") != nullptr);
    const auto roomy = scan_in_time(repo.dir());
    CHECK(roomy.summary.exit_code == 1);
}

TEST_CASE("a blob too large for memory is read in windows, and what stands across their edges is found")
{
    const TempDir dir;
    for (const auto storage : {Storage::loose, Storage::pack}) {
        RepoBuilder repo(dir.path() / (storage == Storage::pack ? "pack" : "loose"), {Hash::sha1, false, storage});
        Rng rng(9);
        auto content = random_text(rng, 20U << 20U);
        const std::size_t edge = 8U << 20U;
        content.replace(edge - 20, token(5).size(), token(5));
        content.replace(edge - 21, 1, "\"");
        content.replace(edge + 20, 1, "\"");
        repo.ref("refs/heads/main", repo.commit_files({{"large.txt", content}}, {}, "large"));
        repo.flush();
        const auto whole = scan_in_time(repo.dir());
        const auto streamed = scan_in_time(repo.dir(), 1U << 20U);
        REQUIRE(whole.findings.size() == 1);
        REQUIRE(streamed.findings.size() == 1);
        CHECK(streamed.summary.exit_code == 1);
        CHECK(streamed.findings[0].position.offset == edge - 20);
        CHECK(streamed.findings[0].position.line == whole.findings[0].position.line);
        CHECK(streamed.findings[0].position.column == whole.findings[0].position.column);
    }
}

TEST_CASE("a stream that expands a thousandfold is read in bounded memory")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    std::string content(64U << 20U, '\0');
    content += " " + token(6);
    repo.ref("refs/heads/main", repo.commit_files({{"zeros", content}}, {}, "bomb"));
    repo.flush();
    const auto result = scan_in_time(repo.dir(), 1U << 20U);
    CHECK(found(result, token(6)));
    CHECK(result.summary.exit_code == 1);
}
