// Scans of repositories whose refs are reftables: complete, and told as where refs are files.
#include "tests/support/program.h"
#include "tests/support/reftable_writer.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

// main: clean - adds a token - takes it out. topic: stands on the one that adds.
struct Line {
    explicit Line(test::Hash hash = test::Hash::sha1) : repo(folder / "repo", {hash})
    {
        clean = repo.commit_files({{"x", "1\n"}}, {}, "clean");
        added = repo.commit_files({{"x", "1\n"}, {"a", "k=" + token + "\n"}}, {clean}, "add");
        gone = repo.commit_files({{"x", "1\n"}, {"a", "k=\n"}}, {added}, "take out");
        repo.ref("refs/heads/main", gone);
        repo.ref("refs/heads/topic", added);
        repo.reflog("HEAD", {{test::zero_id(hash), clean, "commit (initial): clean"}, {clean, gone, "merge: main"}});
    }
    test::TempDir folder;
    std::string token = test::token(1);
    test::RepoBuilder repo;
    test::Id clean;
    test::Id added;
    test::Id gone;
};

test::Ran run(const std::filesystem::path& folder, const std::string& arguments)
{
    return test::run_shell(folder, "\"$R8SCAN\" " + arguments);
}

}  // namespace

TEST_CASE("a scan of a repository with reftables is complete, and the same as with files")
{
    for (const auto hash : {test::Hash::sha1, test::Hash::sha256}) {
        Line line(hash);
        const auto files = test::collect(line.repo.dir());
        test::store_refs_as_reftable(line.repo);
        const auto result = test::collect(line.repo.dir());
        CHECK_MESSAGE(result.summary.exit_code == 1, test::skips(result.summary));
        CHECK(result.summary.complete);
        CHECK(test::describe(result) == test::describe(files));
        REQUIRE(result.findings.size() == 1);
        CHECK(result.findings[0].commit == line.added.hex());
        CHECK(result.findings[0].removed_in == line.gone.hex());
        CHECK(test::refs_of(result.findings[0]) == std::vector<std::string>{"refs/heads/topic"});
    }
}

TEST_CASE("a clean repository with reftables ends with exit code 0, one with a damaged table with 3")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"x", "1\n"}}, {}, "clean"));
    test::store_refs_as_reftable(repo);
    CHECK(test::collect(repo.dir()).summary.exit_code == 0);
    test::write_file(repo.git_dir() / "reftable/more.ref", "REFT");
    const auto list = repo.git_dir() / "reftable/tables.list";
    test::write_file(list, test::read_file(list) + "more.ref\n");
    const auto result = test::collect(repo.dir());
    CHECK(result.summary.exit_code == 3);
    CHECK(test::skip_of(result, "unreadable table of refs") != nullptr);
}

TEST_CASE("ranges, branches and hooks work where refs are reftables")
{
    Line line;
    line.repo.index({{"staged", line.repo.blob("k=" + test::token(2) + "\n")}});
    test::store_refs_as_reftable(line.repo);
    const auto& dir = line.repo.dir();
    CHECK(run(dir, "git --range main~2..main~1").exit_code == 1);
    CHECK(run(dir, "git --range main~1..main").exit_code == 0);
    CHECK(run(dir, "git --range topic..HEAD").exit_code == 0);
    CHECK(run(dir, "git --branch topic").exit_code == 1);
    CHECK(run(dir, "staged").exit_code == 1);
    line.repo.index({});
    CHECK(run(dir, "staged").exit_code == 0);
    const auto zero = test::zero_id(test::Hash::sha1).hex();
    const auto push = "printf 'refs/heads/topic " + line.added.hex() + " refs/heads/topic %s\\n' ";
    CHECK(test::run_shell(dir, push + line.clean.hex() + " | \"$R8SCAN\" push origin").exit_code == 1);
    CHECK(test::run_shell(dir, push + line.added.hex() + " | \"$R8SCAN\" push origin").exit_code == 0);
    const auto receive = "printf '" + zero + " " + line.added.hex() + " refs/heads/new\\n' | \"$R8SCAN\" receive";
    CHECK(test::run_shell(dir, receive).exit_code == 0);  // what a ref here reaches was let in before
    const auto unborn = line.repo.commit_files({{"y", "k=" + test::token(3) + "\n"}}, {line.gone}, "new");
    CHECK(test::run_shell(dir, "printf '" + zero + " " + unborn.hex() + " refs/heads/new\\n' | \"$R8SCAN\" receive")
              .exit_code == 1);
    test::write_file(dir / "message", "a word\n");
    CHECK(run(dir, "message message").exit_code == 0);
}

TEST_CASE("a linked work tree of a repository with reftables has a HEAD of its own")
{
    Line line;
    line.repo.linked_worktree("side", line.folder / "side", line.added);
    test::store_refs_as_reftable(line.repo);
    CHECK(run(line.folder / "side", "git --range HEAD~1..HEAD").exit_code == 1);
    CHECK(run(line.repo.dir(), "git --range HEAD~1..HEAD").exit_code == 0);
    CHECK(test::collect(line.folder / "side").summary.exit_code == 1);
}

TEST_CASE("who is named and what is said in a reflog of a reftable is read, and told by the line of git reflog show")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto one = repo.commit_files({{"x", "1\n"}}, {}, "clean");
    const auto table = [](std::uint64_t index) { return test::ReftableWriter(index, index); };
    auto first = table(1);
    first.symbolic_ref("HEAD", "refs/heads/main");
    first.ref("refs/heads/main", one);
    const auto zero = test::zero_id(test::Hash::sha1);
    first.log("refs/heads/main", 1, {zero, one, "name " + test::token(1), "a@x", 1, 0, "first\n"});
    first.log("refs/stash", 1, {zero, one, "A", "a@x", 1, 0, "WIP " + test::token(2) + "\n"});
    auto second = table(2);
    second.log("refs/heads/main", 2, {one, one, "A", test::token(3) + "@x", 1, 0, "second\n"});
    second.deleted_log("refs/stash", 1);
    auto third = table(3);
    third.log("refs/heads/main", 3, {one, one, "A", "a@x", 1, 0, "reset to " + test::token(4) + "\n"});
    repo.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
    test::write_reftable_stack(repo.git_dir() / "reftable", {first.bytes(), second.bytes(), third.bytes()});
    const auto result = test::collect(repo.dir());
    const std::pair<std::string, std::uint64_t> places[] = {{".git/reftable!logs/refs/heads/main", 3},
                                                            {".git/reftable!deleted/logs/refs/stash", 1},
                                                            {".git/reftable!logs/refs/heads/main", 2},
                                                            {".git/reftable!logs/refs/heads/main", 1}};
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto found = test::findings_of(result, test::token(seed));
        INFO(seed);
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == "metadata");
        CHECK(found[0].path == places[seed - 1].first);
        CHECK(found[0].position.line == places[seed - 1].second);
    }
    CHECK(result.findings.size() == 4);
}

TEST_CASE("a ref deleted from a reftable leaves its name in the files, and a token in it is told")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto one = repo.commit_files({{"x", "1\n"}}, {}, "clean");
    test::ReftableWriter first(1, 1);
    first.symbolic_ref("HEAD", "refs/heads/main");
    first.ref("refs/heads/main", one);
    // What two names share is written once: no search of the bytes finds the second token.
    auto near = test::token(1);
    near.back() = near.back() == 'a' ? 'b' : 'a';
    first.ref("refs/heads/" + test::token(1), one);
    first.ref("refs/heads/" + near, one);
    test::ReftableWriter second(2, 2);
    second.deleted_ref("refs/heads/" + test::token(1));
    second.deleted_ref("refs/heads/" + near);
    repo.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
    test::write_reftable_stack(repo.git_dir() / "reftable", {first.bytes(), second.bytes()});
    const auto result = test::collect(repo.dir());
    CHECK(result.findings.size() == 2);
    for (const auto& token : {test::token(1), near}) {
        const auto found = test::findings_of(result, token);
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == "metadata");
        CHECK(found[0].path->starts_with(".git/reftable!deleted/refs/heads/"));
        CHECK(found[0].path->find(token) == std::string::npos);
    }
}
