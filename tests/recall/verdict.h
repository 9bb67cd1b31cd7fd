// What a scan said of a case against what it had to say.
#pragma once

#include "tests/recall/contexts.h"

#include "match/hit.h"

#include <map>
#include <vector>

namespace r8scan::test {

enum class Verdict { right, not_found, wrong_layers, wrong_position, wrong_path, wrong_confidence, found_twice };
[[nodiscard]] const char* to_string(Verdict verdict);

struct Judged {
    Verdict verdict = Verdict::right;
    std::string description;  // expected and found, redacted; empty where right
};

/// Looks only at hits of the case's own token.
[[nodiscard]] Judged judge(const Case& wanted, const std::vector<Hit>& hits);

/// Counts by context and by place.
class VerdictTable {
public:
    /// Returns how many of this context failed so far.
    std::size_t count(const Context& context, const Place& place, Verdict verdict);
    [[nodiscard]] std::size_t failures() const { return m_failures; }

    /// A line for each context and each place that failed.
    [[nodiscard]] std::string text() const;

private:
    using Counts = std::map<Verdict, std::size_t>;
    std::map<std::string, Counts> m_by_context;
    std::map<std::string, Counts> m_by_place;
    std::size_t m_failures = 0;
};

}  // namespace r8scan::test
