// The first minute of somebody who commits, and of somebody who was handed a repository, once r8scan is built. Whoever
// keeps a pipeline copies a sample: ci_samples_test.cpp.
#include "tests/support/built_here.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;

using namespace r8scan;
using test::Ran;

namespace {

/// Somebody's home, with r8scan in PATH and a clone of a repository of two commits.
class Newcomer {
public:
    Newcomer()
    {
        fs::create_directories(folder / "bin");
        fs::create_directories(folder / "tmp");
        fs::create_symlink(test::program(), folder / "bin/r8scan");
        test::write_file(folder / "theirs/config/prod.env", "REPLICATE_API_TOKEN=" + test::token(1) + "\n");
        must("cd theirs && git init -q -b main && git add -A && git commit -q -m 'Add settings'");
        must("cd theirs && git rm -q config/prod.env && git commit -q --allow-empty -m 'Remove settings'");
        must("git clone -q theirs mine");
    }

    [[nodiscard]] Ran run(const std::string& line) const
    {
        Ran ran =
            test::run_shell(folder.path(),
                            "export HOME=\"$PWD\" TMPDIR=\"$PWD/tmp\" PATH=\"$PWD/bin:$PATH\" GIT_CONFIG_NOSYSTEM=1 "
                            "GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada "
                            "GIT_COMMITTER_EMAIL=ada@example.org; " +
                                line);
        CHECK((ran.out + ran.err).find(test::token(1)) == std::string::npos);
        CHECK((ran.out + ran.err).find(test::token(2)) == std::string::npos);
        return ran;
    }

    test::TempDir folder;

private:
    void must(const std::string& line) const
    {
        const Ran ran = run(line);
        REQUIRE_MESSAGE(ran.exit_code == 0, line, ran.err);
    }
};

}  // namespace

TEST_CASE("first minute: one command after the clone, the next commit with a token is stopped and says what to do")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Newcomer newcomer;
    CHECK(newcomer.run("cd mine && r8scan hook install").exit_code == 0);
    test::write_file(newcomer.folder / "mine/app.py", "auth = \"" + test::token(2) + "\"\n");
    const Ran stopped = newcomer.run("cd mine && git add app.py && git commit -q -m 'Add the app'");
    CHECK(stopped.exit_code != 0);
    const std::string said = stopped.out + stopped.err;
    CHECK_MESSAGE(said.find("app.py:1:9") != std::string::npos, said);
    CHECK(said.find("1. Take it out") != std::string::npos);
    CHECK(said.find("2. If it is no secret, write r8scan:allow") != std::string::npos);
    CHECK(newcomer.run("cd mine && git log --oneline").out.find("Add the app") == std::string::npos);

    // The first way on.
    test::write_file(newcomer.folder / "mine/app.py", "auth = os.environ[\"REPLICATE_API_TOKEN\"]\n");
    const Ran done = newcomer.run("cd mine && git add app.py && git commit -q -m 'Add the app'");
    CHECK_MESSAGE(done.exit_code == 0, done.out, done.err);
}

TEST_CASE("first minute: one command makes a page of a repository that is elsewhere, and leaves nothing else behind")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Newcomer newcomer;
    const Ran ran = newcomer.run("r8scan git \"file://$PWD/theirs\" -f html -o report.html");
    CHECK_MESSAGE(ran.exit_code == 1, ran.err);
    const std::string page = test::read_file(newcomer.folder / "report.html");
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.find("config/prod.env") != std::string::npos);
    CHECK(page.find(", removed ") != std::string::npos);
    CHECK(page.find("exposed for 0 days so far") != std::string::npos);
    CHECK(page.find(test::token(1)) == std::string::npos);
    CHECK(fs::is_empty(newcomer.folder / "tmp"));
}
