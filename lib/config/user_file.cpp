#include "config/user_file.h"

#include "config/callback_table.h"
#include "util/file.h"
#include "util/toml_reader.h"

#include <algorithm>
#include <array>

namespace r8scan::config {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_file = 1U << 20U;

class UserFileReader {
public:
    UserFileReader(const fs::path& file, std::span<const KnownOption> options)
        : m_options(options), m_folder(file.parent_path()), m_toml(file.string())
    {
    }

    Result<UserFile> read(const toml::table& document)
    {
        for (const auto& [key, value] : document) {
            top_level(key, value);
        }
        if (m_toml.error()) {
            return *m_toml.error();
        }
        return std::move(m_file);
    }

private:
    void top_level(const toml::key& key, const toml::node& value)
    {
        const std::string name(key.str());
        const auto option = std::find_if(m_options.begin(), m_options.end(),
                                         [&](const KnownOption& known) { return known.name == name; });
        if (name == "verify") {
            verify(value);
        } else if (name == "callback") {
            each_table(value, "[[callback]]", [&](const toml::table& table) {
                m_file.callbacks.push_back(read_callback(table, m_folder, m_file.callbacks, m_toml));
            });
        } else if (name == "accept") {
            each_table(value, "accept = [{ object = \"ID\", reason = \"WHY\" }]",
                       [&](const toml::table& table) { accept(table); });
        } else if (option != m_options.end()) {
            set_option(*option, value);
        } else {
            unknown(key);
        }
    }

    void unknown(const toml::key& key)
    {
        std::vector<std::string_view> known{"verify", "callback", "accept"};
        for (const auto& option : m_options) {
            if (option.kind != KnownOption::Kind::only_typed) {
                known.push_back(option.name);
            }
        }
        m_toml.unknown(key, known, "");
    }

    void set_option(const KnownOption& option, const toml::node& value)
    {
        if (option.kind == KnownOption::Kind::only_typed) {
            return m_toml.fail(value, "'" + std::string(option.name) + "' is never read from a file: it must be typed");
        }
        OptionSetting setting{std::string(option.name), {}, m_toml.place(value)};
        if (option.kind == KnownOption::Kind::flag) {
            bool on = false;
            m_toml.boolean(value, setting.name, on);
            setting.values.emplace_back(on ? "true" : "false");
        } else if (option.kind == KnownOption::Kind::list) {
            m_toml.text_or_texts(value, setting.name, setting.values);
        } else if (value.is_integer()) {
            setting.values.push_back(std::to_string(value.value_or<std::int64_t>(0)));
        } else if (value.is_string()) {
            m_toml.text(value, setting.name, setting.values.emplace_back());
        } else {
            m_toml.fail(value, "'" + setting.name + "' must be a string or a whole number");
        }
        if (option.is_path) {
            for (auto& path : setting.values) {
                path = (m_folder / path).lexically_normal().string();
            }
        }
        m_file.options.push_back(std::move(setting));
    }

    // verify = true says the same as [verify] enabled = true.
    void verify(const toml::node& value)
    {
        const toml::node* enabled = &value;
        if (const auto* table = value.as_table()) {
            enabled = nullptr;
            for (const auto& [key, inner] : *table) {
                if (key == "enabled") {
                    enabled = &inner;
                } else {
                    static constexpr std::array<std::string_view, 1> known{"enabled"};
                    m_toml.unknown(key, known, " in [verify]");
                }
            }
        }
        if (enabled == nullptr) {
            return;
        }
        m_toml.boolean(*enabled, enabled == &value ? "verify" : "enabled", m_file.verify.enabled);
        const bool is_option = std::any_of(m_options.begin(), m_options.end(),
                                           [](const KnownOption& option) { return option.name == "verify"; });
        if (is_option) {
            m_file.options.push_back({"verify", {m_file.verify.enabled ? "true" : "false"}, m_toml.place(*enabled)});
        }
    }

    void accept(const toml::table& table)
    {
        static constexpr std::array<std::string_view, 2> known{"object", "reason"};
        AcceptedObject accepted;
        accepted.origin = m_toml.place(table);
        for (const auto& [key, value] : table) {
            if (key == "object") {
                m_toml.text(value, "object", accepted.object);
            } else if (key == "reason") {
                m_toml.text(value, "reason", accepted.reason);
            } else {
                m_toml.unknown(key, known, " in accept");
            }
        }
        const bool is_id = (accepted.object.size() == 40 || accepted.object.size() == 64) &&
                           accepted.object.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!is_id) {
            m_toml.fail(table, "'object' must be the whole id of an object: 40 or 64 hex digits");
        } else if (accepted.reason.empty()) {
            m_toml.fail(table, "an accepted object needs a reason");
        }
        m_file.accepted.push_back(std::move(accepted));
    }

    template <typename OnTable>
    void each_table(const toml::node& value, const std::string& how, OnTable&& on_table)
    {
        const auto* array = value.as_array();
        if (array == nullptr) {
            return m_toml.fail(value, "must be a list of tables: write " + how);
        }
        for (const auto& element : *array) {
            if (const auto* table = element.as_table()) {
                on_table(*table);
            } else {
                m_toml.fail(element, "must be a list of tables: write " + how);
            }
        }
    }

    std::span<const KnownOption> m_options;
    fs::path m_folder;
    TomlReader m_toml;
    UserFile m_file;
};

// A configuration of gitleaks has rules or allowlists, and no key that we have.
bool is_pattern_file(const toml::table& document)
{
    static constexpr std::array<std::string_view, 7> keys{"rules",       "allowlist", "allowlists", "extend",
                                                          "description", "title",     "minVersion"};
    const bool has_subject = document.contains("rules") || document.contains("allowlist") ||
                             document.contains("allowlists") || document.contains("extend");
    return has_subject && std::all_of(document.begin(), document.end(), [](const auto& item) {
               return std::find(keys.begin(), keys.end(), item.first.str()) != keys.end();
           });
}

}  // namespace

Result<UserFile> parse_user_file(std::string_view text, const fs::path& file, std::span<const KnownOption> options)
{
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return Error(ErrorCode::usage, file.string() + ":" + std::to_string(error.source().begin.line) + ": " +
                                           std::string(error.description()));
    }
    if (is_pattern_file(document)) {
        UserFile patterns;
        patterns.holds_patterns = true;
        return patterns;
    }
    return UserFileReader(file, options).read(document);
}

Result<UserFile> read_user_file(const fs::path& file, std::span<const KnownOption> options)
{
    const auto text = read_small_file(file, largest_file);
    if (!text) {
        return text.error();
    }
    return parse_user_file(*text, file, options);
}

fs::path default_user_file(const char* xdg_config_home, const char* home)
{
    if (xdg_config_home != nullptr && xdg_config_home[0] == '/') {
        return fs::path(xdg_config_home) / "r8scan" / "config.toml";
    }
    return home != nullptr && home[0] == '/' ? fs::path(home) / ".config" / "r8scan" / "config.toml" : fs::path();
}

}  // namespace r8scan::config
