#include "git/commit.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace r8scan::git {

namespace {

// Takes "name value\n" lines off the front of a header; continuation lines (mergetag, gpgsig) begin with a space.
class HeaderLines {
public:
    explicit HeaderLines(std::string_view text) : m_rest(text) {}

    /// False at the blank line before the message, or at the end.
    bool next(std::string_view& name, std::string_view& value)
    {
        if (m_rest.empty() || m_rest.front() == '\n') {
            m_rest.remove_prefix(m_rest.empty() ? 0 : 1);
            return false;
        }
        const auto end = m_rest.find('\n');
        const auto line = m_rest.substr(0, end);
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        const auto space = line.find(' ');
        name = line.substr(0, space);
        value = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        return true;
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

template <typename Number>
Number parse_number(std::string_view digits)
{
    Number number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

}  // namespace

Signature parse_signature(std::string_view line)
{
    Signature signature;
    const auto open = line.find('<');
    const auto close = line.rfind('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        signature.name = line;
        return signature;
    }
    signature.name = line.substr(0, open);
    while (!signature.name.empty() && signature.name.back() == ' ') {
        signature.name.remove_suffix(1);
    }
    signature.email = line.substr(open + 1, close - open - 1);
    auto rest = line.substr(close + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto space = rest.find(' ');
    signature.time = parse_number<std::int64_t>(rest.substr(0, space));
    if (space != std::string_view::npos && space + 1 < rest.size()) {
        const auto zone = rest.substr(space + 1);
        const int hhmm = parse_number<int>(zone.substr(zone.front() == '+' || zone.front() == '-' ? 1 : 0));
        const int minutes = hhmm / 100 * 60 + hhmm % 100;
        if (minutes <= 24 * 60) {
            signature.zone_minutes = zone.front() == '-' ? -minutes : minutes;
        }
    }
    return signature;
}

std::string to_rfc3339(const Signature& signature)
{
    // Years beyond 9999 have no RFC 3339 form; a commit may claim any time.
    constexpr std::int64_t latest = 253402300799 - 86400;
    const auto clamped = std::clamp<std::int64_t>(signature.time, -62135596800 + 86400, latest);
    const auto local = static_cast<std::time_t>(clamped + std::int64_t{60} * signature.zone_minutes);
    std::tm parts{};
    gmtime_r(&local, &parts);
    char text[48];
    const int zone = std::abs(signature.zone_minutes);
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, signature.zone_minutes < 0 ? '-' : '+',
                  zone / 60, zone % 60);
    return text;
}

Result<Commit> Commit::parse(Bytes content)
{
    Commit commit;
    HeaderLines lines(as_text(content));
    std::string_view name;
    std::string_view value;
    bool has_tree = false;
    while (lines.next(name, value)) {
        if ((name == "tree" && !has_tree) || name == "parent") {
            const auto id = ObjectId::from_hex(value);
            if (!id) {
                return Error(ErrorCode::damaged, "commit: " + std::string(name) + " line holds no object id");
            }
            if (name == "tree") {
                commit.tree = *id;
                has_tree = true;
            } else {
                commit.parents.push_back(*id);
            }
        } else if (name == "author") {
            commit.author = parse_signature(value);
        } else if (name == "committer") {
            commit.committer = parse_signature(value);
        }
    }
    if (!has_tree) {
        return Error(ErrorCode::damaged, "commit: names no tree");
    }
    commit.message = lines.rest();
    return commit;
}

std::string_view Commit::subject() const
{
    auto text = message;
    text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
    return text.substr(0, text.find('\n'));
}

Result<Tag> Tag::parse(Bytes content)
{
    Tag tag;
    HeaderLines lines(as_text(content));
    std::string_view name;
    std::string_view value;
    while (lines.next(name, value)) {
        if (name == "object") {
            const auto id = ObjectId::from_hex(value);
            if (!id) {
                return Error(ErrorCode::damaged, "tag: object line holds no object id");
            }
            tag.target = *id;
        } else if (name == "type") {
            tag.target_type = object_type_of(value);
        } else if (name == "tagger") {
            tag.tagger = parse_signature(value);
        }
    }
    if (tag.target.size == 0) {
        return Error(ErrorCode::damaged, "tag: names no object");
    }
    tag.message = lines.rest();
    return tag;
}

}  // namespace r8scan::git
