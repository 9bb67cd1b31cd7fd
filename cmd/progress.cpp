#include "cmd/progress.h"

#include "cmd/message.h"
#include "cmd/progress_line.h"
#include "cmd/terminal.h"

#include <exception>
#include <string>

namespace r8scan::cmd {
namespace {

constexpr std::chrono::milliseconds bar_delay{1000};
constexpr std::chrono::milliseconds bar_interval{100};
constexpr std::chrono::milliseconds line_interval{5000};

// Back to the first column, and clear to the end of the line (ECMA-48, EL).
constexpr const char* clear_line = "\r\x1b[K";

}  // namespace

Progress::Progress(const Control& control, ProgressStyle style) : m_control(control), m_style(style)
{
    if (m_style != ProgressStyle::none) {
        m_thread = std::thread([this] { run(); });
    }
}

Progress::~Progress()
{
    stop();
}

void Progress::stop()
{
    if (!m_thread.joinable()) {
        return;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
    if (m_shown && m_style == ProgressStyle::bar) {
        say_block(clear_line);
    }
}

void Progress::run()
{
    const bool bar = m_style == ProgressStyle::bar;
    std::chrono::milliseconds wait = bar ? bar_delay : line_interval;
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, wait, [this] { return m_stop; })) {
        try {
            show();
        } catch (const std::exception&) {
            return;  // for want of memory, say: no reason to end the scan
        }
        wait = bar ? bar_interval : line_interval;
    }
}

void Progress::show()
{
    const Clock::time_point now = Clock::now();
    const char* const phase = m_control.phase.load();
    const std::uint64_t bytes = m_control.bytes_done.load();
    const std::uint64_t objects = m_control.objects_done.load();
    if (phase != m_phase) {
        // The first phase seen is taken to have begun with the wait for the first line.
        m_phase_start = m_phase == nullptr ? now - (m_style == ProgressStyle::bar ? bar_delay : line_interval) : now;
        m_bytes_at_start = m_phase == nullptr ? 0 : bytes;
        m_objects_at_start = m_phase == nullptr ? 0 : objects;
        m_phase = phase;
    }
    ProgressSample sample;
    sample.phase = phase;
    // A phase that counts no objects leaves the numbers of the one before: then only its name is shown.
    sample.objects_done = objects == m_objects_at_start ? 0 : objects;
    sample.objects_total = m_control.objects_total.load();
    sample.unit = m_control.unit.load();
    sample.seconds = std::chrono::duration<double>(now - m_phase_start).count();
    if (sample.seconds > 0) {
        sample.bytes_per_second = static_cast<double>(bytes - m_bytes_at_start) / sample.seconds;
    }
    if (m_style == ProgressStyle::bar) {
        // The last column stays free: writing there wraps on some terminals.
        say_block(clear_line + progress_bar(sample, terminal_width() - 1));
    } else {
        say(progress_words(sample));
    }
    m_shown = true;
}

}  // namespace r8scan::cmd
