// The benchmark: r8scan against the floor and against git, in one run, interleaved, so that a machine that gets slower
// or faster meanwhile does so for all. Prints medians and ratios, and judges nothing.
//
//   r8scan_bench PROGRAM REPO        all of it; R8SCAN_BENCH_RUNS (5), R8SCAN_BENCH_JOBS (processors),
//                                    R8SCAN_BENCH_GIT_RUNS (as RUNS; 0 leaves git out, which takes minutes)
//   r8scan_bench --start-up PROGRAM STATIC_PROGRAM EMPTY_PROGRAM
//                                    what it costs to start; R8SCAN_BENCH_RUNS (200)
//   r8scan_bench --floor REPO JOBS   the floor alone, as it is measured
#include "bench/floor.h"
#include "bench/measured_run.h"
#include "bench/planted_repository.h"
#include "bench/start_up.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

namespace {

using r8scan::bench::MeasuredRun;

struct Subject {
    std::string name;
    std::vector<std::string> command;
    unsigned runs = 0;
    std::vector<MeasuredRun> measured = {};
};

unsigned number_from(const char* variable, unsigned otherwise)
{
    const char* text = std::getenv(variable);
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

double median_of(const Subject& subject, const std::function<double(const MeasuredRun&)>& figure)
{
    std::vector<double> figures;
    for (const auto& run : subject.measured) {
        figures.push_back(figure(run));
    }
    std::sort(figures.begin(), figures.end());
    const auto middle = figures.size() / 2;
    return figures.size() % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
}

void print(const std::vector<Subject>& subjects)
{
    const auto wall = [](const MeasuredRun& run) { return run.wall_s; };
    const auto cpu = [](const MeasuredRun& run) { return run.cpu_s; };
    const auto& floor = subjects.front();
    fmt::print("{:<44} {:>4} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>4}\n", "", "runs", "wall s", "CPU s", "peak MiB",
               "anon MiB", "wall x", "CPU x", "exit");
    for (const auto& subject : subjects) {
        if (subject.measured.empty()) {
            continue;
        }
        fmt::print("{:<44} {:>4} {:>9.2f} {:>9.2f} {:>9.0f} {:>9.0f} {:>8.2f} {:>8.2f} {:>4}\n", subject.name,
                   subject.measured.size(), median_of(subject, wall), median_of(subject, cpu),
                   median_of(subject, [](const MeasuredRun& run) { return run.peak_mib; }),
                   median_of(subject, [](const MeasuredRun& run) { return run.anonymous_mib; }),
                   median_of(subject, wall) / median_of(floor, wall), median_of(subject, cpu) / median_of(floor, cpu),
                   subject.measured.back().exit_code);
    }
    fmt::print("medians; wall x and CPU x are against the floor; anon is memory beyond the mapped packs\n");
}

int run_all(const std::string& program, const std::string& repository)
{
    const auto jobs = std::to_string(number_from("R8SCAN_BENCH_JOBS", std::max(1U, std::thread::hardware_concurrency())));
    const auto runs = number_from("R8SCAN_BENCH_RUNS", 5);
    const auto git_runs = number_from("R8SCAN_BENCH_GIT_RUNS", runs);
    const r8scan::test::TempDir dir;
    const auto planted = (dir.path() / "planted.git").string();
    r8scan::bench::plant_token(repository, planted);

    constexpr std::size_t ours = 3;  // the floor and r8scan, ahead of git in the list
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    std::vector<Subject> subjects = {
        {"floor: inflate every object once", {self, "--floor", repository, jobs}, runs},
        {"r8scan git --no-attribution", {program, "git", "-j", jobs, "-q", "--no-attribution", repository}, runs},
        // The planted repository links to the packs of the other one.
        {"r8scan git, one token planted", {program, "git", "-j", jobs, "-q", "--allow-outside", planted}, runs},
        {"git cat-file --batch-all-objects", {"git", "-C", repository, "cat-file", "--batch-all-objects", "--batch",
                                              "--unordered", "--buffer"}, git_runs},
        {"git log -p -U0 --full-history --all", {"git", "-C", repository, "log", "-p", "-U0", "--full-history", "--all"},
         git_runs},
    };
    fmt::print("{} with {} threads, {} runs each; ours after one that is not counted\n", repository, jobs, runs);
    for (std::size_t i = 0; i < ours; ++i) {
        (void)r8scan::bench::measure(subjects[i].command);
    }
    for (unsigned round = 0; round < runs; ++round) {
        for (auto& subject : subjects) {
            if (round < subject.runs) {
                subject.measured.push_back(r8scan::bench::measure(subject.command));
            }
        }
    }
    print(subjects);
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 3 && arguments[0] == "--floor") {
        const auto jobs = static_cast<unsigned>(std::strtoul(arguments[2].c_str(), nullptr, 10));
        const auto floor = r8scan::bench::inflate_everything(arguments[1], jobs, true);
        fmt::print("{} objects, {} bytes inflated, {} failed\n", floor.objects, floor.inflated_bytes, floor.failed);
        return floor.failed == 0 ? 0 : 1;
    }
    if (arguments.size() == 4 && arguments[0] == "--start-up") {
        return r8scan::bench::measure_start_up(arguments[1], arguments[2], arguments[3], number_from("R8SCAN_BENCH_RUNS", 200));
    }
    if (arguments.size() == 2 && !arguments[1].empty()) {
        return run_all(arguments[0], arguments[1]);
    }
    fmt::print(stderr, "usage: r8scan_bench PROGRAM REPO\n"
                       "from cmake: configure with -DREPO=PATH, then build the target bench\n");
    return 2;
}
