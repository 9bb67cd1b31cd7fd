#include "engine/token_reader.h"

#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;

using namespace r8scan;
using test::RepoBuilder;
using test::TempDir;

namespace {

std::string hash_of(const std::string& token)
{
    return sha256_hex(as_bytes(token));
}

class Collect : public Sink {
public:
    Result<void> finding(const Finding& finding) override
    {
        findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary&) override { return {}; }
    std::vector<Finding> findings;
};

std::vector<Finding> scan(const fs::path& repository)
{
    ScanOptions options;
    options.repository = repository;
    Collect sink;
    Control control;
    const auto summary = scan_repository(options, sink, control);
    REQUIRE_MESSAGE(summary.ok(), summary.error().message());
    return sink.findings;
}

}  // namespace

TEST_CASE("token reader: every token of a scan that stands in an object is read again, however it is wrapped")
{
    const TempDir dir;
    RepoBuilder repo(dir / "r");
    const auto commit = repo.commit_files({{"plain.env", "A=1\nREPLICATE_API_TOKEN=" + test::token(1) + "\n"},
                                           {"encoded.yaml", "token: " + test::base64("key=" + test::token(2)) + "\n"},
                                           {"name-" + test::token(3) + ".txt", "nothing\n"}},
                                          {}, "mail it to " + test::token(4));
    repo.ref("refs/heads/main", commit);
    repo.ref("refs/tags/v1", repo.tag_object(commit, test::Type::commit, "v1", "and " + test::token(5)));

    TokenReader reader({});
    std::size_t read = 0;
    for (const Finding& finding : scan(dir / "r")) {
        const auto place = reader.place_of(finding, dir / "r");
        REQUIRE_MESSAGE(place.has_value(), finding.kind);
        CHECK(fs::path(place->repository).is_absolute());
        TokenReader later({});
        const auto token = later.read(*place, finding.token_sha256);
        REQUIRE_MESSAGE(token.ok(), token.error().message());
        CHECK(*token == *finding.secret);
        ++read;
    }
    CHECK(read == 5);
}

TEST_CASE("token reader: what is gone is told by what is missing")
{
    const TempDir dir;
    RepoBuilder repo(dir / "r");
    const auto blob = repo.blob("key " + test::token(1) + "\n");
    const action::TokenPlace place{dir / "r", blob.hex(), 4, {}};
    {
        TokenReader reader({});
        CHECK(reader.read(place, hash_of(test::token(1))).ok());
        const auto other = reader.read(place, hash_of(test::token(2)));
        REQUIRE_FALSE(other.ok());
        CHECK(other.error().message().find("no token with its hash stands there any more") != std::string::npos);
    }
    repo.remove_object(blob);
    TokenReader reader({});
    CHECK(reader.read(place, hash_of(test::token(1))).error().code() == ErrorCode::not_found);
    fs::remove_all(dir / "r");
    CHECK(TokenReader({}).read(place, hash_of(test::token(1))).error().code() == ErrorCode::not_found);
}

TEST_CASE("token reader: what stands outside of the object database has no place")
{
    const TempDir dir;
    RepoBuilder repo(dir / "r");
    const auto blob = repo.blob("key " + test::token(1) + "\n");
    TokenReader reader({});
    Finding finding;
    finding.kind = "blob";
    finding.object = blob.hex();
    CHECK(reader.place_of(finding, dir / "r").has_value());
    CHECK_FALSE(reader.place_of(finding, dir / "elsewhere").has_value());
    finding.kind = "file";
    CHECK_FALSE(reader.place_of(finding, dir / "r").has_value());
    finding.kind = "blob";
    finding.object = std::string(40, 'a');
    CHECK_FALSE(reader.place_of(finding, dir / "r").has_value());
    finding.object.clear();
    CHECK_FALSE(reader.place_of(finding, dir / "r").has_value());
}
