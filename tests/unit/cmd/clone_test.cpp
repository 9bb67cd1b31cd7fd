// `r8scan git URL`: what is fetched, what is said, and what stays behind. The server is a folder on this machine.
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace r8scan;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// A folder that temporary files go to, and the program run there.
class Bench {
public:
    Bench() { std::filesystem::create_directories(m_folder / "tmp"); }

    [[nodiscard]] test::Ran run(const std::string& arguments) const
    {
        return test::run_shell(m_folder.path(), "TMPDIR=\"$PWD/tmp\" \"$R8SCAN\" " + arguments);
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return m_folder / name; }
    [[nodiscard]] bool left_nothing() const { return std::filesystem::is_empty(m_folder / "tmp"); }

private:
    test::TempDir m_folder;
};

}  // namespace

TEST_CASE("a repository is scanned by its address, with the refs that a usual clone leaves out")
{
    const Bench bench;
    test::RepoBuilder repo(bench.file("served.git"), {.bare = true});
    repo.ref("refs/heads/main", repo.commit_files({{"a.py", "key = \"" + test::token(1) + "\"\n"}}, {}, "Add a"));
    repo.ref("refs/pull/7/head", repo.commit_files({{"b.py", "key = \"" + test::token(2) + "\"\n"}}, {}, "Add b"));

    const auto address = "file://" + bench.file("served.git").string();
    const auto ran = bench.run("git '" + address + "' -f jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "\"findings\":2"));
    CHECK(contains(ran.out, "\"complete\":true"));
    CHECK(contains(ran.out, "refs/pull/7/head"));
    CHECK(contains(ran.out, "\"path\":\"a.py\""));
    CHECK(bench.left_nothing());
}

TEST_CASE("a range of a repository is scanned by its address")
{
    const Bench bench;
    test::RepoBuilder repo(bench.file("served.git"), {.bare = true});
    const auto first = repo.commit_files({{"a.py", "key = \"" + test::token(1) + "\"\n"}}, {}, "Add a");
    repo.ref("refs/heads/old", first);
    repo.ref("refs/heads/main", repo.commit_files({{"b.py", "key = \"" + test::token(2) + "\"\n"}}, {first}, "Add b"));

    const auto ran = bench.run("git 'file://" + bench.file("served.git").string() + "' --range old..main -f jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "\"findings\":1"));
    CHECK(contains(ran.out, "\"path\":\"b.py\""));
    CHECK(bench.left_nothing());
}

TEST_CASE("an address that cannot be fetched is an error without its password, and leaves nothing behind")
{
    const Bench bench;
    const auto missing = bench.run("git 'file://" + bench.file("nothing.git").string() + "'");
    CHECK(missing.exit_code >= 2);
    CHECK(contains(missing.err, "fetch \"file://"));

    const auto refused = bench.run("git https://me:pass-word@127.0.0.1:1/x.git");
    CHECK(refused.exit_code >= 2);
    CHECK(contains(refused.err, "fetch \"https://127.0.0.1:1/x.git\""));
    CHECK_FALSE(contains(refused.err + refused.out, "pass-word"));
    CHECK(bench.left_nothing());
}
