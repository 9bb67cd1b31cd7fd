// The builders judged by git itself: what they write, git must read, check and call sound.
#include <doctest/doctest.h>

#include "tests/support/delta_builder.h"
#include "tests/support/git_command.h"
#include "tests/support/pack_writer.h"
#include "tests/support/random_delta.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

bool skipped_for_lack_of_git()
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to compare with");
        return true;
    }
    return false;
}

/// A history with a merge, a tag, notes, stashes, a symbolic link and an index.
Id build_history(RepoBuilder& repo)
{
    const Id root = repo.commit_files({{"a.txt", "one\n"}, {"dir/b.txt", "two\n"}, {"dir.c", "three\n"}}, {}, "Start");
    const Id left =
        repo.commit_files({{"a.txt", "one\nleft\n"}, {"link", File("a.txt", mode_symlink)}}, {root}, "Left");
    const Id right = repo.commit_files({{"a.txt", "right\n"}}, {root}, "Right");
    const Id merge =
        repo.commit_files({{"a.txt", "both\n"}, {"run", File("#!/bin/sh\n", mode_executable)}}, {left, right}, "Merge");
    repo.ref("refs/heads/main", merge);
    repo.reflog("HEAD", {{left, merge, "merge: Merge"}});
    repo.ref("refs/tags/v1", repo.tag_object(merge, Type::commit, "v1", "First"));
    repo.packed_refs({{"refs/heads/old", left}});
    repo.note(merge, "a note");
    repo.note(left, "another");
    repo.push_stash(merge, {{"a.txt", "stashed\n"}}, {{"a.txt", "both\n"}});
    repo.push_stash(merge, {{"a.txt", "again\n"}}, {{"a.txt", "both\n"}}, Files{{"new.txt", "untracked\n"}});
    repo.index({{"a.txt", repo.blob("both\n")}, {"staged.txt", repo.blob("staged\n")}});
    return merge;
}

}  // namespace

TEST_CASE("git finds a built repository sound, loose or packed, with SHA-1 or SHA-256 ids")
{
    if (skipped_for_lack_of_git()) {
        return;
    }
    for (const Hash hash : {Hash::sha1, Hash::sha256}) {
        for (const Storage storage : {Storage::loose, Storage::pack}) {
            for (const bool bare : {false, true}) {
                const TempDir temp;
                RepoBuilder repo(temp / "repo", {.hash = hash, .bare = bare, .storage = storage});
                const Id merge = build_history(repo);
                repo.flush();
                const CommandResult fsck = git(repo.dir(), {"fsck", "--strict", "--full"});
                CHECK_MESSAGE(fsck.exit_code == 0, fsck.err, fsck.out);
                CHECK(fsck.err.find("error") == std::string::npos);
                CHECK(git_ok(repo.dir(), {"rev-parse", "HEAD"}) == merge.hex() + "\n");
                CHECK(git_ok(repo.dir(), {"log", "--format=%s|%an|%ae|%at", "-1", "old"}) ==
                      "Left|A U Thor|author@example.com|1700000120\n");
                CHECK(git_ok(repo.dir(), {"log", "-g", "--format=%gd", "stash"}) == "stash@{0}\nstash@{1}\n");
                CHECK(git_ok(repo.dir(), {"show", "stash@{0}^3:new.txt"}) == "untracked\n");
                CHECK(git_ok(repo.dir(), {"show", "stash@{1}:a.txt"}) == "stashed\n");
                CHECK(git_ok(repo.dir(), {"notes", "show", merge.hex()}) == "a note\n");
                CHECK(git_ok(repo.dir(), {"ls-files"}) == "a.txt\nstaged.txt\n");
            }
        }
    }
}

TEST_CASE("git opens a linked worktree and a gitfile that the builder wrote")
{
    if (skipped_for_lack_of_git()) {
        return;
    }
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const Id merge = build_history(repo);
    repo.linked_worktree("side", temp / "side", merge);
    write_gitfile(temp / "elsewhere", repo.git_dir());
    CHECK(git_ok(temp / "side", {"rev-parse", "HEAD"}) == merge.hex() + "\n");
    CHECK(git_ok(temp / "elsewhere", {"rev-parse", "HEAD"}) == merge.hex() + "\n");
    CHECK(git_ok(repo.dir(), {"worktree", "list"}).find((temp / "side").string()) != std::string::npos);
}

TEST_CASE("git verifies a written pack with deltas in every index form")
{
    if (skipped_for_lack_of_git()) {
        return;
    }
    for (const Hash hash : {Hash::sha1, Hash::sha256}) {
        for (const Level level : {Level::stored, Level::best}) {
            for (const PackLayout& layout :
                 {PackLayout{}, PackLayout{.index_version = 1}, PackLayout{.force_64bit_offsets = true}}) {
                const TempDir temp;
                RepoBuilder repo(temp / "repo", {.hash = hash});
                PackWriter pack(hash);
                pack.compress_with(level);
                Rng rng(7);
                const std::string base = random_text(rng, 70000);
                const std::size_t whole = pack.add(Type::blob, base);
                DeltaBuilder first(base);
                first.copy(0, 0x10000, CopyForm::zero_size).insert("new").copy(10, 300, CopyForm::all_bytes);
                const std::size_t second = pack.add_ofs_delta(whole, first.delta());
                DeltaBuilder third(first.target());
                third.insert("third").copy(5, 60000);
                const std::size_t last = pack.add_ref_delta(pack.id(second), third.delta());
                const std::filesystem::path written = pack.write(repo.objects_dir(), layout);

                const CommandResult verified = git(repo.dir(), {"verify-pack", "-v", written.string() + ".idx"});
                CHECK_MESSAGE(verified.exit_code == 0, verified.err);
                CHECK(git_ok(repo.dir(), {"cat-file", "blob", pack.id(last).hex()}) == third.target());
            }
        }
    }
}

TEST_CASE("the reference refuses deltas that break the format")
{
    const std::string base = "0123456789";
    DeltaBuilder good(base);
    good.copy(2, 5).insert("x");
    REQUIRE(apply_delta(base, good.delta()) == std::string("23456x"));
    CHECK_FALSE(apply_delta("01234", good.delta()).has_value());
    CHECK_FALSE(apply_delta(base, good.delta().substr(0, good.delta().size() - 1)).has_value());
    CHECK_FALSE(apply_delta(base, good.delta() + std::string(1, '\0')).has_value());
    CHECK_FALSE(apply_delta(base, DeltaBuilder(good).declare_result_size(7).delta()).has_value());
    CHECK_FALSE(apply_delta(base, DeltaBuilder(base).raw_copy(8, 3).declare_result_size(3).delta()).has_value());
    CHECK_THROWS(DeltaBuilder(base).copy(8, 3));
}

TEST_CASE("random deltas are legal and reach the traps they were made for")
{
    unsigned planted = 0;
    unsigned lost = 0;
    unsigned kept = 0;
    unsigned tiny = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        Rng rng(seed);
        const std::string secret = random_token(rng);
        const std::string base = random_base(rng, secret, rng.between(0, 3000), rng.chance(50));
        const DeltaAndTarget made = random_delta(rng, base, secret);
        REQUIRE(apply_delta(base, made.delta) == made.target);
        const bool before = base.find(secret) != std::string::npos;
        const bool after = made.target.find(secret) != std::string::npos;
        planted += !before && after ? 1U : 0U;
        lost += before && !after ? 1U : 0U;
        kept += before && after ? 1U : 0U;
        tiny += made.target.size() <= 2 ? 1U : 0U;
    }
    CHECK(planted > 100);
    CHECK(lost > 100);
    CHECK(kept > 100);
    CHECK(tiny > 20);
}

}  // namespace r8scan::test
