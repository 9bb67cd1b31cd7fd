// A pattern file and a text to match with it, parted by a NUL: no crash, no hang; mistakes are named; what the rules
// find lies inside the text.
#include "match/matcher.h"
#include "match/pattern_file.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace r8scan;

namespace {

// What one input may cost: how Hyperscan and PCRE2 bound their own work is not what is tested here.
constexpr std::size_t most_rules = 6;
constexpr std::size_t longest_regex = 120;

bool is_small(const std::vector<Rule>& rules)
{
    return rules.size() <= most_rules && std::all_of(rules.begin(), rules.end(), [](const Rule& rule) {
               return rule.regex.size() <= longest_regex && std::count(rule.regex.begin(), rule.regex.end(), '{') <= 1;
           });
}

bool names_origin(const std::string& message)
{
    return message.find("fuzz.toml") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto cut = std::min(input.find('\0'), size);
    const auto text = as_bytes(input.substr(std::min(cut + 1, size)));
    auto file = parse_pattern_file(input.substr(0, cut), "fuzz.toml");
    if (!file) {
        require(names_origin(file.error().message()));
        return 0;
    }
    for (const auto& note : file->notes) {
        require(names_origin(note));
    }
    for (const auto& rule : file->rules) {
        require(!rule.id.empty());
    }
    if (file->rules.empty() || !is_small(file->rules)) {
        return 0;
    }
    const auto matcher = Matcher::compile(std::move(file->rules));
    if (!matcher) {
        require(names_origin(matcher.error().message()));
        return 0;
    }
    auto scratch = matcher->make_scratch();
    Matches matches;
    matcher->find(text, scratch, matches);
    for (const auto& candidate : matches.candidates) {
        require(candidate.rule < matcher->rules().size());
        require(candidate.begin <= candidate.end && candidate.end <= text.size());
    }
    for (const auto& lead : matches.leads) {
        require(lead.begin <= lead.end && lead.end <= text.size());
    }
    for (const auto& note : matcher->notes()) {
        require(note.how != RuleNote::How::refused || !note.reason.empty());
    }
    return 0;
}
