// The scripts by which a stranger begins, with programs played where they would build or install something. And the
// rule that no file below examples/ is without a test.
#include "tests/support/built_here.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <regex>

namespace fs = std::filesystem;

using namespace r8scan;
using test::Ran;
using test::run_shell;

namespace {

fs::path examples()
{
    return fs::path(test::source_dir()) / "examples";
}

void play(const fs::path& file, const std::string& script)
{
    test::write_file(file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(file, fs::perms::owner_all);
}

/// Which test runs or reads a file below examples/: a source file that names it, or its folder.
const std::map<std::string, std::string> covered_by{
    {"build-static.sh", "tests/unit/cmd/samples_test.cpp"},
    {"docker", "tests/unit/cmd/samples_test.cpp"},
    {"build-preset.sh", "tests/unit/examples/scripts_test.cpp"},
    {"install-dependencies.sh", "tests/unit/examples/scripts_test.cpp"},
    {"quickstart.sh", "tests/unit/examples/scripts_test.cpp"},
    {"install.sh", "tests/unit/cmd/samples_test.cpp"},
    {"ci", "tests/unit/examples/ci_samples_test.cpp"},
    {"handlers", "tests/unit/action/examples_test.cpp"},
    {"plugin", "tests/unit/action/examples_test.cpp"},
    {"library-use", "tests/CMakeLists.txt"},
    {"patterns", "tests/unit/examples/readme_test.cpp"},
    {"revocation-service", "tests/unit/cmd/revocation_service_test.cpp"},
};

}  // namespace

TEST_CASE("examples: everything below that folder is run or read by a test")
{
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(examples())) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        const auto known = covered_by.find(name);
        REQUIRE(known != covered_by.end());
        const std::string test = test::read_file(fs::path(test::source_dir()) / known->second);
        CHECK(test.find(entry.is_directory() ? "examples/" + name : name) != std::string::npos);
        ++seen;
    }
    CHECK(seen >= covered_by.size());
}

TEST_CASE("examples: quickstart finds the six tokens of its demonstration, and scans a repository that is named")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const test::TempDir folder;
    fs::create_directories(folder / "tree/examples");
    fs::create_directories(folder / "tree/build/release");
    fs::create_directories(folder / "tmp");
    fs::copy_file(examples() / "quickstart.sh", folder / "tree/examples/quickstart.sh");
    fs::create_symlink(test::program(), folder / "tree/build/release/r8scan");
    play(folder / "tree/examples/install-dependencies.sh", "echo dependencies >>\"$STEPS\"");
    play(folder / "tree/examples/build-preset.sh", "echo \"build $*\" >>\"$STEPS\"");
    const std::string run = "export STEPS=\"$PWD/steps\" TMPDIR=\"$PWD/tmp\"; sh tree/examples/quickstart.sh";

    const Ran shown = run_shell(folder.path(), run);
    CHECK_MESSAGE(shown.exit_code == 0, shown.out, shown.err);
    CHECK(shown.err.find("r8scan finds 6 of them.") != std::string::npos);
    CHECK(shown.err.find("shows as added are 0.") != std::string::npos);
    CHECK(shown.err.find("All six found") != std::string::npos);
    CHECK(shown.out.find("6 tokens in ") != std::string::npos);
    CHECK(test::read_file(folder / "steps") == "dependencies\nbuild release r8scan\n");
    static const std::regex token("r8_[A-Za-z0-9]{37}");
    CHECK_FALSE(std::regex_search(shown.out + shown.err, token));
    CHECK(fs::is_empty(folder / "tmp"));

    REQUIRE(run_shell(folder.path(), "git init -q empty").exit_code == 0);
    const Ran named = run_shell(folder.path(), run + " empty -f json");
    CHECK_MESSAGE(named.exit_code == 0, named.err);
    CHECK(named.out.find("\"tokens\":0") != std::string::npos);
}

TEST_CASE("examples: build-preset configures by the preset, and by hand where CMake is too old for it")
{
    const test::TempDir folder;
    const auto build = [&](const std::string& version, const std::string& words) {
        play(folder / "bin/cmake",
             "if [ \"$1\" = --version ]; then echo cmake version " + version + "; else echo \"$*\" >>\"$STEPS\"; fi");
        fs::remove(folder / "steps");
        test::write_file(folder / "steps", "");
        const Ran ran = run_shell(folder.path(), "export STEPS=\"$PWD/steps\" PATH=\"$PWD/bin:$PATH\"; sh '" +
                                                     (examples() / "build-preset.sh").string() + "' " + words);
        return std::pair(ran.exit_code, test::read_file(folder / "steps"));
    };
    CHECK(build("3.25.1", "release r8scan") ==
          std::pair(0, std::string("--preset release\n--build build/release --target r8scan\n")));
    CHECK(build("4.0.0", "asan") == std::pair(0, std::string("--preset asan\n--build build/asan --target all\n")));
    CHECK(build("3.22.1", "release r8scan") ==
          std::pair(0, std::string("-S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release\n"
                                   "--build build/release --target r8scan\n")));
    CHECK(build("3.25.1", "").first != 0);
    CHECK(build("3.22.1", "sausage").second.find("sausage --target") == std::string::npos);
}

TEST_CASE("examples: install-dependencies installs what is missing, names it, and otherwise does nothing")
{
    const test::TempDir folder;
    play(folder / "bin/id", "echo 0");
    play(folder / "bin/apt-get", "echo \"$*\" >>\"$STEPS\"");
    play(folder / "bin/apt-cache", "exit 0");
    play(folder / "bin/dpkg-query", "for p in \"$@\"; do :; done; [ \"$p\" = \"$MISSING\" ] || echo installed");
    const auto install = [&](const std::string& before) {
        test::write_file(folder / "steps", "");
        Ran ran = run_shell(folder.path(),
                            "export STEPS=\"$PWD/steps\" PATH=\"$PWD/bin:$PATH\" MISSING=; unset "
                            "R8SCAN_SKIP_INSTALL; " +
                                before + " sh '" + (examples() / "install-dependencies.sh").string() + "'");
        ran.out = test::read_file(folder / "steps");
        return ran;
    };
    const Ran nothing = install("");
    CHECK(nothing.exit_code == 0);
    CHECK(nothing.out.empty());
    CHECK(nothing.err.empty());
    const Ran one = install("MISSING=libsqlite3-dev");
    CHECK(one.exit_code == 0);
    CHECK(one.out == "update -qq\ninstall -y -qq --no-install-recommends libsqlite3-dev\n");
    CHECK(one.err.find("Installing with apt: libsqlite3-dev") != std::string::npos);
    CHECK(install("MISSING=libsqlite3-dev R8SCAN_SKIP_INSTALL=1").out.empty());
}
