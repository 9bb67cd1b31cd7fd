// Colours of the text report, or none. Only what we write is coloured: text from a repository is escaped before it
// comes here, so no sequence of its own can follow. Codes: ECMA-48, "select graphic rendition".
#pragma once

#include <string>
#include <string_view>

namespace r8scan::report {

class Style {
public:
    explicit Style(bool colour) : m_colour(colour) {}

    [[nodiscard]] std::string strong(std::string_view text) const { return wrapped("1", text); }
    [[nodiscard]] std::string faint(std::string_view text) const { return wrapped("2", text); }
    [[nodiscard]] std::string alarm(std::string_view text) const { return wrapped("1;31", text); }
    [[nodiscard]] std::string warning(std::string_view text) const { return wrapped("33", text); }
    [[nodiscard]] std::string good(std::string_view text) const { return wrapped("32", text); }
    [[nodiscard]] std::string place(std::string_view text) const { return wrapped("36", text); }

private:
    [[nodiscard]] std::string wrapped(std::string_view code, std::string_view text) const
    {
        std::string out;
        if (!m_colour) {
            return out += text;
        }
        out += "\x1b[";
        out += code;
        out += 'm';
        out += text;
        return out += "\x1b[0m";
    }

    bool m_colour;
};

}  // namespace r8scan::report
