#include "cmd/typed_options.h"

#include "cmd/option_table.h"

namespace r8scan::cmd {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0) {
            parts.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

bool is_path_list(const OptionSpec& option)
{
    return option.name == "patterns" || option.name == "baseline-path";
}

}  // namespace

void add_environment(TypedOptions& typed, const Environment& environment)
{
    // -q and -v exclude each other, so typing one overrules the other's variable too.
    const bool verbosity_typed = typed.last("quiet") != nullptr || typed.last("verbose") != nullptr;
    for (const OptionSpec& option : option_table()) {
        const bool is_verbosity = option.name == "quiet" || option.name == "verbose";
        if (!option.from_environment || !applies_to(option, typed.command) || typed.last(option.name) != nullptr || (is_verbosity && verbosity_typed)) {
            continue;
        }
        const std::string variable = environment_name(option);
        const char* const value = environment(variable.c_str());
        if (value == nullptr || *value == '\0') {
            continue;
        }
        std::vector<TypedValue>& values = typed.values[std::string(option.name)];
        if (option.arity == Arity::list) {
            for (const std::string_view part : split(value, is_path_list(option) ? ':' : ',')) {
                values.push_back({std::string(part), variable});
            }
        } else {
            values.push_back({value, variable});
        }
    }
}

}  // namespace r8scan::cmd
