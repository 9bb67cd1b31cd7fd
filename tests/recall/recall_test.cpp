// The recall table: every context in every place, at default settings. All are found, with the right line, column,
// offset, layers and confidence, and each once.
//
// R8SCAN_TEST_RECALL_SEED starts from another seed, R8SCAN_TEST_RECALL_REPEAT makes more cases of each.
#include "tests/recall/contexts.h"
#include "tests/recall/verdict.h"
#include "tests/support/built_in_rules.h"

#include "engine/layer_scanner.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

using namespace r8scan;
using namespace r8scan::test;

namespace {

constexpr std::size_t least_cases = 20'000;
constexpr std::size_t shown_failures = 40;
constexpr std::size_t shown_of_context = 2;

std::size_t number_from(const char* variable, std::size_t otherwise)
{
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("every token of the recall table is found where it stands, in the layers it stands in")
{
    const auto plans =
        plan_cases(number_from("R8SCAN_TEST_RECALL_REPEAT", 5), number_from("R8SCAN_TEST_RECALL_SEED", 1));
    CHECK(plans.size() >= least_cases);

    const auto matcher = built_in_matcher();
    LayerScanner scanner(matcher);
    VerdictTable table;
    std::size_t shown = 0;
    for (const auto& plan : plans) {
        const auto wanted = make_case(*plan.context, *plan.place, plan.seed);
        const auto judged = judge(wanted, scanner.scan(as_bytes(wanted.content)));
        const auto failures = table.count(*plan.context, *plan.place, judged.verdict);
        if (judged.verdict != Verdict::right && failures <= shown_of_context && ++shown <= shown_failures) {
            const std::string verdict = to_string(judged.verdict);
            MESSAGE(wanted.name << " (seed " << wanted.seed << "): " << verdict << "\n" << judged.description);
        }
        static_cast<void>(scanner.take_unread());
    }
    CHECK_MESSAGE(table.failures() == 0, table.failures() << " of " << plans.size() << " cases\n" << table.text());
}

TEST_CASE("the recall table has a context for every layer, and names that differ")
{
    std::set<std::string> names;
    std::set<std::string> layers;
    for (const auto& context : all_contexts()) {
        CHECK_MESSAGE(names.insert(context.name).second, context.name);
        const auto made = make_case(context, places().front(), 1);
        layers.insert(made.where.layers.begin(), made.where.layers.end());
        const bool in_its_stream = made.where.inner_path.empty() && made.end_offset <= made.content.size();
        CHECK_MESSAGE((!made.where.layers.empty() ||
                       (in_its_stream && made.content.substr(made.position.offset, made.token.size()) == made.token)),
                      context.name);
    }
    for (const auto* layer :
         {"base64",    "utf-16", "utf-32", "hex",   "percent", "escape",  "html", "quoted-printable",
          "backslash", "joined", "gzip",   "bzip2", "xz",      "zstd",    "zlib", "zip",
          "7z",        "tar",    "ar",     "pdf",   "png",     "git-pack"}) {
        CHECK_MESSAGE(layers.contains(layer), layer);
    }
}
