// Base64: https://www.rfc-editor.org/rfc/rfc4648. Three bytes make a group of four characters of six bits each.
#include "match/base64_anchors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string_view>

namespace r8scan {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr double enough_bits = 21;      // one chance match in two million characters
constexpr std::size_t longest = 6;      // characters in an anchor
constexpr double bits_of_part = 11;     // of what stands on one side of a line break, beside the break itself

// The characters of base64 of known bytes. `phase` is the place of the first one in its group.
struct Encoded {
    ByteSets characters;
    std::size_t phase = 0;
};

double bits(const ByteSet& set)
{
    return set.count() == 0 || set.count() > 64 ? 0 : std::log2(64.0 / static_cast<double>(set.count()));
}

double bits(const ByteSets& sets, std::size_t begin, std::size_t end)
{
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) {
        sum += bits(sets[i]);
    }
    return sum;
}

// All characters that six bits of the two bytes can become. `shift` is where the six bits end in the sixteen.
ByteSet character(const ByteSet& first, const ByteSet& second, unsigned shift)
{
    // What each byte gives to the six bits; the two do not overlap.
    std::bitset<64> from_first;
    std::bitset<64> from_second;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (first[byte]) {
            from_first.set(((byte << 8U) >> shift) & 63U);
        }
        if (second[byte]) {
            from_second.set((byte >> shift) & 63U);
        }
    }
    std::bitset<64> values;
    for (unsigned a = 0; a < 64; ++a) {
        for (unsigned b = 0; from_first[a] && b < 64; ++b) {
            if (from_second[b]) {
                values.set(a | b);
            }
        }
    }
    ByteSet characters;
    for (std::size_t value = 0; value < values.size(); ++value) {
        if (values[value]) {
            characters.set(static_cast<unsigned char>(alphabet[value]));
        }
    }
    if (values[62]) {
        characters.set('-');
    }
    if (values[63]) {
        characters.set('_');
    }
    return characters;
}

Encoded encode(const ByteSets& known, std::size_t alignment)
{
    ByteSet any;
    any.set();
    ByteSets bytes(alignment, any);
    bytes.insert(bytes.end(), known.begin(), known.end());
    while (bytes.size() % 3 != 0) {
        bytes.push_back(any);
    }
    Encoded encoded;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        encoded.characters.push_back(character(bytes[i], bytes[i + 1], 10));
        encoded.characters.push_back(character(bytes[i], bytes[i + 1], 4));
        encoded.characters.push_back(character(bytes[i + 1], bytes[i + 2], 6));
        encoded.characters.push_back(character(bytes[i + 1], bytes[i + 2], 0));
    }
    // Characters that could be nearly anything say nothing.
    const auto is_known = [](const ByteSet& set) { return bits(set) >= 2; };
    while (!encoded.characters.empty() && !is_known(encoded.characters.back())) {
        encoded.characters.pop_back();
    }
    const auto first = std::find_if(encoded.characters.begin(), encoded.characters.end(), is_known);
    encoded.phase = static_cast<std::size_t>(first - encoded.characters.begin()) % 4;
    encoded.characters.erase(encoded.characters.begin(), first);
    return encoded;
}

std::string expression(const ByteSets& sets, std::size_t begin, std::size_t end)
{
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
        std::string members;
        for (std::size_t c = 0; c < 256; ++c) {
            if (sets[i][c]) {
                const auto character = static_cast<char>(c);
                if (std::string_view("-]\\^[").find(character) != std::string_view::npos) {
                    members += '\\';
                }
                members += character;
            }
        }
        text += sets[i].count() == 1 ? members : '[' + members + ']';
    }
    // A plus alone would repeat what stands before it.
    for (std::size_t at = text.find('+'); at != std::string::npos; at = text.find('+', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

// Whether a line break can stand before the character at this place.
bool begins_group(const Encoded& encoded, std::size_t at)
{
    return (encoded.phase + at) % 4 == 0;
}

struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The characters to look for: inside one group if that is telling enough, since no break can part them.
Window choose(const Encoded& encoded)
{
    const auto& characters = encoded.characters;
    Window best{0, std::min(longest, characters.size())};
    double best_score = -1;
    for (std::size_t begin = 0; begin < characters.size(); ++begin) {
        for (std::size_t end = begin + 1; end <= std::min(begin + longest, characters.size()); ++end) {
            const auto value = bits(characters, begin, end);
            bool whole = true;
            for (std::size_t at = begin + 1; at < end; ++at) {
                whole = whole && !begins_group(encoded, at);
            }
            const double score = std::min(value, enough_bits) * 100 + (whole ? 50 : 0) - static_cast<double>(end - begin);
            if (score > best_score) {
                best_score = score;
                best = {begin, end};
            }
        }
    }
    return best;
}

void add_anchors(const Encoded& encoded, std::set<std::string>& out)
{
    const auto& characters = encoded.characters;
    const auto window = choose(encoded);
    out.insert(expression(characters, window.begin, window.end));
    for (auto at = window.begin + 1; at < window.end; ++at) {
        if (!begins_group(encoded, at)) {
            continue;
        }
        // A break may stand here: then one side of it, with the break, has to do. Nothing but a break stands behind the
        // left side; what stands before the right side is the break's end or indentation.
        const auto left = bits(characters, 0, at);
        const auto right_end = std::min(at + 4, characters.size());
        const auto right = bits(characters, at, right_end);
        if (left >= bits_of_part && left + 2 >= right) {
            out.insert(expression(characters, at >= 4 ? at - 4 : 0, at) + "[\\r\\n\\\\]");
        } else {
            out.insert("[ \\t\\nn]" + expression(characters, at, right_end));
        }
    }
}

// The text as it would stand in base64 with its lines broken before one of its groups.
std::vector<ByteSets> with_breaks(const Encoded& encoded)
{
    std::vector<ByteSets> variants = {encoded.characters};
    for (std::size_t at = 1; at < encoded.characters.size(); ++at) {
        if (begins_group(encoded, at)) {
            for (const char* line_break : {"\n", "\r\n"}) {
                auto broken = encoded.characters;
                const auto middle = exactly(line_break);
                broken.insert(broken.begin() + static_cast<std::ptrdiff_t>(at), middle.begin(), middle.end());
                variants.push_back(std::move(broken));
            }
        }
    }
    return variants;
}

}  // namespace

ByteSets exactly(const std::string& text)
{
    ByteSets sets(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        sets[i].set(static_cast<unsigned char>(text[i]));
    }
    return sets;
}

std::vector<std::string> base64_anchors(const ByteSets& known, bool twice)
{
    std::set<std::string> anchors;
    for (std::size_t alignment = 0; alignment < 3; ++alignment) {
        const auto once = encode(known, alignment);
        add_anchors(once, anchors);
        if (!twice) {
            continue;
        }
        for (const auto& text : with_breaks(once)) {
            for (std::size_t outer = 0; outer < 3; ++outer) {
                add_anchors(encode(text, outer), anchors);
            }
        }
    }
    return {anchors.begin(), anchors.end()};
}

}  // namespace r8scan
