#include "match/encoded_anchors.h"

#include "match/base64_anchors.h"
#include "match/escape_anchors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace r8scan {

namespace {

constexpr std::string_view marks = ".^$*+?()[]{}|\\";
constexpr std::size_t used_of_literal = 6;
constexpr std::size_t least_literal = 3;
constexpr std::size_t least_keyword = 4;
constexpr std::size_t longest_interrupted = 100;

bool wants(const Rule& rule, const char* encoding)
{
    return std::find(rule.encodings.begin(), rule.encodings.end(), encoding) != rule.encodings.end();
}

void append(std::vector<LeadExpression>& to, std::vector<LeadExpression> from)
{
    to.insert(to.end(), from.begin(), from.end());
}

void append(std::vector<LeadExpression>& to, const std::vector<std::string>& base64)
{
    for (const auto& expression : base64) {
        to.push_back({expression, LeadKind::base64, 0, false});
    }
}

}  // namespace

std::bitset<256> class_members(std::string_view text)
{
    std::bitset<256> set;
    if (text.size() < 2 || text.front() != '[' || text[1] == '^') {
        return set.set();
    }
    for (std::size_t i = 1; i < text.size() && text[i] != ']'; ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first == '\\' || first == '[') {
            return set.set();
        }
        if (i + 2 < text.size() && text[i + 1] == '-' && text[i + 2] != ']') {
            const auto last = static_cast<unsigned char>(text[i + 2]);
            for (unsigned c = first; c <= last; ++c) {
                set.set(c);
            }
            i += 2;
        } else {
            set.set(first);
        }
    }
    return set.none() ? set.set() : set;
}

Head head_of(std::string_view regex)
{
    Head head;
    head.next.set();
    std::size_t at = 0;
    while (at < regex.size() && marks.find(regex[at]) == std::string_view::npos) {
        ++at;
    }
    head.literal = regex.substr(0, at);
    const auto rest = regex.substr(at);
    if (!rest.empty() && std::string_view("*+?{|").find(rest.front()) != std::string_view::npos) {
        // The last character may repeat or be missing, or all of it is one choice of several.
        head.literal = rest.front() == '|' ? "" : head.literal.substr(0, head.literal.size() - std::min<std::size_t>(1, at));
        return head;
    }
    const auto end = rest.find(']');
    if (end != std::string_view::npos && rest.front() == '[') {
        const auto repeat = rest.substr(end + 1);
        const bool may_be_missing = repeat.starts_with('*') || repeat.starts_with('?') || repeat.starts_with("{0");
        if (!may_be_missing) {
            head.next = class_members(rest);
        }
    }
    return head;
}

std::vector<LeadExpression> encoded_anchors(const Rule& rule)
{
    std::vector<LeadExpression> anchors;
    if (wants(rule, "utf-16")) {
        for (const auto& keyword : rule.keywords) {
            if (keyword.size() >= least_keyword) {
                append(anchors, wide_anchors(keyword, true));
            }
        }
    }
    const auto head = head_of(rule.regex);
    if (head.literal.size() < least_literal) {
        return anchors;
    }
    const auto literal = head.literal.substr(0, used_of_literal);
    auto known = exactly(literal);
    known.push_back(literal == head.literal ? head.next : exactly(head.literal.substr(literal.size(), 1)).front());
    if (wants(rule, "utf-16")) {
        append(anchors, wide_anchors(literal, false));
    }
    if (wants(rule, "base64")) {
        append(anchors, base64_anchors(known, true));
        if (wants(rule, "utf-16")) {
            std::string interleaved;
            for (const char c : literal.substr(0, 4)) {
                interleaved += (interleaved.empty() ? std::string() : std::string(1, '\0')) + c;
            }
            append(anchors, base64_anchors(exactly(interleaved), false));
        }
    }
    if (wants(rule, "hex")) {
        append(anchors, hex_anchors(literal));
    }
    if (wants(rule, "escapes")) {
        append(anchors, escape_anchors(literal));
    }
    return anchors;
}

std::optional<LeadExpression> interrupted_lead(const Rule& rule)
{
    const auto head = head_of(rule.regex);
    const auto rest = std::string_view(rule.regex).substr(std::min(head.literal.size(), rule.regex.size()));
    const auto end = rest.find(']');
    const bool wanted = wants(rule, "escapes") || wants(rule, "joined");
    if (!wanted || head.literal.empty() || head.next.all() || end == std::string_view::npos) {
        return std::nullopt;
    }
    // A match that stands whole needs no help: where its length is known, only what is cut short counts.
    const auto repeat = rest.substr(end + 1);
    std::size_t length = 0;
    const auto number = std::from_chars(repeat.data() + std::min<std::size_t>(1, repeat.size()), repeat.data() + repeat.size(), length);
    const bool fixed = repeat.starts_with('{') && number.ec == std::errc() && length > 0 && *number.ptr == '}';
    return LeadExpression{fmt::format(R"({}{}{{0,{}}}["'`\\%&=])", head.literal, rest.substr(0, end + 1),
                                      fixed ? length - 1 : longest_interrupted),
                          LeadKind::interrupted, 0, false};
}

std::vector<LeadExpression> base64_container_anchors()
{
    // gzip begins with 1f 8b 08, zip with PK 03 04: the first four characters of their base64 are always the same, and
    // the first five of base64 of that.
    std::vector<LeadExpression> anchors;
    for (const char* expression : {"H4sI", "SDRzS", "UEsD", "VUVzR"}) {
        anchors.push_back({expression, LeadKind::base64_container, 0, false});
    }
    return anchors;
}

}  // namespace r8scan
