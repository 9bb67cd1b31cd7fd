// What standard output and standard error are, and what may be shown there.
#pragma once

#include "cmd/plan.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

struct Terminal {
    bool output = false;    // standard output is a terminal
    bool error = false;     // standard error is one
    bool can_ask = false;   // so is standard input: a question can be answered
    bool dumb = false;      // TERM=dumb, or no TERM at all: no sequences
    bool no_color = false;  // NO_COLOR is set and not empty (https://no-color.org)
};

[[nodiscard]] Terminal look_at_terminal(const Environment& environment);

/// Whether a report gets colours. By itself only one that goes to a terminal does.
[[nodiscard]] bool use_colour(Colour wish, bool to_standard_output, const Terminal& terminal);

/// Columns of the terminal at standard error; 80 where it does not say.
[[nodiscard]] unsigned terminal_width();

}  // namespace r8scan::cmd
