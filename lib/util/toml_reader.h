// Reads the keys of one TOML table, and keeps the first mistake with file and line.
#pragma once

#include <r8scan/result.h>

#include "util/suggest.h"

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
    /// A list of strings, or one string alone.
    void text_or_texts(const toml::node& node, const std::string& name, std::vector<std::string>& out)
    {
        if (node.is_string()) {
            return text(node, name, out.emplace_back());
        }
        if (!node.is_array()) {
            return fail(node, "'" + name + "' must be a string or a list of strings");
        }
        texts(node, name, out);
    }
    void boolean(const toml::node& node, const std::string& name, bool& out)
    {
        if (const auto value = node.value<bool>(); value && node.is_boolean()) {
            out = *value;
        } else {
            fail(node, "'" + name + "' must be true or false");
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
    void choice(const toml::node& node, const std::string& name, const std::vector<std::string>& words,
                std::size_t& out)
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

    void fail(const toml::node& node, const std::string& what) { fail(node.source(), what); }
    void fail(const toml::source_region& region, const std::string& what)
    {
        if (!m_error) {
            m_error = Error(ErrorCode::usage, place(region) + ": " + what);
        }
    }
    /// A key that is none of those known; `where` is "" or " in [verify]".
    void unknown(const toml::key& key, std::span<const std::string_view> known, const std::string& where)
    {
        const std::string name(key.str());
        std::string advice;
        if (const auto meant = nearest(name, known)) {
            advice = ": did you mean '" + std::string(*meant) + "'?";
        } else {
            for (const auto& word : known) {
                advice += (advice.empty() ? "; known are " : ", ") + std::string(word);
            }
        }
        fail(key.source(), "unknown key '" + name + "'" + where + advice);
    }
    /// "file:line".
    [[nodiscard]] std::string place(const toml::node& node) const { return place(node.source()); }
    [[nodiscard]] std::string place(const toml::source_region& region) const
    {
        return m_origin + ":" + std::to_string(region.begin.line);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    std::string m_origin;
    std::optional<Error> m_error;
};

}  // namespace r8scan
