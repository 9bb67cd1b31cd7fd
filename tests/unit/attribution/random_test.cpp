// attribute() against the reference on thousands of random histories, and against itself under other numberings.
#include "attribution/input.h"
#include "random_history.h"
#include "reference.h"
#include "sketch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace r8scan::attribution;
using namespace r8scan::attribution::test;

namespace {

constexpr std::uint32_t histories = 2000;

}  // namespace

TEST_CASE("random histories are attributed as the definitions say")
{
    std::map<std::string, int> seen;  // so that a generator that went dull does not go unnoticed
    for (std::uint32_t seed = 0; seed < histories; ++seed) {
        const Input input = random_history(seed);
        const Output expected = reference(input);
        const Output actual = attribute(input);
        CAPTURE(seed);
        REQUIRE_EQ(describe(actual), describe(expected));
        for (const Place& place : actual.places) {
            seen["all"]++;
            seen["removed"] += place.removed_in.empty() ? 0 : 1;
            seen["removed twice"] += place.removed_in.size() > 1 ? 1 : 0;
            seen["moved"] += place.moved_to.empty() ? 0 : 1;
            seen["moved to head"] += place.at_head && place.head_path != place.path ? 1 : 0;
            seen["or before"] += place.at_or_before ? 1 : 0;
            seen["unreachable"] += !place.reachable && place.commit != none ? 1 : 0;
            seen["unreachable and removed"] += !place.reachable && !place.removed_in.empty() ? 1 : 0;
            seen["dangling"] += place.commit == none ? 1 : 0;
            seen["tips"] += place.tips.size() > 1 ? 1 : 0;
        }
        seen["tree cycles"] += actual.trees_in_cycles != 0 ? 1 : 0;
        seen["commit cycles"] += actual.commits_in_cycles != 0 ? 1 : 0;
    }
    for (const std::string what : {"removed", "removed twice", "moved", "moved to head", "or before", "unreachable",
                                   "unreachable and removed", "dangling", "tips", "tree cycles", "commit cycles"}) {
        CAPTURE(what);
        CHECK(seen[what] >= 20);
    }
}

TEST_CASE("random histories with a low cap on depth and length are cut as the definitions say")
{
    Limits limits;
    std::uint64_t cut = 0;
    for (std::uint32_t seed = 0; seed < histories / 4; ++seed) {
        limits.tree_depth = 1 + seed % 3;
        limits.path_bytes = seed % 5 == 0 ? 4 : 100;
        const Input input = random_history(seed);
        const Output expected = reference(input, limits);
        CAPTURE(seed);
        REQUIRE_EQ(describe(attribute(input, limits)), describe(expected));
        cut += expected.trees_too_deep;
    }
    CHECK(cut > 100);
}

TEST_CASE("the numbering of commits, trees, names and blobs does not show in the output")
{
    for (std::uint32_t seed = 0; seed < histories / 4; ++seed) {
        const Input input = random_history(seed);
        std::vector<Index> commit_of;
        std::vector<Index> blob_of;
        Output shuffled = attribute(renumber(input, seed, &commit_of, &blob_of));
        Output output = attribute(input);
        const auto back = [](Index& index, const std::vector<Index>& to) { index = index == none ? none : to[index]; };
        for (Place& place : shuffled.places) {
            back(place.commit, commit_of);
            back(place.blob, blob_of);
            back(place.head_blob, blob_of);
            for (Index& remover : place.removed_in) {
                back(remover, commit_of);
            }
        }
        for (Output* either : {&output, &shuffled}) {
            for (Place& place : either->places) {
                if (place.commit == none) {
                    place.blob = none;  // among several dangling trees the lowest blob: the one thing that may differ
                }
            }
        }
        CAPTURE(seed);
        REQUIRE_EQ(describe(shuffled), describe(output));
    }
}

TEST_CASE("with few places for each token the first in output order are listed")
{
    Limits limits;
    limits.places_per_token = 2;
    for (std::uint32_t seed = 0; seed < histories / 4; ++seed) {
        const Input input = random_history(seed);
        const Output all = attribute(input);
        const Output few = attribute(input, limits);
        CAPTURE(seed);
        REQUIRE_EQ(few.places_of_token, all.places_of_token);
        std::vector<std::uint64_t> listed(all.places_of_token.size(), 0);
        auto next = few.places.begin();
        for (const Place& place : all.places) {
            if (++listed[place.token] > limits.places_per_token) {
                continue;
            }
            REQUIRE(next != few.places.end());
            // What moves lead to need not be listed, so where it stands at HEAD may be left open, but not differ.
            Place found = *next++;
            if (!found.at_head) {
                found.at_head = place.at_head;
                found.head_path = place.head_path;
                found.head_blob = place.head_blob;
            }
            REQUIRE_EQ(describe(found), describe(place));
        }
        REQUIRE(next == few.places.end());
    }
}
