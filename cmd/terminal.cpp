#include "cmd/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>

namespace r8scan::cmd {

Terminal look_at_terminal(const Environment& environment)
{
    const char* const term = environment("TERM");
    const char* const no_color = environment("NO_COLOR");
    Terminal terminal;
    terminal.output = isatty(STDOUT_FILENO) == 1;
    terminal.error = isatty(STDERR_FILENO) == 1;
    terminal.can_ask = terminal.error && isatty(STDIN_FILENO) == 1;
    terminal.dumb = term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
    terminal.no_color = no_color != nullptr && *no_color != '\0';
    return terminal;
}

bool use_colour(Colour wish, bool to_standard_output, const Terminal& terminal)
{
    if (wish != Colour::automatic) {
        return wish == Colour::always;
    }
    return to_standard_output && terminal.output && !terminal.dumb && !terminal.no_color;
}

unsigned terminal_width()
{
    constexpr unsigned usual = 80;
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return usual;
    }
    return size.ws_col;
}

}  // namespace r8scan::cmd
