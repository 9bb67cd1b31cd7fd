// git --worktree: the files of the working tree beside the history, each place told once.
#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

test::ScanResult scan(const fs::path& dir, bool allow_outside = false)
{
    ScanOptions options;
    options.repository = dir;
    options.worktree = true;
    options.allow_outside = allow_outside;
    return test::collect(options);
}

std::string line(std::uint64_t seed)
{
    return "k " + test::token(seed) + "\n";
}

}  // namespace

TEST_CASE("untracked and ignored files of the working tree are read when that is asked, with paths from its top")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{".gitignore", "*.env\n"}}, {}, "start"));
    repo.file(".gitignore", "*.env\n");
    repo.file("untracked", line(1));
    repo.file("deep/in/ignored.env", line(2));
    fs::create_symlink(test::token(3), repo.dir() / "link");
    CHECK(test::collect(repo.dir()).findings.empty());

    for (const auto& from : {repo.dir(), repo.dir() / "deep/in"}) {
        const auto result = scan(from);
        CHECK_MESSAGE(result.summary.exit_code == 1, test::skips(result.summary));
        REQUIRE(result.findings.size() == 3);
        const std::pair<std::uint64_t, std::string> expected[] = {
            {1, "untracked"}, {2, "deep/in/ignored.env"}, {3, "link"}};
        for (const auto& [seed, path] : expected) {
            const auto found = test::findings_of(result, test::token(seed));
            REQUIRE(found.size() == 1);
            CHECK(found[0].kind == "file");
            CHECK(found[0].path == path);
            CHECK(found[0].object.empty());
        }
    }
}

TEST_CASE("a token that stands in the working tree as at HEAD or in the index is told once")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    const auto old = repo.commit_files({{"head", line(1)}, {"gone", line(2)}}, {}, "start");
    repo.ref("refs/heads/main", repo.commit_files({{"head", line(1)}}, {old}, "take one out"));
    repo.index(
        {{"head", test::object_id(test::Hash::sha1, test::Type::blob, line(1))}, {"staged", repo.blob(line(3))}});
    repo.file("head", "edited " + line(1));
    repo.file("gone", line(2));
    repo.file("staged", line(3));
    repo.file("copy", line(1));

    const auto result = scan(repo.dir());
    const auto paths_of = [&](std::uint64_t seed) {
        std::vector<std::string> paths;
        for (const auto& finding : test::findings_of(result, test::token(seed))) {
            paths.push_back(finding.kind + ' ' + finding.path.value_or(""));
        }
        return paths;
    };
    CHECK(paths_of(1) == std::vector<std::string>{"blob head", "file copy"});
    CHECK(paths_of(2) == std::vector<std::string>{"blob gone", "file gone"});  // HEAD has it no more, the folder has
    CHECK(paths_of(3) == std::vector<std::string>{"blob staged"});
    CHECK(result.findings[0].fingerprint != result.findings[1].fingerprint);
}

TEST_CASE("of several working trees the one is read that the scan was started in")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    const auto tip = repo.commit_files({{"x", "1\n"}}, {}, "start");
    repo.ref("refs/heads/main", tip);
    repo.file("main-file", line(1));
    repo.linked_worktree("side", repo.dir() / "trees/side", tip);
    repo.file("trees/side/side-file", line(2));

    const auto in_main = scan(repo.dir());
    CHECK(test::found(in_main, test::token(1)));
    CHECK(!test::found(in_main, test::token(2)));
    REQUIRE(!in_main.summary.notes.empty());
    CHECK(in_main.summary.notes.back().find("trees/side") != std::string::npos);

    const auto in_side = scan(repo.dir() / "trees/side");
    CHECK(!test::found(in_side, test::token(1)));
    REQUIRE(test::findings_of(in_side, test::token(2)).size() == 1);
    CHECK(test::findings_of(in_side, test::token(2))[0].path == "side-file");
}

TEST_CASE("files of a submodule and of a repository inside are files of the working tree, their git folders are not")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"x", "1\n"}}, {}, "start"));
    test::RepoBuilder module(repo.git_dir() / "modules/sub", {.bare = true});
    module.ref("refs/heads/main", module.commit_files({{"f", line(1)}}, {}, "start"));
    module.config("[core]\n\tworktree = ../../../sub\n");
    test::write_gitfile(repo.dir() / "sub", module.git_dir());
    repo.file("sub/f", line(1));
    repo.file("sub/untracked", line(2));
    test::RepoBuilder other(repo.dir() / "vendor/other");
    other.ref("refs/heads/main", other.commit_files({{"g", line(3)}}, {}, "start"));
    other.file("h", line(4));

    const auto result = scan(repo.dir());
    CHECK(test::findings_of(result, test::token(1)).size() == 2);  // the submodule's blob, and the file here
    CHECK(test::found(result, test::token(2)));
    CHECK(!test::found(result, test::token(3)));
    CHECK(test::found(result, test::token(4)));

    // From inside the submodule its own working tree is meant.
    const auto inside = scan(repo.dir() / "sub");
    CHECK(test::findings_of(inside, test::token(1)).size() == 1);
    CHECK(test::findings_of(inside, test::token(2))[0].path == "untracked");
}

TEST_CASE("a working tree that only the repository's configuration names is read only when that is allowed")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"x", "1\n"}}, {}, "start"));
    test::write_file(temp / "home/secret", line(1));
    repo.config("[core]\n\tworktree = " + (temp / "home").string() + "\n");
    const auto refused = scan(repo.dir());
    CHECK(refused.summary.exit_code == 3);
    CHECK(!test::found(refused, test::token(1)));
    CHECK(test::skip_of(refused, "working tree outside the repository") != nullptr);
    const auto allowed = scan(repo.dir(), true);
    CHECK(allowed.summary.exit_code == 1);
    CHECK(test::findings_of(allowed, test::token(1))[0].path == "secret");
}

TEST_CASE("a bare repository has no working tree, and says so")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo.git", {.bare = true});
    repo.ref("refs/heads/main", repo.commit_files({{"x", "1\n"}}, {}, "start"));
    test::write_file(temp / "beside", line(1));
    const auto result = scan(repo.dir());
    CHECK(result.summary.exit_code == 0);
    REQUIRE(!result.summary.notes.empty());
    CHECK(result.summary.notes.back().find("bare") != std::string::npos);
}

TEST_CASE(
    "names in every index are read, each once: of two files with one content, of another working tree, of a folder")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    const auto tip = repo.commit_files({{"x", "1\n"}}, {}, "start");
    repo.ref("refs/heads/main", tip);
    const auto blob = repo.blob("1\n");
    repo.linked_worktree("side", temp / "side", tip);
    repo.index({{"in-side-" + test::token(1), blob}});
    fs::rename(repo.git_dir() / "index", repo.git_dir() / "worktrees/side/index");
    repo.index(
        {{"a", blob}, {"b-" + test::token(2), blob}, {test::token(3) + "/c", blob}, {test::token(3) + "/d", blob}});
    const auto result = test::collect(repo.dir());
    for (const auto seed : {1U, 2U, 3U}) {
        const auto found = test::findings_of(result, test::token(seed));
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == "index");
    }
}

TEST_CASE("a name that stands at HEAD and in the index is told once, as the tree's")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    const auto path = "dir/" + test::token(1) + ".txt";
    repo.ref("refs/heads/main", repo.commit_files({{path, "1\n"}}, {}, "start"));
    repo.index({{path, repo.blob("1\n")}});
    const auto result = test::collect(repo.dir());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].kind == "tree");
}

TEST_CASE("trees count among the objects that were scanned, and so do their bytes")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"a/b", "1\n"}}, {}, "start"));
    const auto result = test::collect(repo.dir());
    CHECK(result.summary.objects.trees == 2);
    CHECK(result.summary.objects.listed == 4);
    CHECK(result.summary.objects.scanned == 4);
}

TEST_CASE("staged tells the name of a new folder once, that of an old one never, at its column in characters")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    const auto blob = repo.blob("1\n");
    repo.ref("refs/heads/main", repo.commit_files({{"old-" + test::token(1) + "/a", "1\n"}}, {}, "start"));
    repo.index({{"old-" + test::token(1) + "/a", blob},
                {"old-" + test::token(1) + "/b", blob},
                {"\xc3\xa9/" + test::token(2) + "/c", blob},
                {"\xc3\xa9/" + test::token(2) + "/d", blob}});
    StagedScanOptions options;
    options.repository = repo.dir();
    const auto result = test::collect(options);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].secret->reveal() == test::token(2));
    CHECK(result.findings[0].path == "\xc3\xa9/" + test::redacted(test::token(2)));
    CHECK(result.findings[0].position.column == 3);
    CHECK(result.findings[0].position.offset == 3);
}
