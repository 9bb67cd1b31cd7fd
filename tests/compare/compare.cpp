// r8scan_compare: the recall and precision tables through r8scan and through the rules that others publish.
//
// Usage: r8scan_compare RULES.toml [CASES-OF-EACH [MIB-OF-RANDOM-DATA]]. Prints a table for each.
#include "tests/compare/published_rules.h"
#include "tests/precision/lookalikes.h"
#include "tests/precision/random_data.h"
#include "tests/recall/contexts.h"
#include "tests/support/built_in_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>

using namespace r8scan;
using namespace r8scan::test;

namespace {

struct Contestant {
    std::string name;
    std::function<std::vector<std::string>(std::string_view)> secrets_in;
};

using Counts = std::map<std::string, std::vector<std::size_t>>;  // by row, one for each contestant and the total

Contestant r8scan_itself(LayerScanner& scanner)
{
    return {"r8scan", [&](std::string_view content) {
                std::vector<std::string> secrets;
                for (const auto& hit : scanner.scan(as_bytes(content))) {
                    if (!hit.placeholder && hit.confidence >= Confidence::medium) {
                        secrets.emplace_back(hit.secret.reveal());
                    }
                }
                static_cast<void>(scanner.take_unread());
                return secrets;
            }};
}

void print_header(const std::vector<Contestant>& contestants, const char* first, const char* last)
{
    fmt::print("{:<34}", first);
    for (const auto& each : contestants) {
        fmt::print("{:>13}", each.name);
    }
    fmt::print("{:>10}\n", last);
}

void recall(const std::vector<Contestant>& contestants, std::size_t repeat)
{
    Counts counts;
    for (const auto& plan : plan_cases(repeat, 1)) {
        const auto wanted = make_case(*plan.context, *plan.place, plan.seed);
        auto& row = counts[wanted.group];
        row.resize(contestants.size() + 1);
        ++row.back();
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            const auto secrets = contestants[i].secrets_in(wanted.content);
            row[i] += std::find(secrets.begin(), secrets.end(), wanted.token) != secrets.end() ? 1U : 0U;
        }
    }
    fmt::print(
        "Recall: the share of tokens of the recall table that are found as exactly these 40 bytes.\n"
        "Only the published rule is run. trufflehog, gitleaks, betterleaks and others decode base64 or open\n"
        "archives before they run it, which gives them no credit here.\n\n");
    print_header(contestants, "group of contexts", "cases");
    for (const auto* group : groups) {
        const auto& row = counts[group];
        fmt::print("{:<34}", group);
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            fmt::print("{:>12.1f}%", 100.0 * static_cast<double>(row[i]) / static_cast<double>(row.back()));
        }
        fmt::print("{:>10}\n", row.back());
    }
}

void precision(const std::vector<Contestant>& contestants, std::size_t mebibytes)
{
    Counts counts;
    const auto count = [&](const std::string& name, std::string_view text, bool each_match) {
        auto& row = counts[name];
        row.resize(contestants.size() + 1);
        ++row.back();
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            const auto found = contestants[i].secrets_in(text).size();
            row[i] += each_match ? found : std::min<std::size_t>(found, 1);
        }
    };
    Rng rng(8);
    for (int round = 0; round < 5; ++round) {
        for (const auto& plain : lookalikes(rng)) {
            const bool placeholder = plain.name.starts_with("placeholder");
            for (const auto& each : in_all_encodings(plain, rng)) {
                count(placeholder ? "placeholders" : "look-alikes", each.text, false);
            }
        }
    }
    for (const auto kind : random_kinds) {
        Rng data(100 + static_cast<std::uint64_t>(kind));
        for (std::size_t i = 0; i < mebibytes; ++i) {
            count(std::string("random ") + to_string(kind), random_piece(kind, data, 1U << 20U), true);
        }
    }
    fmt::print(
        "\nFalse positives: texts with one, of the look-alikes in all their encodings; in random data all that\n"
        "are found, where a text is a MiB.\n\n");
    print_header(contestants, "what it is", "texts");
    for (const auto& [name, row] : counts) {
        fmt::print("{:<34}", name);
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            fmt::print("{:>13}", row[i]);
        }
        fmt::print("{:>10}\n", row.back());
    }
}

int run(const std::string& rules_file, std::size_t repeat, std::size_t mebibytes)
{
    const auto published = load_published_rules(rules_file);
    const auto matcher = built_in_matcher();
    LayerScanner scanner(matcher);
    std::vector<Contestant> contestants = {r8scan_itself(scanner)};
    for (const auto& rule : published.rules) {
        contestants.push_back({rule.name(), [&rule](std::string_view content) { return rule.secrets_in(content); }});
    }
    recall(contestants, repeat);
    precision(contestants, mebibytes);
    fmt::print("\n");
    for (const auto& rule : published.rules) {
        fmt::print("{}: {}\n", rule.name(), rule.source());
    }
    for (const auto& rule : published.missing) {
        fmt::print("{}: {} ({})\n", rule.name, rule.why, rule.source);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s RULES.toml [CASES-OF-EACH [MIB-OF-RANDOM-DATA]]\n", argv[0]);
        return 2;
    }
    const auto number = [&](int at, std::size_t otherwise) {
        return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
    };
    try {
        return run(argv[1], number(2, 2), number(3, 16));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
