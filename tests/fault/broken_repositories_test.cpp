// Repositories that lack something: never "clean" of what was not read, and always a word about the way out.
//
// An error is for what keeps a scan from starting; everything else is a skip and exit code 3, with what could be read
// still scanned.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

Error error_for(const fs::path& path)
{
    ScanOptions options;
    options.repository = path;
    return collect_error(options);
}

bool names(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// An incomplete scan: exit 3 and at least one skip.
ScanResult incomplete(const ScanOptions& options)
{
    ScanResult result = collect(options);
    CHECK(result.summary.exit_code == 3);
    CHECK_FALSE(result.summary.complete);
    CHECK_FALSE(result.summary.skipped.empty());
    for (const Skip& skip : result.summary.skipped) {
        CHECK_FALSE(skip.reason.empty());
        CHECK(skip.count > 0);
        CHECK(skip.examples.size() <= 10);
    }
    return result;
}

ScanResult incomplete(const fs::path& repository)
{
    ScanOptions options;
    options.repository = repository;
    return incomplete(options);
}

/// Whether some way out has these words.
bool way_out_names(const ScanResult& result, const std::string& words)
{
    return std::any_of(result.summary.skipped.begin(), result.summary.skipped.end(),
                       [&](const Skip& skip) { return names(skip.way_out, words); });
}

/// Whether the skip of missing objects names this one.
bool says_missing(const ScanResult& result, const Id& id)
{
    const Skip* skip = skip_of(result, "missing object");
    return skip != nullptr && std::any_of(skip->examples.begin(), skip->examples.end(),
                                          [&](const std::string& example) { return names(example, id.hex()); });
}

}  // namespace

TEST_CASE("a folder that is no repository is an error that names it")
{
    const TempDir temp;
    const Error error = error_for(temp.path());
    CHECK(error.code() == ErrorCode::not_found);
    CHECK_MESSAGE(names(error.message(), '"' + temp.path().string() + '"'), error.message());
    CHECK_MESSAGE(names(error.message(), "repository"), error.message());
}

TEST_CASE("a path that does not exist is an error that names it")
{
    const TempDir temp;
    const Error error = error_for(temp / "nothing");
    CHECK(error.code() == ErrorCode::not_found);
    CHECK_MESSAGE(names(error.message(), '"' + (temp / "nothing").string() + '"'), error.message());
}

TEST_CASE("a gitfile that leads nowhere is an error that names where it leads")
{
    const TempDir temp;
    write_gitfile(temp / "tree", temp / "gone");
    const Error error = error_for(temp / "tree");
    CHECK(error.code() == ErrorCode::not_found);
    CHECK_MESSAGE(names(error.message(), (temp / "gone").string()), error.message());
}

TEST_CASE("an empty repository is read in full and clean")
{
    const TempDir temp;
    for (const bool bare : {false, true}) {
        const RepoBuilder repo(temp / (bare ? "bare" : "tree"), {.bare = bare});
        const ScanResult result = collect(repo.dir());
        CHECK_MESSAGE(result.summary.exit_code == 0, skips(result.summary));
        CHECK(result.summary.complete);
        CHECK(result.summary.objects.listed == 0);
        CHECK(result.findings.empty());
    }
}

TEST_CASE("a repository with refs and no objects is incomplete")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const Id gone = made_up_id(Hash::sha1, 1);
    repo.ref("refs/heads/main", gone);
    CHECK(says_missing(incomplete(repo.dir()), gone));
}

TEST_CASE("a corrupt HEAD is said, and everything else is read")
{
    for (const std::string content : {"", "garbage\n", "ref: \n", "ref: ../../outside\n", "0123\n"}) {
        CAPTURE(content);
        const TempDir temp;
        RepoBuilder repo(temp / "repo");
        const std::string secret = token(601);
        const Id first = repo.commit_files({{"a", secret + "\n"}}, {}, "Start");
        repo.ref("refs/heads/main", first);
        write_file(repo.git_dir() / "HEAD", content);

        const ScanResult result = incomplete(repo.dir());
        CHECK_MESSAGE(names(skips(result.summary), "HEAD"), skips(result.summary));
        const std::vector<Finding> findings = findings_of(result, secret);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].commit == first.hex());
        CHECK_FALSE(findings[0].at_head);
    }
}

TEST_CASE("a HEAD on a branch without commits is sound")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const std::string secret = token(602);
    repo.ref("refs/heads/other", repo.commit_files({{"a", secret + "\n"}}, {}, "Start"));
    const ScanResult result = collect(repo.dir());
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(found(result, secret));
}

TEST_CASE("a shallow clone is incomplete and says how to fetch the rest")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const std::string secret = token(603);
    const Id lost = repo.commit_files({{"a", "a\n"}}, {}, "Not fetched");
    const Id boundary = repo.commit_files({{"a", "a\n"}, {"b", secret + "\n"}}, {lost}, "Boundary");
    const Id tip = repo.commit_files({{"a", "a\n"}, {"b", "clean\n"}}, {boundary}, "Tip");
    repo.ref("refs/heads/main", tip);
    repo.shallow({boundary});
    repo.remove_object(lost);

    const ScanResult result = incomplete(repo.dir());
    CHECK_MESSAGE(way_out_names(result, "git fetch --unshallow"), skips(result.summary));
    const std::vector<Finding> findings = findings_of(result, secret);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].commit == boundary.hex());
    CHECK(findings[0].at_or_before);
    CHECK(findings[0].removed_in == tip.hex());
}

TEST_CASE("a partial clone that lacks a blob is incomplete and says how to fetch it")
{
    for (const bool with_token : {true, false}) {
        CAPTURE(with_token);
        const TempDir temp;
        RepoBuilder repo(temp / "repo", {.storage = Storage::pack});
        const std::string secret = token(604);
        const Id missing = object_id(Hash::sha1, Type::blob, "never fetched\n");
        const Id here = repo.blob(with_token ? secret : "clean\n");
        const Id tip = repo.commit(repo.tree({{mode_file, "here", here}, {mode_file, "there", missing}}), {}, "Tip");
        repo.ref("refs/heads/main", tip);
        repo.partial_clone(repo.flush());

        const ScanResult result = incomplete(repo.dir());
        CHECK_MESSAGE(way_out_names(result, "git fetch"), skips(result.summary));
        CHECK(found(result, secret) == with_token);
    }
}

TEST_CASE("a missing commit, tree or tagged object is named")
{
    for (const std::string what : {"parent", "tree", "tagged"}) {
        CAPTURE(what);
        const TempDir temp;
        RepoBuilder repo(temp / "repo");
        const std::string secret = token(605);
        const Id tagged = repo.blob("tagged\n");
        const Id parent = repo.commit_files({{"a", "a\n"}}, {}, "Parent");
        const Id tree = repo.tree_from_paths({{"a", secret + "\n"}});
        repo.ref("refs/heads/main", repo.commit(tree, {parent}, "Tip"));
        repo.ref("refs/tags/thing", repo.tag_object(tagged, Type::blob, "thing", "A tag"));
        const Id lost = what == "parent" ? parent : what == "tree" ? tree : tagged;
        repo.remove_object(lost);

        const ScanResult result = incomplete(repo.dir());
        CHECK_MESSAGE(says_missing(result, lost), skips(result.summary));
        CHECK(found(result, secret));
    }
}

TEST_CASE("a loose object with bytes behind its end is read, and named as damaged")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const std::string secret = token(606);
    const Id blob = repo.blob(secret + "\n");
    repo.ref("refs/heads/main", repo.commit_files({{"a", "a\n"}}, {}, "Start"));
    const auto file = repo.loose_path(blob);
    const std::string sound = read_file(file);
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    write_file(file, sound + "garbage");

    const ScanResult result = incomplete(repo.dir());
    CHECK(found(result, secret));
    const Skip* skip = skip_of(result, "damaged object");
    REQUIRE_MESSAGE(skip != nullptr, skips(result.summary));
    CHECK(skip->count == 1);
    CHECK(names(skip->examples.at(0), blob.hex()));

    write_file(file, sound);
    CHECK(collect(repo.dir()).summary.exit_code == 1);
}

TEST_CASE("a missing blob is named where the trees are read")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const Id lost = repo.blob("lost\n");
    repo.ref("refs/heads/main", repo.commit(repo.tree({{mode_file, "lost", lost}}), {}, "Tip"));
    repo.remove_object(lost);

    ScanOptions options;
    options.repository = repo.dir();
    options.verify_objects = true;
    const ScanResult verified = incomplete(options);
    CHECK(says_missing(verified, lost));
    CHECK(verified.summary.connectivity == "full");

    const std::string secret = token(606);  // a hit makes the trees be read without being asked
    repo.ref("refs/heads/leak", repo.commit_files({{"a", secret + "\n"}}, {}, "Leak"));
    const ScanResult result = incomplete(repo.dir());
    CHECK(says_missing(result, lost));
    CHECK(found(result, secret));
}

TEST_CASE("a submodule's commit is no missing object")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const std::string secret = token(607);
    const Id elsewhere = made_up_id(Hash::sha1, 2);
    repo.ref(
        "refs/heads/main",
        repo.commit(repo.tree({{mode_file, "a", repo.blob(secret)}, {mode_submodule, "sub", elsewhere}}), {}, "Tip"));
    const ScanResult result = collect(repo.dir());
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(found(result, secret));
}

}  // namespace r8scan::test
