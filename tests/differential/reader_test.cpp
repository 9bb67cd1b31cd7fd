// Our reader against git itself: every object, its type, size and content hash, in every way a history can be stored,
// and in real repositories where the caller names some.
#include "tests/support/git_command.h"
#include "tests/support/history_variants.h"
#include "tests/support/object_walk.h"
#include "tests/support/random_delta.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <git2.h>

#include <cstdlib>
#include <sstream>

using namespace r8scan;
using namespace r8scan::test;

namespace {

// id → "type size", as git lists them; each object once.
std::map<std::string, std::string> listed_by_git(const std::filesystem::path& repository)
{
    std::map<std::string, std::string> objects;
    std::istringstream lines(git_ok(repository, {"cat-file", "--batch-all-objects", "--unordered", "--buffer",
                                                 "--batch-check=%(objectname) %(objecttype) %(objectsize)"}));
    for (std::string id, rest; lines >> id && std::getline(lines, rest);) {
        objects[id] = rest.substr(1);
    }
    return objects;
}

void compare_with_git(const std::filesystem::path& repository)
{
    const auto theirs = listed_by_git(repository);
    const auto ours = walk_objects(repository);
    CHECK(!theirs.empty());
    CHECK(ours.objects.size() == theirs.size());
    CHECK_MESSAGE(ours.failures.empty(), (ours.failures.empty() ? "" : ours.failures.front()));
    std::size_t wrong = 0;
    for (const auto& [id, described] : theirs) {
        const auto at = ours.objects.find(id);
        if (at == ours.objects.end() || !at->second.right_hash ||
            at->second.type + ' ' + std::to_string(at->second.size) != described) {
            CHECK_MESSAGE(++wrong == 0, id << " is " << described << " to git");
        }
    }
}

// Files that grow and shrink over a hundred commits, so that git finds deltas of every kind.
void varied_history(RepoBuilder& repo)
{
    Rng rng(42);
    std::vector<std::string> contents;
    for (int i = 0; i < 8; ++i) {
        contents.push_back(random_text(rng, 4000));
    }
    std::vector<Id> parents;
    for (int step = 0; step < 100; ++step) {
        auto& content = contents[rng.below(contents.size())];
        content.insert(rng.below(content.size()), random_text(rng, rng.between(1, 300)));
        content.erase(rng.below(content.size() / 2), rng.below(200));
        Files files;
        for (std::size_t i = 0; i < contents.size(); ++i) {
            files.emplace("dir" + std::to_string(i % 3) + "/file" + std::to_string(i), contents[i]);
        }
        parents = {repo.commit_files(files, parents, "step " + std::to_string(step))};
    }
    repo.ref("refs/heads/main", parents.front());
    repo.ref("refs/tags/v1", repo.tag_object(parents.front(), Type::commit, "v1", "first"));
    repo.blob("nobody names this");
    repo.blob("");
    repo.tree({});
}

}  // namespace

TEST_CASE("type, size and hash of every object agree with git in one history stored eight ways")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to compare with");
        return;
    }
    const TempDir dir;
    for (const auto& variant : store_eight_ways(dir.path(), varied_history)) {
        INFO(variant.name);
        compare_with_git(variant.dir);
    }
}

TEST_CASE("type, size and hash of every object agree with git in the repositories of R8SCAN_TEST_REPOSITORIES")
{
    const char* list = std::getenv("R8SCAN_TEST_REPOSITORIES");
    if (list == nullptr || !have_git()) {
        MESSAGE("skipped: R8SCAN_TEST_REPOSITORIES names no repositories (paths with a colon between)");
        return;
    }
    std::istringstream paths(list);
    for (std::string path; std::getline(paths, path, ':');) {
        INFO(path);
        compare_with_git(path);
    }
}

TEST_CASE("our reader and libgit2 read the same objects")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    varied_history(repo);
    repo.flush();
    const auto ours = walk_objects(repo.dir());
    REQUIRE(ours.failures.empty());

    git_libgit2_init();
    git_odb* odb = nullptr;
    REQUIRE(git_odb_open(&odb, repo.objects_dir().c_str()) == 0);
    std::size_t read = 0;
    for (const auto& [hex, object] : ours.objects) {
        git_oid id;
        REQUIRE(git_oid_fromstr(&id, hex.c_str()) == 0);
        git_odb_object* theirs = nullptr;
        REQUIRE(git_odb_read(&theirs, odb, &id) == 0);
        CHECK(object.right_hash);
        CHECK(object.size == git_odb_object_size(theirs));
        CHECK(object.type == git_object_type2string(git_odb_object_type(theirs)));
        git_odb_object_free(theirs);
        ++read;
    }
    git_odb_free(odb);
    git_libgit2_shutdown();
    CHECK(read > 300);
}

TEST_CASE("dropped bases and many threads read the same objects")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to pack deltas");
        return;
    }
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    varied_history(repo);
    git_ok(repo.dir(), {"repack", "-adfq", "--depth=50"});
    const auto plain = walk_objects(repo.dir());
    WalkSettings tight;
    tight.threads = 5;
    tight.limits.live_bases = 1;
    const auto rebuilt = walk_objects(repo.dir(), tight);
    CHECK(plain.failures.empty());
    CHECK(rebuilt.failures.empty());
    CHECK(rebuilt.dropped_bases > 0);
    REQUIRE(plain.objects.size() == rebuilt.objects.size());
    for (const auto& [id, object] : rebuilt.objects) {
        CHECK(object.right_hash);
        CHECK(plain.objects.at(id).size == object.size);
    }
}
