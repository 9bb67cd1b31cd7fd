#include "cmd/typed_values.h"

#include <charconv>
#include <limits>

namespace r8scan::cmd {

Result<bool> flag(const TypedOptions& typed, std::string_view name)
{
    const TypedValue* const value = typed.last(name);
    if (value == nullptr) {
        return false;
    }
    for (const std::string_view yes : {"1", "true", "yes", "on"}) {
        if (value->text == yes) {
            return true;
        }
    }
    for (const std::string_view no : {"0", "false", "no", "off"}) {
        if (value->text == no) {
            return false;
        }
    }
    return wrong_value(*value, "is neither yes nor no: give 1 or 0");
}

Error wrong_value(const TypedValue& value, std::string_view what)
{
    return {ErrorCode::usage, fmt::format("{}: \"{}\" {}", value.origin, value.text, what)};
}

Result<void> read_flags(const TypedOptions& typed, std::initializer_list<Flag> flags)
{
    for (const auto& [name, target] : flags) {
        const Result<bool> value = flag(typed, name);
        if (!value) {
            return value.error();
        }
        *target = *value;
    }
    return {};
}

std::vector<std::string> texts_of(const TypedOptions& typed, std::string_view name)
{
    std::vector<std::string> texts;
    if (const auto found = typed.values.find(name); found != typed.values.end()) {
        for (const TypedValue& value : found->second) {
            texts.push_back(value.text);
        }
    }
    return texts;
}

Result<std::uint64_t> parse_size(const std::string& text)
{
    const Error wrong(ErrorCode::usage, fmt::format("\"{}\" is no size: give bytes, or 512K, 256M, 1G", text));
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || number == 0) {
        return wrong;
    }
    std::string unit(stop, end);
    for (const std::string_view ending : {"iB", "B", "b"}) {
        if (unit.ends_with(ending) && (unit.size() > ending.size() || ending != "iB")) {
            unit.resize(unit.size() - ending.size());
            break;
        }
    }
    unsigned shift = 0;
    if (unit.size() == 1) {
        const std::size_t place = std::string_view("kKmMgGtT").find(unit.front());
        if (place == std::string_view::npos) {
            return wrong;
        }
        shift = 10 * (static_cast<unsigned>(place) / 2 + 1);
    } else if (!unit.empty()) {
        return wrong;
    }
    if (number > std::numeric_limits<std::uint64_t>::max() >> shift) {
        return wrong;
    }
    return number << shift;
}

}  // namespace r8scan::cmd
