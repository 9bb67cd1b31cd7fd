// What the build writes down of the built-in rules is what asking Hyperscan again says.
#include "engine/scan_steps.h"
#include "match/built_databases.h"
#include "match/matcher.h"
#include "match/pattern_file.h"

#include <doctest/doctest.h>
#include <hs.h>

#include <cstdlib>
#include <memory>

using namespace r8scan;

namespace {

BuiltWidth asked_now(const std::string& expression, unsigned flags)
{
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    REQUIRE(hs_expression_info(expression.c_str(), flags, &info, &error) == HS_SUCCESS);
    const BuiltWidth width{info->min_width, info->max_width};
    std::free(info);
    return width;
}

}  // namespace

TEST_CASE("built databases: the widths of the built-in rules and their anchors are written down, and right")
{
    const auto rules = load_rules({});
    REQUIRE(rules);
    std::size_t known = 0;
    for (const auto& rule : *rules) {
        auto expressions = rule.anchors;
        expressions.push_back(rule.regex);
        for (const auto& expression : expressions) {
            if (const auto width = built_width(expression, 0)) {
                const auto now = asked_now(expression, 0);
                CHECK(width->least == now.least);
                CHECK(width->most == now.most);
                ++known;
            }
        }
    }
    CHECK(known >= 2);
    CHECK(!built_width("r8_[a-z]{3}", 0));
    CHECK(!built_width("", 0));
}

TEST_CASE("built databases: the digest of the built-in rules is the one of a matcher of them")
{
    const auto compiled = compile_rules({});
    REQUIRE(compiled);
    CHECK(built_digest() == compiled->matcher.digest());
}
