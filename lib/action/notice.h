// The message to the person whose token was found: what happened, what was done, what to do, why deleting is not
// enough, and how to tell that the message is real. As plain text and as HTML.
//
// Both are made from a template with {names} in braces, which the user can replace. Values may come from a stranger's
// repository: in text they are one line without anything that moves a cursor, in HTML they are escaped as well.
#pragma once

#include <r8scan/result.h>

#include "action/event.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace r8scan::action {

/// What the names of a template stand for; listed in README.md, "The notice".
using NoticeValues = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] NoticeValues notice_values(const Event& event);

class Notice {
public:
    Notice();  // the built-in templates

    /// A file of one's own in place of one of them: *.html and *.htm of the HTML part, any other of the text, which the
    /// HTML part is then made of too. The error names what is wrong with it.
    Result<void> use_template(const std::filesystem::path& file);

    /// The same from memory; `name` is for messages.
    Result<void> use_template(std::string_view content, bool is_html, std::string_view name);

    /// Fills notice_text and notice_html of an event of the stage notify.
    void write(Event& event) const;

    /// "A Replicate API token was found in …": a line for a mail's subject.
    [[nodiscard]] static std::string subject(const Event& event);

private:
    std::string m_text;
    std::string m_html;  // empty: made of the text
};

/// The text with & < > " ' as entities and line feeds as <br>.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace r8scan::action
