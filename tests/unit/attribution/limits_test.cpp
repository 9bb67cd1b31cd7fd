// attribute() on what hostile or very large repositories hold: exponential paths, bottomless trees, cycles, damage.
// Nothing here checks a time, but none of it would end, or fit the stack, if paths were enumerated or code recursed.
#include "attribution/input.h"
#include "reference.h"
#include "sketch.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace r8scan::attribution;
using namespace r8scan::attribution::test;

namespace {

/// `levels` of trees with ten entries each, all the same: 10^levels paths to one blob.
Index bomb(Sketch& sketch, Index blob, int levels)
{
    Index below = blob;
    for (int level = 0; level < levels; ++level) {
        std::vector<Entry> entries;
        for (char digit = '0'; digit <= '9'; ++digit) {
            entries.push_back({std::string(1, digit), below, level > 0});
        }
        below = sketch.raw_tree(entries);
    }
    return below;
}

std::vector<Place> places_of_token(const Output& output, Index token)
{
    std::vector<Place> result;
    for (const Place& place : output.places) {
        if (place.token == token) {
            result.push_back(place);
        }
    }
    return result;
}

}  // namespace

TEST_CASE("a git-bomb of 10^10 paths is counted and its first thousand places are listed")
{
    Sketch sketch;
    const Index commit = sketch.commit(bomb(sketch, sketch.blob({0}), 10));
    const Index defused = sketch.commit(none, {commit});
    sketch.head(commit);
    sketch.ref("refs/heads/defused", defused);

    const Output output = attribute(sketch.input());
    CHECK_EQ(output.places_of_token[0], 10'000'000'000U);
    REQUIRE_EQ(output.places.size(), 1000);
    CHECK_EQ(output.places.front().path, "0/0/0/0/0/0/0/0/0/0");
    CHECK_EQ(output.places.back().path, "0/0/0/0/0/0/0/9/9/9");
    CHECK_EQ(output.places.back().removed_in, std::vector<Index>{defused});
    CHECK(output.places.back().at_head);
    CHECK_EQ(output.unfinished, 0);
}

TEST_CASE("a count of places that no integer holds stays at the largest")
{
    Sketch sketch;
    sketch.head(sketch.commit(bomb(sketch, sketch.blob({0}), 100)));
    const Output output = attribute(sketch.input());
    CHECK_EQ(output.places_of_token[0], std::numeric_limits<std::uint64_t>::max());
    CHECK_EQ(output.places.size(), 1000);
}

TEST_CASE("a token that stands once behind a git-bomb is listed")
{
    Sketch sketch;
    const Index paths = bomb(sketch, sketch.blob({0}), 10);
    Index needle = sketch.raw_tree({{"z", sketch.blob({1}), false}});
    for (int level = 0; level < 9; ++level) {
        needle = sketch.raw_tree({{"a", paths, true}, {"z", needle, true}});
    }
    sketch.head(sketch.commit(needle));

    const Output output = attribute(sketch.input());
    CHECK_EQ(places_of_token(output, 0).size(), 1000);
    REQUIRE_EQ(places_of_token(output, 1).size(), 1);
    CHECK_EQ(places_of_token(output, 1)[0].path, "z/z/z/z/z/z/z/z/z/z");
    CHECK_EQ(output.places_of_token, std::vector<std::uint64_t>{90'000'000'000U, 1});
}

TEST_CASE("a git-bomb that is renamed is one move for each listed place")
{
    Sketch sketch;
    const Index paths = bomb(sketch, sketch.blob({0}), 10);
    const Index before = sketch.commit(sketch.raw_tree({{"a", paths, true}}));
    const Index after = sketch.commit(sketch.raw_tree({{"b", paths, true}}), {before});
    sketch.head(after);

    const Output output = attribute(sketch.input());
    CHECK_EQ(output.places_of_token[0], 20'000'000'000U);
    REQUIRE_EQ(output.places.size(), 1000);
    CHECK_EQ(output.places[500].commit, before);
    CHECK_EQ(output.places[500].moved_to, "b" + output.places[500].path.substr(1));
    CHECK(output.places[500].at_head);
}

TEST_CASE("sets that no memory holds end the work where the steps end and the rest is counted as unfinished")
{
    // Commit i holds the paths of 0s and 1s whose parts i and n + i are equal. What was ever held up to commit i needs
    // 2^i nodes.
    constexpr std::size_t n = 40;
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const auto both = [&](Index zero, Index one, bool are_trees) {
        return sketch.raw_tree({{"0", zero, are_trees}, {"1", one, are_trees}});
    };
    std::vector<Index> any{both(hit, hit, false)};  // any[k]: all paths of k + 1 parts
    while (any.size() < 2 * n) {
        any.push_back(both(any.back(), any.back(), true));
    }
    std::vector<Index> last;
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<Index> ends_in;
        for (const std::string part : {"0", "1"}) {
            const std::size_t left = n - 1 - i;
            Index below =
                left == 0 ? sketch.raw_tree({{part, hit, false}}) : sketch.raw_tree({{part, any[left - 1], true}});
            for (std::size_t level = i + 1; level < n + i; ++level) {
                below = both(below, below, true);
            }
            ends_in.push_back(below);
        }
        Index tree = both(ends_in[0], ends_in[1], true);
        for (std::size_t level = 0; level < i; ++level) {
            tree = both(tree, tree, true);
        }
        last = {sketch.commit(tree, last)};
    }
    sketch.head(last.front());

    Limits limits;
    limits.set_steps = 1'000'000;
    const Output output = attribute(sketch.input(), limits);
    CHECK(output.unfinished > 0);
    CHECK(output.unfinished < n);
    CHECK_EQ(output.places.size(), 1000);
}

TEST_CASE("a tree 200000 deep is cut and what stands above the cut is found")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    Index tree = sketch.raw_tree({{"end", hit, false}});
    for (int level = 0; level < 200'000; ++level) {
        tree = sketch.raw_tree({{"d", tree, true}});
    }
    sketch.head(sketch.commit(sketch.raw_tree({{"a", hit, false}, {"d", tree, true}})));

    const Output output = attribute(sketch.input());
    CHECK(output.trees_too_deep > 0);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].path, "a");
}

TEST_CASE("a path of exactly the depth cap is kept and one component more is cut")
{
    Limits limits;
    limits.tree_depth = 3;
    Sketch sketch;
    const Index hit = sketch.blob({0});
    sketch.head(sketch.commit({{"a/b/c", hit}, {"d/e/f/g", hit}}));
    const Output output = attribute(sketch.input(), limits);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].path, "a/b/c");
    CHECK_EQ(output.trees_too_deep, 1);
}

TEST_CASE("what one commit stacks on a tree takes nothing away from another that holds it")
{
    Limits limits;
    limits.tree_depth = 2;
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index good = sketch.commit({{"a/b", hit}});
    const Index stacked = sketch.commit({{"x/y/z/a/b", hit}}, {good});
    sketch.head(stacked);
    const Output output = attribute(sketch.input(), limits);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].commit, good);
}

TEST_CASE("a path over the cap on bytes is cut")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const std::string long_name(40'000, 'n');
    sketch.head(sketch.commit({{long_name + "/" + long_name, hit}, {"a", hit}}));
    const Output output = attribute(sketch.input());
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].path, "a");
    CHECK_EQ(output.trees_too_deep, 1);
}

TEST_CASE("trees that contain themselves are left out and counted, and what stands beside them is found")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index one = sketch.raw_tree({});
    const Index other = sketch.raw_tree({{"in", hit, false}, {"up", one, true}});
    sketch.set_entries(one, {{"down", other, true}});
    const Index self = sketch.raw_tree({{"in", hit, false}});
    sketch.set_entries(self, {{"in", hit, false}, {"self", self, true}});
    const Index root = sketch.raw_tree({{"a", hit, false}, {"cycle", one, true}, {"self", self, true}});
    sketch.head(sketch.commit(root));

    const Output output = attribute(sketch.input());
    CHECK_EQ(output.trees_in_cycles, 3);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].path, "a");
}

TEST_CASE("commits that are their own ancestors are left out, and their children miss a parent")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index one = sketch.commit({{"a", hit}});
    const Index two = sketch.commit({{"a", hit}}, {one});
    sketch[one].parents = {two};
    const Index child = sketch.commit({{"a", hit}}, {two});
    sketch.head(child);

    const Output output = attribute(sketch.input());
    CHECK_EQ(output.commits_in_cycles, 2);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].commit, child);
    CHECK(output.places[0].at_or_before);
}

TEST_CASE("a chain of 200000 commits is walked without recursion")
{
    Sketch sketch;
    const Index tree = sketch.tree({{"a", sketch.blob({0})}});
    std::vector<Index> last;
    for (int i = 0; i < 200'000; ++i) {
        last = {sketch.commit(i % 1000 == 0 ? none : tree, last)};
    }
    sketch.reflog("HEAD@{1}", last.front());
    const Output output = attribute(renumber(sketch.input(), 1));
    CHECK_EQ(output.places.size(), 200);
    CHECK_EQ(output.places_of_token[0], 200);
    CHECK_FALSE(output.places[0].reachable);
}

TEST_CASE("of names that a damaged tree holds twice each counts")
{
    Sketch sketch;
    const Index one = sketch.blob({0});
    const Index both = sketch.blob({0, 1});
    const Index below = sketch.raw_tree({{"x", one, false}});
    const Index beside = sketch.raw_tree({{"x", both, false}, {"y", one, false}});
    const Index root =
        sketch.raw_tree({{"d", below, true}, {"d", both, false}, {"d", beside, true}, {"d", one, false}});
    sketch.head(sketch.commit(root));

    const Output output = attribute(sketch.input());
    CHECK_EQ(describe(output), describe(reference(sketch.input())));
    const auto first = places_of_token(output, 0);
    REQUIRE_EQ(first.size(), 3);
    CHECK_EQ(first[0].path, "d");
    CHECK_EQ(first[0].blob, both);
    CHECK_EQ(first[1].path, "d/x");
    CHECK_EQ(first[1].blob, one);
    CHECK_EQ(first[2].path, "d/y");
    const auto second = places_of_token(output, 1);
    REQUIRE_EQ(second.size(), 2);
    CHECK_EQ(second[1].path, "d/x");
    CHECK_EQ(second[1].blob, both);
}

TEST_CASE("when the list is full a token that has a place gets no more and one that has none gets its first")
{
    Limits limits;
    limits.listed_bytes = 1;
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index other = sketch.blob({0, 1});
    sketch.head(sketch.commit({{"a", hit}, {"b", hit}, {"c", other}, {"d", other}}));
    const Output output = attribute(sketch.input(), limits);
    CHECK_EQ(output.places_of_token, std::vector<std::uint64_t>{4, 2});
    REQUIRE_EQ(output.places.size(), 2);
    CHECK_EQ(output.places[0].path, "a");
    CHECK_EQ(output.places[1].path, "c");
}

TEST_CASE("of many removers and refs the first are named")
{
    Limits limits;
    limits.names_per_place = 3;
    Sketch sketch;
    const Index added = sketch.commit({{"a", sketch.blob({0})}});
    for (char c = 'a'; c < 'k'; ++c) {
        sketch.ref(std::string("refs/heads/") + c, sketch.commit(none, {added}));
        sketch.ref(std::string("refs/tags/") + c, added);
    }
    const Output output = attribute(sketch.input(), limits);
    REQUIRE_EQ(output.places.size(), 1);
    CHECK_EQ(output.places[0].removed_in, std::vector<Index>{1, 2, 3});
    CHECK_EQ(output.places[0].tips, std::vector<Index>{10, 11, 12});
}

TEST_CASE("twenty thousand files that come, go and come back each have their places and removers")
{
    Sketch sketch;
    std::vector<Entry> files;
    for (Index i = 0; i < 20'000; ++i) {
        files.push_back({"f" + std::to_string(i), sketch.blob({i}), false});
    }
    const Index all = sketch.raw_tree({{"d", sketch.raw_tree(files), true}});
    std::vector<Index> last;
    for (int i = 0; i < 6; ++i) {
        last = {sketch.commit(i % 2 == 0 ? all : none, last)};
    }
    sketch.head(last.front());
    const Output output = attribute(sketch.input());
    REQUIRE_EQ(output.places.size(), 60'000);
    for (std::size_t i = 0; i < output.places.size(); ++i) {
        const Index commit = static_cast<Index>(i % 3) * 2;
        REQUIRE_EQ(output.places[i].commit, commit);
        REQUIRE_EQ(output.places[i].removed_in, std::vector<Index>{commit + 1});
    }
}
