// The reader of git's index, against what git itself lists.
#include "git/index_file.h"
#include "tests/support/flip.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

std::string listed(const fs::path& repository, HashAlgorithm hash)
{
    const auto index = git::IndexFile::open(repository / ".git/index", repository / ".git", hash);
    REQUIRE_MESSAGE(index.ok(), (index ? "" : index.error().message()));
    std::string text;
    for (const auto& entry : index->entries()) {
        text += fmt::format("{:06o} {} {}\t{}", entry.mode, entry.id.hex(), entry.stage, entry.path) + '\0';
    }
    return text;
}

void write(const fs::path& path, const std::string& text)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

void fill(const fs::path& repository)
{
    for (int i = 0; i < 200; ++i) {
        write(repository / fmt::format("dir{}/sub{}/file{}", i % 7, i % 3, i), std::to_string(i));
    }
    write(repository / std::string(200, 'n'), "long");
    fs::create_symlink("nowhere", repository / "link");
    test::git_ok(repository, {"add", "."});
}

std::string bytes_of(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("index entries are those that git lists, in versions 2 to 4 and with ids of both sizes")
{
    if (!test::have_git()) {
        return;
    }
    for (const auto* const format : {"sha1", "sha256"}) {
        const auto hash = format == std::string("sha1") ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
        for (const auto* const version : {"2", "3", "4"}) {
            test::TempDir folder;
            test::git_ok(folder.path(), {"init", "-q", std::string("--object-format=") + format});
            fill(folder.path());
            test::git_ok(folder.path(), {"update-index", "--index-version", version});
            CHECK(listed(folder.path(), hash) == test::git_ok(folder.path(), {"ls-files", "-s", "-z"}));
        }
    }
}

TEST_CASE("a split index is joined with its shared part")
{
    if (!test::have_git()) {
        return;
    }
    test::TempDir folder;
    test::git_ok(folder.path(), {"init", "-q"});
    fill(folder.path());
    test::git_ok(folder.path(), {"-c", "splitIndex.maxPercentChange=100", "update-index", "--split-index"});
    const auto check = [&] { CHECK(listed(folder.path(), HashAlgorithm::sha1) == test::git_ok(folder.path(), {"ls-files", "-s", "-z"})); };
    check();
    const auto git = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"-c", "splitIndex.maxPercentChange=100"});
        test::git_ok(folder.path(), words);
    };
    write(folder / "dir1/sub1/file1", "changed");
    write(folder / "new", "new");
    git({"add", "dir1/sub1/file1", "new"});
    check();
    git({"rm", "-q", "--cached", "dir3/sub0/file3", "dir5/sub0/file12"});
    check();
    std::size_t shared = 0;
    for (const auto& entry : fs::directory_iterator(folder / ".git")) {
        if (entry.path().filename().native().starts_with("sharedindex.")) {
            ++shared;
            fs::remove(entry.path());
        }
    }
    REQUIRE(shared > 0);
    CHECK(!git::IndexFile::open(folder / ".git/index", folder / ".git", HashAlgorithm::sha1).ok());
}

TEST_CASE("cached trees are those that git would write")
{
    if (!test::have_git()) {
        return;
    }
    test::TempDir folder;
    test::git_ok(folder.path(), {"init", "-q"});
    fill(folder.path());
    test::git_ok(folder.path(), {"commit", "-q", "-m", "x"});
    const auto index = git::IndexFile::open(folder / ".git/index", folder / ".git", HashAlgorithm::sha1);
    REQUIRE(index.ok());
    REQUIRE(index->cached_trees().size() > 10);
    for (const auto& tree : index->cached_trees()) {
        auto id = test::git_ok(folder.path(), {"rev-parse", "HEAD:" + tree.path});
        id.pop_back();
        CHECK(tree.id.hex() == id);
    }
}

TEST_CASE("an index that is cut or damaged is an error or entries, never a crash")
{
    if (!test::have_git()) {
        return;
    }
    test::TempDir folder;
    test::git_ok(folder.path(), {"init", "-q"});
    for (int i = 0; i < 6; ++i) {
        write(folder / fmt::format("d{}/f{}", i % 2, i), std::to_string(i));
    }
    test::git_ok(folder.path(), {"add", "."});
    test::git_ok(folder.path(), {"commit", "-q", "-m", "x"});
    for (const auto* const version : {"2", "4"}) {
        test::git_ok(folder.path(), {"update-index", "--index-version", version});
        const auto whole = bytes_of(folder / ".git/index");
        REQUIRE(git::IndexFile::from_memory(as_bytes(whole), HashAlgorithm::sha1).ok());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CHECK(!git::IndexFile::from_memory(as_bytes(std::string_view(whole).substr(0, size)), HashAlgorithm::sha1).ok());
        }
        // A checksum of zeros is not checked, so that each flipped bit reaches the parser.
        auto open = whole;
        std::fill(open.end() - 20, open.end(), '\0');
        std::size_t accepted = 0;
        for (std::size_t bit = 0; bit < 8 * (open.size() - 20); ++bit) {
            auto flipped = open;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            const auto index = git::IndexFile::from_memory(as_bytes(flipped), HashAlgorithm::sha1);
            accepted += index.ok() ? 1U : 0U;
        }
        CHECK(accepted > 0);
        auto wrong = whole;
        wrong[20] ^= 1;
        CHECK(!git::IndexFile::from_memory(as_bytes(wrong), HashAlgorithm::sha1).ok());
    }
}
