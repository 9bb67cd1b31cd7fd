#include "action/exec_callback.h"

#include "action/line_exchange.h"
#include "util/escape.h"
#include "util/star_tokens.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

namespace r8scan::action {
namespace {

/// What is left of a token where the text was cut in the middle of it is starred too.
std::string star_cut_token(std::string text, std::string_view token)
{
    constexpr std::size_t shown = 5;
    for (std::size_t size = std::min(token.size(), text.size()); size > shown; --size) {
        if (text.ends_with(token.substr(0, size))) {
            std::fill(text.end() - static_cast<std::ptrdiff_t>(size - shown), text.end(), '*');
            break;
        }
    }
    return text;
}

/// The first line of what a program complained about, fit to be shown.
std::string shown_complaint(std::string_view complaint, const Secret& token)
{
    constexpr std::size_t most = 300;
    const std::string starred = star_tokens(star_cut_token(star_out(complaint, token.reveal()), token.reveal()));
    const std::size_t begin = starred.find_first_not_of("\r\n\t ");
    if (begin == std::string::npos) {
        return {};
    }
    return escape_for_terminal(
        std::string_view(starred).substr(begin, starred.find_first_of("\r\n", begin) - begin).substr(0, most));
}

}  // namespace

ExecCallback::~ExecCallback()
{
    if (m_child) {
        m_child->end(m_options.grace);
    }
}

Attempt ExecCallback::deliver(const Event& event, std::chrono::steady_clock::time_point deadline)
{
    Attempt attempt;
    const std::string called = escape_for_terminal(!m_options.called.empty() || m_options.program.arguments.empty()
                                                       ? m_options.called
                                                       : m_options.program.arguments.front());
    std::unique_lock lock(m_mutex, deadline);
    if (!lock) {
        attempt.message = '"' + called + "\" was busy with another event all the time";
        return attempt;
    }
    if (m_options.timeout) {
        deadline = std::min(deadline, std::chrono::steady_clock::now() + *m_options.timeout);
    }
    // One that ended after its last answer, which was good, or that wrote more behind it, which would be taken for the
    // next answer, makes place for another.
    if (m_child && (m_child->ended() || has_unread_output(*m_child))) {
        m_child.reset();
    }
    if (!m_child) {
        auto started = ChildProcess::start(m_options.program);
        if (!started) {
            attempt.message = escape_for_terminal(started.error().message());
            return attempt;
        }
        m_child.emplace(std::move(*started));
    }
    Exchange exchange = exchange_lines(*m_child, to_json(event, m_options.needs_secret), deadline);
    Result<Verdict> verdict = exchange.failure.empty() ? read_verdict(exchange.answer)
                                                       : Result<Verdict>(Error(ErrorCode::io, exchange.failure));
    if (!verdict || exchange.more) {
        m_child.reset();
    }
    if (verdict) {
        attempt.outcome = Attempt::Outcome::delivered;
        attempt.verdict = std::move(*verdict);
        attempt.verdict.message = star_out(attempt.verdict.message, event.token.reveal());
    } else {
        attempt.message =
            '"' + called + "\" " + (exchange.failure.empty() ? "failed: " : "") + verdict.error().message();
        if (const std::string complaint = shown_complaint(exchange.complaint, event.token); !complaint.empty()) {
            attempt.message += ": " + complaint;
        }
    }
    OPENSSL_cleanse(exchange.answer.data(), exchange.answer.size());
    OPENSSL_cleanse(exchange.complaint.data(), exchange.complaint.size());
    return attempt;
}

std::vector<std::string> small_environment(const std::function<const char*(const char*)>& lookup)
{
    constexpr std::array names{"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"};
    std::vector<std::string> environment;
    for (const char* const name : names) {
        if (const char* const value = lookup(name); value != nullptr) {
            environment.push_back(std::string(name) + '=' + value);
        }
    }
    return environment;
}

}  // namespace r8scan::action
