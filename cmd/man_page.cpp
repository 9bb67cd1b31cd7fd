#include "cmd/man_page.h"

#include <r8scan/scan.h>

#include "cmd/option_table.h"

#include <fmt/format.h>

namespace r8scan::cmd {
namespace {

constexpr std::string_view description = R"(.SH DESCRIPTION
Finds leaked Replicate API tokens: in every object of a git repository and all of its history, in files, in streams.
It says for each token which commit brought it, which removed it, and where it stands today.
Nothing that it reads can make it run a program, open a connection or write a file.
)";

constexpr std::string_view closing = R"(.SH ENVIRONMENT
Each option has a variable, R8SCAN_JOBS for \-\-jobs and so on, but for those that the option's text excepts.
What is typed beats the environment.
NO_COLOR and TERM=dumb turn colours off.
GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES and GIT_QUARANTINE_PATH are heeded by what
git's hooks call.
.SH EXIT STATUS
.TP
.B 0
everything was read, nothing found
.TP
.B 1
everything was read, something found
.TP
.B 2
wrong usage or configuration: nothing was scanned
.TP
.B 3
the scan is incomplete, whatever was found
.TP
.B 4
the scan is complete, but a delivery is pending or failed
.TP
.B 130
interrupted; what was found so far is reported and marked incomplete
.SH EXAMPLES
.TP
.B r8scan git
the repository you are in
.TP
.B r8scan git app.git \-f text \-f json=report.json
two reports of one scan
.TP
.B r8scan staged
what `git commit` would record, for a pre\-commit hook
.TP
.B docker logs app 2>&1 | r8scan stdin
what another program prints
.SH SEE ALSO
.BR git (1),
.BR githooks (5)
)";

// A backslash, a hyphen that is to stay one, and a dot or quote at the beginning of a line mean something to man(7).
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
            out += "\\&";
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

void add_option(std::string& page, const OptionSpec& option)
{
    page += ".TP\n";
    if (option.letter != 0) {
        page += fmt::format("\\fB\\-{}\\fR, ", option.letter);
    }
    page += fmt::format("\\fB\\-\\-{}\\fR", escaped(option.name));
    if (!option.value_name.empty()) {
        page += fmt::format(" \\fI{}\\fR", escaped(option.value_name));
    }
    page += fmt::format("\n{}\n", escaped(option.help));
    if (!option.commands.empty()) {
        page += fmt::format("Only of: {}.\n", escaped(option.commands));
    }
    if (!option.from_environment) {
        page += "Not read from the environment.\n";
    }
}

}  // namespace

std::string man_page()
{
    std::string page = fmt::format(".TH R8SCAN 1 \"\" \"r8scan {}\" \"User Commands\"\n", version());
    page += ".SH NAME\nr8scan \\- find leaked Replicate API tokens\n";
    page += ".SH SYNOPSIS\n.B r8scan\n.I COMMAND\n.RI [ OPTIONS ]\n.RI [ ARGUMENTS ]\n";
    page += description;
    page += ".SH COMMANDS\n";
    for (const CommandSpec& command : command_table()) {
        page += fmt::format(".TP\n\\fB{}\\fR {}\n{}\n", escaped(command.name), escaped(command.arguments),
                            escaped(command.help));
    }
    page += ".SH OPTIONS\n";
    std::string_view group;
    for (const OptionSpec& option : option_table()) {
        if (option.group != group) {
            group = option.group;
            page += fmt::format(".SS {}\n", escaped(group));
        }
        add_option(page, option);
    }
    page += closing;
    return page;
}

}  // namespace r8scan::cmd
