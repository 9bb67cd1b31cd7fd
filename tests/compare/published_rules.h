// Rules of other scanners, run through PCRE2: only the expression and the conditions the rule itself states.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace r8scan::test {

struct FreePattern {
    void operator()(pcre2_real_code_8* code) const;
};

class PublishedRule {
public:
    /// Throws std::runtime_error where the expression does not compile.
    PublishedRule(std::string name, std::string source, const std::string& regex, double min_entropy,
                  std::size_t min_digits);

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] const std::string& source() const { return m_source; }

    /// What the rule takes for a secret: group 1, or the match where there is no group.
    [[nodiscard]] std::vector<std::string> secrets_in(std::string_view content) const;

private:
    [[nodiscard]] bool accepts(std::string_view secret) const;

    std::string m_name;
    std::string m_source;
    std::unique_ptr<pcre2_real_code_8, FreePattern> m_code;
    double m_min_entropy;
    std::size_t m_min_digits;
};

struct MissingRule {
    std::string name;
    std::string source;
    std::string why;
};

struct PublishedRules {
    std::vector<PublishedRule> rules;
    std::vector<MissingRule> missing;
};

/// Throws on a file that cannot be read or parsed.
[[nodiscard]] PublishedRules load_published_rules(const std::filesystem::path& file);

}  // namespace r8scan::test
