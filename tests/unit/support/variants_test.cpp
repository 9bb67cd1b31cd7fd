// The helpers of the differential and fault tests: eight stores that git calls equal, damage that is undone.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/flip.h"
#include "tests/support/git_command.h"
#include "tests/support/history_variants.h"
#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

void build_small_history(RepoBuilder& repo)
{
    Rng rng(3);
    const std::string text = random_text(rng, 4000);
    const Id first = repo.commit_files({{"a", text}}, {}, "First");
    const Id second = repo.commit_files({{"a", text + "more\n"}}, {first}, "Second");
    repo.commit_files({{"a", "gone\n" + text}}, {first}, "Dangling");
    repo.ref("refs/heads/main", second);
}

std::string sorted_objects(const HistoryVariant& variant)
{
    return git_ok(variant.dir, {"cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectsize)"});
}

}  // namespace

TEST_CASE("the eight stores of a history hold the same objects")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to repack with");
        return;
    }
    const TempDir temp;
    const std::vector<HistoryVariant> variants = store_eight_ways(temp.path(), build_small_history);
    REQUIRE(variants.size() == 8);
    for (const HistoryVariant& variant : variants) {
        INFO(variant.name);
        const std::string objects = sorted_objects(variant);
        CHECK(std::count(objects.begin(), objects.end(), '\n') == 9);  // three commits, trees and blobs
        if (variant.hash == Hash::sha1) {
            CHECK(objects == sorted_objects(variants.front()));
        }
        CHECK(git(variant.dir, {"fsck", "--full"}).exit_code == 0);
    }
}

TEST_CASE("damage to a file is one bit at a time and leaves no trace")
{
    const TempDir temp;
    const std::string sound = "some bytes of a file";
    write_file(temp / "file", sound);
    Rng rng(1);
    std::set<std::size_t> bits;
    for_random_flips(temp / "file", rng, 50, [&](std::size_t bit) {
        bits.insert(bit);
        std::string expected = sound;
        expected[bit / 8] = static_cast<char>(static_cast<unsigned char>(expected[bit / 8]) ^ (1U << (bit % 8)));
        CHECK(read_file(temp / "file") == expected);
    });
    CHECK(bits.size() > 20);
    CHECK(read_file(temp / "file") == sound);
    {
        FileDamage damage(temp / "file");
        damage.truncate(4);
        CHECK(read_file(temp / "file") == "some");
        damage.flip_bit(0);
        CHECK(read_file(temp / "file") == "r" + sound.substr(1));
    }
    CHECK(read_file(temp / "file") == sound);
}

}  // namespace r8scan::test
