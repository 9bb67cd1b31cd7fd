// Made-up tokens of documentation: counted, listed on request, and no findings.
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::test;

TEST_CASE("placeholders are counted and no findings, whether they are listed or not")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    const auto made_up = "key = r8_" + std::string(37, 'x') + "\n";
    repo.ref("refs/heads/main", repo.commit_files({{"README", made_up}}, {}, "first"));
    ScanOptions options;
    options.repository = repo.dir();
    const auto quiet = collect(options);
    CHECK(quiet.findings.empty());
    CHECK(quiet.summary.placeholders == 1);
    CHECK(quiet.summary.exit_code == 0);

    options.show_placeholders = true;
    const auto shown = collect(options);
    REQUIRE(shown.findings.size() == 1);
    CHECK(shown.findings[0].placeholder);
    CHECK(shown.findings[0].path == "README");
    CHECK(shown.summary.findings == 0);
    CHECK(shown.summary.tokens == 0);
    CHECK(shown.summary.exit_code == 0);
}
