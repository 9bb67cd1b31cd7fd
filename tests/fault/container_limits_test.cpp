// Containers made to hurt, in a history: what they cost is bounded, what was cut is named, and what could be read is
// found.
#include "tests/support/archives.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace r8scan;
using namespace r8scan::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds patience{120};
#else
constexpr std::chrono::seconds patience{20};
#endif

std::string line_with(std::uint64_t seed)
{
    return "key = \"" + token(seed) + "\"\n";
}

ScanResult scan_file(const std::string& name, const std::string& content)
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    repo.ref("refs/heads/main", repo.commit_files({{name, content}}, {}, "add it"));
    repo.flush();
    ScanOptions options;
    options.repository = repo.dir();
    return collect_within(patience, options);
}

std::string zip_in_zip(std::string content, int times)
{
    for (int i = 0; i < times; ++i) {
        content = archive_of({{i == 0 ? "secret.txt" : "inner.zip", content}}, "zip");
    }
    return content;
}

bool is_cut(const ScanResult& result, std::string_view what)
{
    const auto* skip = skip_of(result, "content over a limit");
    return skip != nullptr && skip->examples.front().find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("containers: eight layers are opened, and more are a named limit")
{
    const auto eight = scan_file("a.zip", zip_in_zip(line_with(1), 8));
    CHECK(found(eight, token(1)));
    CHECK(eight.summary.exit_code == 1);
    REQUIRE(eight.findings.size() == 1);
    CHECK(eight.findings[0].encoding.size() == 8);
    CHECK(eight.findings[0].path ==
          "a.zip!inner.zip!inner.zip!inner.zip!inner.zip!inner.zip!inner.zip!inner.zip!secret.txt");

    const auto many = scan_file("a.zip", zip_in_zip(line_with(1), 42));
    CHECK(many.findings.empty());
    CHECK(many.summary.exit_code == 3);
    CHECK_MESSAGE(is_cut(many, "nested more than 8 deep"), skips(many.summary));
}

TEST_CASE("containers: a gzip that expands a thousandfold is cut, and what stands before the cut is found")
{
    const auto result = scan_file("bomb.gz", gzipped(line_with(2) + std::string(128U << 20U, '\0') + line_with(3)));
    CHECK(found(result, token(2)));
    CHECK(!found(result, token(3)));
    CHECK(result.summary.exit_code == 3);
    CHECK_MESSAGE(is_cut(result, "gzip"), skips(result.summary));
}

TEST_CASE("containers: an archive that holds more than a gibibyte in all is cut")
{
    // Fifteen mebibytes each: below the size from which the ratio counts.
    std::vector<ArchiveMember> members = {{"first.txt", line_with(4)}};
    for (int i = 0; i < 75; ++i) {
        members.push_back({"zeros" + std::to_string(i), std::string(15U << 20U, '\0')});
    }
    members.push_back({"last.txt", line_with(5)});
    const auto result = scan_file("wide.zip", archive_of(members, "zip"));
    CHECK(found(result, token(4)));
    CHECK(!found(result, token(5)));
    CHECK(result.summary.exit_code == 3);
    CHECK_MESSAGE(is_cut(result, "zip"), skips(result.summary));
}

TEST_CASE("containers: an archive of very many empty files is cut at a hundred thousand members")
{
    std::vector<ArchiveMember> members = {{"first.txt", line_with(6)}};
    for (int i = 0; i < 110000; ++i) {
        members.push_back({"e" + std::to_string(i), ""});
    }
    const auto result = scan_file("many.tar.gz", gzipped(archive_of(members, "gnutar")));
    CHECK(found(result, token(6)));
    CHECK(result.summary.exit_code == 3);
    CHECK_MESSAGE(is_cut(result, "tar"), skips(result.summary));
}

TEST_CASE("containers: an encrypted archive is named, and the scan is complete all the same")
{
    const auto result = scan_file(
        "locked.zip", archive_of({{"secret.txt", line_with(7)}}, "zip", "zip:encryption=zipcrypt", "password"));
    CHECK(result.findings.empty());
    CHECK(result.summary.exit_code == 0);
    CHECK(result.summary.complete);
    REQUIRE(result.summary.unopened.size() == 1);
    CHECK(result.summary.unopened[0].reason == "encrypted content");
    CHECK(result.summary.unopened[0].examples[0].find("!secret.txt") != std::string::npos);
}

TEST_CASE("containers: a token in the name of a member is redacted wherever the name is shown")
{
    const auto result = scan_file("named.zip", archive_of({{token(8) + "/secret.txt", line_with(9)}}, "zip"));
    REQUIRE(found(result, token(9)));
    CHECK(describe(result).find(token(8)) == std::string::npos);
    const auto locked =
        scan_file("locked.zip", archive_of({{token(8) + "/a", "text"}}, "zip", "zip:encryption=zipcrypt", "p"));
    REQUIRE(locked.summary.unopened.size() == 1);
    CHECK(locked.summary.unopened[0].examples[0].find(token(8)) == std::string::npos);
}

TEST_CASE("containers: the same token in two members is two findings, in outer and member once")
{
    const auto line = line_with(10);
    const auto result = scan_file("two.tar", archive_of({{"a.txt", line}, {"b.txt", line}}, "gnutar"));
    REQUIRE(result.findings.size() == 2);
    CHECK(result.findings[0].path == "two.tar!a.txt");
    CHECK(result.findings[1].path == "two.tar!b.txt");
    CHECK(result.findings[0].fingerprint != result.findings[1].fingerprint);
    CHECK(result.findings[0].position.line == 1);
    CHECK(result.findings[1].outer_offset.value() > result.findings[0].outer_offset.value());
    CHECK(result.summary.tokens == 1);
}

TEST_CASE("hostile text: leads of all kinds after each other cost a bounded time and lose no token")
{
    std::string all;
    for (const char* piece : {"cjhf", "r8%5f", "r8\\x5f", "r8&#95;", "r8=5F", "72385f", "r8_\"+\"", "%2572%2538",
                              "#114;8", "I4X0", "yOF8"}) {
        all += piece;
    }
    std::string text;
    while (text.size() < (4U << 20U)) {
        text += all;
    }
    const auto result = scan_file("leads.txt", line_with(11) + text + line_with(12));
    CHECK(found(result, token(11)));
    CHECK(found(result, token(12)));
}
