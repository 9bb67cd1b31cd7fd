// CLI11 (https://cliutils.github.io/CLI11/book/) takes the words apart; what they mean is decided elsewhere. Everything
// it does not know is collected and answered here, because it can only say that something was unexpected.
#include "cmd/command_line.h"

#include "cmd/option_table.h"
#include "util/suggest.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <list>

namespace r8scan::cmd {
namespace {

Error usage(std::string message)
{
    return {ErrorCode::usage, std::move(message)};
}

/// Where CLI11 puts the values of one option.
struct Slot {
    const OptionSpec* spec = nullptr;
    CLI::Option* option = nullptr;
    std::vector<std::string> values;
    bool flag = false;
};

void add_option(CLI::App& app, const OptionSpec& spec, Slot& slot)
{
    std::string names = "--" + std::string(spec.name);
    if (spec.letter != 0) {
        names += std::string(",-") + spec.letter;
    }
    slot.spec = &spec;
    if (spec.arity == Arity::flag) {
        slot.option = app.add_flag(names, slot.flag)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        return;
    }
    // One value for each time it is typed, so that the words behind it stay what they are.
    slot.option = app.add_option(names, slot.values)->allow_extra_args(false)->type_name(std::string(spec.value_name));
}

Error unknown_option(const std::string& word)
{
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string> storage;
    for (const OptionSpec& spec : option_table()) {
        storage.push_back("--" + std::string(spec.name));
    }
    const std::vector<std::string_view> known(storage.begin(), storage.end());
    if (const auto meant = nearest(name, known)) {
        return usage(fmt::format("unknown option \"{}\": did you mean {}?", name, *meant));
    }
    return usage(fmt::format("unknown option \"{}\": r8scan -h lists them", name));
}

Error unknown_command(const std::string& word)
{
    std::vector<std::string_view> known;
    for (const CommandSpec& command : command_table()) {
        known.push_back(command.name);
    }
    // A path or an address where a command belongs: the command was left out.
    if (word.find_first_of("/.:") != std::string::npos) {
        return usage(
            fmt::format("\"{0}\" is not a command: to scan a repository, say r8scan git {0}; to scan files, "
                        "r8scan dir {0}",
                        word));
    }
    if (const auto meant = nearest(word, known)) {
        return usage(fmt::format("unknown command \"{}\": did you mean \"{}\"?", word, *meant));
    }
    return usage(fmt::format("unknown command \"{}\": r8scan -h lists them", word));
}

/// What no option and no command took. An option comes first: what follows it may have been its value.
Error unexpected(const std::vector<std::string>& words, const std::string& command)
{
    for (const std::string& word : words) {
        if (word.size() > 1 && word.front() == '-') {
            return unknown_option(word);
        }
    }
    return command.empty() ? unknown_command(words.front())
                           : usage(fmt::format("unexpected argument \"{}\" after \"{}\"", words.front(), command));
}

/// "dir", "git and dir", "git, push and dir".
std::string listed(std::string_view words)
{
    std::string text(words);
    std::size_t before = text.rfind(' ');
    if (before == std::string::npos) {
        return text;
    }
    text.replace(before, 1, " and ");
    while (before != 0 && (before = text.rfind(' ', before - 1)) != std::string::npos) {
        text.replace(before, 1, ", ");
    }
    return text;
}

}  // namespace

Result<TypedOptions> parse_command_line(const std::vector<std::string>& words)
{
    CLI::App app;
    app.set_help_flag();  // ours is in the table
    app.allow_extras();
    app.require_subcommand(0, 1);

    std::list<Slot> slots;  // stable addresses
    for (const OptionSpec& spec : option_table()) {
        add_option(app, spec, slots.emplace_back());
    }
    TypedOptions typed;
    for (const CommandSpec& command : command_table()) {
        if (std::find(words.begin(), words.end(), command.name) == words.end()) {
            continue;  // CLI11 takes a tenth of a hook's time to learn them all
        }
        CLI::App* const sub = app.add_subcommand(std::string(command.name));
        sub->set_help_flag();
        sub->allow_extras();
        sub->fallthrough();  // options of the program may stand behind the command
        sub->add_option("arguments", typed.arguments);
    }

    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string_view text = error.what();  // "--jobs: 1 required N missing"
        return usage(fmt::format("{} needs a value: r8scan -h says which", text.substr(0, text.find(':'))));
    } catch (const CLI::ConversionError& error) {
        const std::string_view text = error.what();  // "Could not convert: --stats = maybe"
        return usage(fmt::format("not understood: {}", text.substr(std::min(text.find("--"), text.size()))));
    } catch (const CLI::ParseError& error) {
        return usage(error.what());
    }

    for (const CLI::App* const sub : app.get_subcommands()) {
        typed.command = sub->get_name();
    }
    std::vector<std::string> rest = app.remaining(true);
    std::erase(rest, "--");  // did its work, and is listed all the same
    if (!rest.empty()) {
        return unexpected(rest, typed.command);
    }
    for (const Slot& slot : slots) {
        if (slot.option->count() == 0) {
            continue;
        }
        const std::string origin = "--" + std::string(slot.spec->name);
        if (!typed.command.empty() && !applies_to(*slot.spec, typed.command)) {
            return usage(fmt::format("{} does not apply to \"{}\": it is an option of {}", origin, typed.command,
                                     listed(slot.spec->commands)));
        }
        std::vector<TypedValue>& values = typed.values[std::string(slot.spec->name)];
        if (slot.spec->arity == Arity::flag) {
            values.push_back({slot.flag ? "true" : "false", origin});
        }
        for (const std::string& value : slot.values) {
            values.push_back({value, origin});
        }
    }
    return typed;
}

}  // namespace r8scan::cmd
