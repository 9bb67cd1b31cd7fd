// Databases kept in a folder: whole and trusted, or not at all.
#include "match/database_cache.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::test;

namespace {

const std::string key(64, 'a');

fs::path only_file(const fs::path& folder)
{
    REQUIRE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
    return fs::directory_iterator(folder)->path();
}

}  // namespace

TEST_CASE("what was kept comes back under its key alone, and the folder is made when it is needed")
{
    const TempDir dir;
    const DatabaseCache cache(dir / "deep/cache");
    CHECK(cache.read(key).empty());
    CHECK(!fs::exists(dir / "deep"));
    cache.write(key, "bytes");
    CHECK(cache.read(key) == "bytes");
    CHECK(cache.read(std::string(64, 'b')).empty());
    CHECK((fs::status(dir / "deep/cache").permissions() & fs::perms(0077)) == fs::perms::none);
}

TEST_CASE("a folder that is named with a slash behind is made for its user alone too")
{
    const TempDir dir;
    const DatabaseCache cache(dir / "deep/cache/");
    cache.write(key, "bytes");
    CHECK(cache.read(key) == "bytes");
    CHECK((fs::status(dir / "deep/cache").permissions() & fs::perms(0077)) == fs::perms::none);
}

TEST_CASE("a file that was changed, cut or moved to another key is not used")
{
    const TempDir dir;
    const DatabaseCache cache(dir / "cache");
    cache.write(key, "some bytes");
    const auto file = only_file(dir / "cache");
    const auto whole = read_file(file);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        write_file(file, changed);
        CHECK_MESSAGE(cache.read(key).empty(), "byte " << at);
        write_file(file, whole.substr(0, at));
        CHECK_MESSAGE(cache.read(key).empty(), "cut at " << at);
    }
    write_file(file, whole);
    CHECK(cache.read(key) == "some bytes");
    const std::string other(64, 'c');
    fs::rename(file, dir / "cache" / (other + file.extension().string()));
    CHECK(cache.read(other).empty());
}

TEST_CASE("what somebody else could have written is not used")
{
    const TempDir dir;
    const DatabaseCache cache(dir / "cache");
    cache.write(key, "bytes");
    const auto file = only_file(dir / "cache");
    fs::permissions(file, fs::perms(0666));
    CHECK(cache.read(key).empty());
    fs::permissions(file, fs::perms(0600));
    fs::permissions(dir / "cache", fs::perms(0777));
    CHECK(cache.read(key).empty());
    fs::permissions(dir / "cache", fs::perms(0700));
    CHECK(cache.read(key) == "bytes");
    fs::rename(file, dir / "elsewhere");
    fs::create_symlink(dir / "elsewhere", file);
    CHECK(cache.read(key).empty());
}

TEST_CASE("no folder, or one that cannot be made, keeps nothing and is no error")
{
    const TempDir dir;
    const DatabaseCache nowhere({});
    nowhere.write(key, "bytes");
    CHECK(nowhere.read(key).empty());
    write_file(dir / "file", "in the way");
    const DatabaseCache blocked(dir / "file/cache");
    blocked.write(key, "bytes");
    CHECK(blocked.read(key).empty());
    CHECK(read_file(dir / "file") == "in the way");
}

TEST_CASE("a file of somebody else is not used")
{
    if (geteuid() != 0) {
        MESSAGE("only the superuser can give files away");
        return;
    }
    const TempDir dir;
    const DatabaseCache cache(dir / "cache");
    cache.write(key, "bytes");
    const auto file = only_file(dir / "cache");
    REQUIRE(chown(file.c_str(), 1, 1) == 0);
    CHECK(cache.read(key).empty());
    REQUIRE(chown(file.c_str(), 0, 0) == 0);
    CHECK(cache.read(key) == "bytes");
    REQUIRE(chown((dir / "cache").c_str(), 1, 1) == 0);
    CHECK(cache.read(key).empty());
}
