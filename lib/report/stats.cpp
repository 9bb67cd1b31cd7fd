#include "report/stats.h"

#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::report {

std::string stats_text(const Summary& summary)
{
    std::size_t width = 24;
    for (const auto& [name, value] : summary.counters) {
        width = std::max(width, name.size());
    }

    std::string text = fmt::format("{:<{}}  {:>12}  {:>12}\n", "phase", width, "wall ms", "CPU ms");
    for (const Phase& phase : summary.phases) {
        text += fmt::format("{:<{}}  {:>12.1f}  {:>12.1f}\n", phase.name, width, phase.wall_ms, phase.cpu_ms);
    }
    text += fmt::format("{:<{}}  {:>12}\n", "all", width, summary.elapsed_ms);
    for (const auto& [name, value] : summary.counters) {
        text += fmt::format("{:<{}}  {:>12}\n", name, width, with_separators(value));
    }
    if (summary.source == ScanSource::repository) {
        text += fmt::format("{:<{}}  {:>12}\n", "delta rule", width, summary.delta_rule ? "on" : "off");
        if (!summary.delta_rule && !summary.delta_rule_off_why.empty()) {
            text += fmt::format("  because {}\n", escape_for_terminal(summary.delta_rule_off_why));
        }
    }
    const double seconds = static_cast<double>(summary.elapsed_ms) / 1000;
    if (seconds > 0) {
        text += fmt::format("{:<{}}  {:>12}\n", "throughput", width,
                            human_bytes(static_cast<double>(summary.bytes) / seconds) + "/s");
    }
    return text;
}

}  // namespace r8scan::report
