// Wall time and the processor time of the whole process since a moment, in milliseconds.
#pragma once

#include <ctime>

namespace r8scan {

class Stopwatch {
public:
    Stopwatch() : m_wall(now(CLOCK_MONOTONIC)), m_cpu(now(CLOCK_PROCESS_CPUTIME_ID)) {}
    [[nodiscard]] double wall_ms() const { return now(CLOCK_MONOTONIC) - m_wall; }
    [[nodiscard]] double cpu_ms() const { return now(CLOCK_PROCESS_CPUTIME_ID) - m_cpu; }

private:
    static double now(clockid_t clock)
    {
        timespec time{};
        clock_gettime(clock, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    double m_wall;
    double m_cpu;
};

}  // namespace r8scan
