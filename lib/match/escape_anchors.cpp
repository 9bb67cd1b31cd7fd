#include "match/escape_anchors.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace r8scan {

namespace {

// Characters of the literal that an anchor uses at most.
constexpr std::size_t plain_before = 3;
constexpr std::size_t hex_pairs = 4;
constexpr std::size_t wide_characters = 4;

bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::string plain(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += is_word(c) ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return out;
}

// Two hex digits, letters in either case.
std::string hex(char c)
{
    std::string out;
    for (const char digit : fmt::format("{:02x}", static_cast<unsigned char>(c))) {
        out +=
            digit >= 'a' ? fmt::format("[{}{}]", digit, static_cast<char>(digit - 'a' + 'A')) : std::string(1, digit);
    }
    return out;
}

// What stands behind an escaped character: the next one as it is, or the next escape.
std::string either(char next, const char* introducer)
{
    return '[' + plain({&next, 1}) + introducer + ']';
}

class EscapeAnchors {
public:
    std::vector<LeadExpression> make(std::string_view literal)
    {
        for (std::size_t i = 0; i < literal.size(); ++i) {
            const auto first = i > plain_before ? i - plain_before : 0;
            m_before = plain(literal.substr(first, i - first));
            m_next = i + 1 < literal.size() ? std::optional(literal[i + 1]) : std::nullopt;
            percent(literal[i]);
            backslash(literal[i], i >= 2);
            html(literal[i], i >= 2);
            quoted_printable(literal[i], i > 0);
        }
        return std::move(m_anchors);
    }

private:
    void add(LeadKind kind, std::string expression) { m_anchors.push_back({std::move(expression), kind, 0, false}); }

    // With what may follow, where nothing stands before.
    [[nodiscard]] std::string then(const char* introducer) const
    {
        return m_next ? either(*m_next, introducer) : std::string();
    }

    void percent(char c)
    {
        add(LeadKind::percent, m_before + '%' + hex(c) + (m_before.empty() ? then("%") : ""));
        if (m_before.empty()) {
            add(LeadKind::percent, "25" + hex(c) + (m_next ? "(?:" + plain({&*m_next, 1}) + "|%25)" : ""));
        } else {
            add(LeadKind::percent, m_before + "%25");
        }
    }

    void backslash(char c, bool telling)
    {
        if (telling) {
            return add(LeadKind::escape, m_before + (c == '_' ? R"(\\[xuU01\\_])" : R"(\\[xuU01\\])"));
        }
        const auto digits = hex(c);
        const auto octal = fmt::format("{:o}", static_cast<unsigned char>(c));
        add(LeadKind::escape, R"(\\x)" + digits + then(R"(\\)"));
        add(LeadKind::escape, "u00" + digits + then(R"(\\)"));
        add(LeadKind::escape, "0000" + digits + then(R"(\\)"));
        add(LeadKind::escape, digits + R"(\})" + then(R"(\\)"));
        add(LeadKind::escape, R"(\\0?)" + octal + then(R"(\\)"));
    }

    void html(char c, bool telling)
    {
        if (telling) {
            return add(LeadKind::html, m_before + "&[#lUa]");
        }
        add(LeadKind::html, fmt::format("#0?{};", static_cast<unsigned char>(c)) + then("&"));
        add(LeadKind::html, "#[xX]0?" + hex(c) + ';' + then("&"));
    }

    void quoted_printable(char c, bool inside)
    {
        add(LeadKind::quoted_printable, m_before + '=' + hex(c) + (m_before.empty() ? then("=") : ""));
        if (inside) {
            add(LeadKind::quoted_printable, m_before + R"(=\r?\n)" + plain({&c, 1}));
        }
    }

    std::vector<LeadExpression> m_anchors;
    std::string m_before;
    std::optional<char> m_next;
};

std::string joined(std::string_view literal, const char* separator, bool utf16)
{
    std::string out;
    for (const char c : literal) {
        out += (out.empty() ? "" : separator) + hex(c);
        if (utf16) {
            out += separator + std::string("00");
        }
    }
    return out;
}

}  // namespace

std::vector<LeadExpression> escape_anchors(std::string_view literal)
{
    return EscapeAnchors().make(literal);
}

std::vector<LeadExpression> hex_anchors(std::string_view literal)
{
    std::vector<LeadExpression> anchors;
    const auto add = [&](std::string expression) {
        anchors.push_back({std::move(expression), LeadKind::hex, 0, false});
    };
    const auto head = literal.substr(0, hex_pairs);
    for (const char* separator : {"", " ", ":", ",", "-"}) {
        add(joined(head, separator, false));
    }
    for (const char* separator : {"", " ", ":", ","}) {
        // Two characters tell enough where every other pair is 00.
        add(joined(head.substr(0, 2), separator, true));
    }
    add(joined(head.substr(0, 2), ",? ?0x", false));
    // Lines of a dump may be broken inside the literal: then the two sides, each with its break or indentation.
    add(joined(head.substr(0, 2), "[ :,-]?", false) + R"([ :,-]?[\r\n\\])");
    for (const char* separator : {"", " ", ":", ",", "-", ", 0x", ",0x", " 0x"}) {
        const std::string prefix = std::string_view(separator).ends_with("0x") ? "0x" : "";
        add("[ \\t\\n]" + prefix + joined(head.substr(1, 2), separator, false));
    }
    add(joined(head.substr(0, 2), ",? ?0x", false) + R"(,?[\r\n\\])");
    return anchors;
}

std::vector<LeadExpression> wide_anchors(std::string_view literal, bool caseless)
{
    const auto interleaved = [](std::string_view text, const char* zeros) {
        std::string out;
        for (const char c : text) {
            out += (out.empty() ? "" : zeros) + plain({&c, 1});
        }
        return out;
    };
    return {{interleaved(literal.substr(0, wide_characters), "\\x00"), LeadKind::wide, 2, caseless},
            {interleaved(literal.substr(0, wide_characters - 1), "\\x00\\x00\\x00"), LeadKind::wide, 4, caseless}};
}

}  // namespace r8scan
