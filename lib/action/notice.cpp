#include "action/notice.h"

#include "util/escape.h"
#include "util/escape_markup.h"
#include "util/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace r8scan::action {
namespace {

constexpr std::string_view text_template = R"(A Replicate API token of yours was found: {token}.

1. What happened
{found}

2. What was done
{done}

3. What to do
- Create a new token at replicate.com/account/api-tokens.
- Update the applications, CI jobs and hosting that used the old one.
- Renew other tokens and passwords that stood in the same file or commit.
- Look at your predictions and your billing since {since}.
- Keep tokens in environment variables or a secret manager, one for each environment.

4. Removing the file or making the repository private is not enough
Forks, clones, caches, pull requests and the history of edits keep the token. Once it is disabled, purge it from the
history: write a list with "r8scan git -f replace-text=FILE" (it holds the token, so keep it to yourself), then
"git filter-repo --sensitive-data-removal --replace-text FILE", push by force, ask the host to purge its caches, and have
everybody clone anew.

5. How we know, and how to tell that this message is real
{how}
This message has no link to a login page and asks for no token. To act on it, type the address above yourself.
)";

constexpr std::string_view html_template = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font-family:sans-serif;max-width:40em">
<p>A Replicate API token of yours was found: <b>{token}</b>.</p>
<h2>What happened</h2>
<p>{found}</p>
<h2>What was done</h2>
<p>{done}</p>
<h2>What to do</h2>
<ul>
<li>Create a new token at replicate.com/account/api-tokens.</li>
<li>Update the applications, CI jobs and hosting that used the old one.</li>
<li>Renew other tokens and passwords that stood in the same file or commit.</li>
<li>Look at your predictions and your billing since {since}.</li>
<li>Keep tokens in environment variables or a secret manager, one for each environment.</li>
</ul>
<h2>Removing the file or making the repository private is not enough</h2>
<p>Forks, clones, caches, pull requests and the history of edits keep the token. Once it is disabled, purge it from the
history: write a list with <code>r8scan git -f replace-text=FILE</code> (it holds the token, so keep it to yourself),
then <code>git filter-repo --sensitive-data-removal --replace-text FILE</code>, push by force, ask the host to purge its
caches, and have everybody clone anew.</p>
<h2>How we know, and how to tell that this message is real</h2>
<p>{how}<br>
This message has no link to a login page and asks for no token. To act on it, type the address above yourself.</p>
</body></html>
)";

constexpr std::size_t longest_value = 500;

/// A stranger's text as one short line.
std::string plain(std::string_view raw)
{
    std::string text = escape_for_terminal(raw.substr(0, longest_value));
    return raw.size() > longest_value ? text + "…" : text;
}

std::string token_of(const Event& event)
{
    constexpr std::size_t shown = 5;
    for (const auto& verdict : {event.verification, event.revocation}) {
        if (verdict && !verdict->token_name.empty()) {
            return fmt::format("\"{}\"", plain(verdict->token_name));
        }
    }
    return plain(event.redacted.substr(0, shown)) + "…";
}

/// "file "a/b", line 7 of commit 1f3c…, by date", as far as it is known.
std::string place_text(const EventPlace& place)
{
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (!place.path.empty()) {
        add(fmt::format("file \"{}\"", plain(place.path)));
    }
    if (place.line > 0) {
        add(fmt::format("line {}", place.line));
    }
    if (!place.commit.empty()) {
        add("commit " + plain(place.commit));
    }
    if (!place.date.empty()) {
        add("since " + plain(place.date));
    }
    if (!place.link.empty()) {
        add(plain(place.link));
    }
    return text.empty() ? plain(place.kind) : text;
}

std::string places_text(const Exposure& exposure)
{
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(exposure.places.size(), most); ++i) {
        text += (i > 0 ? "\n" : "") + place_text(exposure.places[i]);
    }
    if (exposure.places.size() > most) {
        text += fmt::format("\nand {} more places", exposure.places.size() - most);
    }
    return text;
}

std::string repository_of(const Exposure& exposure)
{
    return exposure.repository.empty() ? "" : " " + plain(exposure.repository);
}

std::string found_text(const Event& event)
{
    const Exposure& exposure = event.exposure;
    const std::string now = exposure.at_head ? "\nIt still stands there now." : "";
    if (exposure.visibility == "public") {
        return fmt::format("It was found in the public repository{}:\n{}{}", repository_of(exposure),
                           places_text(exposure), now);
    }
    const std::string sign =
        exposure.visibility == "private"
            ? fmt::format("a scan of the repository{}, which is not public", repository_of(exposure))
        : exposure.repository.empty()
            ? std::string("a scan of files or of a stream")
            : fmt::format("a scan of{}, of which is not known whether it is public", repository_of(exposure));
    return fmt::format("It was found by other signs than a public repository: {}:\n{}{}", sign, places_text(exposure),
                       now);
}

std::string because(const Verdict& verdict)
{
    return verdict.message.empty() ? "" : ": " + plain(verdict.message);
}

std::string done_text(const Event& event)
{
    constexpr std::string_view stops = "Any application that uses it stops working at once.";
    const auto when = [](const Verdict& verdict) { return verdict.at.empty() ? "" : " at " + plain(verdict.at); };
    if (event.revocation) {
        const Verdict& revocation = *event.revocation;
        switch (revocation.status) {
            case Status::revoked:
                return fmt::format("The token was disabled{}. {}", when(revocation), stops);
            case Status::already_revoked:
                return fmt::format("The token had been disabled already, as seen{}. {}", when(revocation), stops);
            case Status::ok:
                return fmt::format("The order to disable the token was taken{}. {}", when(revocation), stops);
            default:
                break;
        }
    }
    if (event.verification && event.verification->status == Status::inactive) {
        return fmt::format("Nothing: the token was no longer active when it was checked{}.", when(*event.verification));
    }
    const std::string why = event.revocation ? because(*event.revocation) : ": nobody was asked to";
    const bool active = event.verification && event.verification->status == Status::active;
    return fmt::format("The token was not disabled{}. {}", why,
                       active ? "It was active when it was checked: disable it yourself, now."
                              : "It may be active: disable it yourself, now.");
}

std::string how_text(const Event& event)
{
    return fmt::format(
        "r8scan reads repositories, files and streams for text in the shape of a token; it found this one "
        "with {} confidence. The SHA-256 of the token is {}, which you can compare with yours.",
        to_string(event.confidence), plain(event.token_sha256));
}

/// Calls `name` for each {name} and `text` for what is between.
template <typename OnText, typename OnName>
void walk(std::string_view source, OnText text, OnName name)
{
    const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    std::size_t from = 0;
    for (std::size_t open = source.find('{'); open != std::string_view::npos; open = source.find('{', open + 1)) {
        std::size_t end = open + 1;
        while (end < source.size() && is_name(source[end])) {
            ++end;
        }
        if (end == open + 1 || end == source.size() || source[end] != '}') {
            continue;  // a brace of CSS, or a lone one
        }
        text(source.substr(from, open - from));
        name(source.substr(open + 1, end - open - 1));
        from = end + 1;
        open = end;
    }
    text(source.substr(from));
}

std::string fill(std::string_view source, const NoticeValues& values,
                 const std::function<std::string(std::string_view)>& escape)
{
    std::string out;
    walk(
        source, [&](std::string_view text) { out += text; },
        [&](std::string_view name) {
            if (const auto value = values.find(name); value != values.end()) {
                out += escape(value->second);
            }
        });
    return out;
}

}  // namespace

std::string escape_html(std::string_view text)
{
    std::string out;
    for (const char c : escape_markup(text)) {
        out += c == '\n' ? std::string_view("<br>\n") : std::string_view(&c, 1);
    }
    return out;
}

NoticeValues notice_values(const Event& event)
{
    const Exposure& exposure = event.exposure;
    const EventPlace first = exposure.places.empty() ? EventPlace() : exposure.places.front();
    const auto status = [](const std::optional<Verdict>& verdict) { return verdict ? to_string(verdict->status) : ""; };
    NoticeValues values;
    values["token"] = token_of(event);
    values["subject"] = Notice::subject(event);
    values["found"] = found_text(event);
    values["done"] = done_text(event);
    values["how"] = how_text(event);
    values["since"] = exposure.first_date.empty() ? "the token was first stored there" : plain(exposure.first_date);
    values["places"] = places_text(exposure);
    values["repository"] = plain(exposure.repository);
    values["visibility"] = plain(exposure.visibility);
    values["path"] = plain(first.path);
    values["line"] = std::to_string(first.line);
    values["commit"] = plain(first.commit);
    values["author"] = plain(first.author);
    values["email"] = plain(first.email);
    values["date"] = plain(first.date);
    values["link"] = plain(first.link);
    values["owner"] = event.verification ? plain(event.verification->owner) : "";
    values["verification"] = status(event.verification);
    values["revocation"] = status(event.revocation);
    values["rule"] = plain(event.rule);
    values["confidence"] = to_string(event.confidence);
    values["token_sha256"] = plain(event.token_sha256);
    values["event_id"] = plain(event.event_id);
    values["run_id"] = plain(event.run_id);
    return values;
}

Notice::Notice() : m_text(text_template), m_html(html_template) {}

Result<void> Notice::use_template(const std::filesystem::path& file)
{
    constexpr std::size_t largest = 1U << 20U;
    const Result<std::string> content = read_small_file(file, largest);
    if (!content) {
        return content.error();
    }
    const std::string ending = file.extension().string();
    return use_template(*content, ending == ".html" || ending == ".htm", file.string());
}

Result<void> Notice::use_template(std::string_view content, bool is_html, std::string_view name)
{
    const NoticeValues known = notice_values({});
    std::optional<std::string> unknown;
    walk(
        content, [](std::string_view) {},
        [&](std::string_view word) {
            if (!known.contains(word) && !unknown) {
                unknown = word;
            }
        });
    if (unknown) {
        return Error(ErrorCode::usage,
                     fmt::format("the template \"{}\" names {{{}}}, which stands for nothing", name, *unknown));
    }
    if (is_html) {
        m_html = content;
    } else {
        m_text = content;
        m_html.clear();
    }
    return {};
}

void Notice::write(Event& event) const
{
    const NoticeValues values = notice_values(event);
    event.notice_text = fill(m_text, values, [](std::string_view value) { return std::string(value); });
    event.notice_html = m_html.empty() ? "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n<p>" +
                                             escape_html(event.notice_text) + "</p>\n</body></html>\n"
                                       : fill(m_html, values, escape_html);
}

std::string Notice::subject(const Event& event)
{
    constexpr std::size_t longest = 80;
    std::string where = plain(event.exposure.repository.substr(0, longest));
    return fmt::format("A Replicate API token was found{}{}", where.empty() ? "" : " in ", where);
}

}  // namespace r8scan::action
