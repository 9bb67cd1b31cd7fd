// Tokens that a program puts together from two or three literals, or that go on in the next source line: medium.
//
// A literal may end anywhere behind the head. The extent is from the first character of the first piece to the last of
// the last one.
#include "tests/recall/contexts.h"
#include "tests/recall/encoders.h"

namespace r8scan::test {
namespace {

struct Joint {
    const char* name;
    const char* form;
    const char* joint;
};

constexpr Joint joints[] = {
    {"plus", "auth: \"{token}\",", "\" + \""},
    {"plus, no blanks", "auth='{token}'", "'+'"},
    {"plus, backquotes", "x = `{token}`;", "` + `"},
    {"plus, mixed quotes", "x = \"{token}'", "\" + '"},
    {"plus before a new line", "String t = \"{token}\";", "\" +\n        \""},
    {"plus behind a new line", "String t = \"{token}\";", "\"\n        + \""},
    {"plus behind CRLF", "t = \"{token}\"\r\n", "\"\r\n\t+ \""},
    {"dot", "$t = '{token}';", "' . '"},
    {"dot, no blanks", "$t = \"{token}\";", "\".\""},
    {"dot behind a new line", "$t = '{token}';", "'\n    . '"},
    {"two dots of Lua", "t = \"{token}\"", "\" .. \""},
    {"ampersand of VB", "t = \"{token}\"", "\" & \""},
    {"ampersand and continued line of VB", "t = \"{token}\"\r\n", "\" & _\r\n    \""},
    {"adjacent literals of C", "const char* t = \"{token}\";", "\" \""},
    {"adjacent literals of C on two lines", "puts(\"{token}\");", "\"\n     \""},
    {"adjacent literals of Python on two lines", "t = (\n    \"{token}\"\n)", "\"\n    \""},
    {"adjacent literals of Python, single quotes", "t = ('{token}')", "'\n     '"},
    {"adjacent literals, continued line", "t = \"{token}\"", "\" \\\n    \""},
    {"adjacent in shell", "export T=\"{token}\"", "\"\""},
    {"adjacent in shell, mixed", "export T=\"{token}'", "\"'"},
    {"plus in a notebook", "\"t = \\\"{token}\\\"\\n\"", "\\\" + \\\""},
    {"backslash at the end of the line", "t = \"{token}\"", "\\\n"},
    {"backslash at the end of the line, CRLF", "t = \"{token}\"", "\\\r\n"},
    {"backslash in a template", "const t = `{token}`;", "\\\n"},
    {"backslash in YAML, indented", "t: \"{token}\"", "\\\n    "},
    {"backslash in a shell line", "export T={token}\n", "\\\n"},
};

}  // namespace

void add_joined_contexts(std::vector<Context>& out)
{
    for (const auto& joint : joints) {
        out.push_back({std::string("joined: ") + joint.name,
                       encoding_group,
                       {"joined"},
                       [joint](std::string_view token, Rng& rng) {
                           return parted(filled(joint.form, token, rng), {rng.between(3, 39)}, joint.joint);
                       },
                       Confidence::medium});
    }
    for (const auto* joint : {"\" + \"", "\"\n    \"", "' . '"}) {
        const std::string quote(1, joint[0]);
        out.push_back({std::string("joined: three pieces, ") + quote + (joint[1] == '\n' ? ", adjacent" : ""),
                       encoding_group,
                       {"joined"},
                       [=](std::string_view token, Rng& rng) {
                           const auto first = rng.between(3, 38);
                           return parted(filled("x(" + quote + "{token}" + quote + ")", token, rng),
                                         {first, rng.between(first + 1, 39)}, joint);
                       },
                       Confidence::medium});
    }
    out.push_back({"joined: head alone",
                   encoding_group,
                   {"joined"},
                   [](std::string_view token, Rng& rng) {
                       return parted(filled("auth: \"{token}\"", token, rng), {3}, "\" + \"");
                   },
                   Confidence::medium});
}

}  // namespace r8scan::test
