// What a command loads when it starts: the libraries that it uses, and no other. Said by the loader itself.
#include "tests/support/git_command.h"
#include "tests/support/linked.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

/// Names of the shared libraries that are loaded by a line of the shell, which runs the program alone.
std::set<std::string> loaded_by(const fs::path& folder, const std::string& line)
{
    const auto ran = test::run_shell(folder, "LD_DEBUG=files LD_DEBUG_OUTPUT=\"$PWD/loaded\" " + line);
    INFO(ran.err);
    CHECK((ran.exit_code == 0 || ran.exit_code == 1));
    std::set<std::string> names;
    static const std::regex name("file=lib([a-z0-9-]+)\\.so[^ ]* \\[0\\]; +generating link map");
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("loaded.")) {
            const auto text = test::read_file(entry.path());
            for (auto at = std::sregex_iterator(text.begin(), text.end(), name); at != std::sregex_iterator(); ++at) {
                names.insert((*at)[1].str());
            }
            fs::remove(entry.path());
        }
    }
    CHECK(names.contains("c"));
    return names;
}

std::string list(const std::set<std::string>& names)
{
    std::string text;
    for (const auto& name : names) {
        text += name + ' ';
    }
    return text;
}

/// Whether this build loads libraries late: not under sanitizers, nor on other processors.
bool is_lazy()
{
    if (!test::loads_lazily()) {
        MESSAGE("skipped: this build is linked with its libraries as usual");
        return false;
    }
    return true;
}

}  // namespace

TEST_CASE("start-up: --version loads no library but those that any program of C++ has, and fmt")
{
    if (is_lazy()) {
        const test::TempDir folder;
        const auto names = loaded_by(folder.path(), "\"$R8SCAN\" --version");
        CHECK_MESSAGE(names.size() <= 5, list(names));
        CHECK(!names.contains("crypto"));
    }
}

TEST_CASE("start-up: a hook with nothing to scan loads no matcher, a scan no network and no outbox")
{
    if (!is_lazy() || !test::have_git()) {
        return;
    }
    const test::TempDir folder;
    test::git_ok(folder.path(), {"init", "-q", "repo"});
    test::write_file(folder / "repo/file", "text\n");
    test::git_ok(folder / "repo", {"add", "file"});
    test::git_ok(folder / "repo", {"commit", "-q", "-m", "one"});
    const auto nothing = loaded_by(folder / "repo", "\"$R8SCAN\" staged");
    for (const char* const name : {"hs", "pcre2-8", "archive", "curl", "git2", "sqlite3"}) {
        CHECK_MESSAGE(!nothing.contains(name), name);
    }
    test::write_file(folder / "repo/new", "token = " + test::token(1) + "\n");
    test::git_ok(folder / "repo", {"add", "new"});
    const auto something = loaded_by(folder / "repo", "\"$R8SCAN\" staged");
    CHECK(something.contains("hs"));
    const auto all = loaded_by(folder / "repo", "\"$R8SCAN\" git");
    for (const char* const name : {"archive", "curl", "git2", "sqlite3"}) {
        CHECK_MESSAGE(!something.contains(name), name);
        CHECK_MESSAGE(!all.contains(name), name);
    }
}

TEST_CASE("start-up: a library that cannot be loaded ends the program with its name and exit code 3")
{
    if (is_lazy()) {
        const test::TempDir folder;
        const auto known = test::run_shell(folder.path(), "\"$R8SCAN\" stdin </dev/null");
        CHECK(known.exit_code == 0);
        fs::create_directories(folder / "libraries");
        test::write_file(folder / "libraries/libhs.so.5", "");
        const auto ran = test::run_shell(folder.path(), "LD_LIBRARY_PATH=\"$PWD/libraries\" \"$R8SCAN\" stdin </dev/null");
        CHECK(ran.exit_code == 3);
        CHECK(ran.out.empty());
        CHECK_MESSAGE(ran.err.find("libhs.so.5") != std::string::npos, ran.err);
        CHECK(ran.err.find("not everything was scanned") != std::string::npos);
    }
}
