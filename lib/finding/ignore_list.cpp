#include "finding/ignore_list.h"

#include "finding/fingerprint.h"

#include <algorithm>
#include <chrono>

namespace r8scan {

namespace {

constexpr std::size_t most_entries = 20000;
constexpr std::size_t most_globs = 2000;
constexpr std::size_t longest_glob = 1024;
constexpr std::size_t most_notes = 10;
// Some seconds of work: what a repository's globs may cost in all.
constexpr std::uint64_t most_steps = 1'000'000'000;

bool is_hex(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Calls with each line, without its end, and its number.
template <typename OnLine>
void each_line(std::string_view text, OnLine&& on_line)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    text.remove_prefix(text.starts_with(mark) ? mark.size() : 0);
    std::size_t number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto begin = line.find_first_not_of(" \t\r");
        ++number;
        if (begin != std::string_view::npos && line[begin] != '#') {
            on_line(line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin), number);
        }
    }
}

// Takes a word from the front: up to a blank, or what stands in quotes. A backslash keeps the character behind it, and
// stays outside of quotes, where it is the glob's. Nothing where a quote is not closed.
std::optional<std::string> take_word(std::string_view& rest)
{
    std::string word;
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size() && (quoted || (rest[at] != ' ' && rest[at] != '\t')); ++at) {
        if (rest[at] == '"') {
            quoted = !quoted;
        } else if (rest[at] == '\\' && at + 1 < rest.size()) {
            word += quoted ? "" : "\\";
            word += rest[++at];
        } else {
            word += rest[at];
        }
    }
    rest.remove_prefix(at);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return quoted ? std::nullopt : std::optional(word);
}

std::string gitleaks_key(std::string_view commit, std::string_view path, std::string_view line)
{
    std::string key(commit);
    for (const auto part : {path, line}) {
        key += '\0';
        key += part;
    }
    return key;
}

// gitleaks has no rule for Replicate and finds such a token by its general one.
bool may_be_ours(std::string_view gitleaks_rule, std::string_view rule)
{
    return gitleaks_rule == rule || gitleaks_rule == "generic-api-key" ||
           gitleaks_rule.find("replicate") != std::string_view::npos;
}

}  // namespace

bool is_date(std::string_view text)
{
    constexpr std::size_t length = 10;
    if (text.size() != length || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
        unsigned value = 0;
        for (const char c : text.substr(at, digits)) {
            value = c >= '0' && c <= '9' ? value * 10 + static_cast<unsigned>(c - '0') : 0x10000;
        }
        return value;
    };
    const auto year = number(0, 4);
    const auto month = number(5, 2);
    const auto day = number(8, 2);
    return year < 10000 && month < 100 && day < 100 &&
           std::chrono::year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                       std::chrono::day(day))
               .ok();
}

void IgnoreList::mistake(const std::string& origin, const std::string& what)
{
    if (m_mistakes.size() < most_notes) {
        m_mistakes.push_back(origin + ": " + what);
    } else {
        ++m_more_mistakes;
    }
}

void IgnoreList::add(Entry entry)
{
    if (m_entries.size() >= most_entries || (entry.kind == Kind::glob && m_globs.size() >= most_globs)) {
        return mistake(entry.origin, "not read: there are too many lines before it");
    }
    const auto number = static_cast<std::uint32_t>(m_entries.size());
    switch (entry.kind) {
        case Kind::fingerprint:
            m_fingerprints[entry.text].push_back(number);
            break;
        case Kind::token:
            m_tokens[entry.text].push_back(number);
            break;
        case Kind::gitleaks:
            m_gitleaks[entry.text].push_back(number);
            break;
        case Kind::glob:
            m_globs.push_back(number);
            m_globs_of_paths.clear();
            break;
    }
    m_entries.push_back(std::move(entry));
}

void IgnoreList::add_glob(Entry entry)
{
    if (entry.text.size() > longest_glob) {
        return mistake(entry.origin, "the glob is longer than 1024 bytes");
    }
    entry.kind = Kind::glob;
    entry.pattern = IgnorePattern::parse(entry.text);
    if (!entry.pattern) {
        return mistake(entry.origin, "is neither a fingerprint nor a path");
    }
    if (entry.pattern->is_negated()) {
        return mistake(entry.origin, "a glob cannot be negated here: a file only lists what may stay");
    }
    add(std::move(entry));
}

void IgnoreList::add_line(std::string_view line, const std::string& origin)
{
    Entry entry;
    entry.by = "ignore file";
    entry.origin = origin;
    const auto subject = take_word(line);
    if (!subject || subject->empty()) {
        return mistake(origin, "a quote is not closed");
    }
    while (!line.empty() && line.front() != '#') {
        const auto word = take_word(line);
        if (!word) {
            return mistake(origin, "a quote is not closed");
        }
        if (word->starts_with("until=")) {
            entry.until = word->substr(word->find('=') + 1);
            if (!is_date(entry.until)) {
                return mistake(origin, "'until' must be a date as in until=2027-01-31");
            }
        } else if (word->starts_with("reason=")) {
            entry.reason = word->substr(word->find('=') + 1);
        } else {
            return mistake(origin,
                           "behind the first word stand only until=YYYY-MM-DD and reason=\"…\" (a path with a "
                           "space goes into quotes)");
        }
    }
    entry.text = *subject;
    if (is_fingerprint(entry.text) || is_token_hash(entry.text)) {
        entry.kind = is_fingerprint(entry.text) ? Kind::fingerprint : Kind::token;
        add(std::move(entry));
    } else {
        add_glob(std::move(entry));
    }
}

void IgnoreList::add_ignore_file(std::string_view text, const std::string& name)
{
    each_line(text,
              [&](std::string_view line, std::size_t number) { add_line(line, name + ':' + std::to_string(number)); });
}

void IgnoreList::add_gitleaks_line(std::string_view line, const std::string& origin)
{
    // From the right, as a path may hold colons.
    const auto last = line.rfind(':');
    const auto middle = last == std::string_view::npos || last == 0 ? last : line.rfind(':', last - 1);
    if (middle == std::string_view::npos || middle == 0 || last == 0) {
        return mistake(origin, "is no fingerprint of gitleaks: those are commit:path:rule:line or path:rule:line");
    }
    auto path = line.substr(0, middle);
    std::string_view commit;
    if (const auto first = path.find(':'); (first == 40 || first == 64) && is_hex(path.substr(0, first))) {
        commit = path.substr(0, first);
        path.remove_prefix(first + 1);
    }
    Entry entry;
    entry.kind = Kind::gitleaks;
    entry.by = "gitleaks ignore file";
    entry.origin = origin;
    entry.rule = line.substr(middle + 1, last - middle - 1);
    entry.text = gitleaks_key(commit, path, line.substr(last + 1));
    add(std::move(entry));
}

void IgnoreList::add_gitleaks_file(std::string_view text, const std::string& name)
{
    each_line(text, [&](std::string_view line, std::size_t number) {
        add_gitleaks_line(line, name + ':' + std::to_string(number));
    });
}

IgnoreList::Entry* IgnoreList::find_in(const std::unordered_map<std::string, Numbers>& index, const std::string& key,
                                       std::string_view rule)
{
    const auto at = index.find(key);
    if (at == index.end()) {
        return nullptr;
    }
    for (const auto number : at->second) {
        auto& entry = m_entries[number];
        const bool is_ours = entry.kind != Kind::gitleaks || may_be_ours(entry.rule, rule);
        if (is_ours && !is_expired(entry)) {
            return &entry;
        }
    }
    return nullptr;
}

IgnoreList::Entry* IgnoreList::find_glob(std::string_view path)
{
    if (m_globs.empty() || path.empty()) {
        return nullptr;
    }
    const auto nothing = static_cast<std::uint32_t>(m_entries.size());
    const auto [known, is_new] = m_globs_of_paths.try_emplace(std::string(path), nothing);
    if (is_new) {
        for (const auto number : m_globs) {
            if (m_steps > most_steps) {
                m_gave_up = true;
                break;
            }
            if (!is_expired(m_entries[number]) && m_entries[number].pattern->matches_at_or_above(path, m_steps)) {
                known->second = number;
                break;
            }
        }
    }
    return known->second == nothing ? nullptr : &m_entries[known->second];
}

std::optional<Suppression> IgnoreList::match(const Finding& finding, std::string_view path)
{
    auto* entry = find_in(m_fingerprints, finding.fingerprint, finding.rule);
    if (entry == nullptr) {
        entry = find_in(m_tokens, finding.token_sha256, finding.rule);
    }
    if (entry == nullptr) {
        entry = find_glob(path);
    }
    if (entry == nullptr && !m_gitleaks.empty()) {
        const auto line = std::to_string(finding.position.line);
        entry = find_in(m_gitleaks, gitleaks_key(finding.commit.value_or(""), path, line), finding.rule);
        if (entry == nullptr) {
            entry = find_in(m_gitleaks, gitleaks_key("", path, line), finding.rule);
        }
    }
    if (entry == nullptr) {
        return std::nullopt;
    }
    ++entry->uses;
    return Suppression{entry->by, entry->origin, entry->reason};
}

std::vector<std::string> IgnoreList::notes(bool everything_was_scanned) const
{
    std::vector<std::string> notes = m_mistakes;
    if (m_more_mistakes != 0) {
        notes.push_back(std::to_string(m_more_mistakes) + " more lines of ignore files were not understood");
    }
    std::size_t left = most_notes;
    std::uint64_t more = 0;
    for (const auto& entry : m_entries) {
        // What gitleaks' file lists may be for rules that are not here.
        const bool is_stale = everything_was_scanned && entry.uses == 0 && entry.kind != Kind::gitleaks && !m_gave_up;
        if (!is_expired(entry) && !is_stale) {
            continue;
        }
        if (left == 0) {
            ++more;
            continue;
        }
        --left;
        notes.push_back(entry.origin + ": " +
                        (is_expired(entry) ? "expired on " + entry.until + " and suppresses nothing any more: \""
                                           : "matches nothing that was found: \"") +
                        entry.text + '"');
    }
    if (more != 0) {
        notes.push_back(std::to_string(more) + " more lines of ignore files are expired or match nothing");
    }
    if (m_gave_up) {
        notes.emplace_back(
            "the globs of the ignore files take too long to match: what is not listed as suppressed was "
            "not held against all of them");
    }
    return notes;
}

}  // namespace r8scan
