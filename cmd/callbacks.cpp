#include "cmd/callbacks.h"

#include "action/abilities.h"
#include "action/exec_callback.h"
#include "action/http_callback.h"
#include "action/smtp_callback.h"
#include "cmd/plugin_host_command.h"

#include <fmt/format.h>

#include <filesystem>

namespace r8scan::cmd {
namespace {

using config::CallbackKind;
using config::CallbackSettings;
using config::CallbackStage;

action::Stage stage_of(CallbackStage stage)
{
    switch (stage) {
        case CallbackStage::verify:
            return action::Stage::verify;
        case CallbackStage::revoke:
            return action::Stage::revoke;
        case CallbackStage::notify:
            break;
    }
    return action::Stage::notify;
}

Error wrong(const CallbackSettings& settings, std::string_view what)
{
    return Error(ErrorCode::usage, fmt::format("callback \"{}\": {}", settings.name, what)).within(settings.origin);
}

/// A secret that stands in an environment variable.
Result<std::optional<Secret>> secret_from(const std::string& variable, const CallbackSettings& settings,
                                          const Environment& environment)
{
    if (variable.empty()) {
        return std::optional<Secret>();
    }
    const char* const value = environment(variable.c_str());
    if (value == nullptr || *value == 0) {
        return wrong(settings, fmt::format("the variable {} is not set", variable));
    }
    return std::optional(Secret(value));
}

Result<std::shared_ptr<action::Callback>> make_http(const CallbackSettings& settings,
                                                    const action::NetworkOptions& network,
                                                    const Environment& environment)
{
    action::HttpCallbackOptions options;
    options.name = settings.name;
    options.stage = stage_of(settings.stage);
    options.url = settings.url;
    options.needs_secret = settings.needs_secret;
    options.allow_private = settings.allow_private;
    options.partner_format = settings.format == config::BodyFormat::partner;
    options.timeout = settings.timeout;
    Result<std::optional<Secret>> key = secret_from(settings.secret_env, settings, environment);
    if (!key) {
        return key.error();
    }
    options.key = std::move(*key);
    Result<std::unique_ptr<action::HttpCallback>> made = action::HttpCallback::make(std::move(options), network);
    if (!made) {
        return made.error().within(settings.origin);
    }
    return std::shared_ptr<action::Callback>(std::move(*made));
}

Result<std::shared_ptr<action::Callback>> make_smtp(const CallbackSettings& settings,
                                                    const action::NetworkOptions& network,
                                                    const Environment& environment)
{
    action::SmtpCallbackOptions options;
    options.name = settings.name;
    options.url = settings.url;
    options.from = settings.from;
    options.to = settings.to;
    options.username = settings.username;
    options.start_tls = settings.start_tls;
    options.allow_private = settings.allow_private;
    options.timeout = settings.timeout;
    Result<std::optional<Secret>> password = secret_from(settings.password_env, settings, environment);
    if (!password) {
        return password.error();
    }
    options.password = std::move(*password);
    Result<std::unique_ptr<action::SmtpCallback>> made = action::SmtpCallback::make(std::move(options), network);
    if (!made) {
        return made.error().within(settings.origin);
    }
    return std::shared_ptr<action::Callback>(std::move(*made));
}

std::shared_ptr<action::Callback> make_exec(const CallbackSettings& settings, const Environment& environment)
{
    action::ExecOptions options;
    options.name = settings.name;
    options.stage = stage_of(settings.stage);
    options.needs_secret = settings.needs_secret;
    options.program.arguments = settings.command;
    options.program.environment = action::small_environment(environment);
    options.timeout = settings.timeout;
    return std::make_shared<action::ExecCallback>(std::move(options));
}

/// A plugin is a program like any other: this one, started to host it.
std::shared_ptr<action::Callback> make_plugin(const CallbackSettings& settings, const Environment& environment)
{
    action::ExecOptions options;
    options.name = settings.name;
    options.stage = stage_of(settings.stage);
    options.needs_secret = settings.needs_secret;
    options.called = settings.path;
    options.program.arguments = plugin_host_arguments(settings.path);
    options.program.environment = action::small_environment(environment);
    options.timeout = settings.timeout;
    return std::make_shared<action::ExecCallback>(std::move(options));
}

}  // namespace

Result<CallbackSettings> parse_on_finding(std::string_view spec, CallbackStage unless_named)
{
    CallbackSettings settings;
    settings.origin = "--on-finding";
    settings.stage = unless_named;
    std::string_view rest = spec;
    for (const auto& [word, value] :
         {std::pair("verify=", CallbackStage::verify), std::pair("revoke=", CallbackStage::revoke),
          std::pair("notify=", CallbackStage::notify)}) {
        if (rest.starts_with(word)) {
            settings.stage = value;
            rest.remove_prefix(std::string_view(word).size());
            break;
        }
    }
    const std::string stage = settings.stage == CallbackStage::verify   ? "verify="
                              : settings.stage == CallbackStage::revoke ? "revoke="
                                                                        : "";
    settings.needs_secret = settings.stage != CallbackStage::notify;
    const auto absolute = [](std::string_view path) {
        // A name without a slash is looked for in PATH, as in a shell.
        return path.find('/') == std::string_view::npos ? std::string(path)
                                                        : std::filesystem::absolute(path).lexically_normal().string();
    };
    constexpr std::string_view exec = "exec:";
    constexpr std::string_view plugin = "plugin:";
    if (rest.starts_with(exec) && rest.size() > exec.size()) {
        settings.kind = CallbackKind::exec;
        settings.command = {absolute(rest.substr(exec.size()))};
        settings.name = stage + "exec:" + settings.command.front();
    } else if (rest.starts_with(plugin) && rest.size() > plugin.size()) {
        settings.kind = CallbackKind::plugin;
        settings.path = std::filesystem::absolute(rest.substr(plugin.size())).lexically_normal().string();
        settings.name = stage + "plugin:" + settings.path;
    } else if (rest.starts_with("https://") || rest.starts_with("http://")) {
        settings.kind = CallbackKind::http;
        settings.url = rest;
        settings.name = stage + settings.url;
    } else {
        return Error(
            ErrorCode::usage,
            fmt::format("--on-finding: \"{}\" is no callback: give exec:PROGRAM, plugin:FILE or https://…, with "
                        "revoke= or verify= before it for another stage than notify",
                        spec));
    }
    return settings;
}

Result<action::Receiver> make_receiver(const CallbackSettings& settings, const action::NetworkOptions& network,
                                       const Environment& environment)
{
    action::Receiver receiver;
    for (const std::string& word : settings.only) {
        const auto status = action::status_of(word);
        if (!status) {
            return wrong(settings, fmt::format("\"{}\" is no state of verification", word));
        }
        receiver.only.push_back(*status);
    }
    if (receiver.only.empty() && settings.stage == CallbackStage::revoke) {
        receiver.only = {action::Status::active, action::Status::unknown};  // there is no more to end
    }
    Result<std::shared_ptr<action::Callback>> callback = [&]() -> Result<std::shared_ptr<action::Callback>> {
        switch (settings.kind) {
            case CallbackKind::http:
                return make_http(settings, network, environment);
            case CallbackKind::smtp:
                return make_smtp(settings, network, environment);
            case CallbackKind::exec:
                return make_exec(settings, environment);
            case CallbackKind::plugin:
                break;
        }
        if (const Result<void> able = action::can_load_plugins(); !able) {
            return able.error();
        }
        return make_plugin(settings, environment);
    }();
    if (!callback) {
        return callback.error();
    }
    receiver.callback = std::move(*callback);
    if (settings.stage == CallbackStage::notify) {
        auto notice = std::make_shared<action::Notice>();
        if (!settings.template_file.empty()) {
            if (const Result<void> taken = notice->use_template(settings.template_file); !taken) {
                return wrong(settings, taken.error().message());
            }
        }
        receiver.notice = std::move(notice);
    }
    return receiver;
}

std::string destination_of(const CallbackSettings& settings)
{
    switch (settings.kind) {
        case CallbackKind::http:
        case CallbackKind::smtp:
            return settings.url.substr(0, settings.url.find('?'));
        case CallbackKind::plugin:
            return settings.path;
        case CallbackKind::exec:
            break;
    }
    return settings.command.empty() ? "" : settings.command.front();
}

}  // namespace r8scan::cmd
