#include "config/callback_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace r8scan::config {

namespace {

// Which kinds have a use for a key.
struct Key {
    std::string_view name;
    bool exec;
    bool http;
    bool plugin;
    bool smtp;

    [[nodiscard]] bool is_of(CallbackKind kind) const
    {
        switch (kind) {
            case CallbackKind::exec:
                return exec;
            case CallbackKind::http:
                return http;
            case CallbackKind::plugin:
                return plugin;
            case CallbackKind::smtp:
                break;
        }
        return smtp;
    }
};

constexpr auto keys = std::to_array<Key>({
    {"name", true, true, true, true},
    {"stage", true, true, true, true},
    {"kind", true, true, true, true},
    {"only", true, true, true, true},
    {"timeout", true, true, true, true},
    {"template", true, true, true, true},
    {"needs_secret", true, true, true, false},
    {"command", true, false, false, false},
    {"path", false, false, true, false},
    {"url", false, true, false, true},
    {"allow_private", false, true, false, true},
    {"format", false, true, false, false},
    {"secret_env", false, true, false, false},
    {"from", false, false, false, true},
    {"to", false, false, false, true},
    {"username", false, false, false, true},
    {"password_env", false, false, false, true},
    {"start_tls", false, false, false, true},
});

constexpr std::array kind_words{"exec", "http", "plugin", "smtp"};

bool is_name(const std::string& text)
{
    constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    });
}

bool is_variable(const std::string& text)
{
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

class CallbackReader {
public:
    CallbackReader(const toml::table& table, const std::filesystem::path& folder, TomlReader& toml)
        : m_table(table), m_folder(folder), m_toml(toml)
    {
    }

    CallbackSettings read()
    {
        m_settings.origin = m_toml.place(m_table);
        read_stage_and_kind();
        std::vector<std::string_view> known;
        for (const auto& key : keys) {
            if (key.is_of(m_settings.kind)) {
                known.push_back(key.name);
            }
        }
        for (const auto& [key, value] : m_table) {
            const std::string name(key.str());
            const auto at = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == name; });
            if (at == keys.end()) {
                m_toml.unknown(key, known, " in [[callback]]");
            } else if (!at->is_of(m_settings.kind)) {
                m_toml.fail(key.source(), "'" + name + "' says nothing to a callback of kind \"" + kind_word() + '"');
            } else {
                read_key(name, value);
            }
        }
        check();
        return std::move(m_settings);
    }

private:
    [[nodiscard]] const char* kind_word() const { return kind_words[static_cast<std::size_t>(m_settings.kind)]; }

    void read_stage_and_kind()
    {
        std::size_t choice = 0;
        for (const char* name : {"stage", "kind"}) {
            if (!m_table.contains(name)) {
                m_toml.fail(m_table, std::string("a callback needs a '") + name + "'");
            }
        }
        if (const auto* stage = m_table.get("stage")) {
            m_toml.choice(*stage, "stage", {"verify", "revoke", "notify"}, choice);
            m_settings.stage = static_cast<CallbackStage>(choice);
        }
        if (const auto* kind = m_table.get("kind")) {
            m_toml.choice(*kind, "kind", {kind_words.begin(), kind_words.end()}, choice);
            m_settings.kind = static_cast<CallbackKind>(choice);
        }
    }

    void read_key(const std::string& name, const toml::node& value)
    {
        auto& s = m_settings;
        if (name == "name") {
            m_toml.text(value, name, s.name);
        } else if (name == "only") {
            read_only(value);
        } else if (name == "timeout") {
            read_timeout(value);
        } else if (name == "template") {
            s.template_file = path_of(value, name);
        } else if (name == "needs_secret") {
            m_toml.boolean(value, name, s.needs_secret);
        } else if (name == "command") {
            read_command(value);
        } else if (name == "path") {
            s.path = path_of(value, name);
        } else if (name == "url") {
            read_url(value);
        } else if (name == "allow_private") {
            m_toml.boolean(value, name, s.allow_private);
        } else if (name == "format") {
            std::size_t choice = 0;
            m_toml.choice(value, name, {"r8scan", "partner"}, choice);
            s.format = static_cast<BodyFormat>(choice);
        } else if (name == "secret_env") {
            read_variable(value, name, s.secret_env);
        } else if (name == "from") {
            m_toml.text(value, name, s.from);
        } else if (name == "to") {
            m_toml.text_or_texts(value, name, s.to);
        } else if (name == "username") {
            m_toml.text(value, name, s.username);
        } else if (name == "password_env") {
            read_variable(value, name, s.password_env);
        } else if (name == "start_tls") {
            m_toml.boolean(value, name, s.start_tls);
        }
    }

    std::string path_of(const toml::node& value, const std::string& name)
    {
        std::string path;
        m_toml.text(value, name, path);
        if (path.empty()) {
            m_toml.fail(value, "'" + name + "' is empty");
        }
        return (m_folder / path).lexically_normal().string();
    }

    // A program with a slash in its name is meant from the folder of the file; others are looked for in PATH.
    void read_command(const toml::node& value)
    {
        auto& command = m_settings.command;
        m_toml.text_or_texts(value, "command", command);
        if (!command.empty() && command.front().find('/') != std::string::npos) {
            command.front() = (m_folder / command.front()).lexically_normal().string();
        }
    }

    void read_only(const toml::node& value)
    {
        m_toml.texts(value, "only", m_settings.only);
        for (const auto& state : m_settings.only) {
            if (state != "active" && state != "inactive" && state != "unknown") {
                m_toml.fail(value, R"('only' lists verification states: "active", "inactive", "unknown")");
            }
        }
        if (m_settings.only.empty()) {
            m_toml.fail(value, "'only' lists no state: nothing would ever reach the callback");
        }
        if (m_settings.stage == CallbackStage::verify) {
            m_toml.fail(value, "'only' says nothing to a callback that verifies: it is what finds out the state");
        }
    }

    void read_timeout(const toml::node& value)
    {
        constexpr double longest = 3600;
        double seconds = 0;
        m_toml.number(value, "timeout", seconds);
        if (!(seconds > 0 && seconds <= longest)) {
            return m_toml.fail(value, "'timeout' is in seconds, above 0 and at most 3600");
        }
        constexpr double milliseconds = 1000;
        m_settings.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * milliseconds)));
    }

    void read_url(const toml::node& value)
    {
        auto& url = m_settings.url;
        m_toml.text(value, "url", url);
        const bool is_http = m_settings.kind == CallbackKind::http;
        const bool fits = is_http ? url.starts_with("https://") || url.starts_with("http://")
                                  : url.starts_with("smtps://") || url.starts_with("smtp://");
        if (!fits) {
            return m_toml.fail(value, is_http ? "'url' must begin with https:// (or http://)"
                                              : "'url' must begin with smtps:// or smtp://");
        }
        const auto host = url.find("//") + 2;
        const auto end = std::min(url.find_first_of("/?#", host), url.size());
        if (host == end) {
            m_toml.fail(value, "'url' names no host");
        } else if (std::string_view(url).substr(host, end - host).find('@') != std::string_view::npos) {
            m_toml.fail(value, is_http ? "'url' must not hold a user: sign by 'secret_env' instead"
                                       : "'url' must not hold a user: give 'username' and 'password_env'");
        }
    }

    void read_variable(const toml::node& value, const std::string& name, std::string& out)
    {
        m_toml.text(value, name, out);
        if (!is_variable(out)) {
            m_toml.fail(value, "'" + name + "' names an environment variable, and is not the secret itself");
            out.clear();
        }
    }

    void need(bool there, const char* key)
    {
        if (!there) {
            m_toml.fail(m_table, std::string("a callback of kind \"") + kind_word() + "\" needs a '" + key + "'");
        }
    }

    void check()
    {
        const auto& s = m_settings;
        if (!is_name(s.name)) {
            m_toml.fail(m_table,
                        "a callback needs a 'name' of letters, digits, dots, dashes and underscores, at most 64");
        }
        switch (s.kind) {
            case CallbackKind::exec:
                need(!s.command.empty() && !s.command.front().empty(), "command");
                break;
            case CallbackKind::http:
                need(!s.url.empty(), "url");
                break;
            case CallbackKind::plugin:
                need(!s.path.empty(), "path");
                break;
            case CallbackKind::smtp:
                need(!s.url.empty(), "url");
                need(!s.from.empty(), "from");
                need(!s.to.empty(), "to");
                break;
        }
        if (s.kind == CallbackKind::smtp && s.stage != CallbackStage::notify) {
            m_toml.fail(m_table, "a callback of kind \"smtp\" can only notify");
        }
        if (s.format == BodyFormat::partner && !s.needs_secret) {
            m_toml.fail(m_table, "the format \"partner\" carries the token: say needs_secret = true, or leave it out");
        }
        if (!s.template_file.empty() && s.stage != CallbackStage::notify) {
            m_toml.fail(m_table, "'template' is the text of a notice: only a callback of stage \"notify\" has one");
        }
        if (!s.password_env.empty() && s.username.empty()) {
            m_toml.fail(m_table, "'password_env' needs a 'username' beside it");
        }
    }

    const toml::table& m_table;
    const std::filesystem::path& m_folder;
    TomlReader& m_toml;
    CallbackSettings m_settings;
};

}  // namespace

CallbackSettings read_callback(const toml::table& table, const std::filesystem::path& folder,
                               const std::vector<CallbackSettings>& earlier, TomlReader& toml)
{
    auto settings = CallbackReader(table, folder, toml).read();
    for (const auto& other : earlier) {
        if (other.name == settings.name) {
            toml.fail(table, "the name \"" + settings.name + "\" is taken by the callback at " + other.origin);
        }
    }
    return settings;
}

}  // namespace r8scan::config
