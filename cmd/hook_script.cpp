#include "cmd/hook_script.h"

#include "util/bytes.h"
#include "util/hash.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace r8scan::cmd {
namespace {

constexpr auto stages = std::to_array<HookStage>({
    {"pre-commit", "staged", false, false},
    {"commit-msg", "message -- \"$1\"", false, false},
    {"pre-push", "push -- \"$@\"", true, false},
    {"pre-receive", "receive", true, true},
});

constexpr std::string_view mark = "# r8scan hook ";
constexpr std::string_view program_line = "program=";
constexpr std::string_view folder_line = "# The folder of this hook was made for it.";

/// In single quotes, as sh reads it.
std::string quoted_for_sh(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

/// The text of the one quoted word.
std::string unquoted(std::string_view word)
{
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word.substr(i).starts_with("\\'")) {
            out += word[++i];
        } else if (word[i] != '\'') {
            out += word[i];
        }
    }
    return out;
}

std::string checksum(std::string_view first, std::string_view rest)
{
    std::string all(first);
    all += rest;
    return sha256_hex(as_bytes(all));
}

/// The line without its end, taken off the front.
std::string_view take_line(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::span<const HookStage> hook_stages()
{
    return stages;
}

const HookStage* find_hook_stage(std::string_view name)
{
    for (const HookStage& stage : stages) {
        if (stage.name == name) {
            return &stage;
        }
    }
    return nullptr;
}

std::string hook_script(const HookStage& stage, const HookText& text)
{
    const std::string first = "#!/bin/sh\n";
    std::string rest = fmt::format(
        "# {}: looks for Replicate tokens before they are {}.\n"
        "# Made by `r8scan hook install`, taken out by `r8scan hook uninstall`.\n",
        stage.name,
        stage.runs_in_git_dir ? "let in"
        : stage.reads_input   ? "pushed"
                              : "committed");
    if (text.made_folder) {
        rest += folder_line;
        rest += '\n';
    }
    rest += fmt::format("{}{}\n", program_line, quoted_for_sh(text.program));
    rest += R"(if [ ! -x "$program" ] && ! program=$(command -v r8scan); then
    echo "r8scan: the program is gone, so nothing was looked at and nothing goes on. Install it and run" >&2
    echo "r8scan: \`r8scan hook install )";
    rest += fmt::format("--stage {}\\`, or delete this hook: $0\" >&2\n", stage.name);
    rest += "    exit 1\nfi\n";
    if (stage.reads_input) {
        // A letter behind it keeps the newlines at the end, which $( ) would take away.
        rest += fmt::format(
            "input=$(cat && echo x) && input=${{input%x}} || exit 1\n"
            "if [ -x \"$0{0}\" ]; then\n"
            "    printf %s \"$input\" 2>/dev/null | \"$0{0}\" \"$@\" || exit\n"
            "fi\n"
            "printf %s \"$input\" | \"$program\" {1}\n",
            before_ending, stage.command);
    } else {
        rest += fmt::format(
            "if [ -x \"$0{0}\" ]; then\n"
            "    \"$0{0}\" \"$@\" || exit\n"
            "fi\n"
            "exec \"$program\" {1}\n",
            before_ending, stage.command);
    }
    return first + std::string(mark) + checksum(first, rest) + '\n' + rest;
}

KnownHook recognise_hook(std::string_view script)
{
    KnownHook known;
    std::string_view rest = script;
    std::string before;
    std::optional<std::string_view> sum;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.starts_with(mark)) {
            sum = line.substr(mark.size());
            break;
        }
        before += line;
        before += '\n';
    }
    if (!sum) {
        return known;
    }
    known.owner = checksum(before, rest) == *sum ? HookOwner::ours : HookOwner::ours_changed;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.starts_with(program_line)) {
            known.text.program = unquoted(line.substr(program_line.size()));
        }
        known.text.made_folder = known.text.made_folder || line == folder_line;
    }
    return known;
}

}  // namespace r8scan::cmd
