// The output is TOML that could stand in the user's file, with the origin of each line behind it as a comment.
#include "cmd/config_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/option_table.h"
#include "cmd/print.h"
#include "cmd/user_configuration.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

namespace r8scan::cmd {
namespace {

std::string quoted_toml(std::string_view text)
{
    std::string out = "\"";
    for (const char c : escape_for_terminal(text)) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

std::string list_of(const std::vector<std::string>& values)
{
    std::string text;
    for (const std::string& value : values) {
        text += (text.empty() ? "" : ", ") + quoted_toml(value);
    }
    return '[' + text + ']';
}

/// What the help names as the default, which is the only place that has it as text.
std::string default_of(const OptionSpec& option)
{
    if (option.arity == Arity::flag) {
        return "false";
    }
    constexpr std::string_view opening = "(default: ";
    const std::size_t begin = option.help.find(opening);
    if (begin == std::string_view::npos) {
        return option.arity == Arity::list ? "[]" : "\"\"";
    }
    const std::string_view rest = option.help.substr(begin + opening.size());
    const std::string value = quoted_toml(rest.substr(0, rest.find_first_of(",;)")));
    return option.arity == Arity::list ? '[' + value + ']' : value;
}

std::string value_of(const OptionSpec& option, const std::vector<TypedValue>& values)
{
    if (option.arity == Arity::flag) {
        const std::string& text = values.back().text;
        const bool off = text == "0" || text == "false" || text == "no" || text == "off";
        return off ? "false" : "true";
    }
    if (option.arity == Arity::value) {
        return quoted_toml(values.back().text);
    }
    std::vector<std::string> texts;
    for (const TypedValue& value : values) {
        texts.push_back(value.text);
    }
    return list_of(texts);
}

/// "command line", "environment R8SCAN_JOBS", "/home/me/.config/r8scan/config.toml:3".
std::string origin_of(const std::string& origin)
{
    if (origin.starts_with("--")) {
        return "command line";
    }
    return origin.starts_with("R8SCAN_") ? "environment " + origin : origin;
}

std::string line(std::string_view name, const std::string& value, const std::string& origin)
{
    constexpr std::size_t column = 48;
    return fmt::format("{:<{}}  # {}\n", fmt::format("{} = {}", name, value), column, escape_for_terminal(origin));
}

std::string text_of(const config::CallbackSettings& callback)
{
    static constexpr std::array stages{"verify", "revoke", "notify"};
    static constexpr std::array kinds{"exec", "http", "plugin", "smtp"};
    const auto text = [](std::string_view name, const std::string& value) {
        return value.empty() ? std::string() : fmt::format("{} = {}\n", name, quoted_toml(value));
    };
    const auto texts = [](std::string_view name, const std::vector<std::string>& values) {
        return values.empty() ? std::string() : fmt::format("{} = {}\n", name, list_of(values));
    };
    const auto on = [](std::string_view name, bool value) {
        return value ? fmt::format("{} = true\n", name) : std::string();
    };
    std::string out = fmt::format("\n[[callback]]  # {}\n", escape_for_terminal(callback.origin));
    out += text("name", callback.name);
    out += text("stage", stages[static_cast<std::size_t>(callback.stage)]);
    out += text("kind", kinds[static_cast<std::size_t>(callback.kind)]);
    out += texts("command", callback.command) + text("path", callback.path) + text("url", callback.url);
    out += on("allow_private", callback.allow_private);
    out += callback.format == config::BodyFormat::partner ? text("format", "partner") : "";
    out += text("secret_env", callback.secret_env) + text("from", callback.from) + texts("to", callback.to);
    out += text("username", callback.username) + text("password_env", callback.password_env);
    out += callback.start_tls ? "" : "start_tls = false\n";
    out += text("template", callback.template_file) + texts("only", callback.only);
    out += on("needs_secret", callback.needs_secret);
    if (callback.timeout) {
        out += fmt::format("timeout = {:g}\n", static_cast<double>(callback.timeout->count()) / 1000);
    }
    return out;
}

std::string settings_text(const TypedOptions& typed, const std::filesystem::path& file)
{
    std::error_code ignored;
    std::string text = file.empty() ? "# no home folder: there is no file of your own\n"
                                    : fmt::format("# your file: {}{}\n", escape_for_terminal(file.string()),
                                                  std::filesystem::exists(file, ignored) ? "" : " (not there)");
    for (const OptionSpec& option : option_table()) {
        if (!option.from_environment || option.name == "config") {
            continue;
        }
        const auto set = typed.values.find(option.name);
        const bool is_set = set != typed.values.end() && !set->second.empty();
        text += is_set ? line(option.name, value_of(option, set->second), origin_of(set->second.back().origin))
                       : line(option.name, default_of(option), "default");
    }
    for (const AcceptedObject& accepted : typed.accepted) {
        text += fmt::format("\n[[accept]]  # {}\nobject = {}\nreason = {}\n", escape_for_terminal(accepted.origin),
                            quoted_toml(accepted.object), quoted_toml(accepted.reason));
    }
    for (const config::CallbackSettings& callback : typed.callbacks) {
        text += text_of(callback);
    }
    return text;
}

}  // namespace

int run_config(const TypedOptions& typed, const Environment& environment)
{
    if (typed.arguments.size() != 1 || typed.arguments.front() != "show") {
        say("config knows one word: r8scan config show prints every setting and where it came from");
        return exit_usage;
    }
    return print(settings_text(typed, user_file_of(typed, environment)));
}

}  // namespace r8scan::cmd
