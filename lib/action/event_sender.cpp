#include "action/event_sender.h"

#include "util/escape.h"
#include "util/star_tokens.h"

#include <algorithm>
#include <exception>

namespace r8scan::action {
namespace {

/// Nothing is written down or shown that holds the token.
std::string safe(std::string_view message, const Secret& token)
{
    return escape_for_terminal(star_tokens(star_out(message, token.reveal())));
}

Attempt deliver(Callback& callback, const Event& event, std::chrono::steady_clock::time_point until)
{
    try {
        return callback.deliver(event, until);
    } catch (const std::exception& error) {
        Attempt failed;
        failed.message = std::string("the callback threw an exception: ") + error.what();
        return failed;
    }
}

Failure failure_of(const Attempt& attempt, const Secret& token)
{
    Failure failure;
    const bool answered = attempt.outcome == Attempt::Outcome::delivered;  // and said that it failed
    failure.message = safe(answered ? attempt.verdict.message : attempt.message, token);
    if (failure.message.empty()) {
        failure.message = answered ? "the callback says that it failed" : "not delivered";
    }
    failure.retry_after = answered ? attempt.verdict.retry_after : attempt.retry_after;
    failure.gone = attempt.outcome == Attempt::Outcome::gone;
    return failure;
}

Result<SentEvent> settled(Result<Entry> entry)
{
    return entry ? Result<SentEvent>(SentEvent{SentEvent::How::settled, std::move(*entry)}) : entry.error();
}

}  // namespace

Result<SentEvent> EventSender::send(const std::string& id, Callback& callback,
                                    std::chrono::steady_clock::time_point deadline)
{
    auto claim = m_outbox.claim(id);
    if (!claim) {
        return claim.error();
    }
    Entry& entry = claim->entry;
    if (!claim->taken) {
        const bool waits = entry.state == EntryState::pending;
        return SentEvent{waits ? SentEvent::How::elsewhere : SentEvent::How::not_tried, std::move(entry)};
    }
    if (entry.needs_secret) {
        auto token = token_of(entry);
        if (!token) {
            return settled(m_outbox.settle_failed(id, {safe(token.error().message(), {}), {}, false, false}));
        }
        entry.event.token = std::move(*token);
    }
    const auto start = m_clock.steady();
    const auto until = std::min(start + m_options.attempt_timeout, deadline);
    const Attempt attempt = deliver(callback, entry.event, until);
    if (attempt.outcome == Attempt::Outcome::delivered && attempt.verdict.status != Status::failed) {
        return settled(m_outbox.settle_delivered(id, attempt.verdict));
    }
    // What we cut off ourselves says nothing about the endpoint.
    const bool shortened = until - start < m_options.attempt_timeout && m_clock.steady() >= until;
    const bool stopped = m_options.stop != nullptr && *m_options.stop;
    if (attempt.outcome == Attempt::Outcome::failed && (shortened || stopped)) {
        auto released = m_outbox.release(id);
        entry.event.token = Secret();
        return released ? Result<SentEvent>(SentEvent{SentEvent::How::not_tried, std::move(entry)}) : released.error();
    }
    return settled(m_outbox.settle_failed(id, failure_of(attempt, entry.event.token)));
}

Result<Secret> EventSender::token_of(const Entry& entry)
{
    if (const auto known = m_known.find(entry.event.token_sha256); known != m_known.end()) {
        return known->second;
    }
    if (entry.sealed) {
        return m_outbox.unseal(entry.event.event_id);
    }
    if (!entry.place) {
        return Error(ErrorCode::not_found,
                     "its token is not kept in the outbox any more: scan again where it was found");
    }
    if (m_options.source == nullptr) {
        return Error(ErrorCode::unsupported, "nothing here can read its token again");
    }
    auto token = m_options.source->read(*entry.place, entry.event.token_sha256);
    return token ? token : token.error().within("the token cannot be read again");
}

}  // namespace r8scan::action
