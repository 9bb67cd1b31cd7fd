#include "match/rule_filter.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace r8scan {

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

Result<std::vector<ExactRegex>> compile_all(const std::vector<std::string>& expressions)
{
    std::vector<ExactRegex> compiled;
    for (const auto& expression : expressions) {
        auto regex = ExactRegex::compile(expression);
        if (!regex) {
            return regex.error().within("allowlist: '" + expression + "'");
        }
        compiled.push_back(std::move(*regex));
    }
    return compiled;
}

}  // namespace

double entropy_of(std::string_view text)
{
    std::array<std::size_t, 256> counts{};
    for (const char c : text) {
        ++counts[static_cast<unsigned char>(c)];
    }
    double bits = 0;
    for (const auto count : counts) {
        if (count != 0) {
            const auto share = static_cast<double>(count) / static_cast<double>(text.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

Result<RuleFilter> RuleFilter::compile(const Rule& rule)
{
    RuleFilter filter;
    filter.m_entropy = rule.entropy;
    if (!rule.path.empty()) {
        auto path = ExactRegex::compile(rule.path);
        if (!path) {
            return path.error().within("path: '" + rule.path + "'");
        }
        filter.m_path = std::move(*path);
    }
    for (const auto& allowlist : rule.allowlists) {
        auto paths = compile_all(allowlist.paths);
        auto regexes = compile_all(allowlist.regexes);
        if (!paths || !regexes) {
            return paths ? regexes.error() : paths.error();
        }
        List list;
        list.as_written = allowlist;
        for (auto& stopword : list.as_written.stopwords) {
            stopword = lower(stopword);
        }
        list.paths = std::move(*paths);
        list.regexes = std::move(*regexes);
        filter.m_lists.push_back(std::move(list));
    }
    return filter;
}

bool RuleFilter::any_matches(const std::vector<ExactRegex>& regexes, std::string_view text, MatchState& state)
{
    return std::any_of(regexes.begin(), regexes.end(), [&](const ExactRegex& regex) { return regex.matches(text, state); });
}

bool RuleFilter::holds_stopword(const List& list, std::string_view secret)
{
    const auto text = lower(secret);
    return std::any_of(list.as_written.stopwords.begin(), list.as_written.stopwords.end(),
                       [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

// Each argument is empty where the list has no entries of that kind.
bool RuleFilter::allows(const List& list, std::optional<bool> by_path, std::optional<bool> by_commit,
                        std::optional<bool> by_regex, std::optional<bool> by_stopword)
{
    bool any = false;
    bool all = true;
    for (const auto& one : {by_path, by_commit, by_regex, by_stopword}) {
        if (one) {
            any = any || *one;
            all = all && *one;
        }
    }
    return list.as_written.all ? any && all : any;
}

bool RuleFilter::keeps(std::string_view secret, std::string_view match, std::string_view line, MatchState& state) const
{
    if (m_entropy > 0 && entropy_of(secret) <= m_entropy) {
        return false;
    }
    for (const auto& list : m_lists) {
        // With "AND" a list that also asks for the place is decided when the place is known.
        if (list.as_written.all && list.depends_on_place()) {
            continue;
        }
        const auto target = list.as_written.target;
        const auto text = target == Allowlist::Target::secret ? secret : target == Allowlist::Target::match ? match : line;
        const auto by_regex = list.regexes.empty() ? std::nullopt : std::optional(any_matches(list.regexes, text, state));
        const auto by_stopword = list.as_written.stopwords.empty() ? std::nullopt : std::optional(holds_stopword(list, secret));
        if (allows(list, {}, {}, by_regex, by_stopword)) {
            return false;
        }
    }
    return true;
}

bool RuleFilter::keeps_place(std::string_view path, std::string_view commit, std::string_view secret, MatchState& state) const
{
    if (m_path && !m_path->matches(path, state)) {
        return false;
    }
    for (const auto& list : m_lists) {
        if (!list.depends_on_place()) {
            continue;
        }
        const auto& commits = list.as_written.commits;
        const auto by_path = list.paths.empty() ? std::nullopt : std::optional(any_matches(list.paths, path, state));
        const auto by_commit = commits.empty()
                                   ? std::nullopt
                                   : std::optional(std::any_of(commits.begin(), commits.end(), [&](const std::string& id) {
                                         return !id.empty() && commit == id;
                                     }));
        // The text was looked at before, except under "AND"; there the secret stands for match and line.
        const bool all = list.as_written.all;
        const auto by_regex = all && !list.regexes.empty() ? std::optional(any_matches(list.regexes, secret, state)) : std::nullopt;
        const auto by_stopword =
            all && !list.as_written.stopwords.empty() ? std::optional(holds_stopword(list, secret)) : std::nullopt;
        if (allows(list, by_path, by_commit, by_regex, by_stopword)) {
            return false;
        }
    }
    return true;
}

}  // namespace r8scan
