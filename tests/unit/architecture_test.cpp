// Includes go one way. This test reads the #include lines of lib/ and cmd/ and fails on any edge that the table below
// does not allow, so that the layers stay what lib/ARCHITECTURE.md says.
#include "tests/support/built_here.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// Folder -> folders whose headers it may include, beside its own, util/ and <r8scan/…>, which all may.
const std::map<std::string, std::set<std::string>>& allowed_edges()
{
    static const std::map<std::string, std::set<std::string>> edges{
        {"include", {}},
        {"util", {}},
        {"git", {}},
        {"match", {}},
        {"decode", {}},
        {"finding", {}},
        {"source", {"git"}},
        {"attribution", {"git"}},
        {"config", {"git"}},
        {"report", {"finding"}},
        {"action", {"finding"}},
        // The engine drives the reader: it opens the repository, and hands its table to the steps.
        {"engine", {"git", "source", "match", "decode", "attribution", "finding", "action"}},
        // A program that runs while r8scan is built.
        {"build_databases", {"match", "engine"}},
        {"cmd", {"git", "match", "decode", "finding", "source", "attribution", "config", "report", "action", "engine"}},
    };
    return edges;
}

/// Headers of libraries that one folder alone may know.
const std::map<std::string, std::string>& keepers()
{
    static const std::map<std::string, std::string> keepers{{"git2.h", "git"}, {"git2/", "git"}, {"hs.h", "match"},
                                                            {"hs/", "match"},  {"CLI/", "cmd"}, {"sqlite3.h", "action"},  {"curl/", "action"}};
    return keepers;
}

/// What stands between the brackets or quotes of an #include line; nothing for any other line.
std::optional<std::string> included_by(const std::string& line)
{
    std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line[at] != '#') {
        return std::nullopt;
    }
    at = line.find_first_not_of(" \t", at + 1);
    if (at == std::string::npos || line.compare(at, 7, "include") != 0) {
        return std::nullopt;
    }
    const std::size_t begin = line.find_first_of("<\"", at);
    const std::size_t end = begin == std::string::npos ? begin : line.find_first_of(">\"", begin + 1);
    return end == std::string::npos ? std::nullopt : std::optional(line.substr(begin + 1, end - begin - 1));
}

/// Why a file of `folder` may not include `header`; empty where it may.
std::string objection(const std::string& folder, const std::string& header)
{
    for (const auto& [prefix, keeper] : keepers()) {
        if (header.starts_with(prefix) && folder != keeper) {
            return "<" + header + "> belongs to " + keeper + "/ alone";
        }
    }
    const std::size_t slash = header.find('/');
    if (slash == std::string::npos) {
        return "";
    }
    const std::string target = header.substr(0, slash);
    const auto known = allowed_edges().find(folder);
    if (known == allowed_edges().end()) {
        return "the folder " + folder + "/ is not in the table of this test";
    }
    const bool is_ours = allowed_edges().contains(target);
    const bool for_all = target == "util" && folder != "include";
    if (!is_ours || target == folder || for_all || known->second.contains(target)) {
        return "";
    }
    return folder + "/ may not include " + target + "/";
}

/// Objections to every file below a folder of the source tree, as "file: why".
std::vector<std::string> objections_below(const fs::path& root, const std::string& folder)
{
    std::vector<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cpp") {
            continue;
        }
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            const auto header = included_by(line);
            if (const std::string why = header ? objection(folder, *header) : ""; !why.empty()) {
                all.push_back(entry.path().string() + ": " + why);
            }
        }
    }
    return all;
}

}  // namespace

TEST_CASE("architecture: includes go one way and each foreign library has one keeper")
{
    const fs::path root = r8scan::test::source_dir();
    std::vector<std::string> all = objections_below(root / "cmd", "cmd");
    std::size_t folders = 0;
    for (const auto& entry : fs::directory_iterator(root / "lib")) {
        if (entry.is_directory()) {
            ++folders;
            const auto found = objections_below(entry.path(), entry.path().filename().string());
            all.insert(all.end(), found.begin(), found.end());
        }
    }
    CHECK(folders >= 6);
    for (const std::string& why : all) {
        FAIL_CHECK(why);
    }
}

TEST_CASE("architecture: a forbidden edge is seen")
{
    CHECK(objection("report", "git/pack.h") == "report/ may not include git/");
    CHECK(objection("report", "engine/token_table.h") == "report/ may not include engine/");
    CHECK(objection("git", "match/matcher.h") == "git/ may not include match/");
    CHECK(objection("util", "git/pack.h") == "util/ may not include git/");
    CHECK(objection("include", "util/escape.h") == "include/ may not include util/");
    CHECK(objection("engine", "cmd/plan.h") == "engine/ may not include cmd/");
    CHECK(objection("engine", "report/text.h") == "engine/ may not include report/");
    CHECK(objection("engine", "git2.h") == "<git2.h> belongs to git/ alone");
    CHECK(objection("engine", "hs.h") == "<hs.h> belongs to match/ alone");
    CHECK(objection("report", "CLI/CLI.hpp") == "<CLI/CLI.hpp> belongs to cmd/ alone");
    CHECK(objection("cmd", "curl/curl.h") == "<curl/curl.h> belongs to action/ alone");
    CHECK(objection("new", "git/pack.h") == "the folder new/ is not in the table of this test");
}

TEST_CASE("architecture: an allowed edge is let pass")
{
    CHECK(objection("report", "finding/fingerprint.h").empty());
    CHECK(objection("report", "util/escape.h").empty());
    CHECK(objection("report", "r8scan/scan.h").empty());
    CHECK(objection("report", "sys/stat.h").empty());
    CHECK(objection("engine", "git/pack.h").empty());
    CHECK(objection("git", "git2.h").empty());
    CHECK(objection("match", "hs.h").empty());
    CHECK(objection("cmd", "CLI/CLI.hpp").empty());
}

TEST_CASE("architecture: include lines are recognised however they are written")
{
    CHECK(included_by("#include \"git/pack.h\"") == "git/pack.h");
    CHECK(included_by("#include <r8scan/scan.h>  // why") == "r8scan/scan.h");
    CHECK(included_by("  #  include <hs.h>") == "hs.h");
    CHECK_FALSE(included_by("// #include <hs.h>").has_value());
    CHECK_FALSE(included_by("int include;").has_value());
    CHECK_FALSE(included_by("#include").has_value());
}
