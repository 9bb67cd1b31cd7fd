// Shows how far a scan is, from a thread of its own, on standard error.
//
// On a terminal: one line, rewritten ten times a second, from the first second on, and taken away at the end.
// Elsewhere: a plain line every few seconds. It only reads the atomics of Control, so the scan never waits for it.
#pragma once

#include <r8scan/scan.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace r8scan::cmd {

enum class ProgressStyle { none, bar, lines };

class Progress {
public:
    /// `control` must outlive the object.
    Progress(const Control& control, ProgressStyle style);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Takes the line away and shows nothing more. May be called again; waits for the thread.
    void stop();

private:
    using Clock = std::chrono::steady_clock;

    void run();
    void show();

    const Control& m_control;
    ProgressStyle m_style;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    std::thread m_thread;

    // Of the thread alone.
    const char* m_phase = nullptr;
    Clock::time_point m_phase_start;
    std::uint64_t m_bytes_at_start = 0;
    std::uint64_t m_objects_at_start = 0;
    bool m_shown = false;
};

}  // namespace r8scan::cmd
