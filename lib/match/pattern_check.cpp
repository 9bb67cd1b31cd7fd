#include "match/pattern_check.h"

#include "match/encoded_anchors.h"
#include "match/placeholder.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace r8scan {

namespace {

constexpr std::string_view mark = "{token}";
constexpr unsigned attempts = 100;

// "[…]{N" somewhere in a regex: where the class begins, its members, and N.
struct CountedClass {
    std::size_t begin = 0;
    std::string members;
    std::size_t count = 0;
};

std::optional<CountedClass> first_counted_class(std::string_view regex)
{
    for (auto open = regex.find('['); open != std::string_view::npos; open = regex.find('[', open + 1)) {
        const auto close = regex.find(']', open);
        if (close == std::string_view::npos || close + 2 >= regex.size() || regex[close + 1] != '{') {
            continue;
        }
        CountedClass found;
        found.begin = open;
        const auto* const digits = regex.data() + close + 2;
        if (std::from_chars(digits, regex.data() + regex.size(), found.count).ec != std::errc() || found.count == 0) {
            continue;
        }
        const auto set = class_members(regex.substr(open, close + 1 - open));
        for (std::size_t c = 0; c < set.size(); ++c) {
            if (set[c]) {
                found.members += static_cast<char>(c);
            }
        }
        if (!set.all()) {
            return found;
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::string> made_up_value(const Rule& rule, std::mt19937_64& random)
{
    const auto found = first_counted_class(rule.regex);
    if (!found) {
        return Error(ErrorCode::usage, "no value can be made up for {token}: write the sample out");
    }
    const auto head = head_of(rule.regex).literal;
    const auto prefix = head.size() == found->begin ? head : std::string();
    std::uniform_int_distribution<std::size_t> member(0, found->members.size() - 1);
    std::string value;
    for (unsigned i = 0; i < attempts; ++i) {
        value = prefix;
        for (std::size_t k = 0; k < found->count; ++k) {
            value += found->members[member(random)];
        }
        if (!is_placeholder(value)) {
            break;
        }
    }
    return value;
}

PatternCheck check_samples(const std::vector<Rule>& rules, const FindRules& find)
{
    PatternCheck check;
    std::mt19937_64 random(1);  // the same values in every run
    const auto run = [&](std::uint32_t number, const std::string& sample, const std::string& name, bool must_match) {
        const auto& rule = rules[number];
        const auto place = origin_of(rule) + ": " + name;
        ++check.samples;
        auto text = sample;
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
            const auto value = made_up_value(rule, random);
            if (!value) {
                check.failures.push_back(place + ": " + value.error().message());
                return;
            }
            text.replace(at, mark.size(), *value);
            at += value->size();
        }
        const auto found = find(text);
        if ((std::find(found.begin(), found.end(), number) != found.end()) != must_match) {
            check.failures.push_back(place + (must_match ? " does not match" : " matches, and must not"));
        }
    };
    for (std::uint32_t number = 0; number < rules.size(); ++number) {
        const auto& rule = rules[number];
        for (std::size_t i = 0; i < rule.examples.size(); ++i) {
            run(number, rule.examples[i], "example " + std::to_string(i + 1), true);
        }
        for (std::size_t i = 0; i < rule.negative_examples.size(); ++i) {
            run(number, rule.negative_examples[i], "negative example " + std::to_string(i + 1), false);
        }
    }
    return check;
}

}  // namespace r8scan
