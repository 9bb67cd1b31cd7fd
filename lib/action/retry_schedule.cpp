// The schedule that README.md names.
#include "action/retry_schedule.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace r8scan::action {

std::optional<std::chrono::seconds> retry_delay(unsigned failures)
{
    using namespace std::chrono_literals;
    static constexpr std::array<std::chrono::seconds, 9> schedule{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    return failures >= 1 && failures <= schedule.size() ? std::optional(schedule.at(failures - 1)) : std::nullopt;
}

std::optional<WallTime> next_attempt(unsigned failures, const Failure& failure, WallTime now, double random)
{
    using std::chrono::milliseconds;
    constexpr double jitter = 0.2;
    const auto delay = retry_delay(failures);
    if (!delay) {
        return std::nullopt;
    }
    const double factor = 1 + jitter * (2 * random - 1);
    milliseconds wait(std::llround(std::chrono::duration<double, std::milli>(*delay).count() * factor));
    if (failure.retry_after) {
        wait = std::max<milliseconds>(wait, std::min(*failure.retry_after, longest_retry_after));
    }
    return now + wait;
}

}  // namespace r8scan::action
