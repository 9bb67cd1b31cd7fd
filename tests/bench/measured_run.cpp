#include "bench/measured_run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace r8scan::bench {

namespace {

// Peak of RssAnon, sampled: the kernel keeps no high-water mark of it.
class AnonymousPeak {
public:
    explicit AnonymousPeak(pid_t child) : m_thread([this, child] { watch(child); }) {}
    double stop()
    {
        m_done = true;
        m_thread.join();
        return m_peak_mib;
    }

private:
    void watch(pid_t child)
    {
        const auto path = "/proc/" + std::to_string(child) + "/status";
        while (!m_done) {
            std::ifstream status(path);
            for (std::string line; std::getline(status, line);) {
                if (line.starts_with("RssAnon:")) {
                    m_peak_mib = std::max(m_peak_mib, std::stod(line.substr(8)) / 1024);
                }
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(40));
        }
    }
    std::atomic<bool> m_done{false};
    double m_peak_mib = 0;
    std::thread m_thread;
};

pid_t start(const std::vector<std::string>& command)
{
    std::vector<char*> arguments;
    for (const auto& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        throw std::runtime_error("cannot start " + command[0]);
    }
    return child;
}

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// What the kernel says of a child that has ended.
MeasuredRun wait_for(pid_t child, std::chrono::steady_clock::time_point begin)
{
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    MeasuredRun run;
    run.wall_s = wall.count();
    run.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    run.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
    run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return run;
}

}  // namespace

MeasuredRun measure(const std::vector<std::string>& command)
{
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = start(command);
    AnonymousPeak peak(child);
    auto run = wait_for(child, begin);
    run.anonymous_mib = peak.stop();
    return run;
}

MeasuredRun measure_wall(const std::vector<std::string>& command)
{
    const auto begin = std::chrono::steady_clock::now();
    return wait_for(start(command), begin);
}

}  // namespace r8scan::bench
