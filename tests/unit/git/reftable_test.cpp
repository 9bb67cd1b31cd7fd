// The reader of reftables against tables made byte by byte: what it reads, what it refuses, and that a repository has
// the same refs whether they are files or reftables.
#include "git/reftable.h"
#include "git/refs.h"
#include "git/reftable_table.h"
#include "tests/support/reftable_writer.h"
#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace fs = std::filesystem;
using namespace r8scan;
using test::Hash;
using test::made_up_id;
using test::ReftableOptions;
using test::ReftableWriter;

namespace {

HashAlgorithm algorithm_of(Hash hash)
{
    return hash == Hash::sha1 ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
}

// What a table holds, a line for each record.
struct Content {
    std::string lines;
    std::string error;
};

Content content_of(std::string_view table, Hash hash = Hash::sha1)
{
    Content content;
    const git::ReftableVisitor visitor{
        [&](const git::ReftableRef& ref) {
            content.lines += std::string(ref.name) + ' ' + std::to_string(static_cast<int>(ref.kind)) + ' ' +
                             ref.id.hex() + std::string(ref.points_to) + '\n';
        },
        [&](const git::ReftableLog& log) {
            content.lines += std::string(log.name) + '@' + std::to_string(log.update_index) + ' ' + log.old_id.hex() +
                             ' ' + log.new_id.hex() + ' ' + std::string(log.person) + '<' + std::string(log.email) +
                             "> " + std::to_string(log.time) + ' ' + std::to_string(log.zone) + ' ' +
                             std::string(log.message) + (log.deleted ? "deleted\n" : "\n");
        }};
    const auto read = git::read_reftable(as_bytes(table), algorithm_of(hash), visitor);
    content.error = read ? "" : read.error().message();
    return content;
}

ReftableWriter small_table(ReftableOptions options = {})
{
    ReftableWriter table(5, 7, options);
    const auto id = [&](std::uint64_t number) { return made_up_id(options.hash, number); };
    table.symbolic_ref("HEAD", "refs/heads/main");
    table.ref("refs/heads/main", id(1));
    table.ref("refs/heads/mainline", id(2));
    table.deleted_ref("refs/heads/old");
    table.tag("refs/tags/v1", id(3), id(1));
    table.log("HEAD", 5, {id(4), id(1), "A U Thor", "author@example.com", 1700000000, -830, "commit: first\n"});
    table.log("refs/heads/main", 5, {id(4), id(1)});
    table.log("refs/heads/main", 6, {id(1), id(2)});
    table.deleted_log("refs/stash", 7);
    return table;
}

std::string hex(std::uint64_t number, Hash hash = Hash::sha1)
{
    return made_up_id(hash, number).hex();
}

}  // namespace

TEST_CASE("a reftable gives its refs by name and its reflogs newest first, with ids of either hash")
{
    for (const auto hash : {Hash::sha1, Hash::sha256}) {
        for (const unsigned version : {1U, 2U}) {
            if (hash == Hash::sha256 && version == 1) {
                continue;  // cannot say so
            }
            ReftableOptions options;
            options.hash = hash;
            options.version = version;
            const auto content = content_of(small_table(options).bytes(), hash);
            CHECK(content.error.empty());
            CHECK(content.lines ==
                  "HEAD 3 refs/heads/main\n"
                  "refs/heads/main 1 " +
                      hex(1, hash) +
                      "\n"
                      "refs/heads/mainline 1 " +
                      hex(2, hash) +
                      "\n"
                      "refs/heads/old 0 \n"
                      "refs/tags/v1 2 " +
                      hex(3, hash) +
                      "\n"
                      "HEAD@5 " +
                      hex(4, hash) + ' ' + hex(1, hash) +
                      " A U Thor<author@example.com> 1700000000 -830 commit: first\n\n"
                      "refs/heads/main@6 " +
                      hex(1, hash) + ' ' + hex(2, hash) +
                      " A U Thor<author@example.com> 1700000000 0 \n"
                      "refs/heads/main@5 " +
                      hex(4, hash) + ' ' + hex(1, hash) +
                      " A U Thor<author@example.com> 1700000000 0 \n"
                      "refs/stash@7   <> 0 0 deleted\n");
        }
    }
}

TEST_CASE("a reftable of many blocks reads the same aligned and not, with indexes and objects and without")
{
    std::string first;
    for (const bool aligned : {true, false}) {
        for (const bool extras : {true, false}) {
            for (const std::uint32_t block_size : {512U, 4096U, 65536U}) {
                for (const std::size_t interval : {std::size_t{1}, std::size_t{16}, std::size_t{1000}}) {
                    ReftableOptions options;
                    options.aligned = aligned;
                    options.indexes = extras;
                    options.objects = extras;
                    options.block_size = block_size;
                    options.restart_interval = interval;
                    ReftableWriter table(1, 300, options);
                    for (std::uint64_t i = 1; i <= 300; ++i) {
                        table.ref("refs/heads/topic-" + std::to_string(i), made_up_id(Hash::sha1, i));
                        table.log("refs/heads/main", i, {made_up_id(Hash::sha1, i), made_up_id(Hash::sha1, i + 1)});
                    }
                    const auto content = content_of(table.bytes());
                    REQUIRE(content.error.empty());
                    REQUIRE(std::count(content.lines.begin(), content.lines.end(), '\n') == 600);
                    first = first.empty() ? content.lines : first;
                    CHECK(content.lines == first);
                }
            }
        }
    }
}

TEST_CASE("an empty reftable and one of reflogs alone are read")
{
    CHECK(content_of(ReftableWriter(1, 1).bytes()).error.empty());
    ReftableWriter logs(1, 2);
    logs.log("refs/heads/main", 2, {made_up_id(Hash::sha1, 1), made_up_id(Hash::sha1, 2)});
    const auto content = content_of(logs.bytes());
    CHECK(content.error.empty());
    CHECK(content.lines.starts_with("refs/heads/main@2 "));
}

TEST_CASE("a reftable cut off anywhere is an error, and no crash")
{
    for (const bool aligned : {true, false}) {
        ReftableOptions options;
        options.aligned = aligned;
        const auto table = small_table(options).bytes();
        for (std::size_t size = 0; size < table.size(); ++size) {
            INFO(size);
            // A copy of just this size, so that a sanitizer sees what lies behind it being read.
            const std::vector<char> cut(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK(!content_of({cut.data(), cut.size()}).error.empty());
        }
    }
}

TEST_CASE("a flipped bit of a reftable is an error, or changes nothing but a name, a value or a text")
{
    // Only what the format guards by a checksum can be known to be wrong: header, footer, reflogs.
    const auto sound = small_table().bytes();
    const auto expected = content_of(sound).lines;
    const auto footer_at = sound.size() - 68;
    const std::size_t log_at = read_be32(as_bytes(sound).data() + footer_at + 52);
    REQUIRE(sound.at(log_at) == 'g');
    std::size_t seen = 0;
    for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
        auto table = sound;
        table[bit / 8] = static_cast<char>(static_cast<unsigned char>(table[bit / 8]) ^ (1U << (bit % 8)));
        const auto content = content_of(table);
        INFO("bit " << bit % 8 << " of byte " << bit / 8);
        const bool is_guarded = bit / 8 < 24 || bit / 8 >= log_at;
        if (is_guarded) {
            const bool is_the_same = content.error.empty() && content.lines == expected;
            CHECK((!content.error.empty() || is_the_same));
        } else if (content.error.empty()) {
            CHECK(std::count(content.lines.begin(), content.lines.end(), '\n') >= 9);
        }
        seen += content.error.empty() ? 0U : 1U;
        if (bit / 8 >= footer_at || bit / 8 < 24) {
            CHECK(!content.error.empty());
        }
    }
    CHECK(seen > sound.size());
}

TEST_CASE("a reftable that breaks its format is refused with the reason")
{
    const auto refused = [](const ReftableWriter& table, std::string_view why, Hash hash = Hash::sha1) {
        const auto error = content_of(table.bytes(), hash).error;
        INFO(error);
        CHECK(error.find(why) != std::string::npos);
    };
    ReftableWriter unknown_type(1, 1);
    unknown_type.raw_ref("refs/heads/a", 5, "");
    refused(unknown_type, "unknown type");
    ReftableWriter short_value(1, 1);
    short_value.raw_ref("refs/heads/a", 1, "short");
    refused(short_value, "cut off");
    ReftableWriter long_target(1, 1);
    long_target.raw_ref("refs/heads/a", 3, std::string(8, '\xff') + "\x7f");
    refused(long_target, "cut off");
    ReftableWriter nameless(1, 1);
    nameless.ref("", made_up_id(Hash::sha1, 1));
    refused(nameless, "not behind the one before");
    ReftableOptions options;
    options.block_size = 1U << 20U;
    ReftableWriter long_name(1, 1, options);
    long_name.ref(std::string(70000, 'n'), made_up_id(Hash::sha1, 1));
    refused(long_name, "longer than 65536 bytes");
    options = {};
    options.hash = Hash::sha256;
    refused(small_table(options), "another hash", Hash::sha1);
    options = {};
    options.version = 3;
    refused(small_table(options), "version 3 is not known");
}

TEST_CASE("a newer table overrides an older one, and deletes what it says is gone")
{
    const test::TempDir dir;
    const auto id = [](std::uint64_t number) { return made_up_id(Hash::sha1, number); };
    ReftableWriter one(1, 1);
    one.ref("refs/heads/a", id(1));
    one.ref("refs/heads/b", id(1));
    one.ref("refs/heads/c", id(1));
    one.log("refs/heads/a", 1, {id(9), id(1), "A", "a@x", 1, 0, "first\n"});
    one.log("refs/stash", 1, {id(9), id(1), "A", "a@x", 1, 0, "dropped\n"});
    ReftableWriter two(2, 2);
    two.ref("refs/heads/a", id(2));
    two.deleted_ref("refs/heads/b");
    two.deleted_ref("refs/heads/c");
    two.log("refs/heads/a", 2, {id(1), id(2), "A", "a@x", 2, 0, "second"});
    ReftableWriter three(3, 3);
    three.ref("refs/heads/c", id(3));
    three.deleted_log("refs/stash", 1);
    test::write_reftable_stack(dir.path(), {one.bytes(), two.bytes(), three.bytes()});
    Problems problems;
    const auto stack = git::read_reftable_stack(dir.path(), HashAlgorithm::sha1, problems);
    CHECK(problems.empty());
    CHECK(stack.values == std::map<std::string, std::string>{{"refs/heads/a", hex(2)}, {"refs/heads/c", hex(3)}});
    CHECK(stack.deleted == std::set<std::string>{"refs/heads/b"});
    REQUIRE(stack.reflogs.size() == 2);
    const auto& log = stack.reflogs[0];
    REQUIRE(log.ids.size() == 3);
    CHECK(log.ids[0].hex() == hex(2));
    CHECK(log.ids[2].hex() == hex(9));
    CHECK(log.lines ==
          hex(1) + ' ' + hex(2) + " A <a@x> 2 +0000\tsecond\n" + hex(9) + ' ' + hex(1) + " A <a@x> 1 +0000\tfirst\n");
    CHECK(stack.reflogs[1].ids.empty());
    CHECK(stack.reflogs[1].deleted_lines == hex(9) + ' ' + hex(1) + " A <a@x> 1 +0000\tdropped\n");
}

TEST_CASE("a table that cannot be read is named, and the others are read all the same")
{
    const auto id = made_up_id(Hash::sha1, 1);
    for (const std::string what :
         {"garbage", "missing", "pipe", "folder", "link", "path", "twice", "empty line", "cut"}) {
        INFO(what);
        const test::TempDir dir;
        const auto folder = dir.path() / "reftable";
        ReftableWriter one(1, 1);
        one.ref("refs/heads/a", id);
        ReftableWriter two(2, 2);
        two.ref("refs/heads/b", id);
        test::write_reftable_stack(folder, {one.bytes(), two.bytes()});
        auto list = test::read_file(folder / "tables.list");
        if (what == "path") {
            list += "../outside.ref\n";
            test::write_file(dir.path() / "outside.ref", one.bytes());
        } else if (what == "twice") {
            list += list.substr(0, list.find('\n') + 1);
        } else if (what == "empty line") {
            list += "\n";
        } else {
            const auto bad = folder / "bad.ref";
            list = "bad.ref\n" + list;
            if (what == "garbage") {
                test::write_file(bad, "no table at all");
            } else if (what == "pipe") {
                test::make_pipe(bad);
            } else if (what == "folder") {
                fs::create_directories(bad);
            } else if (what == "link") {
                test::write_file(folder / "elsewhere", one.bytes());
                fs::create_symlink("elsewhere", bad);
            } else if (what == "cut") {
                test::write_file(bad, one.bytes().substr(0, 90));
            }
        }
        test::write_file(folder / "tables.list", list);
        Problems problems;
        const auto stack = git::read_reftable_stack(folder, HashAlgorithm::sha1, problems);
        CHECK(stack.values.size() == 2);
        REQUIRE(problems.list().size() == 1);
        CHECK(problems.list()[0].count == 1);
        CHECK(problems.list()[0].examples[0].find(dir.path().filename().string()) != std::string::npos);
    }
}

TEST_CASE("a folder of reftables without a list of them, or with a pipe for one, is a problem")
{
    const test::TempDir dir;
    Problems problems;
    (void)git::read_reftable_stack(dir.path() / "none", HashAlgorithm::sha1, problems);
    CHECK(!problems.empty());
    test::make_pipe(dir.path() / "tables.list");
    Problems others;
    (void)git::read_reftable_stack(dir.path(), HashAlgorithm::sha1, others);
    CHECK(!others.empty());
}

TEST_CASE("tables that are compacted while they are read are neither missed nor reported")
{
    const test::TempDir dir;
    const auto table_of = [](std::uint64_t number) {
        ReftableWriter table(number, number);
        table.ref("refs/heads/main", made_up_id(Hash::sha1, 1));
        return table.bytes();
    };
    test::write_file(dir.path() / "0.ref", table_of(1));
    test::write_file(dir.path() / "tables.list", "0.ref\n");
    std::atomic<bool> stop = false;
    // As git does it: the new table, the new list in the place of the old one, and only then is the old table taken
    // away.
    std::thread compacting([&] {
        for (std::uint64_t i = 1; !stop; ++i) {
            const auto name = std::to_string(i) + ".ref";
            test::write_file(dir.path() / name, table_of(i + 1));
            test::write_file(dir.path() / "tables.list.lock", name + '\n');
            fs::rename(dir.path() / "tables.list.lock", dir.path() / "tables.list");
            fs::remove(dir.path() / (std::to_string(i - 1) + ".ref"));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    std::size_t missed = 0;
    Problems problems;
    for (int i = 0; i < 300; ++i) {
        missed += git::read_reftable_stack(dir.path(), HashAlgorithm::sha1, problems).values.empty() ? 1U : 0U;
    }
    stop = true;
    compacting.join();
    CHECK(missed == 0);
    CHECK(problems.empty());
}

TEST_CASE("refs and reflogs are the same from files and from reftables, seen from every work tree")
{
    for (const auto hash : {Hash::sha1, Hash::sha256}) {
        const test::TempDir dir;
        test::RepoBuilder repo(dir.path() / "repo", {hash});
        const auto one = repo.commit_files({{"a", "1\n"}}, {}, "first");
        const auto two = repo.commit_files({{"a", "2\n"}}, {one}, "second");
        repo.packed_refs({{"refs/heads/main", one}, {"refs/heads/old", one}});
        repo.ref("refs/heads/main", two);
        repo.ref("refs/tags/v1", repo.tag_object(two, test::Type::commit, "v1", "words"));
        repo.ref("refs/remotes/origin/deep/er", one);
        repo.symbolic_ref("refs/remotes/origin/HEAD", "refs/remotes/origin/deep/er");
        repo.symbolic_ref("refs/heads/unborn", "refs/heads/none");
        repo.reflog("HEAD", {{test::zero_id(hash), one, "commit (initial): first"}, {one, two, "commit: second"}});
        repo.reflog("refs/heads/main", {{one, two, "commit: second"}});
        (void)repo.push_stash(two, {{"a", "3\n"}}, {{"a", "2\n"}});
        repo.linked_worktree("side", dir.path() / "side", one);
        const auto side = repo.git_dir() / "worktrees/side";
        test::write_file(side / "refs/bisect/bad", two.hex() + '\n');
        test::write_file(side / "logs/HEAD",
                         two.hex() + ' ' + one.hex() + " A <a@x> 1700000000 -0230\tcheckout: moving\n");
        const auto read = [&](const fs::path& git_dir, const char* storage, Problems& problems) {
            return git::read_refs({git_dir, repo.git_dir(), storage, algorithm_of(hash)}, problems);
        };
        Problems problems;
        const std::vector<fs::path> places{repo.git_dir(), side};
        std::vector<git::Refs> before;
        for (const auto& place : places) {
            before.push_back(read(place, "files", problems));
        }
        test::store_refs_as_reftable(repo);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const auto& expected = before[i];
            const auto refs = read(places[i], "reftable", problems);
            REQUIRE(refs.refs.size() == expected.refs.size());
            for (std::size_t r = 0; r < refs.refs.size(); ++r) {
                CHECK(refs.refs[r].name == expected.refs[r].name);
                CHECK(refs.refs[r].target == expected.refs[r].target);
            }
            REQUIRE(refs.reflogs.size() == expected.reflogs.size());
            for (std::size_t r = 0; r < refs.reflogs.size(); ++r) {
                CHECK(refs.reflogs[r].name == expected.reflogs[r].name);
                CHECK(refs.reflogs[r].target == expected.reflogs[r].target);
            }
            CHECK(refs.head == expected.head);
            CHECK(refs.head_branch == expected.head_branch);
            CHECK(refs.refs.size() > 6);
        }
        const auto skips = problems.list();
        CHECK_MESSAGE(skips.empty(), (skips.empty() ? std::string() : skips[0].examples[0]));
    }
}

TEST_CASE("a symbolic ref of a reftable that points nowhere a ref can be is a problem, as in a file")
{
    const test::TempDir dir;
    ReftableWriter table(1, 1);
    table.symbolic_ref("HEAD", "../../outside");
    test::write_reftable_stack(dir.path() / "reftable", {table.bytes()});
    Problems problems;
    const auto refs = git::read_refs({dir.path(), dir.path(), "reftable", HashAlgorithm::sha1}, problems);
    CHECK(refs.refs.empty());
    CHECK(!problems.empty());
}
