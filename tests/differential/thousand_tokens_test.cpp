// A thousand tokens in fifty repositories, over every place where a token can be: each command finds each token that it
// should see, once, with its kind and path, and no other.
//
// Twenty places a repository, in turn, so that each place stands beside many others. The repositories differ in hash,
// in storage and in whether they have a working tree.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <functional>

#include "cmd/ref_updates.h"
#include "tests/support/planted_site.h"
#include "tests/support/scan_helper.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

constexpr std::size_t sites = 50;
constexpr std::size_t tokens_per_site = 20;
constexpr std::uint64_t first_seed = 5000;

/// Plants the twenty places of this number and writes everything.
std::unique_ptr<PlantedSite> make_site(const std::filesystem::path& dir, std::size_t number)
{
    RepoOptions options;
    options.hash = number % 5 == 4 ? Hash::sha256 : Hash::sha1;
    options.bare = number % 6 == 5;
    options.storage = number % 2 == 0 ? Storage::loose : Storage::pack;
    auto site = std::make_unique<PlantedSite>(dir, options);
    std::vector<const PlantedPlace*> possible;
    for (const PlantedPlace& place : planted_places()) {
        if (!options.bare || !place.needs_work_tree) {
            possible.push_back(&place);
        }
    }
    std::uint64_t seed = first_seed + number * tokens_per_site;
    for (const bool is_old : {true, false}) {
        for (std::size_t i = 0; i < tokens_per_site; ++i) {
            const PlantedPlace& place = *possible[(number * tokens_per_site + i) % possible.size()];
            if (place.is_old == is_old) {
                place.plant(*site, place.name, token(seed++));
            }
        }
        if (is_old) {
            site->begin_range();
        }
    }
    site->finish();
    return site;
}

RangeScanOptions range_options(const PlantedSite& site)
{
    RangeScanOptions options;
    options.repository = site.repo.dir();
    options.allow_outside = site.allow_outside;
    return options;
}

ScanResult scan_git(const PlantedSite& site, const std::function<void(ScanOptions&)>& change = {})
{
    ScanOptions options;
    options.repository = site.repo.dir();
    options.allow_outside = site.allow_outside;
    options.threads = 1;
    if (change) {
        change(options);
    }
    return collect(options);
}

/// As a pre-receive hook finds it: a repository whose refs are those of before, and the new objects elsewhere.
ScanResult scan_received(const PlantedSite& site)
{
    RepoBuilder server(site.dir / "server.git", {.hash = site.repo.hash(), .bare = true});
    server.ref("refs/heads/main", site.base);
    RangeScanOptions options = range_options(site);
    options.repository = server.dir();
    options.places.object_dir = site.repo.objects_dir();
    std::string lines = fmt::format("{} {} refs/heads/main\n", site.base.hex(), site.tip.hex());
    for (const std::string& line : site.pushed) {
        const std::string id = line.substr(line.find(' ') + 1);
        lines += fmt::format("{} {} {}\n", zero_id(site.repo.hash()).hex(), id.substr(0, id.find(' ')),
                             line.substr(0, line.find(' ')));
    }
    REQUIRE(cmd::add_received(lines, options).ok());
    options.exclude_refs = {"refs/", "HEAD"};
    return collect(options);
}

ScanResult scan_pushed(const PlantedSite& site)
{
    RangeScanOptions options = range_options(site);
    options.exclude_may_be_missing = true;
    std::string lines = fmt::format("refs/heads/main {} refs/heads/main {}\n", site.tip.hex(), site.base.hex());
    for (const std::string& line : site.pushed) {
        lines += line + '\n';
    }
    REQUIRE(cmd::add_pushed(lines, options).ok());
    options.exclude_refs = {"refs/remotes/origin/"};
    return collect(options);
}

/// Runs one command; nothing where the repository has not what it reads.
std::optional<ScanResult> run(Command command, const PlantedSite& site)
{
    switch (command) {
        case git_all:
            return scan_git(site);
        case git_no_unreachable:
            return scan_git(site, [](ScanOptions& o) { o.no_unreachable = true; });
        case git_branch:
            return scan_git(site, [](ScanOptions& o) { o.branches = {"main"}; });
        case git_worktree:
            return scan_git(site, [](ScanOptions& o) { o.worktree = true; });
        case git_range: {
            RangeScanOptions options = range_options(site);
            options.ranges = {site.base.hex() + "..main"};
            return collect(options);
        }
        case push_command:
            return scan_pushed(site);
        case receive_command:
            return scan_received(site);
        case staged_command: {
            StagedScanOptions options;
            options.repository = site.repo.dir();
            options.allow_outside = site.allow_outside;
            return collect(options);
        }
        case message_command: {
            const auto file = site.repo.git_dir() / "COMMIT_EDITMSG";
            StreamScanOptions options;
            options.kind = "commit";
            return std::filesystem::exists(file) ? std::optional(collect(options, read_file(file))) : std::nullopt;
        }
        case dir_command: {
            FileScanOptions options;
            options.paths = {site.repo.dir()};
            return site.bare ? std::nullopt : std::optional(collect(options));
        }
    }
    return std::nullopt;
}

/// What a command that is not a scan of the repository calls the place.
std::string kind_in(Command command, const Plant& plant)
{
    if (command == message_command) {
        return "commit";
    }
    if (command == dir_command) {
        return plant.place == "symbolic link in the working tree" ? "symlink" : "file";
    }
    return plant.kind;
}

std::optional<std::string> path_in(Command command, const Plant& plant, const PlantedSite& site)
{
    if (command == message_command) {
        return std::nullopt;
    }
    return command == dir_command ? (site.repo.dir() / plant.path.value_or("")).string() : plant.path;
}

}  // namespace

TEST_CASE("a thousand tokens in fifty repositories are found by every command that should see them, and by no other")
{
    constexpr std::array<std::pair<Command, const char*>, command_count> commands{{
        {git_all, "git"},
        {git_no_unreachable, "git --no-unreachable"},
        {git_branch, "git --branch main"},
        {git_range, "git --range"},
        {staged_command, "staged"},
        {message_command, "message"},
        {push_command, "push"},
        {receive_command, "receive"},
        {git_worktree, "git --worktree"},
        {dir_command, "dir"},
    }};
    std::size_t planted = 0;
    std::array<std::size_t, command_count> expected{};
    std::array<std::size_t, command_count> right{};
    std::set<std::string> places_used;
    for (std::size_t number = 0; number < sites; ++number) {
        const TempDir temp;
        const auto site = make_site(temp.path(), number);
        planted += site->plants.size();
        for (std::size_t c = 0; c < commands.size(); ++c) {
            const auto [command, name] = commands[c];
            const auto result = run(command, *site);
            INFO(fmt::format("site {}, {}", number, name));
            std::size_t seen = 0;
            for (const Plant& plant : site->plants) {
                places_used.insert(plant.place);
                const bool wanted = (plant.seen_by & command) != 0;
                const auto found = result ? findings_of(*result, plant.token) : std::vector<Finding>();
                expected[c] += wanted ? 1U : 0U;
                seen += found.size();
                if (!wanted) {
                    CHECK_MESSAGE(found.empty(), plant.place);
                    continue;
                }
                CHECK_MESSAGE(found.size() == 1, plant.place);
                if (found.size() == 1) {
                    CHECK_MESSAGE(found[0].kind == kind_in(command, plant), plant.place);
                    CHECK_MESSAGE(found[0].path == path_in(command, plant, *site), plant.place);
                    right[c] +=
                        found[0].kind == kind_in(command, plant) && found[0].path == path_in(command, plant, *site)
                            ? 1U
                            : 0U;
                }
            }
            if (result) {
                CHECK_MESSAGE(result->findings.size() == seen, describe(*result));
                const bool reads_index = command == git_all || command == git_no_unreachable || command == git_branch ||
                                         command == git_worktree || command == staged_command;
                const bool is_incomplete = site->incomplete && reads_index;
                CHECK_MESSAGE(result->summary.exit_code == (is_incomplete              ? 3
                                                            : result->findings.empty() ? 0
                                                                                       : 1),
                              skips(result->summary));
            }
        }
    }
    CHECK(planted == 1000);
    CHECK(places_used.size() == planted_places().size());
    CHECK(right == expected);
    std::string figures;
    for (std::size_t c = 0; c < commands.size(); ++c) {
        CHECK(expected[c] > 0);
        figures += fmt::format("{} {} of {}, ", commands[c].second, right[c], expected[c]);
    }
    MESSAGE(figures);
}

}  // namespace r8scan::test
