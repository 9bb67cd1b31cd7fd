// Tokens in the names of files and folders.
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

test::ScanResult scan(const test::RepoBuilder& repo, bool delta_rule = true, bool attribution = true)
{
    ScanOptions options;
    options.repository = repo.dir();
    options.delta_rule = delta_rule;
    options.attribution = attribution;
    return test::collect(options);
}

}  // namespace

TEST_CASE("a token in the name of a file or folder is told of the commit that brought it")
{
    for (const auto storage : {test::Storage::loose, test::Storage::pack}) {
        test::TempDir folder;
        test::RepoBuilder repo(folder / "repo", {test::Hash::sha1, false, storage});
        const auto first = repo.commit_files({{"x", "1"}}, {}, "first");
        const auto second = repo.commit_files(
            {{"x", "1"}, {"dir/" + test::token(1) + ".txt", "1"}, {"deep/" + test::token(2) + "/in/f", "2"}}, {first}, "names");
        const auto third = repo.commit_files({{"x", "1"}, {"deep/" + test::token(2) + "/in/f", "3"}}, {second}, "one gone");
        repo.ref("refs/heads/main", third);
        repo.flush();
        const auto result = scan(repo);
        REQUIRE(result.findings.size() == 2);
        const auto file = test::findings_of(result, test::token(1));
        REQUIRE(file.size() == 1);
        CHECK(file[0].kind == "tree");
        CHECK(file[0].path == "dir/" + test::token(1).substr(0, 5) + std::string(35, '*') + ".txt");
        CHECK(file[0].commit == second.hex());
        CHECK(file[0].removed_in == third.hex());
        CHECK(file[0].position.column == 1);
        const auto inner = test::findings_of(result, test::token(2));
        REQUIRE(inner.size() == 1);
        CHECK(inner[0].commit == second.hex());
        CHECK(inner[0].at_head);
        CHECK(inner[0].path == "deep/" + test::token(2).substr(0, 5) + std::string(35, '*'));
        CHECK(test::describe(scan(repo, false)) == test::describe(result));
        CHECK(scan(repo, true, false).findings.size() == 3);  // one for each object
    }
}

TEST_CASE("a name that moves to another folder moved, and a dangling tree's name is found")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto name = "key-" + test::token(3);
    const auto first = repo.commit_files({{"a/" + name, "1"}}, {}, "first");
    const auto second = repo.commit_files({{"b/" + name, "1"}}, {first}, "moved");
    repo.ref("refs/heads/main", second);
    const auto dangling = repo.tree_from_paths({{"old/" + test::token(4), "1"}});
    const auto result = scan(repo);
    const auto moved = test::findings_of(result, test::token(3));
    REQUIRE(moved.size() == 2);
    CHECK(moved[0].moved_to.has_value());
    CHECK(moved[1].moved_from.has_value());
    const auto lost = test::findings_of(result, test::token(4));
    REQUIRE(lost.size() == 1);
    CHECK(!lost[0].commit);
    CHECK(lost[0].path == "old/" + test::token(4).substr(0, 5) + std::string(35, '*'));
    CHECK(!dangling.hex().empty());
}

TEST_CASE("two names of one folder and content under such a name are places of their own")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto token = test::token(5);
    repo.ref("refs/heads/main", repo.commit_files({{token + ".a", "1"}, {token + ".b", "k " + token}}, {}, "first"));
    const auto result = scan(repo);
    CHECK(result.findings.size() == 3);
    CHECK(result.summary.tokens == 1);
}

TEST_CASE("ids beside names never make a token")
{
    test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    // The bytes of an entry's id continue what its name begins.
    const auto token = test::token(6);
    std::string tree = "100644 " + token.substr(0, 25) + '\0';
    tree += token.substr(25) + std::string(5, 'x');
    repo.ref("refs/heads/main", repo.commit(repo.object(test::Type::tree, tree), {}, "crafted"));
    CHECK(scan(repo).findings.empty());
}

TEST_CASE("the delta rule misses no name, over packs of trees that change a little each time")
{
    for (unsigned seed = 0; seed < 12; ++seed) {
        test::TempDir folder;
        test::RepoBuilder repo(folder / "repo", {test::Hash::sha1, false, test::Storage::pack});
        std::vector<test::Id> parents;
        for (unsigned i = 0; i < 15; ++i) {
            test::Files files;
            for (unsigned f = 0; f < 40; ++f) {
                files.emplace("folder/name-" + std::to_string(f), std::to_string(f));
            }
            const unsigned draw = (seed * 7 + i * 5) % 11;
            if (draw < 4) {
                files.emplace("folder/name-" + test::token(200 + draw), "x");
            }
            parents = {repo.commit_files(files, parents, "commit " + std::to_string(i))};
        }
        repo.ref("refs/heads/main", parents.front());
        repo.flush({});
        const auto with_rule = scan(repo, true);
        CHECK(test::describe(with_rule) == test::describe(scan(repo, false)));
        CHECK(!with_rule.findings.empty());
    }
}
