#include "report/text_place.h"

#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::report {
namespace {

std::string short_id(const std::string& id)
{
    return escape_for_terminal(id.substr(0, 10));
}

/// At most so many characters of a text that may be as long as a stranger likes, escaped.
std::string shortened(std::string_view text, std::size_t most)
{
    std::string_view rest = text;
    for (std::size_t i = 0; i < most; ++i) {
        rest.remove_prefix(decode_utf8(rest).length);
    }
    return escape_for_terminal(text.substr(0, text.size() - rest.size())) + (rest.empty() ? "" : "...");
}

std::string where(const Finding& finding)
{
    std::string text;
    if (finding.path) {
        // In a container that has no path itself, such as standard input, the path is only what is inside: "!a.txt".
        const bool nameless = finding.object.empty() && finding.path->starts_with('!');
        text = fmt::format("{}{}:{}:{}", nameless ? escape_for_terminal(finding.kind) : "",
                           escape_for_terminal(*finding.path), finding.position.line, finding.position.column);
    } else {
        const std::string name = finding.kind + (finding.object.empty() ? "" : ' ' + finding.object.substr(0, 10));
        text = fmt::format("{}, line {}, column {}", escape_for_terminal(name), finding.position.line,
                           finding.position.column);
    }
    if (finding.occurrences > 1) {
        text += fmt::format(" ({} times)", with_separators(finding.occurrences));
    }
    return text;
}

std::string short_ref(const std::string& ref);

/// "refs/namespaces/a/refs/namespaces/b/refs/heads/main" is the branch main of the namespace that git calls a/b.
std::string ref_in_namespace(const std::string& ref)
{
    constexpr std::string_view prefix = "refs/namespaces/";
    std::string_view rest = ref;
    std::string name;
    while (rest.starts_with(prefix) && rest.find('/', prefix.size()) != std::string_view::npos) {
        rest.remove_prefix(prefix.size());
        name += (name.empty() ? "" : "/") + std::string(rest.substr(0, rest.find('/')));
        rest.remove_prefix(rest.find('/') + 1);
    }
    return fmt::format("namespace {}: {}", escape_for_terminal(name),
                       rest.starts_with(prefix) ? escape_for_terminal(rest) : short_ref(std::string(rest)));
}

/// Branches need no "refs/heads/" to be known, a tag is called one, the rest keeps its full name.
std::string short_ref(const std::string& ref)
{
    const auto after = [&](std::string_view prefix) { return escape_for_terminal(ref.substr(prefix.size())); };
    if (ref.starts_with("refs/heads/")) {
        return after("refs/heads/");
    }
    if (ref.starts_with("refs/remotes/")) {
        return after("refs/remotes/");
    }
    if (ref.starts_with("refs/tags/")) {
        return "tag " + after("refs/tags/");
    }
    if (ref.starts_with("refs/replace/")) {
        return "replace ref " + after("refs/replace/").substr(0, 10);
    }
    if (ref.starts_with("refs/namespaces/")) {
        return ref_in_namespace(ref);
    }
    return ref == "refs/stash" ? "stash" : escape_for_terminal(ref);
}

std::string names_of(const std::vector<std::string>& refs, std::size_t max_refs)
{
    std::string text;
    const std::size_t shown = std::min(refs.size(), max_refs);
    for (std::size_t i = 0; i < shown; ++i) {
        text += (i > 0 ? ", " : "") + short_ref(refs[i]);
    }
    if (refs.size() > shown) {
        text += fmt::format(" and {} more", with_separators(refs.size() - shown));
    }
    return text;
}

std::string introduced(const Finding& finding)
{
    std::vector<std::string> parts;
    if (finding.commit && finding.commit != finding.object) {
        parts.push_back((finding.at_or_before ? "at or before " : "") + short_id(*finding.commit));
    }
    if (finding.date) {
        parts.push_back(escape_for_terminal(finding.date->substr(0, 10)));
    }
    if (finding.author) {
        parts.push_back(shortened(*finding.author, 40));
    }
    if (finding.subject && !finding.subject->empty()) {
        parts.push_back('"' + shortened(*finding.subject, 72) + '"');
    }
    return fmt::format("{}", fmt::join(parts, "  "));
}

std::string removed(const Finding& finding)
{
    std::string text = short_id(*finding.removed_in);
    if (finding.removed_date) {
        text += "  " + escape_for_terminal(finding.removed_date->substr(0, 10));
    }
    if (finding.moved_to) {
        text += ", moved to " + escape_for_terminal(*finding.moved_to);
    }
    if (!finding.removed_in_more.empty()) {
        text += fmt::format(" (and in {} on other branches)", count_of(finding.removed_in_more.size(), "later commit"));
    }
    return text;
}

std::string still_at_head(const Finding& finding)
{
    std::string text = "still at HEAD";
    if (finding.head_path) {
        text += " (" + escape_for_terminal(*finding.head_path);
        if (finding.head_line) {
            text += fmt::format(":{}", *finding.head_line);
        }
        text += ')';
    }
    return text;
}

std::string reached_by(const Finding& finding, std::size_t max_refs)
{
    const bool named = finding.refs && !finding.refs->empty();
    if (finding.reachable) {
        return named ? names_of(*finding.refs, max_refs) : "";
    }
    if (named) {
        return fmt::format("no ref reaches it; {} {}", names_of(*finding.refs, max_refs),
                           finding.refs->size() == 1 ? "does" : "do");
    }
    return finding.commit ? "no ref reaches it: left behind by an amend, a rebase or a deleted branch"
                          : "no ref reaches it: staged and never committed, or left behind";
}

/// How sure it is, and why.
std::string confidence_of(const Finding& finding, const Style& style)
{
    const std::string level = to_string(finding.confidence);
    const bool is_high = finding.confidence == Confidence::high;
    const std::string why = !finding.why.empty() ? finding.why
                            : is_high
                                ? "the whole shape of a token, with nothing beside it that belongs to a longer word"
                                : "";
    return fmt::format("{}{}{}", is_high ? level : style.warning(level), why.empty() ? "" : ": ",
                       escape_for_terminal(why));
}

}  // namespace

std::string text_of_place(const Finding& finding, const TextOptions& options, const Style& style)
{
    std::string text = "  " + style.place(where(finding)) + '\n';
    const auto line = [&](std::string_view label, std::string_view value) {
        if (!value.empty()) {
            text += "    " + style.faint(fmt::format("{:<12}", label)) + std::string(value) + '\n';
        }
    };
    if (options.reasons) {
        line("rule", escape_for_terminal(finding.rule));
    }
    if (options.reasons || finding.confidence != Confidence::high) {
        line("confidence", confidence_of(finding, style));
    }
    if (!finding.encoding.empty()) {
        line("encoding", escape_for_terminal(fmt::format("{}", fmt::join(finding.encoding, " > "))));
    }
    if (finding.kind == "metadata") {
        line("now", "in the git folder of this repository, which no push and no fetch sends");
    }
    line("introduced", introduced(finding));
    if (finding.moved_from) {
        line("moved from", escape_for_terminal(*finding.moved_from));
    }
    if (finding.attributed) {
        if (finding.removed_in) {
            line("removed in", removed(finding));
            for (const std::string& id : options.reasons ? finding.removed_in_more : std::vector<std::string>()) {
                line("", "also in " + short_id(id));
            }
        }
        if (finding.at_head) {
            line("now", style.warning(still_at_head(finding)));
        }
        line("refs", reached_by(finding, options.refs));
    }
    if (finding.link) {
        line("link", escape_for_terminal(*finding.link));
    }
    if (options.reasons && !finding.object.empty()) {
        line("object", fmt::format("{}, byte {}", escape_for_terminal(finding.object), finding.position.offset));
    }
    if (options.reasons || options.verbose) {
        line("fingerprint", escape_for_terminal(finding.fingerprint));
    }
    return text;
}

}  // namespace r8scan::report
