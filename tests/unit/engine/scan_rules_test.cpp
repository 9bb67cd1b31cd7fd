// What a scan says of the rules it was given: those that it cannot use, what they do not want, where they stay compiled.
#include "tests/recall/encoders.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <r8scan/scan.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <fstream>

using namespace r8scan;
using namespace r8scan::test;

namespace {

class Collector : public Sink {
public:
    Result<void> finding(const Finding& finding) override
    {
        findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary&) override { return {}; }

    std::vector<Finding> findings;
};

struct Scanned {
    std::vector<Finding> findings;
    Summary summary;
};

void write(const std::filesystem::path& path, const std::string& text)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// A folder with a token in each of two files, and a pattern file beside it.
struct Fixture {
    explicit Fixture(const std::string& rules)
    {
        write(dir.path() / "in/src/a.txt", "key = " + token(1) + "\n");
        write(dir.path() / "in/vendor/b.txt", "key = " + token(2) + "\n");
        write(dir.path() / "rules.toml", rules);
        options.paths = {dir.path() / "in"};
        options.patterns = {dir.path() / "rules.toml"};
        options.cache_dir = dir.path() / "cache";
    }
    [[nodiscard]] Scanned scan() const
    {
        Collector sink;
        Control control;
        const auto summary = scan_files(options, sink, control);
        REQUIRE_MESSAGE(summary.ok(), (summary ? "" : summary.error().message()));
        return {sink.findings, *summary};
    }

    TempDir dir;
    FileScanOptions options;
};

}  // namespace

TEST_CASE("a scan names the rule that it cannot use, and uses the others")
{
    const auto scanned = Fixture("[[rules]]\nid = \"names-only\"\npath = '''\\.p12$'''\n").scan();
    CHECK(scanned.findings.size() == 2);
    REQUIRE(scanned.summary.notes.size() == 1);
    CHECK(scanned.summary.notes.front().find("names-only") != std::string::npos);
    CHECK(scanned.summary.notes.front().find("rules.toml:1") != std::string::npos);
}

TEST_CASE("findings that an allowlist does not want are counted as suppressed")
{
    const Fixture fixture("[extend]\nuseDefault = true\n[allowlist]\npaths = ['''vendor/''']\n");
    const auto encoded = base64_of(bare(token(3))).bytes;
    write(fixture.dir.path() / "in/src/encoded.txt", encoded);
    write(fixture.dir.path() / "in/vendor/encoded.txt", encoded);
    const auto scanned = fixture.scan();
    REQUIRE(scanned.findings.size() == 2);
    CHECK(scanned.findings.front().path->ends_with("src/a.txt"));
    CHECK(scanned.findings.back().path->ends_with("src/encoded.txt"));
    CHECK(scanned.summary.findings == 2);
    CHECK(scanned.summary.suppressed == 2);
}

TEST_CASE("rules of a pattern file stay compiled, and those built in need no cache")
{
    Fixture fixture("[[rules]]\nid = \"mine\"\nregex = 'mine_[a-z]{8}'\n");
    CHECK(fixture.scan().findings.size() == 2);
    REQUIRE(std::filesystem::exists(fixture.options.cache_dir));
    CHECK(!std::filesystem::is_empty(fixture.options.cache_dir));
    CHECK(fixture.scan().findings.size() == 2);

    std::filesystem::remove_all(fixture.options.cache_dir);
    fixture.options.patterns.clear();
    CHECK(fixture.scan().findings.size() == 2);
    CHECK(!std::filesystem::exists(fixture.options.cache_dir));
}
