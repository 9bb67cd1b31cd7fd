// Scans of a range of commits: what each commit brings over its parents, told with its history inside the range.
#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

struct Collector : Sink {
    Result<void> finding(const Finding& finding) override
    {
        result.findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary& summary) override
    {
        result.summary = summary;
        return {};
    }
    test::ScanResult result;
};

test::ScanResult scan(const RangeScanOptions& options)
{
    Collector sink;
    Control control;
    const auto done = scan_range(options, sink, control);
    REQUIRE_MESSAGE(done.ok(), (done ? "" : done.error().message()));
    return sink.result;
}

test::ScanResult scan(const std::filesystem::path& repository, const std::string& range)
{
    RangeScanOptions options;
    options.repository = repository;
    options.ranges = {range};
    return scan(options);
}

std::string error_of(const std::filesystem::path& repository, const std::string& range)
{
    RangeScanOptions options;
    options.repository = repository;
    options.ranges = {range};
    Collector sink;
    Control control;
    const auto done = scan_range(options, sink, control);
    return done ? "" : done.error().message();
}

// main: clean - adds "a" - edits "a" (token stays) - takes it out
struct Line {
    explicit Line(test::Storage storage = test::Storage::loose, test::Hash hash = test::Hash::sha1)
        : repo(folder / "repo", {hash, false, storage})
    {
        clean = repo.commit_files({{"x", "1\n"}}, {}, "clean");
        added = repo.commit_files({{"x", "1\n"}, {"dir/a", "k=" + token + "\n"}}, {clean}, "add");
        edited = repo.commit_files({{"x", "1\n"}, {"dir/a", "k=" + token + "\nmore\n"}}, {added}, "edit");
        gone = repo.commit_files({{"x", "1\n"}, {"dir/a", "k=\n"}}, {edited}, "take out");
        repo.ref("refs/heads/main", gone);
        repo.flush();
    }
    test::TempDir folder;
    std::string token = test::token(1);
    test::RepoBuilder repo;
    test::Id clean;
    test::Id added;
    test::Id edited;
    test::Id gone;
};

}  // namespace

TEST_CASE("a range reports what its commits bring, with who took it out")
{
    for (const auto storage : {test::Storage::loose, test::Storage::pack}) {
        for (const auto hash : {test::Hash::sha1, test::Hash::sha256}) {
            const Line line(storage, hash);
            const auto result = scan(line.repo.dir(), "main~3..main");
            REQUIRE(result.findings.size() == 1);
            const auto& finding = result.findings.front();
            CHECK(finding.secret->reveal() == line.token);
            CHECK(finding.path == "dir/a");
            CHECK(finding.kind == "blob");
            CHECK(finding.commit == line.added.hex());
            CHECK(finding.removed_in == line.gone.hex());
            CHECK(finding.removed_date == "2023-11-14T22:17:20+00:00");
            CHECK(!finding.at_head);
            CHECK(result.summary.exit_code == 1);
            CHECK(result.summary.objects.commits == 3);
        }
    }
}

TEST_CASE("an edit of a file that held the token before brings nothing")
{
    const Line line;
    const auto result = scan(line.repo.dir(), "main~2..main~1");
    CHECK(result.findings.empty());
    CHECK(result.summary.exit_code == 0);
    CHECK(result.summary.objects.commits == 1);
}

TEST_CASE("a commit that only takes a token out brings nothing")
{
    const Line line;
    CHECK(scan(line.repo.dir(), "main^..main").findings.empty());
}

TEST_CASE("revisions are ids whole or cut short, refs, and steps from them")
{
    const Line line;
    const auto expected = test::describe(scan(line.repo.dir(), line.clean.hex() + ".." + line.gone.hex()));
    CHECK(!expected.empty());
    for (const std::string range : {"main~3..main", "main~3..", "HEAD^^^..HEAD", "@~3..@", "refs/heads/main~3..heads/main"}) {
        CHECK(test::describe(scan(line.repo.dir(), range)) == expected);
    }
    CHECK(test::describe(scan(line.repo.dir(), line.clean.hex().substr(0, 10) + "..main")) == expected);
    CHECK(error_of(line.repo.dir(), "nowhere..main").find("names no commit") != std::string::npos);
    CHECK(error_of(line.repo.dir(), "main~9..main").find("beyond the first commit") != std::string::npos);
    CHECK(error_of(line.repo.dir(), "main").find("is no range") != std::string::npos);
    CHECK(error_of(line.repo.dir(), "main@{1}..main").find("is not understood") != std::string::npos);
}

TEST_CASE("messages, authors and annotated tags of a range are read")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1"}}, {}, "base");
    test::CommitOptions by;
    by.author = test::token(3) + " <a@example.com>";
    const auto tip = repo.commit_files({{"x", "2"}}, {base}, "uses " + test::token(2), by);
    repo.ref("refs/heads/main", tip);
    repo.ref("refs/tags/v1", repo.tag_object(tip, test::Type::commit, "v1", "key " + test::token(4)));
    const auto result = scan(repo.dir(), "main~1..v1");
    CHECK(test::findings_of(result, test::token(2)).at(0).kind == "commit");
    CHECK(test::found(result, test::token(3)));
    CHECK(test::findings_of(result, test::token(4)).at(0).kind == "tag");
    CHECK(scan(repo.dir(), "main..v1").findings.size() == 1);
}

TEST_CASE("what a merge brings that none of its parents holds is told of the merge")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1"}}, {}, "base");
    const auto left = repo.commit_files({{"x", "1"}, {"l", "k " + test::token(5)}}, {base}, "left");
    const auto right = repo.commit_files({{"x", "1"}, {"r", "2"}}, {base}, "right");
    const auto merge = repo.commit_files(
        {{"x", "merged " + test::token(6)}, {"l", "k " + test::token(5)}, {"r", "2"}}, {left, right}, "merge");
    repo.ref("refs/heads/main", merge);
    repo.ref("refs/heads/left", left);
    const auto result = scan(repo.dir(), "left..main");
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].secret->reveal() == test::token(6));
    CHECK(result.findings[0].commit == merge.hex());
    CHECK(result.findings[0].at_head);
    CHECK(scan(repo.dir(), "left...main").findings.size() == 1);
    CHECK(scan(repo.dir(), "main^2..main").findings.size() == 2);
}

TEST_CASE("names of files and folders that a range brings are read")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1"}}, {}, "base");
    const auto tip = repo.commit_files({{"x", "1"}, {test::token(7) + ".txt", "1"}, {test::token(8) + "/f", "2"}}, {base}, "names");
    repo.ref("refs/heads/main", tip);
    const auto result = scan(repo.dir(), "main~1..main");
    REQUIRE(result.findings.size() == 2);
    for (const auto seed : {7U, 8U}) {
        const auto found = test::findings_of(result, test::token(seed));
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == "tree");
        CHECK(found[0].commit == tip.hex());
        CHECK(found[0].path->find(test::token(seed)) == std::string::npos);
    }
}

TEST_CASE("a range of a shallow clone names what was cut off and is not complete")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto lost = repo.commit_files({{"x", "0"}}, {}, "lost");
    const auto base = repo.commit_files({{"x", "1"}}, {lost}, "base");
    const auto tip = repo.commit_files({{"x", "k " + test::token(9)}}, {base}, "tip");
    repo.ref("refs/heads/main", tip);
    repo.remove_object(lost);
    repo.shallow({base});
    CHECK(scan(repo.dir(), "main~1..main").summary.exit_code == 1);
    const auto result = scan(repo.dir(), lost.hex() + "..main");
    CHECK(result.summary.exit_code == 3);
    CHECK(test::found(result, test::token(9)));
    CHECK(test::skips(result.summary).find("git fetch --unshallow") != std::string::npos);
}

TEST_CASE("a blob that a range needs and that is not there makes the scan incomplete")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1"}}, {}, "base");
    const auto blob = repo.blob("will be gone");
    repo.ref("refs/heads/main", repo.commit(repo.tree({{test::mode_file, "x", blob}}), {base}, "tip"));
    repo.remove_object(blob);
    const auto result = scan(repo.dir(), "main~1..main");
    CHECK(result.summary.exit_code == 3);
    CHECK(test::skips(result.summary).find(blob.hex()) != std::string::npos);
}

TEST_CASE("a range agrees with a full scan on who introduced what, over random histories")
{
    for (unsigned seed = 0; seed < 20; ++seed) {
        test::TempDir folder;
        test::RepoBuilder repo(folder / "repo", {test::Hash::sha1, false, seed % 2 == 0 ? test::Storage::loose : test::Storage::pack});
        std::vector<test::Id> commits;
        for (unsigned i = 0; i < 12; ++i) {
            test::Files files;
            for (unsigned f = 0; f < 4; ++f) {
                const unsigned draw = (seed * 31 + i * 17 + f * 7 + i * f * seed) % 9;
                files.emplace("d" + std::to_string(f % 2) + "/f" + std::to_string(f),
                              draw < 3 ? "k " + test::token(100 + draw) + "\n" : "nothing " + std::to_string(draw) + "\n");
            }
            std::vector<test::Id> parents;
            if (i > 0) {
                parents.push_back(commits[i - 1 - (seed + i) % std::min(i, 2U)]);
            }
            if (i > 3 && (i + seed) % 4 == 0 && commits[i - 3] != parents[0]) {
                parents.push_back(commits[i - 3]);
            }
            commits.push_back(repo.commit_files(files, parents, "commit " + std::to_string(i)));
        }
        repo.ref("refs/heads/main", commits.back());
        repo.flush();
        const auto all = test::collect(repo.dir());
        RangeScanOptions options;
        options.repository = repo.dir();
        options.include = {"main"};
        const auto key = [](const Finding& f) { return f.token_sha256 + ' ' + f.path.value_or("") + ' ' + f.commit.value_or("") + ' ' + f.removed_in.value_or(""); };
        std::vector<std::string> expected;
        std::vector<std::string> actual;
        for (const auto& finding : all.findings) {
            if (finding.reachable) {
                expected.push_back(key(finding));
            }
        }
        for (const auto& finding : scan(options).findings) {
            actual.push_back(key(finding));
        }
        std::sort(expected.begin(), expected.end());
        std::sort(actual.begin(), actual.end());
        CHECK(actual == expected);
    }
}
