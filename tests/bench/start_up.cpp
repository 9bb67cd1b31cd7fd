#include "bench/start_up.h"

#include "bench/measured_run.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace r8scan::bench {

namespace fs = std::filesystem;

namespace {

struct Start {
    std::string name;
    std::vector<std::string> command;
    std::size_t against;  // the number of the start that it is compared with
    std::vector<double> wall_ms = {};
    int exit_code = 0;
};

double median(std::vector<double> figures)
{
    const auto middle = figures.begin() + static_cast<std::ptrdiff_t>(figures.size() / 2);
    std::nth_element(figures.begin(), middle, figures.end());
    return *middle;
}

// One commit, and nothing staged.
void make_repository(const fs::path& folder)
{
    using test::git_ok;
    git_ok(folder, {"init", "--quiet", "."});
    std::ofstream(folder / "file") << "text\n";
    git_ok(folder, {"add", "file"});
    git_ok(folder, {"-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "one"});
}

}  // namespace

int measure_start_up(const std::string& program, const std::string& static_program, const std::string& empty,
                     unsigned runs)
{
    const test::TempDir dir;
    make_repository(dir.path());
    const auto here = [](const std::string& path) { return fs::absolute(path).string(); };  // the folder changes below
    constexpr std::size_t empty_one = 0;
    constexpr std::size_t git_one = 1;
    std::vector<Start> starts = {{"an empty C++ program", {here(empty)}, empty_one},
                                 {"git diff --cached --quiet", {"git", "diff", "--cached", "--quiet"}, git_one},
                                 {"r8scan --version", {here(program), "--version"}, empty_one},
                                 {"r8scan staged", {here(program), "staged"}, git_one}};
    if (fs::exists(static_program)) {
        starts.push_back({"r8scan --version, static", {here(static_program), "--version"}, empty_one});
        starts.push_back({"r8scan staged, static", {here(static_program), "staged"}, git_one});
    }
    fs::current_path(dir.path());
    // In turns, so that a machine that gets slower or faster meanwhile does so for all. The first is not counted.
    for (unsigned round = 0; round <= runs; ++round) {
        for (auto& start : starts) {
            const auto run = measure_wall(start.command);
            start.exit_code = std::max(start.exit_code, run.exit_code);
            if (round > 0) {
                start.wall_ms.push_back(run.wall_s * 1e3);
            }
        }
    }
    fs::current_path("/");
    fmt::print("{:<28} {:>9} {:>9} {:>8} {:>5}\n", "", "median ms", "least ms", "x", "exit");
    for (const auto& start : starts) {
        const auto middle = median(start.wall_ms);
        fmt::print("{:<28} {:>9.2f} {:>9.2f} {:>8.2f} {:>5}\n", start.name, middle,
                   *std::min_element(start.wall_ms.begin(), start.wall_ms.end()),
                   middle / median(starts[start.against].wall_ms), start.exit_code);
    }
    fmt::print("{} runs each, in turns; x is against the empty program for --version, against git for staged\n", runs);
    return 0;
}

}  // namespace r8scan::bench
