// PathSets against std::set on random sets, wide and lopsided ones too, which small histories never have; and the
// promises the rest builds on: equal sets are equal numbers, and nodes have larger numbers than what is below them.
#include "attribution/path_sets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

using namespace r8scan::attribution;

namespace {

using Path = std::vector<Element>;
using Plain = std::set<std::pair<Path, std::uint32_t>>;

/// Odd elements name trees.
Plain random_set(std::mt19937& random, std::uint32_t size)
{
    Plain result;
    const std::uint32_t width = 2 + static_cast<std::uint32_t>(random() % 400);
    for (std::uint32_t i = 0; i < size; ++i) {
        Path path;
        while (random() % 3 == 0) {
            path.push_back(static_cast<Element>(random() % 4) * 2 + 1);
        }
        path.push_back(static_cast<Element>(random() % width) * 2);
        result.emplace(path, static_cast<std::uint32_t>(random() % 3));
    }
    return result;
}

SetId build(PathSets& sets, const Plain& plain)
{
    std::vector<PathSets::Item> items;
    for (const auto& [path, value] : plain) {
        items.push_back({path, value});
    }
    return sets.build(items);
}

Plain spelled_out(const PathSets& sets, SetId set)
{
    Plain result;
    std::vector<std::pair<SetId, Path>> queue{{set, {}}};
    while (!queue.empty()) {
        const auto [node, path] = queue.back();
        queue.pop_back();
        for (const Edge& edge : sets.edges(node)) {
            Path here = path;
            here.push_back(edge.element);
            if (names_tree(edge.element)) {
                CHECK(edge.target < node);
                queue.emplace_back(edge.target, here);
                continue;
            }
            for (const std::uint32_t value : sets.values(edge.target)) {
                result.emplace(here, value);
            }
        }
    }
    return result;
}

}  // namespace

TEST_CASE("operations on sets of paths agree with those on plain sets")
{
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        PathSets sets(1'000'000);
        const Plain a = random_set(random, random() % 2 == 0 ? 5 : 500);
        Plain b = random_set(random, random() % 2 == 0 ? 5 : 500);
        for (const auto& item : a) {
            if (random() % 2 == 0) {
                b.insert(item);
            }
        }
        Plain both;
        Plain only_a;
        Plain common;
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(only_a, only_a.end()));
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(common, common.end()));

        const SetId left = build(sets, a);
        const SetId right = build(sets, b);
        REQUIRE_EQ(spelled_out(sets, left), a);
        REQUIRE_EQ(sets.unite(left, right), build(sets, both));
        REQUIRE_EQ(sets.unite(right, left), build(sets, both));
        REQUIRE_EQ(sets.unite_all({right, left, left, 0}), build(sets, both));
        REQUIRE_EQ(sets.subtract(left, right), build(sets, only_a));
        REQUIRE_EQ(sets.intersect(left, right), build(sets, common));
        for (const auto& [path, value] : both) {
            REQUIRE_EQ(sets.holds(right, path, value), b.count({path, value}) != 0);
        }

        // The same values stand for others in a second PathSets: value v here for 2 - v there.
        PathSets others(1'000'000);
        const std::vector<std::uint32_t> other_value{2, 1, 0};
        Plain selected;
        for (const auto& [path, value] : a) {
            if (b.count({path, other_value[value]}) != 0) {
                selected.emplace(path, value);
            }
        }
        REQUIRE_EQ(spelled_out(sets, sets.select(left, others, build(others, b), other_value)), selected);
        REQUIRE_FALSE(sets.spent());
    }
}

TEST_CASE("the empty set and its operations are number 0")
{
    PathSets sets(1000);
    const SetId some = build(sets, {{{2}, 0}, {{3, 4}, 1}});
    CHECK_EQ(build(sets, {}), 0);
    CHECK_EQ(sets.unite_all({}), 0);
    CHECK_EQ(sets.subtract(some, some), 0);
    CHECK_EQ(sets.unite(some, 0), some);
    CHECK_EQ(sets.subtract(some, 0), some);
    CHECK_FALSE(sets.holds(0, Path{2}, 0));
    CHECK_FALSE(sets.holds(some, Path{3}, 0));
    CHECK_FALSE(sets.holds(some, Path{}, 0));
}

TEST_CASE("an operation that runs out of steps ends and says so")
{
    PathSets sets(10);
    const SetId few = build(sets, {{{2}, 0}});
    const SetId many = build(sets, {{{2}, 1}, {{4}, 1}, {{6}, 1}, {{8}, 1}, {{10}, 1}});
    CHECK_EQ(sets.subtract(few, 0), few);
    CHECK_FALSE(sets.spent());
    sets.unite(few, many);
    CHECK(sets.spent());
}
