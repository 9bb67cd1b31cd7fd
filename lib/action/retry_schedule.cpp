// When a failed delivery is tried again: the schedule that README.md names.
#include "action/outbox.h"

#include <array>

namespace r8scan::action {

std::optional<std::chrono::seconds> retry_delay(unsigned failures)
{
    using namespace std::chrono_literals;
    static constexpr std::array<std::chrono::seconds, 9> schedule{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    return failures >= 1 && failures <= schedule.size() ? std::optional(schedule.at(failures - 1)) : std::nullopt;
}

}  // namespace r8scan::action
