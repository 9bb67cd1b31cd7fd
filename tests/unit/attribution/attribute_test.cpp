// attribute() on small histories told by hand: what each rule means for a person who reads a finding.
#include "attribution/input.h"
#include "sketch.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace r8scan::attribution;
using namespace r8scan::attribution::test;

namespace {

using Commits = std::vector<Index>;

/// The places of the only token.
std::vector<Place> places_of(const Sketch& sketch)
{
    const Output output = attribute(sketch.input());
    CHECK_EQ(output.unfinished, 0);
    CHECK_EQ(output.places_of_token, std::vector<std::uint64_t>{output.places.size()});
    return output.places;
}

}  // namespace

TEST_CASE("a commit that adds a file introduces its token and one that deletes it removes it")
{
    Sketch sketch;
    const Index env = sketch.blob({0});
    const Index before = sketch.commit(none);
    const Index added = sketch.commit({{"conf/.env", env}}, {before});
    const Index kept = sketch.commit({{"conf/.env", env}}, {added});
    const Index deleted = sketch.commit(none, {kept});
    const Index after = sketch.commit(none, {deleted});
    sketch.ref("refs/heads/main", after);
    sketch.head(after);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].path, "conf/.env");
    CHECK_EQ(places[0].commit, added);
    CHECK_EQ(places[0].blob, env);
    CHECK_EQ(places[0].removed_in, Commits{deleted});
    CHECK_FALSE(places[0].at_head);
    CHECK_FALSE(places[0].at_or_before);
    CHECK(places[0].reachable);
    CHECK(places[0].tips.empty());
}

TEST_CASE("an edit that keeps the token introduces nothing and shows as the blob at HEAD")
{
    Sketch sketch;
    const Index first = sketch.blob({0});
    const Index edited = sketch.blob({0});
    const Index added = sketch.commit({{"a", first}});
    const Index changed = sketch.commit({{"a", edited}}, {added});
    sketch.head(changed);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].commit, added);
    CHECK_EQ(places[0].blob, first);
    CHECK(places[0].at_head);
    CHECK_EQ(places[0].head_path, "a");
    CHECK_EQ(places[0].head_blob, edited);
}

TEST_CASE("merging a branch that never had the token removes nothing")
{
    Sketch sketch;
    const Index base = sketch.commit(none);
    const Index added = sketch.commit({{"a", sketch.blob({0})}}, {base});
    const Index side = sketch.commit(none, {base});
    const Index merge = sketch.commit({{"a", 0}}, {added, side});
    sketch.head(merge);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].commit, added);
    CHECK(places[0].removed_in.empty());
    CHECK(places[0].at_head);
}

TEST_CASE("merging an old branch that still has the token removes nothing anew")
{
    Sketch sketch;
    const Index added = sketch.commit({{"a", sketch.blob({0})}});
    const Index old = sketch.commit({{"a", 0}, {"b", 0}}, {added});
    const Index removed = sketch.commit(none, {added});
    const Index merge = sketch.commit(none, {removed, old});
    sketch.head(merge);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].path, "a");
    CHECK_EQ(places[0].removed_in, Commits{removed});
    CHECK_EQ(places[1].path, "b");
    CHECK_EQ(places[1].removed_in, Commits{merge});
}

TEST_CASE("a merge that drops the token is the remover")
{
    Sketch sketch;
    const Index base = sketch.commit(none);
    const Index added = sketch.commit({{"a", sketch.blob({0})}}, {base});
    const Index side = sketch.commit(none, {base});
    const Index merge = sketch.commit(none, {added, side});
    sketch.head(merge);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].removed_in, Commits{merge});
}

TEST_CASE("a merge that neither parent had it in introduces the token")
{
    Sketch sketch;
    const Index base = sketch.commit(none);
    const Index one = sketch.commit(none, {base});
    const Index other = sketch.commit(none, {base});
    const Index merge = sketch.commit({{"a", sketch.blob({0})}}, {one, other});
    sketch.head(merge);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].commit, merge);
}

TEST_CASE("a token that comes back has two places and each its own remover")
{
    Sketch sketch;
    const Index first = sketch.commit({{"a", sketch.blob({0})}});
    const Index removed = sketch.commit(none, {first});
    const Index second = sketch.commit({{"a", 0}}, {removed});
    const Index again = sketch.commit(none, {second});
    sketch.head(again);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].commit, first);
    CHECK_EQ(places[0].removed_in, Commits{removed});
    CHECK_EQ(places[1].commit, second);
    CHECK_EQ(places[1].removed_in, Commits{again});
}

TEST_CASE("a remover belongs to every introducer that reaches it through commits that hold the token")
{
    Sketch sketch;
    const Index base = sketch.commit(none);
    const Index one = sketch.commit({{"a", sketch.blob({0})}}, {base});
    const Index other = sketch.commit({{"a", 0}}, {base});
    const Index gone_here = sketch.commit(none, {other});
    const Index merge = sketch.commit({{"a", 0}}, {one, other});
    const Index removed = sketch.commit(none, {merge});
    sketch.ref("refs/heads/side", gone_here);
    sketch.head(removed);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].commit, one);
    CHECK_EQ(places[0].removed_in, Commits{removed});
    CHECK_EQ(places[1].commit, other);
    CHECK_EQ(places[1].removed_in, Commits{gone_here, removed});
}

TEST_CASE("a rename is a move and the old place is still at HEAD under the new name")
{
    Sketch sketch;
    const Index added = sketch.commit({{"old/key.py", sketch.blob({0})}});
    const Index edited = sketch.blob({0});
    const Index moved = sketch.commit({{"new/key.py", edited}}, {added});
    sketch.head(moved);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].path, "old/key.py");
    CHECK_EQ(places[0].moved_to, "new/key.py");
    CHECK_EQ(places[0].moved_from, "");
    CHECK_EQ(places[0].removed_in, Commits{moved});
    CHECK(places[0].at_head);
    CHECK_EQ(places[0].head_path, "new/key.py");
    CHECK_EQ(places[0].head_blob, edited);
    CHECK_EQ(places[1].moved_from, "old/key.py");
    CHECK_EQ(places[1].commit, moved);
    CHECK(places[1].at_head);
}

TEST_CASE("HEAD is found through several renames")
{
    Sketch sketch;
    const Index one = sketch.commit({{"a", sketch.blob({0})}});
    const Index two = sketch.commit({{"b", 0}}, {one});
    const Index three = sketch.commit({{"c", 0}}, {two});
    sketch.head(three);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 3);
    CHECK_EQ(places[0].head_path, "c");
    CHECK_EQ(places[1].head_path, "c");
}

TEST_CASE("HEAD is found through the rename on its own branch where another branch renamed otherwise")
{
    Sketch sketch;
    const Index added = sketch.commit({{"a", sketch.blob({0})}});
    const Index elsewhere = sketch.commit({{"x", 0}}, {added});
    const Index here = sketch.commit({{"b", 0}}, {added});
    sketch.ref("refs/heads/other", elsewhere);
    sketch.head(here);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 3);
    CHECK_EQ(places[0].moved_to, "x");
    CHECK_EQ(places[0].head_path, "b");
}

TEST_CASE("several renames at once pair the paths that end alike")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index added = sketch.commit({{"src/a.py", hit}, {"src/b.py", hit}, {"top", hit}});
    const Index moved = sketch.commit({{"lib/a.py", hit}, {"lib/b.py", hit}, {"deep/top", hit}}, {added});
    sketch.head(moved);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 6);
    CHECK_EQ(places[0].path, "src/a.py");
    CHECK_EQ(places[0].moved_to, "lib/a.py");
    CHECK_EQ(places[1].moved_to, "lib/b.py");
    CHECK_EQ(places[2].moved_to, "deep/top");
}

TEST_CASE("an octopus merge removes what one of its parents held and introduces what none did")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index base = sketch.commit(none);
    const Index one = sketch.commit({{"a", hit}}, {base});
    const Index two = sketch.commit({{"b", hit}}, {base});
    const Index three = sketch.commit(none, {base});
    const Index octopus = sketch.commit({{"a", hit}, {"c", hit}}, {one, two, three});
    sketch.head(octopus);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 3);
    CHECK_EQ(places[0].path, "a");
    CHECK_EQ(places[0].commit, one);
    CHECK(places[0].removed_in.empty());
    CHECK_EQ(places[1].path, "b");
    CHECK_EQ(places[1].removed_in, Commits{octopus});
    CHECK_EQ(places[1].moved_to, "c");
    CHECK_EQ(places[2].path, "c");
    CHECK_EQ(places[2].commit, octopus);
    CHECK_EQ(places[2].moved_from, "b");
}

TEST_CASE("each root that holds the token introduces it")
{
    Sketch sketch;
    const Index one = sketch.commit({{"a", sketch.blob({0})}});
    const Index other = sketch.commit({{"a", 0}});
    const Index merge = sketch.commit({{"a", 0}}, {one, other});
    const Index removed = sketch.commit(none, {merge});
    sketch.head(removed);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].commit, one);
    CHECK_EQ(places[1].commit, other);
    CHECK_EQ(places[0].removed_in, Commits{removed});
    CHECK_EQ(places[1].removed_in, Commits{removed});
}

TEST_CASE("after a criss-cross that resolves both ways neither merge is blamed twice")
{
    Sketch sketch;
    const Index added = sketch.commit({{"a", sketch.blob({0})}});
    const Index kept = sketch.commit({{"a", 0}}, {added});
    const Index removed = sketch.commit(none, {added});
    const Index keeps = sketch.commit({{"a", 0}}, {kept, removed});
    const Index drops = sketch.commit(none, {removed, kept});
    const Index last = sketch.commit(none, {keeps, drops});
    sketch.head(last);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_EQ(places[0].commit, added);
    CHECK_EQ(places[0].removed_in, Commits{removed});
}

TEST_CASE("a commit with a missing parent introduces at or before itself")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index boundary = sketch.commit({{"a", hit}});
    sketch[boundary].missing_parent = true;
    const Index next = sketch.commit({{"a", hit}, {"b", hit}}, {boundary});
    const Index graft = sketch.commit({{"a", hit}, {"b", hit}, {"c", hit}}, {next});
    sketch[graft].missing_parent = true;
    sketch.head(graft);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 3);
    CHECK_EQ(places[0].path, "a");
    CHECK(places[0].at_or_before);
    CHECK_EQ(places[1].path, "b");
    CHECK_FALSE(places[1].at_or_before);
    CHECK_EQ(places[2].path, "c");
    CHECK_EQ(places[2].commit, graft);
    CHECK(places[2].at_or_before);
}

TEST_CASE("an unreachable commit introduces only what no reachable commit holds")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index base = sketch.commit(none);
    const Index amended = sketch.commit({{"a", hit}, {"secret", hit}}, {base});
    const Index main = sketch.commit({{"a", hit}}, {base});
    sketch.ref("refs/heads/main", main);
    sketch.reflog("HEAD@{1}", amended);
    sketch.head(main);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].path, "secret");
    CHECK_EQ(places[0].commit, amended);
    CHECK_FALSE(places[0].reachable);
    CHECK_EQ(places[0].tips, std::vector<Index>{0});
    CHECK_EQ(places[1].path, "a");
    CHECK_EQ(places[1].commit, main);
    CHECK(places[1].reachable);
}

TEST_CASE("an unreachable commit removes nothing that a ref reaches")
{
    Sketch sketch;
    const Index added = sketch.commit({{"a", sketch.blob({0})}});
    const Index dropped = sketch.commit(none, {added});
    sketch.ref("refs/heads/main", added);
    sketch.reflog("HEAD@{1}", dropped);
    sketch.head(added);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK(places[0].removed_in.empty());
}

TEST_CASE("an unreachable token is removed by unreachable commits and named by the reflog entry that reaches it")
{
    Sketch sketch;
    const Index base = sketch.commit(none);
    const Index added = sketch.commit({{"a", sketch.blob({0})}}, {base});
    const Index removed = sketch.commit(none, {added});
    sketch.ref("refs/heads/main", base);
    sketch.reflog("HEAD@{0}", base);
    sketch.reflog("HEAD@{1}", removed);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 1);
    CHECK_FALSE(places[0].reachable);
    CHECK_EQ(places[0].removed_in, Commits{removed});
    CHECK_EQ(places[0].tips, std::vector<Index>{1});  // HEAD@{1}, which no longer holds it
}

TEST_CASE("tips are the refs whose tree holds the token at that path")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index added = sketch.commit({{"a", hit}});
    const Index moved = sketch.commit({{"b", hit}}, {added});
    sketch.ref("refs/heads/main", moved);
    sketch.ref("refs/heads/old", added);
    sketch.ref("refs/tags/v1", added);
    sketch.ref("refs/tags/of-a-blob", none);
    sketch.reflog("HEAD@{1}", added);
    sketch.head(moved);

    const Input input = sketch.input();
    const Output output = attribute(input);
    REQUIRE_EQ(output.places.size(), 2);
    const auto names = [&](const Place& place) {
        std::string result;
        for (const Index tip : place.tips) {
            result += input.tips[tip].name + ' ';
        }
        return result;
    };
    CHECK_EQ(names(output.places[0]), "refs/heads/old refs/tags/v1 ");
    CHECK_EQ(names(output.places[1]), "refs/heads/main ");
}

TEST_CASE("a tree that no commit leads to gives a place without a commit")
{
    Sketch sketch;
    const Index staged = sketch.blob({0});
    const Index known = sketch.blob({0});
    const Index commit = sketch.commit({{"a", known}});
    sketch.tree({{"a", staged}, {"conf/key", staged}});
    sketch.head(commit);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 2);
    CHECK_EQ(places[0].path, "a");
    CHECK_EQ(places[0].commit, commit);
    CHECK_EQ(places[1].path, "conf/key");
    CHECK_EQ(places[1].commit, none);
    CHECK_EQ(places[1].blob, staged);
    CHECK_FALSE(places[1].reachable);
    CHECK(places[1].tips.empty());
}

TEST_CASE("two tokens in one blob have a place each")
{
    Sketch sketch;
    const Index both = sketch.blob({0, 1});
    const Index one = sketch.blob({1});
    const Index added = sketch.commit({{"a", both}});
    const Index rotated = sketch.commit({{"a", one}}, {added});
    sketch.head(rotated);

    const Output output = attribute(sketch.input());
    REQUIRE_EQ(output.places.size(), 2);
    CHECK_EQ(output.places[0].token, 0);
    CHECK_EQ(output.places[0].removed_in, Commits{rotated});
    CHECK_EQ(output.places[1].token, 1);
    CHECK(output.places[1].removed_in.empty());
    CHECK_EQ(output.places[1].head_blob, one);
}

TEST_CASE("one blob at two paths has a place at each, in the order of their bytes")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index added = sketch.commit({{"a/x", hit}, {"a.x", hit}, {"a-x", hit}, {"a0", hit}, {"a", hit}});
    sketch.head(added);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 5);
    CHECK_EQ(places[0].path, "a");
    CHECK_EQ(places[1].path, "a-x");
    CHECK_EQ(places[2].path, "a.x");
    CHECK_EQ(places[3].path, "a/x");
    CHECK_EQ(places[4].path, "a0");
}

TEST_CASE("commits come parents first and by committer time whatever the clocks say")
{
    Sketch sketch;
    const Index hit = sketch.blob({0});
    const Index root = sketch.commit(none);
    const Index late = sketch.commit({{"late", hit}}, {root});
    const Index early = sketch.commit({{"early", hit}}, {root});
    const Index child = sketch.commit({{"late", hit}, {"child", hit}}, {late});
    sketch[late].time = 2000;
    sketch[early].time = 1000;
    sketch[child].time = 1;
    sketch.ref("refs/heads/early", early);
    sketch.head(child);

    const auto places = places_of(sketch);
    REQUIRE_EQ(places.size(), 3);
    CHECK_EQ(places[0].commit, early);
    CHECK_EQ(places[1].commit, late);
    CHECK_EQ(places[2].commit, child);
}

TEST_CASE("a history without hits has no places")
{
    Sketch sketch;
    sketch.head(sketch.commit(none));
    CHECK(attribute(sketch.input()).places.empty());
    CHECK(attribute(Input{}).places.empty());
}
