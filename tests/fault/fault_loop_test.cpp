// Every call that can fail does, one after the other: no run passes for complete that was not, none crashes or hangs.
//
// The runs are those of the program `r8scan_fault_loop` (tests/fault_loop), which knows what is right. Of calls on
// files each one fails; of allocations the first ones, and then ever fewer: R8SCAN_FULL_FAULT_LOOPS=1 asks for all.
#include "tests/support/built_here.h"
#include "tests/support/delta_builder.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

using namespace r8scan::test;

namespace fs = std::filesystem;

namespace {

std::string line_with(std::uint64_t seed)
{
    return "key = \"" + token(seed) + "\"\n";
}

/// A small repository with a token in each place that a scan may read.
struct Places {
    Places() : repo(dir / "repo")
    {
        const Id tree = repo.tree(
            {{mode_file, "config", repo.blob(line_with(1))}, {mode_file, "name-" + token(2), repo.blob("text\n")}});
        const Id first = repo.commit(tree, {}, "Start with " + token(3));

        PackWriter pack;
        std::string base = "a base\n";
        for (int i = 0; i < 40; ++i) {
            base += "line " + std::to_string(i) + "\n";
        }
        const auto whole = pack.add(Type::blob, base);
        DeltaBuilder delta(base);
        delta.copy(0, 100).insert(line_with(4)).copy(100, base.size() - 100);
        const auto changed = pack.add_ofs_delta(whole, delta.delta());
        DeltaBuilder again(delta.target());
        again.copy(0, delta.target().size()).insert(line_with(5));
        const auto tip_blob = pack.add_ofs_delta(changed, again.delta());
        const Id packed = pack.id(tip_blob);
        pack.write(repo.objects_dir());

        const Id second = repo.commit(repo.tree({{mode_file, "packed", packed}}), {first}, "Second");
        repo.ref("refs/heads/main", second);
        repo.symbolic_ref("HEAD", "refs/heads/main");
        repo.ref("refs/tags/v1", repo.tag_object(second, Type::commit, "v1", "A tag " + token(6)));
        repo.packed_refs({{"refs/heads/with-" + token(7), first}});
        repo.reflog("HEAD", {{zero_id(Hash::sha1), first, "commit: " + token(8)}, {first, second, "commit: Second"}});
        repo.config("[remote \"origin\"]\n\turl = https://user:" + token(9) + "@host.example/repository.git\n");
        repo.index({{"packed", packed}, {"staged", repo.blob(line_with(10))}});
        const std::string large = line_with(11);
        const std::string hash(64, 'a');
        write_file(repo.git_dir() / "lfs/objects/aa/aa" / hash, large);
        write_file(dir / "files/one", line_with(12));
        write_file(dir / "files/folder/two", line_with(13));
        write_file(dir / "files/.gitignore", "ignored\n");
        fs::create_symlink("one", dir / "files/link");
    }

    TempDir dir;
    RepoBuilder repo;
};

bool asks_for_all()
{
    const char* const asked = std::getenv("R8SCAN_FULL_FAULT_LOOPS");
    return asked != nullptr && std::string(asked) == "1";
}

/// Runs the loop over one command line of r8scan, inside the repository; FILES in it is a folder. Paths are whole, as
/// only calls on paths below that of the test fail.
void check_loop(const std::string& kind, const std::string& words, int dense)
{
    CAPTURE(kind);
    CAPTURE(words);
    const Places places;
    const fs::path loop = fs::path(program()).parent_path() / "r8scan_fault_loop";
    const TempDir elsewhere;  // what is no part of the repository does not fail
    const std::string cache = "XDG_CACHE_HOME='" + elsewhere.path().string() + "' ";
    std::string whole = words;
    for (const auto& [name, folder] : {std::pair("REPO", "repo"), std::pair("FILES", "files")}) {
        if (const auto at = whole.find(name); at != std::string::npos) {
            whole.replace(at, std::string(name).size(), "'" + (places.dir / folder).string() + "'");
        }
    }
    const auto ran = run_shell(places.dir.path(),
                               "root=$PWD && cd repo && " + cache + "'" + loop.string() + "' " + kind + " \"$root\" " +
                                   std::to_string(asks_for_all() ? 100000000 : dense) + " -- " + whole + " -f json");
    CHECK_MESSAGE(ran.exit_code == 0, ran.out, ran.err);
    // Loops that fail nothing would pass too.
    CHECK_MESSAGE(ran.out.find(" x exit 3") != std::string::npos, ran.out);
    MESSAGE(kind, ", ", words, ": ", ran.out);
}

}  // namespace

TEST_CASE("whichever call on a file fails, a scan of the whole repository says what it did not read")
{
    check_loop("io", "git REPO -j 2", 100000);
}

TEST_CASE("whichever call on a file fails, a scan of a range says what it did not read")
{
    check_loop("io", "git REPO --range main~1..main", 100000);
}

TEST_CASE("whichever call on a file fails, a scan of the index says what it did not read")
{
    check_loop("io", "staged", 100000);
}

TEST_CASE("whichever call on a file fails, a scan of a folder says what it did not read")
{
    check_loop("io", "dir FILES", 100000);
}

TEST_CASE("whichever allocation fails, a scan of the whole repository ends with a word about it")
{
    check_loop("memory", "git REPO", 60);
    check_loop("memory-from", "git REPO", 20);
}

TEST_CASE("whichever allocation fails, scans of a range, the index and a folder end with a word about it")
{
    for (const std::string words : {"git REPO --range main~1..main", "staged", "dir FILES"}) {
        check_loop("memory", words, 20);
        check_loop("memory-from", words, 5);
    }
}
