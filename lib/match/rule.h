// A rule as a pattern file states it. The vocabulary is that of gitleaks where it has a word for the thing:
// https://github.com/gitleaks/gitleaks#configuration
#pragma once

#include <r8scan/finding.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace r8scan {

/// How the bytes beside a match are judged.
enum class BoundaryKind : std::uint8_t {
    token,  // as match/boundary.h says: a match inside a longer word is none
    none,   // every match counts
};

/// What a rule's match must not be. A finding that one list allows is no finding.
struct Allowlist {
    enum class Target : std::uint8_t { secret, match, line };
    std::string description;
    bool all = false;                    // condition = "AND": every kind of entry that is there must allow
    std::vector<std::string> commits;    // hex ids
    std::vector<std::string> paths;      // expressions, searched in the path
    std::vector<std::string> regexes;    // expressions, searched in the target
    Target target = Target::secret;
    std::vector<std::string> stopwords;  // words; the secret holds one, letter case aside
};

struct Rule {
    std::string id;
    std::string description;
    std::string regex;
    std::string path;                    // expression that the path must match; empty: any path
    unsigned secret_group = 0;           // 0: the first group that took part, or the whole match where there is none
    double entropy = 0;                  // least Shannon entropy of the secret, in bits a character; 0: any
    std::vector<std::string> keywords;   // literals, letter case aside, one of which stands in what is scanned
    std::vector<std::string> anchors;    // expressions of bounded width, one of which every match contains
    std::vector<Allowlist> allowlists;
    std::vector<std::string> tags;
    BoundaryKind boundary = BoundaryKind::none;
    Confidence confidence = Confidence::high;  // of a match whose neighbours are fine; neighbours only lower it
    std::string why;                     // why the confidence of this rule is not high; empty where it is
    std::vector<std::string> encodings;  // beside plain: "utf-16", "base64", "hex", "escapes", "joined"
    std::vector<std::string> examples;           // `{token}` stands for a generated token
    std::vector<std::string> negative_examples;
    std::string origin;                  // "built in", or the file it came from
    std::uint32_t line = 0;              // of its table in the file; 0 where not known
};

/// "mine.toml:12: rule 'mine'", for messages.
[[nodiscard]] inline std::string origin_of(const Rule& rule)
{
    return rule.origin + (rule.line != 0 ? ":" + std::to_string(rule.line) : "") + ": rule '" + rule.id + "'";
}

}  // namespace r8scan
