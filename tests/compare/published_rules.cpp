// Compiling and running published rules. See published_rules.h.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "tests/compare/published_rules.h"

#include <pcre2.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace r8scan::test {
namespace {

struct FreeMatch {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

double entropy_of(std::string_view text)
{
    std::array<double, 256> counts{};
    for (const char c : text) {
        counts[static_cast<unsigned char>(c)] += 1;
    }
    double bits = 0;
    for (const double count : counts) {
        const auto share = count / static_cast<double>(text.size());
        bits -= count == 0 ? 0 : share * std::log2(share);
    }
    return bits;
}

}  // namespace

void FreePattern::operator()(pcre2_real_code_8* code) const
{
    pcre2_code_free(code);
}

PublishedRule::PublishedRule(std::string name, std::string source, const std::string& regex, double min_entropy,
                             std::size_t min_digits)
    : m_name(std::move(name)), m_source(std::move(source)), m_min_entropy(min_entropy), m_min_digits(min_digits)
{
    int error = 0;
    PCRE2_SIZE offset = 0;
    // RE2 and Rust take $ for the very end only.
    m_code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(regex.data()), regex.size(), PCRE2_DOLLAR_ENDONLY, &error,
                               &offset, nullptr));
    if (!m_code) {
        throw std::runtime_error(m_name + ": the expression does not compile at " + std::to_string(offset));
    }
    pcre2_jit_compile(m_code.get(), PCRE2_JIT_COMPLETE);
}

bool PublishedRule::accepts(std::string_view secret) const
{
    const auto digits = std::count_if(secret.begin(), secret.end(), [](char c) { return c >= '0' && c <= '9'; });
    return entropy_of(secret) > m_min_entropy && static_cast<std::size_t>(digits) >= m_min_digits;
}

std::vector<std::string> PublishedRule::secrets_in(std::string_view content) const
{
    const std::unique_ptr<pcre2_match_data, FreeMatch> match(
        pcre2_match_data_create_from_pattern(m_code.get(), nullptr));
    std::vector<std::string> secrets;
    std::size_t at = 0;
    while (at <= content.size()) {
        const auto groups = pcre2_match(m_code.get(), reinterpret_cast<PCRE2_SPTR>(content.data()), content.size(), at,
                                        0, match.get(), nullptr);
        if (groups < 1) {
            break;
        }
        const auto* ends = pcre2_get_ovector_pointer(match.get());
        const std::size_t group = groups > 1 ? 2 : 0;
        const auto secret = content.substr(ends[group], ends[group + 1] - ends[group]);
        if (accepts(secret)) {
            secrets.emplace_back(secret);
        }
        at = std::max(ends[1], at + 1);
    }
    return secrets;
}

PublishedRules load_published_rules(const std::filesystem::path& file)
{
    const auto parsed = toml::parse_file(file.string());
    PublishedRules all;
    for (const auto& node : *parsed["rules"].as_array()) {
        const auto& rule = *node.as_table();
        const auto text = [&](const char* key) { return rule[key].value_or(std::string()); };
        if (rule.contains("missing")) {
            all.missing.push_back({text("name"), text("source"), text("missing")});
            continue;
        }
        all.rules.emplace_back(text("name"), text("source"), text("regex"), rule["min_entropy"].value_or(0.0),
                               static_cast<std::size_t>(rule["min_digits"].value_or(0)));
    }
    return all;
}

}  // namespace r8scan::test
