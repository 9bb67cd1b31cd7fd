#include "cmd/user_configuration.h"

#include "cmd/option_table.h"
#include "config/user_file.h"

#include <algorithm>

namespace r8scan::cmd {
namespace {

using config::KnownOption;

bool is_path(std::string_view name)
{
    return name == "patterns" || name == "baseline-path" || name == "update-baseline" || name == "outbox";
}

std::vector<KnownOption> known_options()
{
    std::vector<KnownOption> known;
    for (const OptionSpec& option : option_table()) {
        KnownOption entry{option.name, KnownOption::Kind::value, is_path(option.name)};
        if (!option.from_environment || option.name == "config") {
            entry.kind = KnownOption::Kind::only_typed;
        } else if (option.arity != Arity::value) {
            entry.kind = option.arity == Arity::flag ? KnownOption::Kind::flag : KnownOption::Kind::list;
        }
        known.push_back(entry);
    }
    return known;
}

const OptionSpec* find_option(std::string_view name)
{
    const auto table = option_table();
    const auto at = std::find_if(table.begin(), table.end(), [&](const OptionSpec& o) { return o.name == name; });
    return at == table.end() ? nullptr : &*at;
}

void add_options(TypedOptions& typed, const config::UserFile& file)
{
    // -q and -v exclude each other, so one that is set already overrules the other's line too.
    const bool has_verbosity = typed.last("quiet") != nullptr || typed.last("verbose") != nullptr;
    std::vector<const config::OptionSetting*> added;
    for (const config::OptionSetting& setting : file.options) {
        const OptionSpec* const option = find_option(setting.name);
        const bool is_overruled = typed.last(setting.name) != nullptr ||
                                  (has_verbosity && (setting.name == "quiet" || setting.name == "verbose"));
        const bool applies = option != nullptr && applies_to(*option, typed.command);
        if (!is_overruled && applies) {
            added.push_back(&setting);
        }
    }
    for (const config::OptionSetting* const setting : added) {
        std::vector<TypedValue>& values = typed.values[setting->name];
        for (const std::string& value : setting->values) {
            values.push_back({value, setting->origin});
        }
    }
}

}  // namespace

std::filesystem::path user_file_of(const TypedOptions& typed, const Environment& environment)
{
    if (const TypedValue* const named = typed.last("config")) {
        return named->text;
    }
    return config::default_user_file(environment("XDG_CONFIG_HOME"), environment("HOME"));
}

Result<void> add_user_file(TypedOptions& typed, const Environment& environment)
{
    const std::filesystem::path path = user_file_of(typed, environment);
    const TypedValue* const named = typed.last("config");
    if (path.empty()) {
        return named == nullptr ? Result<void>()
                                : Error(ErrorCode::usage, named->origin + ": names no file: give a path");
    }
    const Result<config::UserFile> file = config::read_user_file(path, known_options());
    if (!file) {
        const bool may_lack = named == nullptr && file.error().code() == ErrorCode::not_found;
        return may_lack
                   ? Result<void>()
                   : Error(ErrorCode::usage, (named != nullptr ? named->origin + ": " : "") + file.error().message());
    }
    if (file->holds_patterns) {
        typed.values["patterns"].push_back({path.string(), named != nullptr ? named->origin : path.string()});
        return {};
    }
    add_options(typed, *file);
    typed.callbacks = file->callbacks;
    typed.accepted = file->accepted;
    return {};
}

}  // namespace r8scan::cmd
