// The table: what it finds, what it makes of deltas that cannot be, and how large it is.
#include "git/object_table.h"
#include "tests/support/delta_builder.h"
#include "tests/support/pack_writer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::test;
using git::EntryFault;
using git::ObjectType;

namespace {

struct Opened {
    Problems problems;
    git::ObjectStores stores;
    git::ObjectTable table;
    explicit Opened(const std::filesystem::path& objects)
        : stores(git::open_object_stores(objects, HashAlgorithm::sha1, {{}, false}, problems)),
          table(git::ObjectTable::build(stores, 2))
    {
    }
};

}  // namespace

TEST_CASE("every id is found, and no other")
{
    const TempDir dir;
    Rng rng(5);
    std::vector<Id> ids;
    for (int packs = 0; packs < 3; ++packs) {
        PackWriter writer;
        for (int i = 0; i < 700; ++i) {
            ids.push_back(writer.id(writer.add(Type::blob, random_bytes(rng, 20))));
        }
        writer.write(dir.path());
    }
    const Opened opened(dir.path());
    CHECK(opened.table.size() == ids.size());
    for (const auto& id : ids) {
        const auto entry = opened.table.find(as_bytes(id.raw));
        REQUIRE(entry != git::no_entry);
        REQUIRE(as_text(opened.table.id(entry)) == id.raw);
    }
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(opened.table.find(as_bytes(random_bytes(rng, 20))) == git::no_entry);
    }
    CHECK(opened.table.find(as_bytes("short")) == git::no_entry);
}

TEST_CASE("an object in two packs has a primary entry and a duplicate")
{
    const TempDir dir;
    PackWriter first;
    first.add(Type::blob, "shared");
    first.add(Type::blob, "only here");
    first.write(dir.path());
    PackWriter second;
    const auto id = second.id(second.add(Type::blob, "shared"));
    second.add(Type::blob, "only there");
    second.write(dir.path());
    const Opened opened(dir.path());
    CHECK(opened.table.size() == 4);
    CHECK(opened.table.distinct() == 3);
    const auto copies = opened.table.find_all(as_bytes(id.raw));
    REQUIRE(copies.size() == 2);
    CHECK(!opened.table.is_duplicate(copies[0]));
    CHECK(opened.table.is_duplicate(copies[1]));
}

TEST_CASE("a delta has the type of its base, over other packs and after it in its own")
{
    const TempDir dir;
    PackWriter bases;
    const std::string content = "the base of them all";
    const auto base = bases.id(bases.add(Type::commit, content));
    bases.write(dir.path());

    PackWriter thin;
    thin.know(Type::commit, content);
    DeltaBuilder one(content);
    one.copy(0, 8).insert("one");
    DeltaBuilder two(one.target());
    two.copy(0, 4).insert("two");
    const auto one_id = object_id(Hash::sha1, Type::commit, one.target());
    const auto two_id = object_id(Hash::sha1, Type::commit, two.target());
    thin.add_ref_delta(one_id, two.delta(), two_id);  // before its base
    thin.add_ref_delta(base, one.delta(), one_id);
    thin.write(dir.path());

    const Opened opened(dir.path());
    for (const auto& id : {one_id, two_id}) {
        const auto entry = opened.table.find(as_bytes(id.raw));
        REQUIRE(entry != git::no_entry);
        CHECK(opened.table.type(entry) == ObjectType::commit);
        CHECK(opened.table.fault(entry) == EntryFault::none);
    }
    const auto root = opened.table.find(as_bytes(base.raw));
    REQUIRE(opened.table.children(root).size() == 1);
    CHECK(opened.table.base(opened.table.children(root)[0]) == root);
}

TEST_CASE("deltas that lead back to themselves, or nowhere, have a fault and no children")
{
    const TempDir dir;
    PackWriter writer;
    DeltaBuilder delta("x");
    delta.insert("y");
    const auto a = made_up_id(Hash::sha1, 1);
    const auto b = made_up_id(Hash::sha1, 2);
    const auto c = made_up_id(Hash::sha1, 3);
    const auto d = made_up_id(Hash::sha1, 4);
    const auto e = made_up_id(Hash::sha1, 5);
    writer.add_ref_delta(b, delta.delta(), a);                           // a on b
    writer.add_ref_delta(a, delta.delta(), b);                           // b on a
    writer.add_ref_delta(a, delta.delta(), c);                           // c on the cycle
    writer.add_ref_delta(made_up_id(Hash::sha1, 99), delta.delta(), d);  // d on nothing
    writer.add_ref_delta(e, delta.delta(), e);                           // e on itself
    writer.write(dir.path());
    const Opened opened(dir.path());
    const auto fault_of = [&](const Id& id) { return opened.table.fault(opened.table.find(as_bytes(id.raw))); };
    CHECK(fault_of(a) == EntryFault::cycle);
    CHECK(fault_of(b) == EntryFault::cycle);
    CHECK(fault_of(c) == EntryFault::broken_base);
    CHECK(fault_of(d) == EntryFault::missing_base);
    CHECK(fault_of(e) == EntryFault::cycle);
    for (git::EntryIndex entry = 0; entry < opened.table.size(); ++entry) {
        CHECK(opened.table.children(entry).empty());
    }
}

TEST_CASE("a chain of a hundred thousand deltas is settled without recursion")
{
    const TempDir dir;
    PackWriter writer;
    const std::string content(200, 'c');
    DeltaBuilder same(content);
    same.copy(0, content.size());
    auto last = writer.add(Type::blob, content);
    for (int i = 0; i < 100000; ++i) {
        last = writer.add_ofs_delta(last, same.delta(), made_up_id(Hash::sha1, static_cast<std::uint64_t>(i)));
    }
    writer.write(dir.path());
    const Opened opened(dir.path());
    CHECK(opened.table.size() == 100001);
    CHECK(opened.table.type(opened.table.size() - 1) == ObjectType::blob);
    CHECK(opened.table.fault(opened.table.size() - 1) == EntryFault::none);
}
