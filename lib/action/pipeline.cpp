#include "action/pipeline.h"

#include "action/exposure.h"
#include "util/bytes.h"
#include "util/hash.h"
#include "util/star_tokens.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::action {
namespace {

Outcome outcome_of(const Verdict& verdict, const std::string& word)
{
    return {word.empty() ? to_string(verdict.status) : word, verdict.at, verdict.message};
}

/// Of several callbacks that revoke one token, the one that ended it speaks.
int weight(Status status)
{
    switch (status) {
        case Status::revoked:
            return 5;
        case Status::already_revoked:
            return 4;
        case Status::ok:
            return 3;
        case Status::failed:
            return 2;
        default:
            return 1;
    }
}

Verdict made_here(Status status, std::string message)
{
    Verdict verdict;
    verdict.status = status;
    verdict.message = std::move(message);
    verdict.at = rfc3339_now();
    return verdict;
}

}  // namespace

Pipeline::Pipeline(Sink& reports, VerifyQueue* verify, std::vector<Receiver> receivers, Carrier* carrier,
                   PipelineOptions options)
    : m_reports(reports),
      m_verify(verify),
      m_receivers(std::move(receivers)),
      m_carrier(carrier),
      m_options(std::move(options))
{
}

bool Pipeline::is_verifiable(std::string_view rule) const
{
    return m_verify != nullptr &&
           std::find(m_options.verifiable.begin(), m_options.verifiable.end(), rule) != m_options.verifiable.end();
}

void Pipeline::enter(const char* phase) const
{
    if (m_options.phase) {
        m_options.phase(phase);
    }
}

void Pipeline::seen(const SeenToken& token) noexcept
try {
    if (!is_verifiable(token.rule)) {
        return;
    }
    std::string hash = sha256_hex(as_bytes(token.token.reveal()));
    if (!m_verify->wants(hash)) {
        return;
    }
    Event event;
    event.rule = token.rule;
    event.confidence = token.confidence;
    event.token = token.token;
    event.token_sha256 = std::move(hash);
    event.redacted = token.token.redacted();
    event.exposure.visibility = m_options.visibility;
    event.run_id = m_options.run_id;
    m_verify->offer(std::move(event));
} catch (const std::exception&) {
    // No memory, no thread: it is asked for when the scan is over, and then the trouble is told.
}

Result<void> Pipeline::finding(const Finding& finding)
{
    m_findings.push_back(finding);
    return {};
}

void Pipeline::group()
{
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        if (!m_findings[i].placeholder) {
            m_tokens[m_findings[i].token_sha256].findings.push_back(i);
        }
    }
}

Event Pipeline::event_for(const Token& token, Stage stage) const
{
    std::vector<const Finding*> findings;
    for (const std::size_t number : token.findings) {
        findings.push_back(&m_findings[number]);
    }
    const Finding& first = *findings.front();
    Event event;
    event.stage = stage;
    event.rule = first.rule;
    event.token = *first.secret;
    event.token_sha256 = first.token_sha256;
    event.redacted = first.secret->redacted();
    for (const Finding* const finding : findings) {
        event.confidence = finding == &first ? first.confidence : std::max(event.confidence, finding->confidence);
    }
    event.verification = token.verification;
    event.revocation = token.revocation;
    event.exposure = exposure_of(findings, m_options.visibility);
    event.run_id = m_options.run_id;
    return event;
}

void Pipeline::verify(const std::vector<Token*>& tokens)
{
    std::vector<Token*> asked;
    std::vector<Event> events;
    for (Token* const token : tokens) {
        if (is_verifiable(m_findings[token->findings.front()].rule)) {
            asked.push_back(token);
            events.push_back(event_for(*token, Stage::verify));
        }
    }
    if (events.empty()) {
        return;
    }
    const std::vector<Verdict> verdicts = m_verify->answers(events);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        asked[i]->verification = verdicts[i];
    }
}

std::vector<std::pair<Pipeline::Token*, Outgoing>> Pipeline::events_for(Stage stage)
{
    std::vector<std::pair<Token*, Outgoing>> events;
    for (const Receiver& receiver : m_receivers) {
        if (receiver.callback->stage() != stage) {
            continue;
        }
        for (auto& [hash, token] : m_tokens) {
            if (stage == Stage::revoke && token.ended_before) {
                continue;
            }
            // Revoked meanwhile or not: who is told of live tokens is told of those that this run ended too.
            const bool reaches = receiver.only.empty() || std::find(receiver.only.begin(), receiver.only.end(),
                                                                    token.found_as) != receiver.only.end();
            if (reaches) {
                Outgoing outgoing{&receiver, event_for(token, stage), &m_findings[token.findings.front()]};
                outgoing.event.event_id = event_id(hash, receiver.callback->name(), stage);
                events.emplace_back(&token, std::move(outgoing));
            }
        }
    }
    return events;
}

std::vector<Sent> Pipeline::carry(const std::vector<Outgoing>& events)
{
    std::vector<Sent> sent(events.size());
    Result<std::vector<Sent>> carried = m_carrier->carry(events);
    if (carried) {
        sent = std::move(*carried);
    } else {
        for (Sent& one : sent) {
            one.message = carried.error().message();
        }
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
        for (std::string* const text : {&sent[i].message, &sent[i].verdict.message}) {
            *text = star_tokens(star_out(*text, events[i].event.token.reveal()));
        }
    }
    m_report.count(events, sent);
    return sent;
}

void Pipeline::note_revocation(Token& token, const Sent& sent)
{
    Verdict verdict = sent.state == Sent::State::delivered ? sent.verdict : made_here(Status::failed, sent.message);
    verdict.at = verdict.at.empty() ? rfc3339_now() : verdict.at;
    if (!token.revocation || weight(verdict.status) > weight(token.revocation->status)) {
        token.revocation = std::move(verdict);
        token.revocation_word = sent.state == Sent::State::pending ? "pending" : "";
    }
}

/// What an earlier run ended is dead now, but it was found alive: and that run may have been cut off before it told
/// anybody. Who was told is not told again, as the outbox knows.
void Pipeline::recall_revocations()
{
    std::vector<Token*> dead;
    std::vector<Outgoing> events;
    for (const Receiver& receiver : m_receivers) {
        for (auto& [hash, token] : m_tokens) {
            if (receiver.callback->stage() == Stage::revoke && token.found_as == Status::inactive) {
                dead.push_back(&token);
                events.push_back({&receiver, {}, nullptr});
                events.back().event.event_id = event_id(hash, receiver.callback->name(), Stage::revoke);
            }
        }
    }
    if (events.empty()) {
        return;
    }
    const Result<std::vector<std::optional<Verdict>>> answered = m_carrier->answered(events);
    if (!answered) {
        m_report.lines.push_back("what earlier runs revoked is not known: " + answered.error().message());
        return;
    }
    for (std::size_t i = 0; i < dead.size(); ++i) {
        const std::optional<Verdict>& verdict = (*answered)[i];
        Token& token = *dead[i];
        if (ends_a_token(verdict) && (!token.revocation || weight(verdict->status) > weight(token.revocation->status))) {
            token.revocation = verdict;
            token.ended_before = true;
            token.found_as = Status::active;
        }
    }
}

void Pipeline::revoke()
{
    auto prepared = events_for(Stage::revoke);
    if (prepared.empty()) {
        return;
    }
    std::vector<Outgoing> events;
    events.reserve(prepared.size());
    for (auto& [token, outgoing] : prepared) {
        events.push_back(std::move(outgoing));
    }
    const std::string why = !m_options.no_revoking.empty()            ? m_options.no_revoking
                            : m_options.dry_run                       ? "this is a dry run"
                            : !m_options.revoke                       ? "--revoke sends it"
                            : m_options.ask && !m_options.ask(events) ? "it was not confirmed"
                                                                      : "";
    if (!why.empty()) {
        for (std::size_t i = 0; i < events.size(); ++i) {
            prepared[i].first->revocation = made_here(
                Status::skipped, fmt::format("would be sent to \"{}\": {}", events[i].receiver->callback->name(), why));
        }
        m_report.rehearse(events, why);
        return;
    }
    enter("revoking");
    const std::vector<Sent> sent = carry(events);
    for (std::size_t i = 0; i < sent.size(); ++i) {
        note_revocation(*prepared[i].first, sent[i]);
    }
}

void Pipeline::verify_again()
{
    std::vector<Token*> ended;
    for (auto& [hash, token] : m_tokens) {
        if (ends_a_token(token.revocation) && token.verification && !token.ended_before) {
            m_verify->forget(hash);
            ended.push_back(&token);
        }
    }
    enter("verifying again");
    verify(ended);
    for (Token* const token : ended) {
        if (token->verification->status == Status::active) {
            Verdict& revocation = *token->revocation;
            revocation.message += (revocation.message.empty() ? "" : "; ") + std::string("the token is still active");
        }
    }
}

void Pipeline::notify()
{
    auto prepared = events_for(Stage::notify);
    if (prepared.empty()) {
        return;
    }
    std::vector<Outgoing> events;
    events.reserve(prepared.size());
    for (auto& [token, outgoing] : prepared) {
        if (outgoing.receiver->notice) {
            outgoing.receiver->notice->write(outgoing.event);
        }
        events.push_back(std::move(outgoing));
    }
    if (m_options.dry_run) {
        m_report.rehearse(events, "this is a dry run");
        return;
    }
    enter("notifying");
    (void)carry(events);
}

void Pipeline::write_into_findings()
{
    for (auto& [hash, token] : m_tokens) {
        for (const std::size_t number : token.findings) {
            if (token.verification) {
                m_findings[number].verification = outcome_of(*token.verification, "");
            }
            if (token.revocation) {
                m_findings[number].revocation = outcome_of(*token.revocation, token.revocation_word);
            }
        }
    }
}

void Pipeline::settle_exit_code()
{
    constexpr int found = 1;
    constexpr int undelivered = 4;
    constexpr int interrupted = 130;
    int& code = m_summary.exit_code;
    if (code == found && m_options.fail_on_active) {
        const bool some_left = std::any_of(m_findings.begin(), m_findings.end(), [](const Finding& finding) {
            return !finding.placeholder && (!finding.verification || finding.verification->status != "inactive");
        });
        code = some_left ? found : 0;
    }
    if (m_report.pending + m_report.failed > 0 && (code == 0 || code == found)) {
        code = undelivered;
    }
    if (stopped()) {
        code = interrupted;
    }
}

Result<void> Pipeline::summary(const Summary& summary)
{
    m_summary = summary;
    group();
    std::vector<Token*> all;
    for (auto& [hash, token] : m_tokens) {
        all.push_back(&token);
    }
    enter("verifying");
    verify(all);
    for (Token* const token : all) {
        token->found_as = token->verification ? token->verification->status : Status::unknown;
    }
    recall_revocations();
    // Who wants to stop gets his report. What comes later is for a scan that saw what it was to see.
    if (!stopped()) {
        revoke();
    }
    if (!stopped()) {
        verify_again();
        notify();
    }
    if (stopped() && !summary.interrupted) {
        m_report.lines.emplace_back("interrupted: not everything was done about the tokens that were found");
    }
    write_into_findings();
    settle_exit_code();
    for (const std::string& line : m_report.lines) {
        m_summary.notes.push_back(line);
    }
    for (const Finding& finding : m_findings) {
        if (Result<void> done = m_reports.finding(finding); !done) {
            return done;
        }
    }
    return m_reports.summary(m_summary);
}

}  // namespace r8scan::action
