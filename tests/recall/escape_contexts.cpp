// Tokens whose characters are escaped, all or some of them: percent, backslash escapes, HTML, quoted-printable, and the
// backslash before the underscore of Markdown and TeX.
//
// \x72\x38… counts as "escape", not as hex with a mark between. Backslashes that were doubled count as one.
#include "tests/recall/contexts.h"
#include "tests/recall/encoders.h"

#include <fmt/format.h>

namespace r8scan::test {
namespace {

struct Escaping {
    std::string name;
    std::vector<std::string> layers;
    WriteCharacter write;
    std::vector<std::string> forms;  // ASCII
};

std::vector<Escaping> escapings()
{
    const std::vector<std::string> literals = {"x = \"{token}\"", "'{token}'", "t('{token}')", "Token {token};",
                                               "{token}"};
    const std::vector<std::string> urls = {"?token={token}&x=1", "h=Bearer {token}", "/{token}/", "{token}"};
    const std::vector<std::string> html = {"<code>{token}</code>", "<a title=\"{token}\">", "key: {token}.", "{token}"};
    const std::vector<std::string> mail = {"Key: {token}.", "<{token}>", "a {token} b", "{token}"};
    return {
        {"percent", {"percent"}, numbered("%", 16, 2, "", true), urls},
        {"percent, lower case", {"percent"}, numbered("%", 16, 2, ""), urls},
        {"percent twice", {"percent", "percent"}, numbered("%25", 16, 2, "", true), urls},
        {"\\xHH", {"escape"}, numbered("\\x", 16, 2, ""), literals},
        {"\\xHH, upper case", {"escape"}, numbered("\\x", 16, 2, "", true), literals},
        {"\\\\xHH", {"escape"}, numbered("\\\\x", 16, 2, ""), literals},
        {"\\uHHHH", {"escape"}, numbered("\\u", 16, 4, ""), literals},
        {"\\uHHHH, upper case", {"escape"}, numbered("\\u", 16, 4, "", true), literals},
        {"\\\\uHHHH", {"escape"}, numbered("\\\\u", 16, 4, ""), literals},
        {"\\u{HH}", {"escape"}, numbered("\\u{", 16, 2, "}"), literals},
        {"\\u{HHHH}", {"escape"}, numbered("\\u{", 16, 4, "}", true), literals},
        {"\\UHHHHHHHH", {"escape"}, numbered("\\U", 16, 8, ""), literals},
        {"octal", {"escape"}, numbered("\\", 8, 3, ""), literals},
        {"HTML decimal", {"html"}, numbered("&#", 10, 1, ";"), html},
        {"HTML decimal, three digits", {"html"}, numbered("&#", 10, 3, ";"), html},
        {"HTML hex", {"html"}, numbered("&#x", 16, 2, ";"), html},
        {"HTML hex, upper case", {"html"}, numbered("&#X", 16, 2, ";", true), html},
        {"quoted-printable", {"quoted-printable"}, numbered("=", 16, 2, "", true), mail},
    };
}

void add_numbered(std::vector<Context>& out)
{
    for (const auto& escaping : escapings()) {
        for (const auto part : all_parts) {
            out.push_back({fmt::format("{}, {}", escaping.name, to_string(part)), encoding_group, escaping.layers,
                           [=](std::string_view token, Rng& rng) {
                               const auto& form = escaping.forms[rng.below(escaping.forms.size())];
                               return escaped(filled(form, token, rng), part, escaping.write, rng);
                           }});
        }
    }
}

// What stands for an underscore and for nothing else.
void add_underscores(std::vector<Context>& out)
{
    struct Underscore {
        const char* name;
        const char* written;
        const char* layer;
        const char* form;
    };
    constexpr Underscore underscores[] = {
        {"named entity", "&lowbar;", "html", "<code>{token}</code>"},
        {"named entity, bare", "&lowbar;", "html", "{token}"},
        {"the other named entity", "&UnderBar;", "html", "<p>{token}</p>"},
        {"entity with leading zeros", "&#095;", "html", "key {token}<br>"},
        {"Markdown", "\\_", "backslash", "My key is {token}."},
        {"Markdown, bare", "\\_", "backslash", "{token}"},
        {"Markdown in JSON", "\\\\_", "backslash", "{\"md\": \"key {token}\\n\"}"},
        {"TeX", "\\_", "backslash", "\\texttt{{token}}"},
    };
    for (const auto& each : underscores) {
        out.push_back({std::string("underscore: ") + each.name,
                       encoding_group,
                       {each.layer},
                       [each](std::string_view token, Rng& rng) {
                           const auto write = [&](char) { return std::string(each.written); };
                           return escaped(filled(each.form, token, rng), Part::underscore, write, rng);
                       }});
    }
    out.push_back({"entities, the underscore named", encoding_group, {"html"}, [](std::string_view token, Rng& rng) {
                       const auto decimal = numbered("&#", 10, 1, ";");
                       const auto write = [&](char c) { return c == '_' ? std::string("&lowbar;") : decimal(c); };
                       return escaped(filled("<td>{token}</td>", token, rng), Part::whole, write, rng);
                   }});
}

void add_soft_breaks(std::vector<Context>& out)
{
    struct Cut {
        const char* name;
        std::size_t first;
        std::size_t last;
    };
    for (const auto* line_break : {"=\n", "=\r\n"}) {
        for (const auto& cut : {Cut{"in its head", 1, 2}, Cut{"behind its head", 3, 3}, Cut{"in its body", 4, 38},
                                Cut{"before its last character", 39, 39}}) {
            out.push_back({fmt::format("soft line break {}{}", cut.name, line_break[1] == '\r' ? ", CRLF" : ""),
                           encoding_group,
                           {"quoted-printable"},
                           [=](std::string_view token, Rng& rng) {
                               return parted(filled("Use {token}.", token, rng), {rng.between(cut.first, cut.last)},
                                             line_break);
                           }});
        }
    }
    for (const auto* line_break : {"\n", "\r\n"}) {
        for (const std::size_t width : {76U, 40U}) {
            out.push_back(
                {fmt::format("mail in quoted-printable, {} wide{}", width, line_break[0] == '\r' ? ", CRLF" : ""),
                 encoding_group,
                 {"quoted-printable"},
                 [=](std::string_view token, Rng& rng) {
                     // So far to the right that the token does not fit, and its first character does.
                     auto before = random_text(rng, width == 76 ? rng.between(37, 70) : rng.between(0, 30));
                     for (char& c : before) {
                         c = c == '\n' ? ' ' : c;
                     }
                     const auto text = around("Grüße,\n" + before + "= ", bare(token), ".\nÜ\n");
                     return quoted_printable_of(text, width, line_break);
                 }});
        }
    }
    out.push_back({"soft line break and escaped characters",
                   encoding_group,
                   {"quoted-printable"},
                   [](std::string_view token, Rng& rng) {
                       const auto text = escaped(filled("key=3D{token} ", token, rng), Part::underscore,
                                                 numbered("=", 16, 2, "", true), rng);
                       // Behind the escape of the underscore, so in the body.
                       auto broken = text;
                       const auto at = text.begin + rng.between(8, 38);
                       broken.bytes.insert(at, "=\n");
                       broken.end += 2;
                       return broken;
                   }});
}

}  // namespace

void add_escape_contexts(std::vector<Context>& out)
{
    add_numbered(out);
    add_underscores(out);
    add_soft_breaks(out);
}

}  // namespace r8scan::test
