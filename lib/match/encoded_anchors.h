// Makes, from the literal with which a rule's matches begin, the expressions that betray it in other encodings.
//
// A token in base64, UTF-16, hex or behind escapes is recognised by its first characters as that encoding writes them:
// a finite set of short expressions, which go into the same Hyperscan database as the plain literal, so that nothing
// is decoded blindly. Each is a part of what must stand there, chosen short, because the delta rule reads twice the
// longest anchor around every copy; each is long enough (about 20 bits) to be rare by chance.
// What they cannot see is said in README.md, "Limits": a line break inside an anchor that is not at a base64 group
// boundary, and a literal that is cut in two by string concatenation.
#pragma once

#include "match/lead.h"
#include "match/rule.h"

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

namespace r8scan {

/// The bytes that every match of an expression begins with: a literal, then one byte of a set.
struct Head {
    std::string literal;           // may be empty: then nothing can be made of it
    std::bitset<256> next;         // what may stand behind the literal; all where that is not known
};

/// Reads the head off an expression: characters without meaning, then a simple class. Escapes end it.
[[nodiscard]] Head head_of(std::string_view regex);

/// Members of a class as simple as "[A-Za-z0-9+/]"; all bytes where it is written in any other way.
[[nodiscard]] std::bitset<256> class_members(std::string_view text);

/// Expressions for the encodings that the rule asks for (Rule::encodings); "utf-16" stands for UTF-32 too.
[[nodiscard]] std::vector<LeadExpression> encoded_anchors(const Rule& rule);

/// For a rule with "escapes" or "joined": a match that begins plainly and is cut short by what may be an escape, a soft
/// line break or the end of a string literal. The rule's own anchor stands there, so this one is no anchor.
[[nodiscard]] std::optional<LeadExpression> interrupted_lead(const Rule& rule);

/// Expressions for base64 of a compressed file (gzip, zip; once or twice encoded). They belong to no rule.
[[nodiscard]] std::vector<LeadExpression> base64_container_anchors();

}  // namespace r8scan
