// Every option of the program, once: its names, whether it takes a value, and what the help says.
//
// The parser, the environment, "did you mean" and the help are all made from this table. An option `--max-object-size`
// has the environment variable R8SCAN_MAX_OBJECT_SIZE, unless the table says that it has none.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace r8scan::cmd {

enum class Arity { flag, value, list };

struct OptionSpec {
    std::string_view name;  // without the dashes
    char letter;            // 0: has none
    Arity arity;
    std::string_view value_name;  // as the help shows it; empty for a flag
    bool from_environment;
    std::string_view group;  // heading in the help
    std::string_view help;   // may hold newlines
    std::string_view commands = {};  // that it applies to, with spaces between; empty: all
};

[[nodiscard]] bool applies_to(const OptionSpec& option, std::string_view command);

/// In the order of the help.
[[nodiscard]] std::span<const OptionSpec> option_table();

/// "R8SCAN_MAX_OBJECT_SIZE" for "max-object-size".
[[nodiscard]] std::string environment_name(const OptionSpec& option);

struct CommandSpec {
    std::string_view name;
    std::string_view arguments;
    std::string_view help;
};

[[nodiscard]] std::span<const CommandSpec> command_table();

}  // namespace r8scan::cmd
