// Which files a walk lists, in which order, under which names, and what it says of the rest.
#include "source/file_walk.h"

#include "util/long_path.h"

#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unprivileged.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::source;
using test::write_file;

namespace {

using Paths = std::vector<std::string>;

struct Listed {
    Paths paths;  // those below the test's folder without its name, links with "@" behind
    WalkResult result;
    std::vector<Skip> problems;
    std::vector<Skip> unopened;
    std::string error;
};

Listed list(const fs::path& folder, const Paths& given, bool respect_ignore = false)
{
    WalkOptions options;
    for (const auto& path : given) {
        options.paths.push_back(path == "." ? folder : folder / path);
    }
    options.respect_ignore = respect_ignore;
    Problems problems;
    Problems unopened;
    auto result = list_files(options, problems, unopened);
    Listed listed;
    if (!result) {
        listed.error = result.error().message();
        return listed;
    }
    listed.result = std::move(*result);
    for (const auto& file : listed.result.list.files()) {
        auto path = listed.result.list.path(file);
        if (path.starts_with(folder.native() + '/')) {
            path.erase(0, folder.native().size() + 1);
        }
        listed.paths.push_back(path + (file.kind == FileKind::symlink ? "@" : ""));
    }
    listed.problems = problems.list();
    listed.unopened = unopened.list();
    return listed;
}

}  // namespace

TEST_CASE("walk: files are listed in the byte order of their paths, hidden ones too")
{
    const test::TempDir dir;
    for (const char* name : {"a/z", "a.txt", "a/b/c", "a0", "A", ".hidden", "a/b.c", "b/.x/y"}) {
        write_file(dir / name, "x");
    }
    const auto listed = list(dir.path(), {"."});
    auto sorted = listed.paths;
    std::sort(sorted.begin(), sorted.end());
    CHECK(listed.paths == sorted);
    CHECK(listed.paths.size() == 8);
    CHECK(listed.problems.empty());
    CHECK(listed.result.list.files().front().size == 1);
}

TEST_CASE("walk: paths are shown as they were given, without a dot before or slashes behind")
{
    const test::TempDir dir;
    write_file(dir / "src/a", "x");
    const auto old = fs::current_path();
    fs::current_path(dir.path());
    CHECK(list("/none", {}).error == "no file or folder to scan was given");
    WalkOptions options;
    Problems problems;
    const auto path_for = [&](const char* given) {
        options.paths = {given};
        const auto walked = list_files(options, problems, problems).value();
        REQUIRE(walked.list.files().size() == 1);
        return walked.list.path(walked.list.files().front());
    };
    CHECK(path_for(".") == "src/a");
    CHECK(path_for("./") == "src/a");
    CHECK(path_for("./src//") == "src/a");
    CHECK(path_for("./src/a") == "src/a");
    CHECK(path_for("src/../src") == "src/../src/a");
    CHECK(path_for(dir.path().c_str()) == (dir / "src/a").native());
    fs::current_path(old);
    CHECK(problems.empty());
}

TEST_CASE("walk: a file is listed once, however it is given")
{
    const test::TempDir dir;
    for (const char* name : {"a/one", "a/b/two", "c/three"}) {
        write_file(dir / name, "x");
    }
    fs::create_symlink("a/b", dir / "link");
    CHECK(list(dir.path(), {"a", "a"}).paths == Paths{"a/b/two", "a/one"});
    CHECK(list(dir.path(), {"a/b", "a"}).paths == Paths{"a/b/two", "a/one"});
    CHECK(list(dir.path(), {"a", "a/b"}).paths == Paths{"a/b/two", "a/one"});
    CHECK(list(dir.path(), {"a/one", "a", "a/../a/one"}).paths == Paths{"a/one", "a/b/two"});
    CHECK(list(dir.path(), {"link", "a"}).paths == Paths{"link/two", "a/one"});
    CHECK(list(dir.path(), {".", "c/three", "link"}).paths == Paths{"a/b/two", "a/one", "c/three", "link@"});
}

TEST_CASE("walk: two names of one file are two files")
{
    const test::TempDir dir;
    write_file(dir / "a", "x");
    fs::create_hard_link(dir / "a", dir / "b");
    CHECK(list(dir.path(), {"."}).paths == Paths{"a", "b"});
}

TEST_CASE("walk: .git is not entered on the way, and is read where it is given")
{
    const test::TempDir dir;
    write_file(dir / ".git/config", "x");
    write_file(dir / "sub/.git", "gitdir: ../.git/modules/sub\n");
    write_file(dir / "sub/a", "x");
    const auto below = list(dir.path(), {"."});
    CHECK(below.paths == Paths{"sub/.git", "sub/a"});  // a file is read, whatever it names
    CHECK(below.result.git_folders == 2);
    CHECK(list(dir.path(), {".git"}).paths == Paths{".git/config"});
    CHECK(list(dir.path(), {".git/config"}).paths == Paths{".git/config"});
    CHECK(list(dir.path(), {".", ".git"}).paths == Paths{"sub/.git", "sub/a", ".git/config"});
}

TEST_CASE("walk: symbolic links are listed and not followed, one that is given is followed")
{
    const test::TempDir dir;
    write_file(dir / "real/a", "x");
    fs::create_directory_symlink("..", dir / "real/up");
    fs::create_directory_symlink(".", dir / "real/here");
    fs::create_symlink("nowhere", dir / "real/dangling");
    fs::create_symlink("loop", dir / "loop");
    fs::create_directory_symlink("real", dir / "way");
    fs::create_symlink("real/a", dir / "file");
    CHECK(list(dir.path(), {"real"}).paths == Paths{"real/a", "real/dangling@", "real/here@", "real/up@"});
    CHECK(list(dir.path(), {"way"}).paths == Paths{"way/a", "way/dangling@", "way/here@", "way/up@"});
    CHECK(list(dir.path(), {"file"}).paths == Paths{"file"});
    CHECK(list(dir.path(), {"real/dangling"}).error.ends_with("a symbolic link that leads nowhere"));
    CHECK(list(dir.path(), {"loop"}).error.ends_with("a symbolic link that leads nowhere"));
}

TEST_CASE("walk: pipes and sockets on the way are named, one that is given is refused")
{
    const test::TempDir dir;
    test::make_pipe(dir / "pipe");
    test::make_socket(dir / "socket");
    write_file(dir / "a", "x");
    const auto listed = list(dir.path(), {"."});
    CHECK(listed.paths == Paths{"a"});
    CHECK(listed.problems.empty());
    REQUIRE(listed.unopened.size() == 1);
    CHECK(listed.unopened[0].reason == "special file");
    CHECK(listed.unopened[0].count == 2);
    CHECK(listed.unopened[0].examples[0] == '"' + (dir / "pipe").native() + "\": a pipe");
    CHECK(list(dir.path(), {"pipe"}).error.find("r8scan stdin") != std::string::npos);
    CHECK(list(dir.path(), {"/dev/null"}).error.find("a device") != std::string::npos);
}

TEST_CASE("walk: a path that is not there ends it before anything is listed")
{
    const test::TempDir dir;
    write_file(dir / "a", "x");
    CHECK(list(dir.path(), {"a", "none"}).error == '"' + (dir / "none").native() + "\": no such file or folder");
    CHECK(list(dir.path(), {"a/below"}).error == '"' + (dir / "a/below").native() + "\": no such file or folder");
    Problems problems;
    CHECK(list_files({{""}, false, nullptr}, problems, problems).error().code() == ErrorCode::usage);
}

TEST_CASE("walk: folders that may not be read are named, and the others are listed")
{
    const test::TempDir dir;
    fs::permissions(dir.path(), fs::perms::all);
    write_file(dir / "closed/a", "x");
    write_file(dir / "open/b", "x");
    fs::permissions(dir / "closed", fs::perms::none);
    const auto seen = test::run_unprivileged([&] {
        const auto listed = list(dir.path(), {"."});
        const auto given = list(dir.path(), {"closed/a", "open"});
        return fmt::format("{} {} {} / {} {} {}", listed.paths, listed.problems.at(0).reason,
                           listed.problems.at(0).way_out, given.paths, given.problems.at(0).reason,
                           given.problems.at(0).count);
    });
    if (!seen) {
        MESSAGE("skipped: the rights of root cannot be given up here");
        return;
    }
    CHECK(*seen == R"(["open/b"] unreadable folder scan as a user who may read it / ["open/b"] unreadable file 1)");
}

TEST_CASE("walk: paths longer than the system takes at once are listed and can be opened")
{
    const test::TempDir dir;
    const std::string name(200, 'd');
    int at = open(dir.path().c_str(), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 30; ++i) {
        REQUIRE(mkdirat(at, name.c_str(), 0700) == 0);
        const int next = openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
        close(at);
        at = next;
    }
    close(openat(at, "file", O_CREAT | O_WRONLY, 0600));
    REQUIRE(symlinkat("target", at, "link") == 0);
    close(at);
    const auto listed = list(dir.path(), {"."});
    REQUIRE(listed.paths.size() == 2);
    CHECK(listed.paths[0].size() == 30 * 201 + 4);
    CHECK(listed.problems.empty());
    const auto& files = listed.result.list;
    CHECK(open_long_path(files.path(files.files()[0]), O_RDONLY).ok());
    CHECK(read_link(files.path(files.files()[1])).value() == "target");
}

TEST_CASE("walk: a tree without end is cut and named, without a deep stack")
{
    const test::TempDir dir;
    int at = open(dir.path().c_str(), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 5000; ++i) {
        REQUIRE(mkdirat(at, "d", 0700) == 0);
        close(openat(at, "f", O_CREAT | O_WRONLY, 0600));
        const int next = openat(at, "d", O_RDONLY | O_DIRECTORY);
        close(at);
        at = next;
    }
    close(at);
    const auto listed = list(dir.path(), {"."});
    CHECK(listed.paths.size() == 4096);
    REQUIRE(listed.problems.size() == 1);
    CHECK(listed.problems[0].reason == "folder nested too deeply");
}

TEST_CASE("walk: it ends soon after it is told to stop")
{
    const test::TempDir dir;
    for (int i = 0; i < 10; ++i) {
        write_file(dir / (std::to_string(i) + "/a"), "x");
    }
    const std::atomic<bool> stop{true};
    Problems problems;
    CHECK(list_files({{dir.path()}, false, &stop}, problems, problems).value().list.files().empty());
}

TEST_CASE("walk: what git ignores is left out and counted, but not what is given")
{
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.log\nbuild/\n");
    for (const char* name : {"a", "b.log", "build/c", "build/d/e.log", "src/f.log"}) {
        write_file(dir / name, "x");
    }
    const auto listed = list(dir.path(), {"."}, true);
    CHECK(listed.paths == Paths{".gitignore", "a"});
    CHECK(listed.result.ignored_files == 2);
    CHECK(listed.result.ignored_folders == 1);
    CHECK(list(dir.path(), {".", "b.log", "build"}, true).paths ==
          Paths{".gitignore", "a", "b.log", "build/c", "build/d/e.log"});
    CHECK(list(dir.path(), {"."}).paths.size() == 6);
}
