#include "cmd/progress_line.h"

#include "report/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::cmd {
namespace {

double fraction_done(const ProgressSample& sample)
{
    if (sample.objects_total == 0) {
        return 0;
    }
    return std::min(1.0, static_cast<double>(sample.objects_done) / static_cast<double>(sample.objects_total));
}

/// A phase whose objects are not counted, or that has none left, only has a name.
bool is_counted(const ProgressSample& sample)
{
    return sample.objects_total > 0 && sample.objects_done > 0 && sample.objects_done < sample.objects_total;
}

std::string time_left(const ProgressSample& sample)
{
    const double done = fraction_done(sample);
    // The first moments say nothing about the rest.
    if (done < 0.01 || sample.seconds < 0.5) {
        return "";
    }
    // A forecast is no better than to the second.
    const auto left = static_cast<unsigned long>(sample.seconds / done * (1 - done)) + 1;
    return left < 120 ? fmt::format(", {} s left", left) : fmt::format(", {} min left", (left + 59) / 60);
}

}  // namespace

std::string progress_words(const ProgressSample& sample)
{
    if (!is_counted(sample)) {
        // A phase without a count may still be reading, as a stream is.
        return sample.objects_total == 0 && sample.bytes_per_second > 0
                   ? fmt::format("{}: {}/s", sample.phase, report::human_bytes(sample.bytes_per_second))
                   : fmt::format("{} ...", sample.phase);
    }
    return fmt::format("{}: {} of {} {}, {}/s{}", sample.phase, report::with_separators(sample.objects_done),
                       report::with_separators(sample.objects_total), sample.unit,
                       report::human_bytes(sample.bytes_per_second), time_left(sample));
}

std::string progress_bar(const ProgressSample& sample, unsigned width)
{
    constexpr std::size_t least_bar = 10;
    constexpr std::size_t most_bar = 30;
    std::string words = progress_words(sample);
    std::string line;
    const std::size_t beside = words.size() + std::string_view("[] 100%  ").size();
    if (is_counted(sample) && beside + least_bar <= width) {
        const std::size_t length = std::min(most_bar, width - beside);
        const double done = fraction_done(sample);
        const auto filled = static_cast<std::size_t>(done * static_cast<double>(length));
        line = fmt::format("[{:-<{}}] {:3.0f}%  ", std::string(filled, '#'), length, std::min(99.0, done * 100));
    }
    line += words;
    line.resize(std::min<std::size_t>(line.size(), width));
    return line;
}

}  // namespace r8scan::cmd
