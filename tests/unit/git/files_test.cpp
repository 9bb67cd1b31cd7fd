// The small formats: trees, commits, tags, loose objects, multi-pack-index, refs.
#include "git/commit.h"
#include "git/inflate.h"
#include "git/loose_object.h"
#include "git/multi_pack_index.h"
#include "git/refs.h"
#include "git/tree_entries.h"
#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <doctest/doctest.h>

#include <git2.h>

using namespace r8scan;
using namespace r8scan::test;

TEST_CASE("a commit gives tree, parents, people, dates in their zone, and its subject")
{
    const std::string tree(40, 'a');
    const std::string parent(40, 'b');
    const auto text = "tree " + tree + "\nparent " + parent + "\nauthor A <a@x> 1700000000 +0530\n" +
                      "committer C <c@x> 1700000060 -0800\ngpgsig -----BEGIN\n tree not a header\n -----END\n\n\nSubject\nbody\n";
    const auto commit = git::Commit::parse(as_bytes(text));
    REQUIRE(commit.ok());
    CHECK(commit->tree.hex() == tree);
    REQUIRE(commit->parents.size() == 1);
    CHECK(commit->parents[0].hex() == parent);
    CHECK(commit->author.name == "A");
    CHECK(commit->author.email == "a@x");
    CHECK(git::to_rfc3339(commit->author) == "2023-11-15T03:43:20+05:30");
    CHECK(git::to_rfc3339(commit->committer) == "2023-11-14T14:14:20-08:00");
    CHECK(commit->subject() == "Subject");
}

TEST_CASE("commits and tags that name nothing are damaged")
{
    for (const char* text : {"", "\n", "author A <a> 1 +0000\n\n", "tree abc\n\n"}) {
        const auto commit = git::Commit::parse(as_bytes(text));
        REQUIRE(!commit.ok());
        CHECK(commit.error().code() == ErrorCode::damaged);
    }
    CHECK(!git::Tag::parse(as_bytes("type commit\n\nmessage")).ok());
    CHECK(!git::Tag::parse(as_bytes("object zz\n\n")).ok());
}

TEST_CASE("times that no calendar has do not upset the date")
{
    git::Signature signature;
    signature.time = std::numeric_limits<std::int64_t>::max();
    CHECK(git::to_rfc3339(signature).starts_with("9999-"));
    signature.time = std::numeric_limits<std::int64_t>::min();
    CHECK(git::to_rfc3339(signature).starts_with("0001-"));
    CHECK(git::parse_signature("no mail at all").name == "no mail at all");
    CHECK(git::parse_signature("A <a> 5 +9999").zone_minutes == 0);
}

TEST_CASE("tree entries are parsed one by one, and what is none is refused")
{
    const std::string id(20, '\1');
    const auto tree = "40000 dir" + std::string(1, '\0') + id + "100644 a file" + std::string(1, '\0') + id;
    git::TreeEntry entry;
    REQUIRE(git::parse_tree_entry(as_bytes(tree), 0, 20, entry));
    CHECK(entry.is_tree());
    CHECK(entry.name == "dir");
    REQUIRE(git::parse_tree_entry(as_bytes(tree), entry.end, 20, entry));
    CHECK(!entry.is_tree());
    CHECK(entry.name == "a file");
    CHECK(entry.end == tree.size());
    for (std::size_t size = 0; size < tree.size(); ++size) {
        const auto cut = tree.substr(0, size);
        const bool first = git::parse_tree_entry(as_bytes(cut), 0, 20, entry);
        CHECK(first == (size >= 30));
    }
    CHECK(!git::parse_tree_entry(as_bytes("10x644 a" + std::string(1, '\0') + id), 0, 20, entry));
    CHECK(!git::parse_tree_entry(as_bytes("7777777777 a" + std::string(1, '\0') + id), 0, 20, entry));
}

TEST_CASE("a loose object is read, and one that lies is refused before memory is set aside")
{
    const TempDir dir;
    const auto write = [&](const std::string& inflated) {
        write_file(dir.path() / "object", deflated(inflated, Level::normal));
        return git::LooseObject::open(dir.path() / "object");
    };
    const auto good = write("blob 5" + std::string(1, '\0') + "hello");
    REQUIRE(good.ok());
    CHECK(good->type == git::ObjectType::blob);
    CHECK(good->size == 5);
    std::vector<std::byte> out(good->header_length + good->size);
    git::Inflater inflater;
    CHECK(good->inflate(inflater, out).ok());
    CHECK(as_text(out).substr(good->header_length) == "hello");

    CHECK(!write("blob 1099511627776" + std::string(1, '\0') + "hello").ok());
    CHECK(!write("blurb 5" + std::string(1, '\0') + "hello").ok());
    CHECK(!write("blob 5x" + std::string(1, '\0') + "hello").ok());
    CHECK(!write("no header").ok());
    const auto longer = write("blob 4" + std::string(1, '\0') + "hello");
    REQUIRE(longer.ok());
    CHECK(!longer->inflate(inflater, std::span(out).first(longer->header_length + 4)).ok());
}

TEST_CASE("a stream in windows gives the bytes of the stream whole, and its length is held against it")
{
    Rng rng(3);
    const auto content = random_text(rng, 300000);
    const auto stream = deflated(content, Level::normal);
    std::string joined;
    const auto join = [&](Bytes window) {
        joined += as_text(window);
        return true;
    };
    CHECK(git::inflate_in_windows(as_bytes(stream), content.size(), 1000, join).ok());
    CHECK(joined == content);
    CHECK(!git::inflate_in_windows(as_bytes(stream), content.size() - 1, 1000, join).ok());
    CHECK(!git::inflate_in_windows(as_bytes(stream), content.size() + 1, 1000, join).ok());
    CHECK(!git::inflate_in_windows(as_bytes(stream).first(stream.size() / 2), content.size(), 1000, join).ok());
}

TEST_CASE("a multi-pack-index names its packs and where each object lies")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to write one");
        return;
    }
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"a", "one"}}, {}, "first"));
    git_ok(repo.dir(), {"repack", "-adq"});
    repo.ref("refs/heads/main", repo.commit_files({{"a", "two"}}, {}, "second"));
    git_ok(repo.dir(), {"repack", "-dq"});
    git_ok(repo.dir(), {"multi-pack-index", "write"});
    const auto path = repo.objects_dir() / "pack" / "multi-pack-index";
    const auto index = git::MultiPackIndex::open(path, HashAlgorithm::sha1);
    REQUIRE(index.ok());
    CHECK(index->pack_names().size() == 2);
    CHECK(index->count() == 6);
    for (std::uint32_t i = 0; i < index->count(); ++i) {
        CHECK(index->pack(i) < 2);
        CHECK(index->offset(i) >= 12);
        CHECK((i == 0 || as_text(index->id(i - 1)) < as_text(index->id(i))));
    }
    const auto bytes = read_file(path);
    for (std::size_t size = 0; size < 300; size += 7) {
        write_file(dir.path() / "cut", bytes.substr(0, size));
        CHECK(!git::MultiPackIndex::open(dir.path() / "cut", HashAlgorithm::sha1).ok());
    }
}

TEST_CASE("a ref or a line of a reflog with an id of another length than the repository's, or without a name, is none")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    const auto one = repo.commit_files({{"a", "one"}}, {}, "first");
    const std::string longer = one.hex() + std::string(24, '0');
    write_file(repo.git_dir() / "HEAD", longer + "\n");
    write_file(repo.git_dir() / "packed-refs", longer + " refs/heads/long\n" + one.hex() + " \n" + one.hex() + " refs/heads/main\n");
    write_file(repo.git_dir() / "logs/refs/heads/main",
               longer + ' ' + longer + " A <a@b> 1 +0000\tlong\n" + one.hex() + ' ' + one.hex() + " A <a@b> 1 +0000\tx\n");
    Problems problems;
    const auto refs = git::read_refs({repo.git_dir(), repo.git_dir()}, problems);
    CHECK(!refs.head);
    REQUIRE(refs.refs.size() == 1);
    CHECK(refs.refs.front().name == "refs/heads/main");
    CHECK(refs.reflogs.size() == 2);
    for (const auto& entry : refs.reflogs) {
        CHECK(entry.target.hex() == one.hex());
    }
    const auto skips = problems.list();
    REQUIRE(skips.size() == 1);
    CHECK(skips.front().reason == "unreadable ref");
    CHECK(skips.front().count == 3);
}

TEST_CASE("our refs are those that libgit2 lists")
{
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo");
    const auto one = repo.commit_files({{"a", "one"}}, {}, "first");
    const auto two = repo.commit_files({{"a", "two"}}, {one}, "second");
    repo.packed_refs({{"refs/heads/main", one}, {"refs/heads/old", one}, {"refs/tags/t", two}});
    repo.ref("refs/heads/main", two);
    repo.ref("refs/remotes/origin/deep/er", one);
    repo.symbolic_ref("refs/remotes/origin/HEAD", "refs/remotes/origin/deep/er");
    Problems problems;
    const auto refs = git::read_refs({repo.git_dir(), repo.git_dir()}, problems);
    CHECK(problems.empty());
    std::map<std::string, std::string> ours;
    for (const auto& ref : refs.refs) {
        if (ref.name != "HEAD") {
            ours[ref.name] = ref.target.hex();
        }
    }
    CHECK(refs.head->hex() == two.hex());
    CHECK(refs.head_branch == "refs/heads/main");

    git_libgit2_init();
    git_repository* handle = nullptr;
    REQUIRE(git_repository_open(&handle, repo.dir().c_str()) == 0);
    git_strarray names{};
    REQUIRE(git_reference_list(&names, handle) == 0);
    std::map<std::string, std::string> theirs;
    for (std::size_t i = 0; i < names.count; ++i) {
        git_oid id;
        REQUIRE(git_reference_name_to_id(&id, handle, names.strings[i]) == 0);
        char hex[GIT_OID_HEXSZ + 1];
        theirs[names.strings[i]] = git_oid_tostr(hex, sizeof hex, &id);
    }
    git_strarray_dispose(&names);
    git_repository_free(handle);
    git_libgit2_shutdown();
    CHECK(ours == theirs);
}
