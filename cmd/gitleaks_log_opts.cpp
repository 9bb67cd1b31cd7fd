#include "cmd/gitleaks_log_opts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace r8scan::cmd {
namespace {

// They choose how a log is shown, not which commits. Words that end with = stand for any value.
constexpr auto without_effect = std::to_array<std::string_view>(
    {"-p", "-u", "--patch", "-m", "-c", "--cc", "-a", "--text", "-z", "--full-history", "--topo-order", "--date-order",
     "--reverse", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--unified=", "--diff-merges=",
     "--color=", "--format=", "--pretty="});

// More than these reach is read anyway.
constexpr auto everything =
    std::to_array<std::string_view>({"--all", "--branches", "--remotes", "--tags", "--reflog", "--branches=", "--remotes=",
                                     "--tags=", "--glob="});

constexpr auto dates = std::to_array<std::string_view>(
    {"--since", "--after", "--until", "--before", "--since=", "--after=", "--until=", "--before=", "--since-as-filter="});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view known) {
        return known.ends_with('=') ? word.starts_with(known) : word == known;
    });
}

bool is_number(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// At spaces, which quotes of either kind keep.
std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    char quote = 0;
    bool begun = false;
    for (const char c : text) {
        if (quote != 0 ? c == quote : c == '"' || c == '\'') {
            quote = quote != 0 ? '\0' : c;
            begun = true;
        } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            if (begun) {
                words.push_back(std::move(word));
            }
            word.clear();
            begun = false;
        } else {
            word += c;
            begun = true;
        }
    }
    if (begun) {
        words.push_back(std::move(word));
    }
    return words;
}

Error no_counterpart(std::string_view word, std::string_view way)
{
    return {ErrorCode::usage, fmt::format("--log-opts: \"{}\" {}", word, way)};
}

/// The number in -5, -n5 or --max-count=5; empty for -n and --max-count, whose number is the next word.
bool is_count(std::string_view word, std::string_view& number)
{
    for (const std::string_view name : {"--max-count=", "-n", "-"}) {
        if (word.starts_with(name) && (is_number(word.substr(name.size())) || word == "-n")) {
            number = word.substr(name.size());
            return true;
        }
    }
    return word == "--max-count";
}

struct Chosen {
    std::vector<std::string> ranges;
    std::vector<std::string> tips;
    std::vector<std::string> excluded;
    bool all = false;
};

Result<std::vector<std::string>> words_for(const Chosen& chosen)
{
    constexpr std::string_view way = "has no counterpart in one scan: --range A..B names what B reaches and A does not";
    std::vector<std::string> ranges = chosen.ranges;
    if (chosen.excluded.size() > 1 || (!chosen.excluded.empty() && chosen.tips.empty())) {
        return no_counterpart('^' + chosen.excluded.back(), way);
    }
    if (chosen.all && (!ranges.empty() || !chosen.excluded.empty())) {
        return no_counterpart("--all", "beside a range has no counterpart: leave one of the two out");
    }
    std::vector<std::string> words;
    if (chosen.excluded.size() == 1) {
        for (const std::string& tip : chosen.tips) {
            ranges.push_back(chosen.excluded.front() + ".." + tip);
        }
    } else if (!chosen.all) {
        for (const std::string& tip : chosen.tips) {
            const bool is_id = tip.size() >= 7 && tip.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!ranges.empty() || is_id || tip == "HEAD" || tip.find_first_of("~^@{:") != std::string::npos) {
                return no_counterpart(tip, "alone has no counterpart: without it everything is read, --branch NAME reports "
                                           "what a branch reaches, --range A..B what commits bring");
            }
            words.insert(words.end(), {"--branch", tip});
        }
    }
    for (const std::string& range : ranges) {
        words.insert(words.end(), {"--range", range});
    }
    return words;
}

}  // namespace

Result<LogOptions> translate_log_opts(std::string_view text)
{
    LogOptions options;
    Chosen chosen;
    bool inverted = false;
    const std::vector<std::string> words = split(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        std::string_view number;
        if (is_one_of(everything, word)) {
            chosen.all = true;
            options.notes.push_back(fmt::format("--log-opts: {} has no effect: every object is read anyway", word));
        } else if (is_one_of(without_effect, word) || (word.starts_with("-U") && is_number(word.substr(2)))) {
            options.notes.push_back(fmt::format("--log-opts: {} has no effect: objects are read, not diffs", word));
        } else if (word == "--not") {
            inverted = !inverted;
        } else if (is_one_of(dates, word)) {
            return no_counterpart(word, "has no counterpart, since dates of commits can be anything: name the last commit "
                                        "that need not be read, as in --since-commit COMMIT or --range COMMIT..HEAD");
        } else if (is_count(word, number)) {
            const std::string count(number.empty() && i + 1 < words.size() ? std::string_view(words[i + 1]) : number);
            return no_counterpart(word, fmt::format("has no counterpart: say --range HEAD~{}..HEAD", count.empty() ? "N" : count));
        } else if (word == "--") {
            return no_counterpart(word, "and paths have no counterpart: all paths are read, and .r8scanignore or "
                                        "--baseline-path leave findings out");
        } else if (word.starts_with('-')) {
            return no_counterpart(word, "has no counterpart: --range A..B chooses commits, --branch NAME what a branch "
                                        "reaches, and without either everything is read");
        } else if (word.find("..") != std::string::npos && !inverted) {
            chosen.ranges.push_back(word);
        } else if (word.starts_with('^') != inverted) {
            chosen.excluded.push_back(word.substr(word.starts_with('^') ? 1 : 0));
        } else {
            chosen.tips.push_back(word.substr(word.starts_with('^') ? 1 : 0));
        }
    }
    Result<std::vector<std::string>> ours = words_for(chosen);
    if (!ours) {
        return ours.error();
    }
    options.words = std::move(*ours);
    return options;
}

}  // namespace r8scan::cmd
