#include "action/event.h"

#include "util/bytes.h"
#include "util/escape.h"
#include "util/hash.h"
#include "util/star_tokens.h"

#include <fmt/chrono.h>
#include <openssl/crypto.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <ctime>
#include <utility>

namespace r8scan::action {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array stages{std::pair(Stage::verify, "verify"), std::pair(Stage::revoke, "revoke"),
                            std::pair(Stage::notify, "notify")};

constexpr std::array statuses{std::pair(Status::active, "active"),
                              std::pair(Status::inactive, "inactive"),
                              std::pair(Status::unknown, "unknown"),
                              std::pair(Status::revoked, "revoked"),
                              std::pair(Status::already_revoked, "already_revoked"),
                              std::pair(Status::ok, "ok"),
                              std::pair(Status::skipped, "skipped"),
                              std::pair(Status::failed, "failed")};

template <typename Table, typename Value>
const char* word_for(const Table& table, Value value)
{
    for (const auto& [known, word] : table) {
        if (known == value) {
            return word;
        }
    }
    return "unknown";
}

template <typename Value, std::size_t N>
std::optional<Value> value_of(const std::array<std::pair<Value, const char*>, N>& table, std::string_view word)
{
    for (const auto& [value, known] : table) {
        if (known == word) {
            return value;
        }
    }
    return std::nullopt;
}

Json text(const std::string& raw)
{
    return utf8_or_hex(raw);
}

Json text_or_null(const std::string& raw)
{
    return raw.empty() ? Json(nullptr) : text(raw);
}

void add_if_any(Json& object, const char* name, const std::string& raw)
{
    if (!raw.empty()) {
        object[name] = text(raw);
    }
}

Json verdict_json(const std::optional<Verdict>& verdict)
{
    if (!verdict) {
        return nullptr;
    }
    Json object;
    object["status"] = to_string(verdict->status);
    object["at"] = text_or_null(verdict->at);
    object["message"] = text(verdict->message);
    add_if_any(object, "owner", verdict->owner);
    add_if_any(object, "token_name", verdict->token_name);
    return object;
}

Json seen(const std::string& commit, const std::string& date)
{
    Json object;
    object["commit"] = text_or_null(commit);
    object["date"] = text_or_null(date);
    return object;
}

Json place_json(const EventPlace& place)
{
    Json object;
    object["kind"] = text(place.kind);
    add_if_any(object, "path", place.path);
    object["line"] = place.line;
    add_if_any(object, "object", place.object);
    add_if_any(object, "commit", place.commit);
    add_if_any(object, "author", place.author);
    add_if_any(object, "email", place.email);
    add_if_any(object, "date", place.date);
    object["removed_in"] = text_or_null(place.removed_in);
    object["at_head"] = place.at_head;
    add_if_any(object, "link", place.link);
    return object;
}

Json exposure_json(const Exposure& exposure)
{
    Json object;
    object["repository"] = text(exposure.repository);
    object["visibility"] = text(exposure.visibility);
    object["first_seen"] = seen(exposure.first_commit, exposure.first_date);
    object["last_seen"] = seen(exposure.last_commit, exposure.last_date);
    object["at_head"] = exposure.at_head;
    object["places"] = Json::array();
    for (const EventPlace& place : exposure.places) {
        object["places"].push_back(place_json(place));
    }
    return object;
}

/// A JSON string into a buffer that is wiped later: no copy stays behind in a library's memory.
void append_json_string(std::string& out, std::string_view raw)
{
    constexpr char digits[] = "0123456789abcdef";
    out += '"';
    while (!raw.empty()) {
        const DecodedCharacter next = decode_utf8(raw);
        const auto byte = static_cast<unsigned char>(raw.front());
        if (!next.valid) {
            out += "\\\\x";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            if (byte == '"' || byte == '\\') {
                out += '\\';
            }
            out += raw.substr(0, next.length);
        }
        raw.remove_prefix(next.length);
    }
    out += '"';
}

Error bad_answer(const char* what)
{
    return {ErrorCode::damaged, std::string("the answer ") + what};
}

/// The field as text, cut and starred; an error where it is no text.
Result<std::string> text_field(const nlohmann::json& answer, const char* name)
{
    constexpr std::size_t longest = 1000;
    const auto field = answer.find(name);
    if (field == answer.end() || field->is_null()) {
        return std::string();
    }
    if (!field->is_string()) {
        return bad_answer("has a field that should be text and is not").within(name);
    }
    std::string value = star_tokens(field->get_ref<const std::string&>());
    if (value.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) {
            --end;  // not in the middle of a character
        }
        value.resize(end);
        value += "…";
    }
    return value;
}

Result<std::optional<std::chrono::seconds>> retry_field(const nlohmann::json& answer)
{
    constexpr double longest = 7.0 * 24 * 3600;
    const auto field = answer.find("retry_after");
    if (field == answer.end() || field->is_null()) {
        return std::optional<std::chrono::seconds>();
    }
    const double seconds = field->is_number() ? field->get<double>() : -1;
    if (!(seconds >= 0)) {
        return bad_answer("has a retry_after that is no number of seconds");
    }
    return std::optional(std::chrono::seconds(std::llround(std::ceil(std::min(seconds, longest)))));
}

}  // namespace

const char* to_string(Stage stage)
{
    return word_for(stages, stage);
}

const char* to_string(Status status)
{
    return word_for(statuses, status);
}

std::optional<Stage> stage_of(std::string_view word)
{
    return value_of(stages, word);
}

std::optional<Status> status_of(std::string_view word)
{
    return value_of(statuses, word);
}

bool ends_a_token(const std::optional<Verdict>& revocation)
{
    return revocation && (revocation->status == Status::revoked || revocation->status == Status::already_revoked ||
                          revocation->status == Status::ok);
}

std::string rfc3339(std::chrono::system_clock::time_point time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

std::string rfc3339_now()
{
    return rfc3339(std::chrono::system_clock::now());
}

std::string event_id(std::string_view token_sha256, std::string_view callback, Stage stage, std::string_view qualifier)
{
    constexpr std::size_t digits = 32;
    std::string named(token_sha256);
    for (const std::string_view part : {callback, std::string_view(to_string(stage)), qualifier}) {
        named += '\0';
        named += part;
    }
    return "evt_" + sha256_hex(as_bytes(named)).substr(0, digits);
}

Secret to_json(const Event& event, bool include_token)
{
    Json object;
    object["schema"] = "r8scan-event/1";
    object["event_id"] = text(event.event_id);
    object["stage"] = to_string(event.stage);
    object["rule"] = text(event.rule);
    if (include_token) {
        object["token"] = "";
    }
    object["token_sha256"] = text(event.token_sha256);
    object["redacted"] = text(event.redacted);
    object["confidence"] = to_string(event.confidence);
    object["verification"] = verdict_json(event.verification);
    object["revocation"] = verdict_json(event.revocation);
    object["exposure"] = exposure_json(event.exposure);
    object["run_id"] = text(event.run_id);
    add_if_any(object, "notice", event.notice_text);
    add_if_any(object, "notice_html", event.notice_html);
    const std::string json = object.dump();
    return include_token ? with_token(json, event.token) : Secret(json);
}

Secret with_token(const std::string& json, const Secret& token)
{
    // A quote inside of a value is escaped, so the first match is the field.
    constexpr std::string_view field = R"("token":"")";
    constexpr std::size_t longest_escape = 6;
    const std::size_t at = json.find(field);
    std::string joined;
    joined.reserve(json.size() + longest_escape * token.reveal().size() + 2);  // never moved while it is filled
    joined.append(json, 0, at + field.size() - 2);
    append_json_string(joined, token.reveal());
    joined.append(json, at + field.size());
    Secret secret(joined);
    OPENSSL_cleanse(joined.data(), joined.size());
    return secret;
}

Result<Verdict> read_verdict(std::string_view json)
{
    if (json.size() > most_of_an_answer) {
        return bad_answer("is longer than 64 KiB");
    }
    const nlohmann::json answer = nlohmann::json::parse(json, nullptr, false);
    if (answer.is_discarded()) {
        return bad_answer(json.empty() ? "is empty" : "is not JSON");
    }
    if (!answer.is_object()) {
        return bad_answer("is no JSON object");
    }
    const auto word = answer.find("status");
    if (word == answer.end() || !word->is_string()) {
        return bad_answer("has no status");
    }
    const std::optional<Status> status = status_of(word->get_ref<const std::string&>());
    if (!status) {
        return bad_answer("has a status that is not known");
    }
    Verdict verdict;
    verdict.status = *status;
    for (const auto& [name, target] : {std::pair("message", &verdict.message), std::pair("owner", &verdict.owner),
                                       std::pair("token_name", &verdict.token_name)}) {
        Result<std::string> value = text_field(answer, name);
        if (!value) {
            return value.error();
        }
        *target = std::move(*value);
    }
    const Result<std::optional<std::chrono::seconds>> retry_after = retry_field(answer);
    if (!retry_after) {
        return retry_after.error();
    }
    verdict.retry_after = *retry_after;
    return verdict;
}

}  // namespace r8scan::action
