#include "git/config_file.h"

#include <algorithm>

namespace r8scan::git {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_name_character(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text)
    {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (m_text.starts_with(byte_order_mark)) {
            m_text.remove_prefix(byte_order_mark.size());
        }
    }

    Result<ConfigValues> run()
    {
        while (!at_end()) {
            const char c = peek();
            bool sound = true;
            if (c == '\n' || is_blank(c)) {
                next();
            } else if (c == '#' || c == ';') {
                skip_line();
            } else if (c == '[') {
                sound = read_section();
            } else if (is_letter(c)) {
                sound = read_value();
            } else {
                sound = false;
            }
            if (!sound) {
                return Error(ErrorCode::damaged, "line " + std::to_string(m_line) + " is no git configuration");
            }
        }
        return std::move(m_values);
    }

private:
    [[nodiscard]] bool at_end() const { return m_at == m_text.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\n' : m_text[m_at]; }

    // The end of the text counts as the end of a line. A carriage return in front of a line feed belongs to it.
    char next()
    {
        if (at_end()) {
            return '\n';
        }
        if (m_text.substr(m_at).starts_with("\r\n")) {
            ++m_at;
        }
        const char c = m_text[m_at++];
        m_line += c == '\n' ? 1U : 0U;
        return c;
    }

    void skip_line()
    {
        while (!at_end() && next() != '\n') {
        }
    }

    void skip_blanks()
    {
        while (!at_end() && is_blank(peek()) && !m_text.substr(m_at).starts_with("\r\n")) {
            next();
        }
    }

    // [section], [section "Sub section"], and the older [section.subsection].
    bool read_section()
    {
        next();
        m_section.clear();
        while (is_name_character(peek()) || peek() == '.') {
            m_section += lower(next());
        }
        if (m_section.empty()) {
            return false;
        }
        if (is_blank(peek())) {
            skip_blanks();
            if (peek() != '"') {
                return false;
            }
            next();
            m_section += '.';
            for (char c = next(); c != '"'; c = next()) {
                if (c == '\\') {
                    c = next();
                }
                if (c == '\n') {
                    return false;
                }
                m_section += c;
            }
        }
        return next() == ']';
    }

    bool read_value()
    {
        std::string key = m_section.empty() ? "" : m_section + '.';  // git takes keys in front of the first section
        while (is_name_character(peek())) {
            key += lower(next());
        }
        skip_blanks();
        std::string value = "true";
        if (peek() == '=') {
            next();
            value.clear();
            if (!read_text(value)) {
                return false;
            }
        } else if (peek() != '\n' && !m_text.substr(m_at).starts_with("\r\n")) {
            return false;
        }
        m_values.insert_or_assign(std::move(key), std::move(value));
        return true;
    }

    // To the end of the line. Blanks at both ends go unless they stand in quotes; a backslash joins the next line.
    bool read_text(std::string& value)
    {
        skip_blanks();
        bool in_quotes = false;
        std::size_t keep = 0;  // bytes that blanks at the end do not count among
        for (;;) {
            char c = next();
            if (c == '\n') {
                value.resize(keep);
                return !in_quotes;
            }
            if (!in_quotes && (c == '#' || c == ';')) {
                skip_line();
                value.resize(keep);
                return true;
            }
            if (c == '"') {
                in_quotes = !in_quotes;
                keep = value.size();
                continue;
            }
            if (!in_quotes && is_blank(c)) {
                value += c;
                continue;
            }
            if (c == '\\') {
                c = next();
                if (c == '\n') {
                    if (at_end()) {
                        return false;
                    }
                    continue;
                }
                switch (c) {
                    case 't':
                        c = '\t';
                        break;
                    case 'b':
                        c = '\b';
                        break;
                    case 'n':
                        c = '\n';
                        break;
                    case '\\':
                    case '"':
                        break;
                    default:
                        return false;
                }
            }
            value += c;
            keep = value.size();
        }
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    std::string m_section;
    ConfigValues m_values;
};

}  // namespace

Result<ConfigValues> parse_config(std::string_view text)
{
    return Parser(text).run();
}

}  // namespace r8scan::git
