// A tag may name a tree, as one of the Linux kernel's does: what stands there has a path, a ref, and no commit.
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::test;

TEST_CASE("a token in a tree that only a tag names has the path and the tag, and is reachable")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"README", "hello"}}, {}, "first"));
    const auto tree = repo.tree_from_paths({{"old/settings.py", "key = \"" + token(1) + "\"\n"}});
    repo.ref("refs/tags/old-tree", repo.tag_object(tree, Type::tree, "old-tree", "how it began"));
    const auto result = collect(repo.dir());
    REQUIRE(result.findings.size() == 1);
    const auto& finding = result.findings[0];
    CHECK(finding.kind == "blob");
    CHECK(finding.path == "old/settings.py");
    CHECK(!finding.commit);
    CHECK(finding.reachable);
    CHECK(refs_of(finding) == std::vector<std::string>{"refs/tags/old-tree"});
    CHECK(!finding.at_head);
    CHECK(result.summary.exit_code == 1);
}
