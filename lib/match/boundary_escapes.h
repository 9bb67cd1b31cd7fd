// Whether a text ends in an escape, whose last character then is no neighbour of what follows: \nTOKEN, %22TOKEN.
//
// Backslashes before the last one change nothing: however often a text was escaped, a letter behind a backslash is not
// the beginning of a word. At most 64 bytes at the end of the text matter, but for the parameters of a terminal
// sequence.
#pragma once

#include <array>
#include <string_view>

namespace r8scan::boundary {

bool ends_in_letter_escape(std::string_view text);      // \n \t \r \f \v \b \a \e
bool ends_in_octal(std::string_view text);              // \0 to \NNN
bool ends_in_x(std::string_view text);                  // \xHH
bool ends_in_u(std::string_view text);                  // \uHHHH
bool ends_in_long_u(std::string_view text);             // \UHHHHHHHH
bool ends_in_percent(std::string_view text);            // %HH
bool ends_in_nested_percent(std::string_view text);     // %25HH
bool ends_in_quoted_printable(std::string_view text);   // =HH
bool ends_in_terminal_sequence(std::string_view text);  // ESC [ 3 2 m, and with ESC written out

inline constexpr std::array escapes = {ends_in_letter_escape,
                                       ends_in_octal,
                                       ends_in_x,
                                       ends_in_u,
                                       ends_in_long_u,
                                       ends_in_percent,
                                       ends_in_nested_percent,
                                       ends_in_quoted_printable,
                                       ends_in_terminal_sequence};

}  // namespace r8scan::boundary
