// Places of a repository beside its objects: names of refs, the files of the git folder, submodules inside it.
#include "tests/support/reftable_writer.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

struct Place {
    explicit Place(bool bare = false) : repo(folder / "repo", {test::Hash::sha1, bare, test::Storage::loose})
    {
        tip = repo.commit_files({{"x", "1\n"}}, {}, "first");
        repo.ref("refs/heads/main", tip);
    }
    void write(const std::string& name, const std::string& text) const
    {
        fs::create_directories((repo.git_dir() / name).parent_path());
        std::ofstream(repo.git_dir() / name, std::ios::binary | std::ios::app) << text;
    }
    test::TempDir folder;
    test::RepoBuilder repo;
    test::Id tip;
};

}  // namespace

TEST_CASE("every file of the git folder is read, and told by the path that a person finds it at")
{
    for (const bool bare : {false, true}) {
        for (const std::string name :
             {"config", "FETCH_HEAD", "COMMIT_EDITMSG", "MERGE_MSG", "info/exclude", "hooks/pre-commit", "description",
              "rebase-merge/message", "sequencer/todo", "logs/refs/heads/main", "worktrees/w/COMMIT_EDITMSG"}) {
            Place place(bare);
            place.write(name, "# first line\n# key " + test::token(1) + "\n");
            const auto result = test::collect(place.repo.dir());
            INFO(name);
            REQUIRE(result.findings.size() == 1);
            const auto& finding = result.findings[0];
            CHECK(finding.kind == "metadata");
            CHECK(finding.path == (bare ? name : ".git/" + name));
            CHECK(finding.position.line >= 2);
            CHECK(finding.object.empty());
            CHECK(!finding.commit);
        }
    }
}

TEST_CASE("a remote's address with a token in it is found in the configuration")
{
    Place place;
    place.repo.config("[remote \"origin\"]\n\turl = https://user:" + test::token(2) + "@example.com/x.git\n");
    const auto result = test::collect(place.repo.dir());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].path == ".git/config");
    CHECK(result.findings[0].repository.find(test::token(2)) == std::string::npos);
}

TEST_CASE("refs of other work trees are read, and a list of work trees that cannot be read is named")
{
    Place place;
    place.write("worktrees/w/HEAD", place.tip.hex() + "\n");
    place.write("worktrees/w/refs/worktree/use-" + test::token(8), place.tip.hex() + "\n");
    const auto result = test::collect(place.repo.dir());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].kind == "ref");

    Place closed;
    closed.write("worktrees", "no folder\n");
    CHECK(test::skip_of(test::collect(closed.repo.dir()), "unreadable ref") != nullptr);
    CHECK(test::skip_of(test::collect(closed.repo.dir()), "unreadable index") != nullptr);
}

TEST_CASE("names of refs are read, loose and packed")
{
    Place place;
    place.repo.ref("refs/heads/use-" + test::token(3), place.tip);
    place.repo.packed_refs({{"refs/tags/v-" + test::token(4), place.tip}});
    const auto result = test::collect(place.repo.dir());
    for (const auto seed : {3U, 4U}) {
        const auto found = test::findings_of(result, test::token(seed));
        REQUIRE(!found.empty());
        CHECK(found[0].kind == "ref");
        CHECK(found[0].path->find(test::token(seed)) == std::string::npos);
    }
}

TEST_CASE("a token in the name of a ref is one finding, wherever git writes the name down")
{
    for (const bool reftable : {false, true}) {
        INFO("reftable " << reftable);
        Place place;
        const auto zero = test::zero_id(test::Hash::sha1);
        const auto packed = "use-" + test::token(3);
        const auto loose = "deep/" + test::token(4) + ".x";
        place.repo.packed_refs({{"refs/heads/" + packed, place.tip}, {"refs/tags/other", place.tip}});
        place.repo.ref("refs/heads/" + loose, place.tip);
        place.repo.symbolic_ref("refs/remotes/origin/HEAD", "refs/heads/" + packed);
        place.repo.symbolic_ref("HEAD", "refs/heads/" + loose);
        place.repo.reflog("HEAD", {{zero, place.tip, "commit (initial): first"},
                                   {place.tip, place.tip, "checkout: moving from " + packed + " to " + loose}});
        place.repo.reflog("refs/heads/" + loose, {{zero, place.tip, "branch: Created from refs/heads/" + packed}});
        if (reftable) {
            test::store_refs_as_reftable(place.repo);
        }
        const auto result = test::collect(place.repo.dir());
        for (const auto seed : {3U, 4U}) {
            const auto found = test::findings_of(result, test::token(seed));
            REQUIRE(found.size() == 1);
            CHECK(found[0].kind == "ref");
        }
        CHECK(result.findings.size() == 2);
    }
}

TEST_CASE("a token of a ref's name that stands elsewhere in the files of refs is told there too")
{
    for (const bool reftable : {false, true}) {
        INFO("reftable " << reftable);
        Place place;
        const auto zero = test::zero_id(test::Hash::sha1);
        place.repo.ref("refs/heads/use-" + test::token(3), place.tip);
        place.repo.reflog("HEAD", {{zero, place.tip, "commit (initial): use-" + test::token(3)},
                                   {place.tip, place.tip, "reset: moving to key=" + test::token(3)},
                                   {place.tip, place.tip, "checkout: moving from x to use-" + test::token(3)},
                                   {place.tip, place.tip, "checkout: moving from x to gone-" + test::token(5)}});
        if (reftable) {
            test::store_refs_as_reftable(place.repo);
        } else {
            place.write("packed-refs", "# note " + test::token(3) + "\n");
        }
        const auto result = test::collect(place.repo.dir());
        std::map<std::string, std::uint64_t> told;
        for (const auto& finding : test::findings_of(result, test::token(3))) {
            told[finding.kind + ' ' + (finding.kind == "ref" ? "" : *finding.path)] += finding.occurrences;
        }
        std::map<std::string, std::uint64_t> expected{
            {"ref ", 1}, {reftable ? "metadata .git/reftable!logs/HEAD" : "metadata .git/logs/HEAD", 2}};
        if (!reftable) {
            expected["metadata .git/packed-refs"] = 1;
        }
        CHECK(told == expected);
        CHECK(test::found(result, test::token(5)));
    }
}

TEST_CASE("objects of LFS are read as the content that they are")
{
    Place place;
    place.write("lfs/objects/ab/cd/abcd", "k " + test::token(5));
    const auto result = test::collect(place.repo.dir());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].kind == "blob");
    CHECK(result.findings[0].path == ".git/lfs/objects/ab/cd/abcd");
}

TEST_CASE("git folders of submodules are scanned as repositories of their own, nested ones too")
{
    Place place;
    for (const std::string name : {"one", "with/slash", "one/modules/inner"}) {
        test::RepoBuilder module(place.repo.git_dir() / "modules" / name,
                                 {test::Hash::sha1, true, test::Storage::pack});
        const auto leak = module.commit_files(
            {{"f", "k " + test::token(static_cast<std::uint64_t>(name.size())) + "\n"}}, {}, "leak");
        module.ref("refs/heads/main", module.commit_files({{"f", "1\n"}}, {leak}, "gone"));
        module.flush();
    }
    const auto result = test::collect(place.repo.dir());
    CHECK(result.summary.complete);
    CHECK(result.summary.tokens == 3);
    CHECK(result.summary.objects.commits == 7);
    for (const std::string name : {"one", "with/slash", "one/modules/inner"}) {
        const auto found = test::findings_of(result, test::token(static_cast<std::uint64_t>(name.size())));
        REQUIRE(found.size() == 1);
        CHECK(found[0].removed_in.has_value());
        CHECK(found[0].repository.find("modules/" + name) != std::string::npos);
    }
}

TEST_CASE("a damaged submodule makes the whole scan incomplete")
{
    Place place;
    test::RepoBuilder module(place.repo.git_dir() / "modules/m", {test::Hash::sha1, true, test::Storage::loose});
    const auto blob = module.blob("text");
    module.ref("refs/heads/main", module.commit(module.tree({{test::mode_file, "f", blob}}), {}, "first"));
    std::ofstream(module.loose_path(blob), std::ios::binary) << "rubbish";
    CHECK(test::collect(place.repo.dir()).summary.exit_code == 3);
}

TEST_CASE("symbolic links of the git folder are read as text, and pipes are not opened")
{
    Place place;
    fs::create_directories(place.repo.git_dir() / "hooks");
    std::ofstream(place.folder / "outside") << test::token(6);
    fs::create_symlink(place.folder / "outside", place.repo.git_dir() / "hooks/pre-push");
    fs::create_symlink("/nowhere/" + test::token(7), place.repo.git_dir() / "hooks/pre-commit");
    REQUIRE(::mkfifo((place.repo.git_dir() / "hooks/pipe").c_str(), 0600) == 0);
    ScanOptions options;
    options.repository = place.repo.dir();
    const auto result = test::collect_within(std::chrono::seconds(20), options);
    CHECK(!test::found(result, test::token(6)));
    CHECK(test::found(result, test::token(7)));
    CHECK(result.summary.exit_code == 1);
}

TEST_CASE("a staged file whose blob is not there is a missing object")
{
    Place place;
    const auto blob = place.repo.blob("staged and lost");
    place.repo.index({{"staged", blob}});
    CHECK(test::collect(place.repo.dir()).summary.exit_code == 0);
    place.repo.remove_object(blob);
    const auto result = test::collect(place.repo.dir());
    CHECK(result.summary.exit_code == 3);
    CHECK(test::skips(result.summary).find("staged as") != std::string::npos);
}

TEST_CASE("the name of a staged file is read")
{
    Place place;
    place.repo.index({{"dir/" + test::token(8), place.repo.blob("1")}});
    const auto result = test::collect(place.repo.dir());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].kind == "index");
}
