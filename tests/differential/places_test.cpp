// A token in each place that scanners of diffs miss: found, and attributed as far as the place has a history.
//
// One small repository a place, made without git, so every id is known beforehand. What is checked is all that a
// report would say of the place: kind, path, position, who brought it in, who took it out, what still holds it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

using Refs = std::vector<std::string>;
const Refs on_main = {"HEAD", "refs/heads/main"};

/// What a finding in a blob must say; an empty optional demands that the field is absent.
struct Expected {
    std::optional<std::string> path = {};
    std::optional<Id> commit = {};
    std::optional<Id> removed_in = {};
    bool at_head = false;
    bool reachable = true;
    Refs refs = {};
};

std::optional<std::string> hex(const std::optional<Id>& id)
{
    return id ? std::optional<std::string>(id->hex()) : std::nullopt;
}

/// A repository and its scan, which must be complete and end with 1.
class Place {
public:
    Place() : repo(m_temp / "repo") {}

    /// The only finding of the whole scan, of this token.
    Finding only_finding(const std::string& token)
    {
        scan();
        REQUIRE_MESSAGE(m_result.findings.size() == 1, describe(m_result));
        return finding_of(token);
    }

    void scan()
    {
        m_result = collect(repo.dir());
        CHECK_MESSAGE(m_result.summary.exit_code == 1, skips(m_result.summary));
        CHECK(m_result.summary.complete);
    }

    /// The one finding of this token, after scan().
    Finding finding_of(const std::string& token)
    {
        const std::vector<Finding> findings = findings_of(m_result, token);
        REQUIRE_MESSAGE(findings.size() == 1, describe(m_result));
        return findings.front();
    }

    [[nodiscard]] const ScanResult& result() const { return m_result; }

private:
    TempDir m_temp;
    ScanResult m_result;

public:
    RepoBuilder repo;
};

void check_blob(const Finding& finding, const Id& blob, const Expected& expected)
{
    INFO(describe(finding));
    CHECK(finding.kind == "blob");
    CHECK(finding.object == blob.hex());
    CHECK(finding.path == expected.path);
    CHECK(finding.commit == hex(expected.commit));
    CHECK(finding.attributed);
    CHECK(finding.removed_in == hex(expected.removed_in));
    CHECK(finding.removed_in_more.empty());
    CHECK(finding.at_head == expected.at_head);
    CHECK(finding.reachable == expected.reachable);
    CHECK(refs_of(finding) == expected.refs);
    CHECK(finding.occurrences == 1);
    CHECK_FALSE(finding.at_or_before);
    if (expected.commit) {
        CHECK(finding.author == "A U Thor");
        CHECK(finding.email == "author@example.com");
    }
}

Id blob_id(std::string_view content)
{
    return object_id(Hash::sha1, Type::blob, content);
}

}  // namespace

TEST_CASE("a token that only the resolution of a merge brought is the merge's")
{
    Place place;
    const std::string secret = token(101);
    const std::string resolved = "both\nkey = \"" + secret + "\"\n";
    const Id root = place.repo.commit_files({{"app.py", "start\n"}}, {}, "Start");
    const Id left = place.repo.commit_files({{"app.py", "left\n"}}, {root}, "Left");
    const Id right = place.repo.commit_files({{"app.py", "right\n"}}, {root}, "Right");
    const Id merge = place.repo.commit_files({{"app.py", resolved}}, {left, right}, "Merge right");
    place.repo.ref("refs/heads/main", merge);

    const Finding finding = place.only_finding(secret);
    check_blob(finding, blob_id(resolved), {.path = "app.py", .commit = merge, .at_head = true, .refs = on_main});
    CHECK(finding.subject == "Merge right");
    CHECK(finding.date == "2023-11-14T22:17:20+00:00");
    CHECK(finding.position.line == 2);
    CHECK(finding.position.column == 8);
    CHECK(finding.position.end_line == 2);
    CHECK(finding.position.end_column == 48);
    CHECK(finding.position.offset == 12);
    CHECK(finding.head_path == "app.py");
    CHECK(finding.head_line == 2);
}

TEST_CASE("a token that came with the edit of a rename stands at the new path")
{
    Place place;
    const std::string secret = token(102);
    const std::string text = "one\ntwo\nthree\nfour\nfive\nsix\n";
    const Id before = place.repo.commit_files({{"old.txt", text}}, {}, "Start");
    const Id rename = place.repo.commit_files({{"new/name.txt", text + secret + "\n"}}, {before}, "Rename");
    place.repo.ref("refs/heads/main", rename);

    const Finding finding = place.only_finding(secret);
    check_blob(finding, blob_id(text + secret + "\n"),
               {.path = "new/name.txt", .commit = rename, .at_head = true, .refs = on_main});
    CHECK(finding.position.line == 7);
    CHECK_FALSE(finding.moved_from.has_value());
}

TEST_CASE("a token that a rename with an edit carried along is two places, each naming the other")
{
    Place place;
    const std::string secret = token(103);
    const std::string before = "one\n" + secret + "\nthree\n";
    const std::string after = "one\nand a half\n" + secret + "\nthree\n";
    const Id start = place.repo.commit_files({{"old.txt", before}}, {}, "Start");
    const Id rename = place.repo.commit_files({{"new.txt", after}}, {start}, "Rename");
    place.repo.ref("refs/heads/main", rename);

    place.scan();
    const std::vector<Finding> findings = findings_of(place.result(), secret);
    REQUIRE(findings.size() == 2);
    check_blob(findings[0], blob_id(before),
               {.path = "old.txt", .commit = start, .removed_in = rename, .at_head = true});
    CHECK(findings[0].moved_to == "new.txt");
    CHECK(findings[0].head_path == "new.txt");
    CHECK(findings[0].head_line == 3);
    check_blob(findings[1], blob_id(after), {.path = "new.txt", .commit = rename, .at_head = true, .refs = on_main});
    CHECK(findings[1].moved_from == "old.txt");
}

TEST_CASE("a token in a file under -diff is found like any other")
{
    Place place;
    const std::string secret = token(104);
    const Files with = {{".gitattributes", "*.lock -diff\n"}, {"deps.lock", "auth: " + secret + "\n"}};
    const Id first = place.repo.commit_files(with, {}, "Add the lock file");
    const Id second = place.repo.commit_files({{".gitattributes", "*.lock -diff\n"}}, {first}, "Drop it");
    place.repo.ref("refs/heads/main", second);

    check_blob(place.only_finding(secret), blob_id("auth: " + secret + "\n"),
               {.path = "deps.lock", .commit = first, .removed_in = second});
}

TEST_CASE("a token in a binary file is found at its offset")
{
    Place place;
    const std::string secret = token(105);
    const std::string binary = std::string("\0\1bin\2\0\0\3", 9) + secret + std::string("\0\xff\xfe\0", 4);
    const Id first = place.repo.commit_files({{"bin/tool", binary}}, {}, "Add a tool");
    place.repo.ref("refs/heads/main", first);

    const Finding finding = place.only_finding(secret);
    check_blob(finding, blob_id(binary), {.path = "bin/tool", .commit = first, .at_head = true, .refs = on_main});
    CHECK(finding.position.offset == 9);
}

TEST_CASE("a token in a commit message is found and not repeated by the report")
{
    Place place;
    const std::string secret = token(106);
    const Id first = place.repo.commit_files({{"a", "a\n"}}, {}, "Use " + secret + " for now");
    place.repo.ref("refs/heads/main", first);

    const Finding finding = place.only_finding(secret);
    CHECK(finding.kind == "commit");
    CHECK(finding.object == first.hex());
    CHECK(finding.commit == first.hex());
    CHECK_FALSE(finding.path.has_value());
    CHECK_FALSE(finding.removed_in.has_value());
    CHECK(finding.reachable);
    CHECK(finding.subject == "Use " + redacted(secret) + " for now");
}

TEST_CASE("a token in the name of an author is found and not repeated by the report")
{
    Place place;
    const std::string secret = token(107);
    const Id first =
        place.repo.commit_files({{"a", "a\n"}}, {}, "Start", {.author = "A " + secret + " Thor <author@example.com>"});
    place.repo.ref("refs/heads/main", first);

    const Finding finding = place.only_finding(secret);
    CHECK(finding.kind == "commit");
    CHECK(finding.object == first.hex());
    CHECK(finding.commit == first.hex());
    CHECK_FALSE(finding.path.has_value());
    CHECK(finding.reachable);
    CHECK(finding.author == "A " + redacted(secret) + " Thor");
    CHECK(finding.subject == "Start");
}

TEST_CASE("a token in the message of an annotated tag is the tag's")
{
    Place place;
    const std::string secret = token(108);
    const Id first = place.repo.commit_files({{"a", "a\n"}}, {}, "Start");
    const Id tag = place.repo.tag_object(first, Type::commit, "v1", "Released with " + secret);
    place.repo.ref("refs/heads/main", first);
    place.repo.ref("refs/tags/v1", tag);

    const Finding finding = place.only_finding(secret);
    CHECK(finding.kind == "tag");
    CHECK(finding.object == tag.hex());
    CHECK_FALSE(finding.path.has_value());
    CHECK_FALSE(finding.removed_in.has_value());
    CHECK(finding.reachable);
    CHECK(refs_of(finding) == Refs{"refs/tags/v1"});
}

TEST_CASE("tokens in stash@{0} and stash@{1} are named by the stash that holds them")
{
    Place place;
    const std::string older = token(109);
    const std::string newer = token(110);
    const Files committed = {{"a", "a\n"}};
    const Id first = place.repo.commit_files(committed, {}, "Start");
    place.repo.ref("refs/heads/main", first);
    const Id stash_1 = place.repo.push_stash(first, {{"a", "a " + older + "\n"}}, committed);
    const Id stash_0 = place.repo.push_stash(first, {{"a", "a " + newer + "\n"}}, committed);

    place.scan();
    CHECK(place.result().findings.size() == 2);
    check_blob(place.finding_of(newer), blob_id("a " + newer + "\n"),
               {.path = "a", .commit = stash_0, .refs = {"refs/stash"}});
    check_blob(place.finding_of(older), blob_id("a " + older + "\n"),
               {.path = "a", .commit = stash_1, .reachable = false, .refs = {"stash@{1}"}});
}

TEST_CASE("a token in an untracked file of a stash is found in the third parent")
{
    Place place;
    const std::string secret = token(111);
    const Files committed = {{"a", "a\n"}};
    const Id first = place.repo.commit_files(committed, {}, "Start");
    place.repo.ref("refs/heads/main", first);
    place.repo.push_stash(first, committed, committed, Files{{".env", "KEY=" + secret + "\n"}});

    const Finding finding = place.only_finding(secret);
    CHECK(finding.path == ".env");
    CHECK(finding.object == blob_id("KEY=" + secret + "\n").hex());
    CHECK(finding.reachable);
    CHECK(finding.subject == "untracked files on main: " + first.hex().substr(0, 7) + " work in progress");
}

TEST_CASE("a token in a commit that was amended away is named by the reflog")
{
    Place place;
    const std::string secret = token(112);
    const Id root = place.repo.commit_files({{"a", "a\n"}}, {}, "Start");
    const Id leaked = place.repo.commit_files({{"a", "a\n"}, {"b", secret + "\n"}}, {root}, "Add b");
    const Id amended = place.repo.commit_files({{"a", "a\n"}, {"b", "clean\n"}}, {root}, "Add b");
    place.repo.ref("refs/heads/main", amended);
    place.repo.reflog("HEAD", {{zero_id(Hash::sha1), root, "commit (initial): Start"},
                               {root, leaked, "commit: Add b"},
                               {leaked, amended, "commit (amend): Add b"}});

    check_blob(place.only_finding(secret), blob_id(secret + "\n"),
               {.path = "b", .commit = leaked, .reachable = false, .refs = {"HEAD@{1}"}});
}

TEST_CASE("a token that was staged and never committed has the path of the index and no commit")
{
    Place place;
    const std::string secret = token(113);
    const Id first = place.repo.commit_files({{"a", "a\n"}}, {}, "Start");
    place.repo.ref("refs/heads/main", first);
    const Id staged = place.repo.blob(secret + "\n");
    place.repo.index({{"a", blob_id("a\n")}, {"config/new.env", staged}});

    check_blob(place.only_finding(secret), staged, {.path = "config/new.env", .reachable = false});
}

TEST_CASE("a token that was staged and then unstaged has neither path nor commit")
{
    Place place;
    const std::string secret = token(114);
    place.repo.ref("refs/heads/main", place.repo.commit_files({{"a", "a\n"}}, {}, "Start"));
    const Id dangling = place.repo.blob(secret + "\n");

    check_blob(place.only_finding(secret), dangling, {.reachable = false});
}

TEST_CASE("a token in a blob that a tag points at is named by the tag")
{
    for (const bool annotated : {false, true}) {
        CAPTURE(annotated);
        Place place;
        const std::string secret = token(115);
        place.repo.ref("refs/heads/main", place.repo.commit_files({{"a", "a\n"}}, {}, "Start"));
        const Id key = place.repo.blob("key: " + secret + "\n");
        place.repo.ref("refs/tags/key",
                       annotated ? place.repo.tag_object(key, Type::blob, "key", "The key of the build") : key);

        check_blob(place.only_finding(secret), key, {.refs = {"refs/tags/key"}});
    }
}

TEST_CASE("a token in a note is found in the tree of the notes")
{
    Place place;
    const std::string secret = token(116);
    const Id first = place.repo.commit_files({{"a", "a\n"}}, {}, "Start");
    place.repo.ref("refs/heads/main", first);
    const Id notes = place.repo.note(first, "deployed with " + secret);

    check_blob(place.only_finding(secret), blob_id("deployed with " + secret + "\n"),
               {.path = first.hex(), .commit = notes, .refs = {"refs/notes/commits"}});
}

}  // namespace r8scan::test
