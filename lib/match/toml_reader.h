// Reads the keys of one TOML table, and keeps the first mistake with file and line.
#pragma once

#include <r8scan/result.h>

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <vector>

namespace r8scan {

class TomlReader {
public:
    explicit TomlReader(std::string origin) : m_origin(std::move(origin)) {}

    void text(const toml::node& node, const std::string& name, std::string& out)
    {
        if (const auto value = node.value<std::string>(); value && node.is_string()) {
            out = *value;
        } else {
            fail(node, "'" + name + "' must be a string");
        }
    }
    void texts(const toml::node& node, const std::string& name, std::vector<std::string>& out)
    {
        const auto* array = node.as_array();
        if (array == nullptr) {
            return fail(node, "'" + name + "' must be a list of strings");
        }
        for (const auto& element : *array) {
            text(element, name + "' in its list '", out.emplace_back());
        }
    }
    void number(const toml::node& node, const std::string& name, double& out)
    {
        if (const auto value = node.value<double>(); value && node.is_number() && *value >= 0) {
            out = *value;
        } else {
            fail(node, "'" + name + "' must be a number that is not negative");
        }
    }
    /// One of the words; `out` is its number.
    void choice(const toml::node& node, const std::string& name, const std::vector<std::string>& words, std::size_t& out)
    {
        const auto value = node.value<std::string>();
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (value && *value == words[i]) {
                out = i;
                return;
            }
        }
        std::string list;
        for (const auto& word : words) {
            list += (list.empty() ? "\"" : ", \"") + word + '"';
        }
        fail(node, "'" + name + "' must be one of " + list);
    }

    void fail(const toml::node& node, const std::string& what)
    {
        if (!m_error) {
            m_error = Error(ErrorCode::usage, place(node) + ": " + what);
        }
    }
    /// "file:line".
    [[nodiscard]] std::string place(const toml::node& node) const
    {
        return m_origin + ":" + std::to_string(node.source().begin.line);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    std::string m_origin;
    std::optional<Error> m_error;
};

}  // namespace r8scan
