#include "util/escape_markup.h"

namespace r8scan {

std::string escape_markup(std::string_view text)
{
    std::string out;
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
                if (const auto three = text.substr(at, 3); three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
                    out += three.back() == '\xBE' ? "\\ufffe" : "\\uffff";
                    at += 2;
                } else {
                    out += text[at];
                }
        }
    }
    return out;
}

}  // namespace r8scan
