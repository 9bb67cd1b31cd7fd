// The words of the progress line. Pure, so that it can be tested without a clock or a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace r8scan::cmd {

/// How far a scan is. Seconds count from the start of the phase.
struct ProgressSample {
    std::string_view phase;
    std::uint64_t objects_done = 0;
    std::uint64_t objects_total = 0;
    double seconds = 0;
    double bytes_per_second = 0;
    std::string_view unit = "objects";
};

/// The line for a terminal of so many columns: a bar where there is room, then the numbers; never wider. ASCII only.
[[nodiscard]] std::string progress_bar(const ProgressSample& sample, unsigned width);

/// The line for a log: the same without the bar.
[[nodiscard]] std::string progress_words(const ProgressSample& sample);

}  // namespace r8scan::cmd
