#include "report/markup.h"

#include "util/escape.h"

namespace r8scan::report {

std::string markup_text(std::string_view raw)
{
    std::string out;
    const std::string text = escape_for_terminal(raw);
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                // U+FFFE and U+FFFF are well-formed UTF-8 and no characters of XML.
                if (text.compare(at, 2, "\xEF\xBF") == 0 && at + 2 < text.size() &&
                    (text[at + 2] == '\xBE' || text[at + 2] == '\xBF')) {
                    out += text[at + 2] == '\xBE' ? "\\ufffe" : "\\uffff";
                    at += 2;
                } else {
                    out += text[at];
                }
        }
    }
    return out;
}

}  // namespace r8scan::report
