#include "action/outbox_endpoints.h"

#include "action/outbox_rows.h"
#include "action/retry_schedule.h"

#include <algorithm>

namespace r8scan::action {
namespace {

constexpr unsigned failures_that_open = 5;
constexpr std::chrono::seconds circuit_pause{300};

Result<void> store_endpoint(Database& database, const std::string& callback, const Endpoint& endpoint)
{
    auto insert = database.prepare(
        "INSERT OR REPLACE INTO endpoints(callback, failures, not_before, stopped) "
        "VALUES(?, ?, ?, ?)");
    if (!insert) {
        return insert.error();
    }
    const auto not_before =
        endpoint.not_before ? std::optional(to_number(*endpoint.not_before)) : std::optional<std::int64_t>();
    insert->bind(1, callback).bind(2, std::int64_t{endpoint.failures}).bind(3, not_before).bind(4, endpoint.stopped);
    return insert->run();
}

}  // namespace

Result<Endpoint> endpoint_of(const Database& database, const std::string& callback)
{
    auto select = database.prepare("SELECT failures, not_before, stopped FROM endpoints WHERE callback = ?");
    const Result<bool> row = select ? select->bind(1, callback).step() : Result<bool>(select.error());
    if (!row) {
        return row.error();
    }
    Endpoint endpoint;
    if (*row) {
        endpoint.failures = static_cast<unsigned>(select->number(0));
        if (!select->is_null(1)) {
            endpoint.not_before = to_time(select->number(1));
        }
        endpoint.stopped = select->text(2);
    }
    return endpoint;
}

Result<void> note_failure(Database& database, const std::string& callback, const Failure& failure, WallTime now)
{
    if (!failure.of_endpoint) {
        return {};
    }
    auto known = endpoint_of(database, callback);
    if (!known) {
        return known.error();
    }
    if (failure.gone) {
        known->stopped = failure.message.empty() ? "it is gone" : failure.message;
    } else if (failure.retry_after) {
        known->not_before = now + std::min(*failure.retry_after, longest_retry_after);
    } else if (++known->failures >= failures_that_open) {
        known->not_before = now + circuit_pause;
    }
    return store_endpoint(database, callback, *known);
}

}  // namespace r8scan::action
