// What is ignored: by the words of git's documentation, and by what git itself says of random rules.
#include "git/ignore_rules.h"

#include "tests/support/git_command.h"
#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::git;
using test::write_file;

namespace {

bool matches(std::string_view line, std::string_view path, bool is_folder = false)
{
    const auto pattern = IgnorePattern::parse(line);
    return pattern && pattern->matches(path, is_folder);
}

/// Files that are not ignored, as a walk that leaves ignored folders out finds them.
void gather(const fs::path& folder, const std::string& prefix, const IgnoreRules& rules, std::set<std::string>& kept)
{
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().native();
        const bool is_folder = entry.is_directory();
        if (name == ".git") {
            continue;
        }
        const bool ignored = rules.is_ignored(name, is_folder);
        if (is_folder && (!ignored || rules.has_tracked(name))) {
            gather(entry.path(), prefix + name + '/', rules.of_subfolder(entry.path(), name, ignored), kept);
        } else if (!is_folder && !ignored) {
            kept.insert(prefix + name);
        }
    }
}

std::set<std::string> kept_below(const fs::path& folder)
{
    std::set<std::string> kept;
    gather(folder, "", IgnoreRules::of_folder(fs::canonical(folder)).value(), kept);
    return kept;
}

using Names = std::set<std::string>;

/// What only one of the two has, with a mark which.
std::string differences(const Names& ours, const Names& theirs)
{
    std::string text;
    for (const auto& name : ours) {
        text += theirs.contains(name) ? "" : " ours:" + name;
    }
    for (const auto& name : theirs) {
        text += ours.contains(name) ? "" : " git:" + name;
    }
    return text;
}

}  // namespace

TEST_CASE("ignore: a pattern without a slash matches a name at any depth")
{
    CHECK(matches("*.log", "a.log"));
    CHECK(matches("*.log", "a/b/c.log"));
    CHECK_FALSE(matches("*.log", "a.logs"));
    CHECK(matches("build/", "a/build", true));
    CHECK_FALSE(matches("build/", "a/build"));
    CHECK(matches("**", "a/b"));
}

TEST_CASE("ignore: a pattern with a slash matches from the folder of its file")
{
    CHECK(matches("/a", "a"));
    CHECK_FALSE(matches("/a", "b/a"));
    CHECK(matches("a/b", "a/b"));
    CHECK_FALSE(matches("a/b", "c/a/b"));
    CHECK(matches("a/*", "a/b"));
    CHECK_FALSE(matches("a/*", "a/b/c"));
    CHECK(matches("**/a", "a"));
    CHECK(matches("**/a", "b/c/a"));
    CHECK(matches("a/**", "a/b/c"));
    CHECK_FALSE(matches("a/**", "a", true));
    CHECK(matches("a/**/b", "a/b"));
    CHECK(matches("a/**/b", "a/x/y/b"));
    CHECK_FALSE(matches("a/**/b", "a/x/y/c"));
}

TEST_CASE("ignore: comments, escapes and spaces")
{
    CHECK_FALSE(IgnorePattern::parse("").has_value());
    CHECK_FALSE(IgnorePattern::parse("   ").has_value());
    CHECK_FALSE(IgnorePattern::parse("# all").has_value());
    CHECK_FALSE(IgnorePattern::parse("/").has_value());
    CHECK(matches("\\#a", "#a"));
    CHECK(matches("\\!a", "!a"));
    CHECK(matches("a  ", "a"));
    CHECK(matches("a\\ ", "a "));
    CHECK_FALSE(matches("a\\", "a\\"));
    CHECK(IgnorePattern::parse("!a")->is_negated());
}

TEST_CASE("ignore: classes of characters")
{
    CHECK(matches("[a-c]x", "bx"));
    CHECK_FALSE(matches("[a-c]x", "dx"));
    CHECK(matches("[!a-c]x", "dx"));
    CHECK(matches("[^a-c]x", "dx"));
    CHECK(matches("[]]x", "]x"));
    CHECK(matches("[a-]x", "-x"));
    CHECK(matches("[[:digit:][:upper:]]", "7"));
    CHECK_FALSE(matches("[[:digit:]]", "a"));
    CHECK_FALSE(matches("[a", "[a"));
    CHECK_FALSE(matches("[[:none:]]", "a"));
    CHECK(matches("a?c", "abc"));
}

TEST_CASE("ignore: stars without end cost little")
{
    std::string stars;
    std::string folders;
    for (int i = 0; i < 50; ++i) {
        stars += "*a";
        folders += "**/a/";
    }
    const std::string name(4000, 'a');
    std::string path;
    for (int i = 0; i < 2000; ++i) {
        path += "a/";
    }
    const auto start = std::chrono::steady_clock::now();
    CHECK_FALSE(matches(stars + "b", name));
    CHECK_FALSE(matches(folders + "b", path + "c"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("ignore: the deeper file and the later line win, and nothing comes back out of an ignored folder")
{
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.log\n!top.log\nout/\n/a/only\n");
    write_file(dir / "a/.gitignore", "!keep.log\r\n/deep\n");
    write_file(dir / "out/.gitignore", "!*\n");
    for (const char* name : {"x.log", "top.log", "a/keep.log", "a/lose.log", "a/only", "a/deep", "a/b/deep",
                             "a/b/keep.log", "out/keep", "b/only"}) {
        write_file(dir / name, "x");
    }
    CHECK(kept_below(dir.path()) ==
          Names{".gitignore", "a/.gitignore", "a/b/deep", "a/b/keep.log", "a/keep.log", "b/only", "top.log"});
}

TEST_CASE("ignore: the rules above a folder count, up to the top of its repository and not beyond")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git to run");
        return;
    }
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.c\n");
    const auto repo = dir / "repo";
    write_file(repo / ".gitignore", "*.a\n/src/sub/n\n");
    for (const char* name : {"src/sub/x.a", "src/sub/x.b", "src/sub/x.c", "src/sub/n", "src/sub/e"}) {
        write_file(repo / name, "x");
    }
    test::git_ok(repo, {"init", "-q"});
    write_file(repo / ".git/info/exclude", "e\n");
    CHECK(kept_below(repo / "src/sub") == Names{"x.b", "x.c"});
}

TEST_CASE("ignore: what the index holds is kept, also in an ignored folder")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git to run");
        return;
    }
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.env\nout/\n");
    for (const char* name : {"kept.env", "lost.env", "out/kept", "out/lost", "out/deep/kept", "out/deeper/lost"}) {
        write_file(dir / name, "x");
    }
    test::git_ok(dir.path(), {"init", "-q"});
    test::git_ok(dir.path(), {"add", "-f", ".gitignore", "kept.env", "out/kept", "out/deep/kept"});
    CHECK(kept_below(dir.path()) == Names{".gitignore", "kept.env", "out/deep/kept", "out/kept"});
}

TEST_CASE("ignore: where the index cannot be read nothing may be left out")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git to run");
        return;
    }
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.env\n");
    test::git_ok(dir.path(), {"init", "-q"});
    write_file(dir / ".git/index", "no index");
    CHECK_FALSE(IgnoreRules::of_folder(fs::canonical(dir.path())).ok());
}

TEST_CASE("ignore: a pipe, a link or a folder in place of the file is no rule and no wait")
{
    const test::TempDir dir;
    write_file(dir / "rules", "*\n");
    for (const char* name : {"a/x", "b/x", "c/x"}) {
        write_file(dir / name, "x");
    }
    test::make_pipe(dir / "a/.gitignore");
    fs::create_symlink("../rules", dir / "b/.gitignore");
    fs::create_directory(dir / "c/.gitignore");
    const auto kept = kept_below(dir.path());
    for (const char* name : {"a/x", "b/x", "c/x"}) {
        CHECK(kept.contains(name));
    }
}

TEST_CASE("ignore: git agrees on random rules and files")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git to run");
        return;
    }
    test::Rng rng(42);
    const std::vector<std::string> parts = {"a",  "b",  "ab", "*",   "?",   "[ab]", "[!a]",
                                            "a*", "*b", "**", "\\a", "a b", "[]-a]"};
    const auto random_line = [&] {
        std::string line = rng.chance(30) ? "!" : "";
        line += rng.chance(20) ? "/" : "";
        const auto components = rng.between(1, 3);
        for (std::size_t i = 0; i < components; ++i) {
            line += (i > 0 ? "/" : "") + parts[rng.below(parts.size())];
        }
        return line + (rng.chance(25) ? "/" : "") + (rng.chance(5) ? "  " : "") + (rng.chance(10) ? "\r\n" : "\n");
    };
    for (int round = 0; round < 60; ++round) {
        const test::TempDir dir;
        const std::vector<std::string> names = {"a", "b", "ab", "ba", "a b", "abb"};
        std::vector<std::string> folders = {""};
        for (int i = 0; i < 6; ++i) {
            const auto folder = folders[rng.below(folders.size())] + "d" + names[rng.below(names.size())].substr(1) +
                                names[rng.below(names.size())] + '/';
            folders.push_back(rng.chance(50) ? folder : folders[rng.below(folders.size())] + "a/");
        }
        for (const auto& folder : folders) {
            std::error_code ignored;
            fs::create_directories(dir / folder, ignored);
            if (ignored) {
                continue;  // a file has the name
            }
            for (const auto& name : names) {
                if (!fs::exists(dir / (folder + name)) && rng.chance(60)) {
                    write_file(dir / (folder + name), "x");
                }
            }
            if (folder.empty() || rng.chance(40)) {
                std::string rules;
                for (std::size_t i = rng.between(1, 5); i > 0; --i) {
                    rules += random_line();
                }
                write_file(dir / (folder + ".gitignore"), rules);
            }
        }
        test::git_ok(dir.path(), {"init", "-q"});
        std::istringstream listing(
            test::git_ok(dir.path(), {"-c", "core.quotePath=off", "ls-files", "-o", "--exclude-standard"}));
        Names expected;
        for (std::string line; std::getline(listing, line);) {
            expected.insert(line.starts_with('"') ? line.substr(1, line.size() - 2) : line);
        }
        CAPTURE(round);
        CHECK(differences(kept_below(dir.path()), expected) == "");
    }
}
