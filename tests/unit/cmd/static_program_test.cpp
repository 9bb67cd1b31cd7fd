// The static program: it says the same as the usual one where there is nothing but itself and a repository, and refuses
// what it cannot do before anything is read.
#include "tests/support/linked.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <string>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

bool have_static_program()
{
    if (test::static_program().empty()) {
        MESSAGE("skipped: the static libraries are not here (sh examples/build-static.sh)");
        return false;
    }
    return true;
}

std::string in_quotes(const std::string& path)
{
    return '\'' + path + '\'';
}

/// Times differ from run to run.
std::string without_times(const std::string& report)
{
    return std::regex_replace(report, std::regex("\"elapsed_ms\": ?[0-9]+"), "\"elapsed_ms\":0");
}

}  // namespace

TEST_CASE("static program: in a folder that holds nothing else it reports what the usual one does")
{
    if (!have_static_program()) {
        return;
    }
    const test::TempDir folder;
    const auto root = folder / "root";
    fs::create_directories(root);
    {
        test::RepoBuilder repo(root / "repo", {});
        const auto first = repo.commit_files({{"a.py", "key = \"" + test::token(1) + "\"\n"}}, {}, "Add a");
        repo.ref("refs/heads/main", repo.commit_files({{"b.py", "key = None\n"}}, {first}, "Tried " + test::token(2)));
    }
    fs::copy_file(test::static_program(), root / "r8scan");
    // A user namespace lets everybody change the root; where it is not allowed, root can.
    std::string enter;
    for (const char* const way : {"chroot root", "unshare --user --map-root-user chroot root"}) {
        if (enter.empty() && test::run_shell(folder.path(), std::string(way) + " /r8scan --version").exit_code == 0) {
            enter = way;
        }
    }
    if (enter.empty()) {
        MESSAGE("skipped: nobody may change the root folder here");
        return;
    }
    for (const char* const arguments : {"git repo -f jsonl", "git repo -f sarif", "git repo -f html --min-confidence low"}) {
        INFO(arguments);
        const auto usual = test::run_shell(root, "\"$R8SCAN\" " + std::string(arguments));
        const auto alone = test::run_shell(folder.path(), enter + " /r8scan " + arguments);
        CHECK(usual.exit_code == 1);
        CHECK_MESSAGE(alone.exit_code == 1, alone.err);
        if (std::string_view(arguments).find("html") == std::string_view::npos) {
            CHECK(without_times(alone.out) == without_times(usual.out));
        } else {
            CHECK(alone.out.size() > 1000);  // it names the minute in which it was made
        }
    }
    const auto hook = test::run_shell(folder.path(), enter + " /r8scan hook status repo");
    CHECK(hook.exit_code == 1);
    CHECK(hook.out.find("pre-commit") != std::string::npos);
}

TEST_CASE("static program: what it cannot do it refuses with exit code 2 before anything is read")
{
    if (!have_static_program()) {
        return;
    }
    const test::TempDir folder;
    test::write_file(folder / "tokens", test::token(1) + "\n");
    const auto run = [&](const std::string& line) {
        return test::run_shell(folder.path(), in_quotes(test::static_program()) + " " + line);
    };
    CHECK(run("stdin <tokens").exit_code == 1);
    for (const char* const line :
         {"stdin --verify <tokens", "stdin --on-finding https://hooks.example.com <tokens", "verify <tokens",
          "stdin --on-finding plugin:./some.so <tokens", "git https://example.org/app.git",
          "callback test https://hooks.example.com"}) {
        INFO(line);
        const auto ran = run(line);
        CHECK(ran.exit_code == 2);
        CHECK(ran.out.empty());
        CHECK_MESSAGE(ran.err.find("this is the static build: it cannot") != std::string::npos, ran.err);
    }
    // A program on this machine is called as ever.
    const auto told = run("stdin --outbox outbox.db --on-finding exec:/bin/cat <tokens");
    CHECK(told.err.find("static build") == std::string::npos);
    test::write_file(folder / "config", "[include]\n\tpath = other\n");
    test::RepoBuilder repo(folder / "repo", {});
    const auto hook = test::run_shell(folder.path(), "GIT_CONFIG_GLOBAL=\"$PWD/config\" " +
                                                         in_quotes(test::static_program()) + " hook status repo");
    CHECK(hook.exit_code == 2);
    CHECK_MESSAGE(hook.err.find("includes other files") != std::string::npos, hook.err);
}

TEST_CASE("static program: a token that it sealed for a later delivery is opened by the usual one, and the other way")
{
    if (!have_static_program()) {
        return;
    }
    for (const bool static_seals : {true, false}) {
        INFO("sealed by the static program: " << static_seals);
        const test::TempDir folder;
        test::write_file(folder / "tokens", test::token(3) + "\n");
        test::write_file(folder / "handle",
                         "#!/bin/sh\n[ -f ready ] || exit 1\nwhile read -r line; do\n"
                         "    echo \"$line\" >>got\n    echo '{\"status\":\"revoked\"}'\ndone\n");
        fs::permissions(folder / "handle", fs::perms::owner_all);
        const std::string first = static_seals ? in_quotes(test::static_program()) : "\"$R8SCAN\"";
        const std::string second = static_seals ? "\"$R8SCAN\"" : in_quotes(test::static_program());
        const std::string more = " --outbox box/outbox.db --on-finding revoke=exec:./handle";
        const auto found = test::run_shell(folder.path(), "export HOME=\"$PWD\"; " + first +
                                                              " stdin --revoke --yes --deliver-timeout 0" + more + " <tokens");
        CHECK_MESSAGE(found.exit_code == 4, found.err);
        CHECK(!fs::exists(folder / "got"));
        test::write_file(folder / "ready", "");
        const auto later = test::run_shell(folder.path(), "export HOME=\"$PWD\"; " + second + " outbox deliver" + more);
        CHECK_MESSAGE(later.exit_code == 0, later.err);
        REQUIRE(fs::exists(folder / "got"));
        CHECK(test::read_file(folder / "got").find(test::token(3)) != std::string::npos);
    }
}
