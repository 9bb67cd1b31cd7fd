// One list of fields for each struct serves both ways: a visitor writes them, another reads them.
#include "action/stored_event.h"

#include "util/bytes.h"
#include "util/escape.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace r8scan::action {
namespace {

using Json = nlohmann::json;

Json json_of(const std::string& text)
{
    return utf8_or_hex(text);
}
Json json_of(bool value)
{
    return value;
}
Json json_of(std::uint64_t value)
{
    return value;
}
Json json_of(Status status)
{
    return to_string(status);
}
Json json_of(Stage stage)
{
    return to_string(stage);
}
Json json_of(Confidence confidence)
{
    return r8scan::to_string(confidence);
}
Json json_of(const std::optional<std::chrono::seconds>& seconds)
{
    return seconds ? Json(seconds->count()) : Json();
}

template <typename T>
Json json_of(const std::optional<T>& value);
template <typename T>
Json json_of(const std::vector<T>& values);
Json json_of(const Verdict& verdict);
Json json_of(const Exposure& exposure);
Json json_of(const EventPlace& place);

void read(const Json& json, std::string& text)
{
    text = json.get<std::string>();
}
void read(const Json& json, bool& value)
{
    value = json.get<bool>();
}
void read(const Json& json, std::uint64_t& value)
{
    value = json.get<std::uint64_t>();
}
void read(const Json& json, Status& status)
{
    status = status_of(json.get<std::string>()).value_or(Status::unknown);
}
void read(const Json& json, Stage& stage)
{
    stage = stage_of(json.get<std::string>()).value_or(Stage::notify);
}
void read(const Json& json, Confidence& confidence)
{
    const auto word = json.get<std::string>();
    for (const Confidence known : {Confidence::low, Confidence::medium, Confidence::high}) {
        if (word == r8scan::to_string(known)) {
            confidence = known;
        }
    }
}
void read(const Json& json, std::optional<std::chrono::seconds>& seconds)
{
    seconds = json.is_null() ? std::nullopt : std::optional(std::chrono::seconds(json.get<std::int64_t>()));
}

template <typename T>
void read(const Json& json, std::optional<T>& value);
template <typename T>
void read(const Json& json, std::vector<T>& values);
void read(const Json& json, Verdict& verdict);
void read(const Json& json, Exposure& exposure);
void read(const Json& json, EventPlace& place);

// Fields of each struct: `visit` gets a name and the member.
void fields(auto& verdict, auto visit) requires std::is_same_v<std::remove_cvref_t<decltype(verdict)>, Verdict>
{
    visit("status", verdict.status);
    visit("at", verdict.at);
    visit("message", verdict.message);
    visit("retry_after", verdict.retry_after);
    visit("owner", verdict.owner);
    visit("token_name", verdict.token_name);
}

void fields(auto& place, auto visit) requires std::is_same_v<std::remove_cvref_t<decltype(place)>, EventPlace>
{
    visit("kind", place.kind);
    visit("path", place.path);
    visit("line", place.line);
    visit("object", place.object);
    visit("commit", place.commit);
    visit("author", place.author);
    visit("email", place.email);
    visit("date", place.date);
    visit("removed_in", place.removed_in);
    visit("at_head", place.at_head);
    visit("link", place.link);
}

void fields(auto& exposure, auto visit) requires std::is_same_v<std::remove_cvref_t<decltype(exposure)>, Exposure>
{
    visit("repository", exposure.repository);
    visit("visibility", exposure.visibility);
    visit("first_commit", exposure.first_commit);
    visit("first_date", exposure.first_date);
    visit("last_commit", exposure.last_commit);
    visit("last_date", exposure.last_date);
    visit("at_head", exposure.at_head);
    visit("places", exposure.places);
}

void fields(auto& event, auto visit) requires std::is_same_v<std::remove_cvref_t<decltype(event)>, Event>
{
    visit("event_id", event.event_id);
    visit("stage", event.stage);
    visit("rule", event.rule);
    visit("token_sha256", event.token_sha256);
    visit("redacted", event.redacted);
    visit("confidence", event.confidence);
    visit("verification", event.verification);
    visit("revocation", event.revocation);
    visit("exposure", event.exposure);
    visit("run_id", event.run_id);
    visit("notice_text", event.notice_text);
    visit("notice_html", event.notice_html);
}

void fields(auto& place, auto visit) requires std::is_same_v<std::remove_cvref_t<decltype(place)>, TokenPlace>
{
    visit("object", place.object);
    visit("offset", place.offset);
    visit("layers", place.layers);
}

template <typename T>
Json object_of(const T& value)
{
    Json object = Json::object();
    fields(value, [&](const char* name, const auto& field) { object[name] = json_of(field); });
    return object;
}

template <typename T>
void read_object(const Json& json, T& value)
{
    fields(value, [&](const char* name, auto& field) { read(json.at(name), field); });
}

template <typename T>
Json json_of(const std::optional<T>& value)
{
    return value ? json_of(*value) : Json();
}

template <typename T>
Json json_of(const std::vector<T>& values)
{
    Json array = Json::array();
    for (const T& value : values) {
        array.push_back(json_of(value));
    }
    return array;
}

Json json_of(const Verdict& verdict)
{
    return object_of(verdict);
}
Json json_of(const Exposure& exposure)
{
    return object_of(exposure);
}
Json json_of(const EventPlace& place)
{
    return object_of(place);
}

template <typename T>
void read(const Json& json, std::optional<T>& value)
{
    if (json.is_null()) {
        value.reset();
    } else {
        read(json, value.emplace());
    }
}

template <typename T>
void read(const Json& json, std::vector<T>& values)
{
    values.clear();
    for (const Json& item : json) {
        read(item, values.emplace_back());
    }
}

void read(const Json& json, Verdict& verdict)
{
    read_object(json, verdict);
}
void read(const Json& json, Exposure& exposure)
{
    read_object(json, exposure);
}
void read(const Json& json, EventPlace& place)
{
    read_object(json, place);
}

Error not_readable(const char* what)
{
    return {ErrorCode::damaged, std::string("the stored ") + what + " cannot be read"};
}

template <typename T>
Result<T> load(std::string_view json, const char* what)
{
    try {
        T value;
        read_object(Json::parse(json), value);
        return value;
    } catch (const Json::exception&) {
        return not_readable(what);
    }
}

std::optional<std::string> from_hex(std::string_view hex)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const int high = digit(hex[i]);
        const int low = digit(hex[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes += static_cast<char>(high * 16 + low);
    }
    return hex.size() % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

}  // namespace

std::string store_event(const Event& event)
{
    return object_of(event).dump();
}

Result<Event> load_event(std::string_view json)
{
    return load<Event>(json, "event");
}

std::string store_verdict(const Verdict& verdict)
{
    return object_of(verdict).dump();
}

Result<Verdict> load_verdict(std::string_view json)
{
    return load<Verdict>(json, "verdict");
}

// The path is opened again, so its bytes must come back as they were: in hex where JSON cannot carry them.
std::string store_place(const TokenPlace& place)
{
    Json object = object_of(place);
    const bool is_text = utf8_or_hex(place.repository) == place.repository;
    object[is_text ? "repository" : "repository_hex"] = is_text ? place.repository : to_hex(as_bytes(place.repository));
    return object.dump();
}

Result<TokenPlace> load_place(std::string_view json)
{
    auto place = load<TokenPlace>(json, "place");
    if (!place) {
        return place;
    }
    const Json object = Json::parse(json);
    const auto hex = object.find("repository_hex");
    const auto text = object.find("repository");
    if (hex != object.end() && hex->is_string()) {
        auto bytes = from_hex(hex->get_ref<const std::string&>());
        if (!bytes) {
            return not_readable("place");
        }
        place->repository = std::move(*bytes);
    } else if (text != object.end() && text->is_string()) {
        place->repository = text->get<std::string>();
    } else {
        return not_readable("place");
    }
    return place;
}

}  // namespace r8scan::action
