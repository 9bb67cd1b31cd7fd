#include "cmd/completion.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/option_table.h"
#include "cmd/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace r8scan::cmd {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

constexpr auto option_words = std::to_array<Words>({
    {"format", "text json jsonl sarif gitlab github junit csv gitleaks html replace-text"},
    {"min-confidence", "low medium high"},
    {"color", "auto always never"},
    {"fail-on", "any active"},
    {"stage", "pre-commit commit-msg pre-push pre-receive"},
});

// The first argument of commands that take a word and not a path.
constexpr auto argument_words = std::to_array<Words>({
    {"hook", "install uninstall status"},
    {"callback", "list test"},
    {"patterns", "list check"},
    {"completion", "bash zsh fish"},
});

template <std::size_t N>
std::string_view find_words(const std::array<Words, N>& table, std::string_view name)
{
    for (const auto& [key, words] : table) {
        if (key == name) {
            return words;
        }
    }
    return {};
}

bool takes_file(const OptionSpec& option)
{
    return option.value_name.find("FILE") != std::string_view::npos && find_words(option_words, option.name).empty();
}

/// The help of an option on one line, without what a shell would take for its own.
std::string one_line(std::string_view help, std::string_view taken)
{
    std::string text;
    for (const char c : help.substr(0, help.find('\n'))) {
        if (taken.find(c) == std::string_view::npos) {
            text += c;
        }
    }
    return text;
}

/// "--format --output …", with the letters too: those that apply to the command, or all where it is empty.
std::string names_of_options(std::string_view command)
{
    std::string names;
    for (const OptionSpec& option : option_table()) {
        if (command.empty() || applies_to(option, command)) {
            names += fmt::format("{}--{}", names.empty() ? "" : " ", option.name);
        }
    }
    return names;
}

/// "--output|-o".
std::string pattern_of(const OptionSpec& option)
{
    return option.letter != 0 ? fmt::format("--{}|-{}", option.name, option.letter) : fmt::format("--{}", option.name);
}

std::string bash()
{
    std::string commands;
    std::string any_command;
    std::string options;
    std::string arguments;
    for (const CommandSpec& command : command_table()) {
        commands += fmt::format("{}{}", commands.empty() ? "" : " ", command.name);
        any_command += fmt::format("{}{}", any_command.empty() ? "" : "|", command.name);
        options += fmt::format("            {}) words=\"{}\" ;;\n", command.name, names_of_options(command.name));
        if (const std::string_view words = find_words(argument_words, command.name); !words.empty()) {
            arguments += fmt::format("        {}) words=\"{}\" ;;\n", command.name, words);
        }
    }
    std::string values;
    for (const OptionSpec& option : option_table()) {
        if (option.arity == Arity::flag) {
            continue;
        }
        if (const std::string_view words = find_words(option_words, option.name); !words.empty()) {
            values += fmt::format("        {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                                  pattern_of(option), words);
        } else if (takes_file(option)) {
            values +=
                fmt::format("        {}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n", pattern_of(option));
        } else {
            values += fmt::format("        {}) return ;;\n", pattern_of(option));
        }
    }
    return fmt::format(
        R"(# bash completion for r8scan: source it, or put it into /usr/share/bash-completion/completions/r8scan
_r8scan() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= word words=
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
        case $word in
            {}) command=$word; break ;;
        esac
    done
    case $previous in
{}    esac
    if [[ $current == -* ]]; then
        case $command in
{}            *) words="{}" ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        return
    fi
    case $command in
        "") words="{}" ;;
{}        *) COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ ${{#COMPREPLY[@]}} -gt 0 || -z $command ]] || COMPREPLY=($(compgen -f -- "$current"))
}}
complete -o filenames -F _r8scan r8scan
)",
        any_command, values, options, names_of_options(""), commands, arguments);
}

std::string zsh_option(const OptionSpec& option)
{
    constexpr std::string_view taken = "[]:'\\`$\"";
    const std::string help = one_line(option.help, taken);
    std::string value;
    if (option.arity != Arity::flag) {
        const std::string_view words = find_words(option_words, option.name);
        value = fmt::format(":{}:{}", one_line(option.value_name, taken),
                            !words.empty()       ? fmt::format("({})", words)
                            : takes_file(option) ? "_files"
                                                 : "");
    }
    const char* const repeated = option.arity == Arity::list ? "*" : "";
    std::string text = fmt::format(" \\\n            '{}--{}[{}]{}'", repeated, option.name, help, value);
    if (option.letter != 0) {
        text += fmt::format(" \\\n            '{}-{}[{}]{}'", repeated, option.letter, help, value);
    }
    return text;
}

std::string zsh()
{
    constexpr std::string_view taken = ":'\\`$";
    std::string commands;
    std::string cases;
    for (const CommandSpec& command : command_table()) {
        commands += fmt::format("        '{}:{}'\n", command.name, one_line(command.help, taken));
        cases += fmt::format("        {})\n            _arguments -s", command.name);
        for (const OptionSpec& option : option_table()) {
            if (applies_to(option, command.name)) {
                cases += zsh_option(option);
            }
        }
        if (const std::string_view words = find_words(argument_words, command.name); !words.empty()) {
            cases += fmt::format(" \\\n            '1:what:({})'", words);
        }
        cases += " \\\n            '*:file:_files' ;;\n";
    }
    return fmt::format(R"(#compdef r8scan
# zsh completion for r8scan: put it into a folder of $fpath as _r8scan
_r8scan() {{
    local curcontext=$curcontext state line
    typeset -A opt_args
    local -a commands
    commands=(
{}    )
    _arguments -C '(-h --help)'{{-h,--help}}'[help]' '--version[the version]' '1:command:->command' '*::argument:->argument'
    case $state in
        command) _describe command commands; return ;;
        argument) ;;
        *) return ;;
    esac
    case $words[1] in
{}    esac
}}
_r8scan "$@"
)",
                       commands, cases);
}

std::string fish()
{
    constexpr std::string_view taken = "'\\`$";
    std::string text = "# fish completion for r8scan: put it into ~/.config/fish/completions/r8scan.fish\n";
    for (const CommandSpec& command : command_table()) {
        text += fmt::format("complete -c r8scan -n __fish_use_subcommand -f -a {} -d '{}'\n", command.name,
                            one_line(command.help, taken));
        if (const std::string_view words = find_words(argument_words, command.name); !words.empty()) {
            text +=
                fmt::format("complete -c r8scan -n '__fish_seen_subcommand_from {}' -f -a '{}'\n", command.name, words);
        }
    }
    for (const OptionSpec& option : option_table()) {
        const std::string condition =
            option.commands.empty() ? "" : fmt::format(" -n '__fish_seen_subcommand_from {}'", option.commands);
        const std::string letter = option.letter != 0 ? fmt::format(" -s {}", option.letter) : "";
        std::string value;
        if (option.arity != Arity::flag) {
            const std::string_view words = find_words(option_words, option.name);
            value = !words.empty() ? fmt::format(" -x -a '{}'", words) : takes_file(option) ? " -r -F" : " -x";
        }
        text += fmt::format("complete -c r8scan{} -l {}{}{} -d '{}'\n", condition, option.name, letter, value,
                            one_line(option.help, taken));
    }
    return text;
}

}  // namespace

std::string completion_script(std::string_view shell)
{
    if (shell == "bash") {
        return bash();
    }
    if (shell == "zsh") {
        return zsh();
    }
    return shell == "fish" ? fish() : "";
}

std::vector<std::string_view> words_of_option(std::string_view name)
{
    std::vector<std::string_view> words;
    for (std::string_view rest = find_words(option_words, name); !rest.empty();) {
        words.push_back(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(std::min(words.back().size() + 1, rest.size()));
    }
    return words;
}

int run_completion(const TypedOptions& typed)
{
    const std::string script = typed.arguments.size() == 1 ? completion_script(typed.arguments.front()) : "";
    if (script.empty()) {
        say("completion needs the name of a shell: bash, zsh or fish, as in r8scan completion bash > r8scan.bash");
        return exit_usage;
    }
    return print(script);
}

}  // namespace r8scan::cmd
