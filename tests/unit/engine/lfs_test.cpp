// Objects of LFS stand where their pointers stand: in the whole history, in a range, in the index.
#include "source/lfs.h"
#include "tests/support/object_ids.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using test::Hash;

namespace {

std::string pointer_of(const std::string& content)
{
    return "version https://git-lfs.github.com/spec/v1\noid sha256:" +
           test::to_hex(test::digest(Hash::sha256, content)) + "\nsize " + std::to_string(content.size()) + "\n";
}

void store(const test::RepoBuilder& repo, const std::string& content)
{
    test::write_file(source::lfs_path(repo.git_dir(), test::to_hex(test::digest(Hash::sha256, content))), content);
}

}  // namespace

TEST_CASE("only a small blob that begins as a pointer does is one")
{
    const std::string oid(64, 'a');
    const std::string begin = "version https://git-lfs.github.com/spec/v1\n";
    CHECK(source::lfs_oid(as_bytes(begin + "oid sha256:" + oid + "\nsize 1\n")) == oid);
    CHECK(source::lfs_oid(as_bytes(begin + "ext-0-x sha256:" + oid + "\noid sha256:" + std::string(64, 'b') +
                                   "\nsize 1\n")) == std::string(64, 'b'));
    CHECK(!source::lfs_oid(as_bytes("x" + begin + "oid sha256:" + oid + "\n")));
    CHECK(!source::lfs_oid(as_bytes(begin + "oid sha256:" + std::string(63, 'a') + "\n")));
    CHECK(!source::lfs_oid(as_bytes(begin + "oid sha256:../../../../" + std::string(52, 'a') + "\n")));
    CHECK(!source::lfs_oid(as_bytes(begin + "oid sha256:" + oid + "\n" + std::string(1024, ' '))));
}

TEST_CASE("a token in an LFS object is told by the pointer's path and commit, at its line in the object")
{
    for (const auto storage : {test::Storage::loose, test::Storage::pack}) {
        const test::TempDir temp;
        test::RepoBuilder repo(temp / "repo", {.storage = storage});
        const std::string content = "large\nfile\nk " + test::token(1) + "\n";
        store(repo, content);
        const auto base = repo.commit_files({{"x", "1\n"}}, {}, "start");
        const auto brought =
            repo.commit_files({{"assets/model.bin", pointer_of(content)}, {"x", "1\n"}}, {base}, "bring");
        const auto taken = repo.commit_files({{"x", "1\n"}}, {brought}, "take");
        repo.ref("refs/heads/main", taken);
        repo.flush();

        const auto all = test::collect(repo.dir());
        CHECK(all.summary.exit_code == 1);
        RangeScanOptions options;
        options.repository = repo.dir();
        options.ranges = {base.hex() + "..main"};
        for (const auto& result : {all, test::collect(options)}) {
            REQUIRE(result.findings.size() == 1);
            const auto& finding = result.findings[0];
            CHECK(finding.kind == "blob");
            CHECK(finding.path == "assets/model.bin");
            CHECK(finding.position.line == 3);
            CHECK(finding.commit == brought.hex());
            CHECK(finding.removed_in == taken.hex());
        }
        options.ranges = {brought.hex() + "..main"};
        CHECK(test::collect(options).summary.exit_code == 0);
    }
}

TEST_CASE("a staged pointer to an LFS object with a token is found, one whose object is not here is not asked for")
{
    const test::TempDir temp;
    test::RepoBuilder repo(temp / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"x", "1\n"}}, {}, "start"));
    const std::string content = "k " + test::token(2) + "\n";
    store(repo, content);
    repo.index({{"model.bin", repo.blob(pointer_of(content))}, {"other.bin", repo.blob(pointer_of("never fetched"))}});
    StagedScanOptions options;
    options.repository = repo.dir();
    const auto result = test::collect(options);
    CHECK(result.summary.exit_code == 1);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].path == "model.bin");
}
