#include "cmd/patterns_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/print.h"
#include "engine/container_leads.h"
#include "engine/layer_scanner.h"
#include "match/pattern_check.h"
#include "match/pattern_file.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <map>

namespace r8scan::cmd {
namespace {

struct LoadedRules {
    std::vector<Rule> rules;
    std::vector<std::string> notes;
};

// The files that were named, or the built-in rules with those of --patterns.
Result<LoadedRules> load(const TypedOptions& typed)
{
    LoadedRules loaded;
    if (typed.arguments.size() < 2) {
        std::vector<std::filesystem::path> files;
        if (const auto patterns = typed.values.find("patterns"); patterns != typed.values.end()) {
            for (const auto& value : patterns->second) {
                files.emplace_back(value.text);
            }
        }
        auto rules = load_rules(files, &loaded.notes);
        if (!rules) {
            return rules.error();
        }
        loaded.rules = std::move(*rules);
        return loaded;
    }
    for (std::size_t i = 1; i < typed.arguments.size(); ++i) {
        const auto paths = pattern_files_at(typed.arguments[i]);
        if (!paths) {
            return paths.error();
        }
        for (const auto& path : *paths) {
            auto file = read_pattern_file(path);
            if (!file) {
                return file.error();
            }
            loaded.rules.insert(loaded.rules.end(), file->rules.begin(), file->rules.end());
            loaded.notes.insert(loaded.notes.end(), file->notes.begin(), file->notes.end());
        }
    }
    return loaded;
}

std::string list_of(const Matcher& matcher)
{
    std::string text;
    const auto& rules = matcher.rules();
    std::size_t widest = 0;
    for (const auto& rule : rules) {
        widest = std::max(widest, rule.id.size());
    }
    for (const auto& note : matcher.notes()) {
        const auto& rule = rules[note.rule];
        const auto place = rule.line == 0 ? rule.origin : fmt::format("{}:{}", rule.origin, rule.line);
        text += escape_for_terminal(fmt::format("{:<{}}  {:<6}  {:<22}  {}  {}", rule.id, widest, to_string(rule.confidence),
                                                to_string(note.how), place, rule.description)) +
                '\n';
    }
    return text;
}

// What is not matched by Hyperscan alone, with the reason where there is one, then the samples.
std::string report_of(const Matcher& matcher, const PatternCheck& check, const std::vector<std::string>& notes)
{
    std::string text;
    std::map<RuleNote::How, std::size_t> counts;
    for (const auto& note : matcher.notes()) {
        ++counts[note.how];
        if (!note.reason.empty()) {
            text += escape_for_terminal(fmt::format("{}: {}: {}", origin_of(matcher.rules()[note.rule]), to_string(note.how),
                                                    note.reason)) +
                    '\n';
        }
    }
    for (const auto& note : notes) {
        text += escape_for_terminal(note) + '\n';
    }
    for (const auto& failure : check.failures) {
        text += escape_for_terminal(failure) + '\n';
    }
    std::string how;
    for (const auto& [way, count] : counts) {
        how += fmt::format("{}{} {}", how.empty() ? "" : ", ", count, to_string(way));
    }
    text += fmt::format("{} rules ({}); {} samples, {} wrong\n", matcher.rules().size(), how, check.samples, check.failures.size());
    return text;
}

PatternCheck run_samples(const Matcher& matcher)
{
    LayerScanner scanner(matcher);
    return check_samples(matcher.rules(), [&](std::string_view text) {
        std::vector<std::uint32_t> found;
        for (const auto& hit : scanner.scan(as_bytes(text))) {
            if (!hit.placeholder) {
                found.push_back(hit.rule);
            }
        }
        return found;
    });
}

}  // namespace

int run_patterns(const TypedOptions& typed, const std::filesystem::path& cache_dir)
{
    const auto what = typed.arguments.empty() ? std::string() : typed.arguments.front();
    if (what != "list" && what != "check") {
        say(what.empty() ? "patterns needs a word more: r8scan patterns list, or r8scan patterns check [FILE]"
                         : fmt::format("patterns knows list and check, not \"{}\"", what));
        return exit_usage;
    }
    auto loaded = load(typed);
    if (!loaded) {
        say(loaded.error().message());
        return exit_usage;
    }
    const auto leads = container_leads(loaded->rules);
    const auto matcher = Matcher::compile(std::move(loaded->rules), leads, cache_dir);
    if (!matcher) {
        say(matcher.error().message());
        return exit_usage;
    }
    if (what == "list") {
        return print(list_of(*matcher));
    }
    const auto check = run_samples(*matcher);
    const auto printed = print(report_of(*matcher, check, loaded->notes));
    return check.failures.empty() ? printed : exit_usage;
}

}  // namespace r8scan::cmd
