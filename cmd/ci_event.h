// GitHub's event, the JSON text that a workflow finds in $GITHUB_EVENT_PATH. It may lack any part, or be no JSON at all.
#pragma once

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace r8scan::cmd {

/// Values of a JSON document by the names that lead to them; what is not there, or is no text, is empty.
class CiEvent {
public:
    explicit CiEvent(std::string_view text) : m_json(nlohmann::json::parse(text, nullptr, false)) {}

    [[nodiscard]] bool is_readable() const { return m_json.is_object(); }
    [[nodiscard]] std::string text(std::initializer_list<const char*> names) const
    {
        const nlohmann::json* at = find(names);
        if (at != nullptr && at->is_number_unsigned()) {
            return std::to_string(at->get<std::uint64_t>());
        }
        return at != nullptr && at->is_string() ? at->get<std::string>() : std::string();
    }
    [[nodiscard]] bool flag(std::initializer_list<const char*> names) const
    {
        const nlohmann::json* at = find(names);
        return at != nullptr && at->is_boolean() && at->get<bool>();
    }

private:
    [[nodiscard]] const nlohmann::json* find(std::initializer_list<const char*> names) const
    {
        const nlohmann::json* at = &m_json;
        for (const char* name : names) {
            const auto next = at->is_object() ? at->find(name) : at->end();
            if (!at->is_object() || next == at->end()) {
                return nullptr;
            }
            at = &*next;
        }
        return at;
    }

    nlohmann::json m_json;
};

}  // namespace r8scan::cmd
