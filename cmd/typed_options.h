// Options as they were typed: strings, each with the place it came from. Step one of two; cmd/plan.h is step two.
#pragma once

#include <r8scan/scan.h>

#include "config/callback_settings.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::cmd {

struct TypedValue {
    std::string text;    // "true" or "false" for a flag on the command line
    std::string origin;  // "--jobs" or "R8SCAN_JOBS", for messages
};

struct TypedOptions {
    std::string command;                                                 // "git"; empty where none was given
    std::vector<std::string> arguments;                                  // of the command
    std::map<std::string, std::vector<TypedValue>, std::less<>> values;  // by option name, in the order typed

    // Of the user's file, beside the values of options:
    std::vector<config::CallbackSettings> callbacks;
    std::vector<AcceptedObject> accepted;

    /// The last value of an option, or null where it was not given.
    [[nodiscard]] const TypedValue* last(std::string_view name) const
    {
        const auto found = values.find(name);
        return found == values.end() || found->second.empty() ? nullptr : &found->second.back();
    }
};

/// Reads one environment variable: getenv, or a table in tests. Null where the variable is not set.
using Environment = std::function<const char*(const char*)>;

/// Adds what the environment says of every option that was not typed: flags beat environment. An empty variable counts
/// as not set, and so does one whose option does not apply to the command. A list is split: formats at commas, patterns
/// and baselines at colons.
void add_environment(TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
