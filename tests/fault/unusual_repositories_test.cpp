// Repositories that are laid out in less common but sound ways: read in full, with the exit code of any other.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

/// Two commits: the first brings the token at "key", the second takes it out.
struct TwoCommits {
    explicit TwoCommits(RepoBuilder& repo)
        : first(repo.commit_files({{"key", secret + "\n"}}, {}, "Bring")),
          second(repo.commit_files({{"key", "clean\n"}}, {first}, "Remove"))
    {
        repo.ref("refs/heads/main", second);
    }
    std::string secret = token(501);
    Id first;
    Id second;
};

/// A complete scan with the one finding of TwoCommits; returns it.
Finding only_finding(const fs::path& repository, const TwoCommits& made)
{
    const ScanResult result = collect(repository);
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(result.summary.complete);
    REQUIRE(result.findings.size() == 1);
    const Finding& finding = result.findings.front();
    CHECK(finding.secret->reveal() == made.secret);
    CHECK(finding.path == "key");
    CHECK(finding.commit == made.first.hex());
    CHECK(finding.removed_in == made.second.hex());
    return finding;
}

}  // namespace

TEST_CASE("a bare repository is read in full")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo.git", {.bare = true});
    const TwoCommits made(repo);
    CHECK_FALSE(only_finding(repo.dir(), made).at_head);
}

TEST_CASE("a folder inside a work tree leads to its repository")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const TwoCommits made(repo);
    repo.file("some/folder/file", "a file\n");
    only_finding(repo.dir() / "some" / "folder", made);
    only_finding(repo.git_dir(), made);
}

TEST_CASE("a gitfile leads to its repository")
{
    const TempDir temp;
    RepoBuilder repo(temp / "elsewhere");
    const TwoCommits made(repo);
    repo.config("[core]\n\tworktree = " + (temp / "tree").string() + "\n");
    write_gitfile(temp / "tree", repo.git_dir());
    only_finding(temp / "tree", made);
}

TEST_CASE("a linked worktree has the objects of its repository and a HEAD of its own")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const TwoCommits made(repo);
    repo.linked_worktree("side", temp / "side", made.first);
    CHECK(only_finding(temp / "side", made).at_head);
    CHECK_FALSE(only_finding(repo.dir(), made).at_head);
}

TEST_CASE("a detached HEAD counts as HEAD")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const TwoCommits made(repo);
    repo.detach_head(made.first);
    CHECK(only_finding(repo.dir(), made).at_head);
}

TEST_CASE("refs that are packed count like any other")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const TwoCommits made(repo);
    repo.packed_refs({{"refs/heads/main", made.second}, {"refs/heads/old", made.first}});
    fs::remove(repo.git_dir() / "refs/heads/main");
    const Finding finding = only_finding(repo.dir(), made);
    CHECK(finding.reachable);
    CHECK(refs_of(finding) == std::vector<std::string>{"refs/heads/old"});
}

TEST_CASE("a repository of another owner is read in full")
{
    if (geteuid() != 0) {
        MESSAGE("skipped: only root can give files away");
        return;
    }
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const TwoCommits made(repo);
    constexpr uid_t somebody = 12345;
    CHECK(chown(repo.dir().c_str(), somebody, somebody) == 0);
    for (const fs::directory_entry& file : fs::recursive_directory_iterator(repo.dir())) {
        REQUIRE(chown(file.path().c_str(), somebody, somebody) == 0);
    }
    only_finding(repo.dir(), made);
}

TEST_CASE("a SHA-256 repository is read in full")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo", {.hash = Hash::sha256, .storage = Storage::pack});
    const TwoCommits made(repo);
    repo.flush();
    only_finding(repo.dir(), made);
}

TEST_CASE("objects of an alternate outside the repository are read only when that is allowed")
{
    const TempDir temp;
    RepoBuilder store(temp / "store");
    const TwoCommits made(store);
    RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", made.second);
    repo.alternates({store.objects_dir()});

    const ScanResult refused = collect(repo.dir());
    CHECK(refused.summary.exit_code == 3);
    CHECK_FALSE(refused.summary.skipped.empty());
    CHECK_FALSE(found(refused, made.secret));

    ScanOptions options;
    options.repository = repo.dir();
    options.allow_outside = true;
    const ScanResult allowed = collect(options);
    CHECK_MESSAGE(allowed.summary.exit_code == 1, skips(allowed.summary));
    CHECK(found(allowed, made.secret));
}

}  // namespace r8scan::test
