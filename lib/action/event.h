// Event and Verdict: what a callback is told, and what it answers. One of each is one JSON object; their fields are
// listed in README.md ("Callbacks").
//
// An event is about one token in one stage. Its id is made of token, callback and stage, so a repeat, in this run or in
// a later one, has the same id and a receiver can drop it.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/result.h>
#include <r8scan/secret.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::action {

enum class Stage : std::uint8_t { verify, revoke, notify };

enum class Status : std::uint8_t { active, inactive, unknown, revoked, already_revoked, ok, skipped, failed };

[[nodiscard]] const char* to_string(Stage stage);
[[nodiscard]] const char* to_string(Status status);
[[nodiscard]] std::optional<Stage> stage_of(std::string_view word);
[[nodiscard]] std::optional<Status> status_of(std::string_view word);

/// One place of a token. Text is as in Finding: raw bytes, tokens in it redacted.
struct EventPlace {
    std::string kind;
    std::string path;  // empty where there is none
    std::uint64_t line = 0;
    std::string object;
    std::string commit;
    std::string author;
    std::string email;
    std::string date;  // RFC 3339
    std::string removed_in;
    bool at_head = false;
    std::string link;
};

/// Since when and where a token lay open.
struct Exposure {
    std::string repository;
    std::string visibility = "unknown";  // "public", "private", "unknown"
    std::string first_commit;            // the earliest commit and its date, by date; empty where there is none
    std::string first_date;
    std::string last_commit;
    std::string last_date;
    bool at_head = false;
    std::vector<EventPlace> places;
};

/// What became of the token so far.
struct Verdict {
    Status status = Status::unknown;
    std::string message;  // redacted; may be empty
    std::optional<std::chrono::seconds> retry_after;
    std::string owner;       // account that the token belongs to; may be empty
    std::string token_name;  // the owner's name for the token; may be empty
    std::string at;          // RFC 3339, UTC: when we learned it. No part of an answer
};

/// Whether a revocation says that the token is disabled, or that somebody took the order to do so.
[[nodiscard]] bool ends_a_token(const std::optional<Verdict>& revocation);

struct Event {
    std::string event_id;  // "evt_" and 32 hex digits
    Stage stage = Stage::verify;
    std::string rule;
    Secret token;
    std::string token_sha256;
    std::string redacted;
    Confidence confidence = Confidence::high;
    std::optional<Verdict> verification;
    std::optional<Verdict> revocation;
    Exposure exposure;
    std::string run_id;
    std::string notice_text;  // of the stage notify: the message to the person
    std::string notice_html;
};

/// RFC 3339, UTC, to the second.
[[nodiscard]] std::string rfc3339(std::chrono::system_clock::time_point time);
[[nodiscard]] std::string rfc3339_now();

/// The most that is read of an answer.
inline constexpr std::size_t most_of_an_answer = 64U << 10U;

/// "evt_" and the first 32 hex digits of SHA-256(token_sha256 NUL callback NUL stage NUL qualifier). The qualifier is
/// empty but for a notice about a repository that no earlier notice named.
[[nodiscard]] std::string event_id(std::string_view token_sha256, std::string_view callback, Stage stage,
                                   std::string_view qualifier = {});

/// The event as one JSON object without a line feed; with the token only where `with_token`. A Secret, because it may
/// hold one. Bytes of the repository that are not UTF-8 stand in it as `\xHH`.
[[nodiscard]] Secret to_json(const Event& event, bool include_token);

/// JSON in which the field "token" is empty, with the token in it instead.
[[nodiscard]] Secret with_token(const std::string& json, const Secret& token);

/// Reads an answer: one JSON object of at most 64 KiB with a `status` that is known; `message`, `retry_after`, `owner`
/// and `token_name` may be there, and what else it holds is passed over. Texts are cut at 1000 bytes, and what looks
/// like a token in them is starred. The error says what is wrong with the answer and never quotes it.
Result<Verdict> read_verdict(std::string_view json);

}  // namespace r8scan::action
