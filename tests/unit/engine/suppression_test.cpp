// What may stay: which marks and files count in which scan, what they cannot do, and that nothing goes unnamed.
#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace r8scan;

namespace {

const std::string token = test::token(1);
const std::string key = "key = " + token;

struct Collector : Sink {
    Result<void> finding(const Finding& finding) override
    {
        result.findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary& summary) override
    {
        result.summary = summary;
        return {};
    }
    test::ScanResult result;
};

// One scan of each kind that takes options and a sink.
template <typename Options>
test::ScanResult scan_with(Result<Summary> (*scan)(const Options&, Sink&, Control&), const Options& options)
{
    Collector sink;
    Control control;
    const auto done = scan(options, sink, control);
    REQUIRE_MESSAGE(done.ok(), (done ? "" : done.error().message()));
    return sink.result;
}

ScanOptions whole(const test::RepoBuilder& repo)
{
    ScanOptions options;
    options.repository = repo.dir();
    options.suppression.today = "2026-06-15";
    return options;
}

RangeScanOptions range(const test::RepoBuilder& repo, const test::Id& from, const test::Id& to)
{
    RangeScanOptions options;
    options.repository = repo.dir();
    options.include = {to.hex()};
    options.exclude = {from.hex()};
    return options;
}

test::ScanResult scan(const ScanOptions& options) { return scan_with(scan_repository, options); }
test::ScanResult scan(const RangeScanOptions& options) { return scan_with(scan_range, options); }
test::ScanResult scan(const FileScanOptions& options) { return scan_with(scan_files, options); }

// A repository of one commit.
struct Single {
    explicit Single(const test::Files& files) : repo(folder / "repo")
    {
        head = repo.commit_files(files, {}, "all");
        repo.ref("refs/heads/main", head);
    }
    test::TempDir folder;
    test::RepoBuilder repo;
    test::Id head;
};

bool has_note(const test::ScanResult& result, std::string_view part)
{
    const auto& notes = result.summary.notes;
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

void check_all_suppressed(const test::ScanResult& result, std::string_view by)
{
    CHECK(result.findings.empty());
    CHECK(result.summary.findings == 0);
    CHECK(result.summary.exit_code == 0);
    CHECK(result.summary.suppressed == 1);
    REQUIRE(result.summary.suppressed_findings.size() == 1);
    CHECK(result.summary.suppressed_findings.front().why.by == by);
    CHECK(result.summary.suppressed_findings.front().redacted == test::redacted(token));
    CHECK(result.summary.suppressed_findings.front().place.find(token) == std::string::npos);
}

void check_reported(const test::ScanResult& result)
{
    CHECK(result.findings.size() == 1);
    CHECK(result.summary.exit_code == 1);
    CHECK(result.summary.suppressed == 0);
}

}  // namespace

TEST_CASE("suppression: an inline mark on the token's line lets it stay, and its reason is told")
{
    const Single at({{"a.py", key + "  # r8scan:allow made for the tests\n"}});
    const auto result = scan(whole(at.repo));
    check_all_suppressed(result, "inline mark");
    CHECK(result.summary.suppressed_findings.front().why.reason == "made for the tests");
    CHECK(result.summary.suppressed_findings.front().place.starts_with("a.py:1 in commit "));
}

TEST_CASE("suppression: a mark on another line says nothing")
{
    check_reported(scan(whole(Single({{"a.py", "# r8scan:allow\n" + key + "\n# r8scan:allow\n"}}).repo)));
}

TEST_CASE("suppression: of a token on two lines both must be marked, and the one without a mark is reported")
{
    const Single one({{"a.py", key + "  # r8scan:allow\n" + key + "\n"}});
    const auto result = scan(whole(one.repo));
    check_reported(result);
    CHECK(result.findings.front().position.line == 2);
    check_all_suppressed(scan(whole(Single({{"a.py", key + "  # r8scan:allow\n" + key + " gitleaks:allow\n"}}).repo)),
                         "inline mark");
}

TEST_CASE("suppression: another token on a marked line is meant too, one on the next line is not")
{
    const Single at({{"a.py", token + ' ' + test::token(2) + "  # r8scan:allow\n" + test::token(3) + "\n"}});
    const auto result = scan(whole(at.repo));
    CHECK(result.summary.suppressed == 2);
    REQUIRE(result.findings.size() == 1);
    CHECK(test::found(result, test::token(3)));
}

TEST_CASE("suppression: a mark in UTF-16 text is read")
{
    std::string wide;
    for (const char c : key + "  # r8scan:allow why\n") {
        wide += c;
        wide += '\0';
    }
    const auto result = scan(whole(Single({{"a.txt", "\xff\xfe" + wide}}).repo));
    check_all_suppressed(result, "inline mark");
    CHECK(result.summary.suppressed_findings.front().why.reason == "why");
}

TEST_CASE("suppression: many tokens on one long line cost one look at it")
{
    std::string line = "r8scan:allow ";
    for (std::uint64_t i = 1; i <= 3000; ++i) {
        line += test::token(i) + ' ' + std::string(500, '-') + ' ';
    }
    const Single at({{"a.js", line}});
    auto options = whole(at.repo);
    const auto result = test::collect_within(std::chrono::seconds(60), options);
    CHECK(result.findings.empty());
    CHECK(result.summary.suppressed == 3000);
}

TEST_CASE("suppression: a mark that stands at HEAD lets the whole finding stay, whatever the first commit said")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a.py", key + "\n"}}, {}, "leak");
    const auto second = repo.commit_files({{"a.py", key + "  # r8scan:allow\n"}}, {first}, "mark");
    repo.ref("refs/heads/main", second);
    check_all_suppressed(scan(whole(repo)), "inline mark");
}

TEST_CASE("suppression: a mark that HEAD has not any more says nothing")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a.py", key + "  # r8scan:allow\n"}}, {}, "leak");
    const auto second = repo.commit_files({{"a.py", key + "\n"}}, {first}, "unmark");
    repo.ref("refs/heads/main", second);
    check_reported(scan(whole(repo)));
}

TEST_CASE("suppression: of a token that HEAD has not any more the mark counts with which it came in")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a.py", key + "  # r8scan:allow\n"}}, {}, "leak");
    const auto second = repo.commit_files({{"a.py", "\n"}}, {first}, "take out");
    repo.ref("refs/heads/main", second);
    check_all_suppressed(scan(whole(repo)), "inline mark");
}

TEST_CASE("suppression: a mark survives the delta rule")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo", {test::Hash::sha1, false, test::Storage::pack});
    test::Rng rng(5);
    const auto body = test::random_text(rng, 5000);
    const auto first = repo.commit_files({{"a.py", body + key + "\n" + body}}, {}, "leak");
    const auto second = repo.commit_files({{"a.py", body + key + "  # r8scan:allow\n" + body}}, {first}, "mark");
    repo.ref("refs/heads/main", second);
    test::PackLayout layout;
    repo.flush(layout);
    auto options = whole(repo);
    check_all_suppressed(scan(options), "inline mark");
    options.delta_rule = false;
    check_all_suppressed(scan(options), "inline mark");
}

TEST_CASE("suppression: a mark in a file's name says nothing")
{
    check_reported(scan(whole(Single({{token + " r8scan:allow.txt", "x\n"}}).repo)));
}

TEST_CASE("suppression: a reason that holds a token is told without it")
{
    const Single at({{"a.py", token + "  # r8scan:allow like " + test::token(2) + "\n"}});
    const auto result = scan(whole(at.repo));
    REQUIRE(result.summary.suppressed_findings.size() == 2);
    for (const auto& suppressed : result.summary.suppressed_findings) {
        CHECK(suppressed.why.reason.find(test::token(2)) == std::string::npos);
        CHECK(suppressed.why.reason.starts_with("like "));
    }
}

TEST_CASE("suppression: the ignore files that count are those of HEAD")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{".r8scanignore", "a.py\n"}, {"a.py", key + "\n"}}, {}, "leak");
    const auto second = repo.commit_files({{"a.py", key + "\n"}}, {first}, "no file any more");
    repo.ref("refs/heads/main", first);
    check_all_suppressed(scan(whole(repo)), "ignore file");
    repo.ref("refs/heads/main", second);
    check_reported(scan(whole(repo)));
    repo.file(".r8scanignore", "a.py\n");  // of the work tree
    check_reported(scan(whole(repo)));
}

TEST_CASE("suppression: all three files are read at the root and nowhere else")
{
    check_all_suppressed(scan(whole(Single({{".r8scan.toml", "[[ignore]]\npath = \"a.py\"\n"}, {"a.py", key + "\n"}}).repo)),
                         "repository configuration");
    check_all_suppressed(scan(whole(Single({{".gitleaksignore", "a.py:generic-api-key:1\n"}, {"a.py", key + "\n"}}).repo)),
                         "gitleaks ignore file");
    check_reported(scan(whole(Single({{"sub/.r8scanignore", "*\n"}, {"a.py", key + "\n"}}).repo)));
}

TEST_CASE("suppression: a second token in an ignored place by fingerprint is a new finding")
{
    const Single plain({{"a.py", key + "\n"}});
    const auto fingerprint = scan(whole(plain.repo)).findings.front().fingerprint;
    const Single at({{".r8scanignore", fingerprint + "\n"}, {"a.py", key + "\n" + test::token(2) + "\n"}});
    const auto result = scan(whole(at.repo));
    CHECK(result.summary.suppressed == 1);
    CHECK(test::found(result, test::token(2)));
    CHECK_FALSE(test::found(result, token));
}

TEST_CASE("suppression: expired and stale lines are named in a scan of everything")
{
    const Single at({{".r8scanignore", "a.py until=2026-06-14\nb.py\n"}, {"a.py", key + "\n"}});
    const auto result = scan(whole(at.repo));
    check_reported(result);
    CHECK(has_note(result, ".r8scanignore:1: expired on 2026-06-14"));
    CHECK(has_note(result, ".r8scanignore:2: matches nothing that was found: \"b.py\""));
}

TEST_CASE("suppression: without a date given, the clock's counts")
{
    const Single past({{".r8scanignore", "a.py until=2020-01-01\n"}, {"a.py", key + "\n"}});
    auto options = whole(past.repo);
    options.suppression.today.clear();
    check_reported(scan(options));
    const Single future({{".r8scanignore", "a.py until=9998-01-01\n"}, {"a.py", key + "\n"}});
    options = whole(future.repo);
    options.suppression.today.clear();
    check_all_suppressed(scan(options), "ignore file");
}

TEST_CASE("suppression: ignore files that are too large, binary, links or folders are not read, and named")
{
    check_reported(scan(whole(Single({{".r8scanignore", std::string("a.py\n\0", 6)}, {"a.py", key + "\n"}}).repo)));
    const Single large({{".r8scanignore", "a.py\n" + std::string(1U << 20U, '#')}, {"a.py", key + "\n"}});
    const auto too_large = scan(whole(large.repo));
    check_reported(too_large);
    CHECK(has_note(too_large, ".r8scanignore: not read: is larger than 1 MiB"));
    const Single link({{".r8scanignore", {"list", test::mode_symlink}}, {"list", "a.py\n"}, {"a.py", key + "\n"}});
    const auto linked = scan(whole(link.repo));
    check_reported(linked);
    CHECK(has_note(linked, ".r8scanignore: not read: is no regular file"));
    check_reported(scan(whole(Single({{".r8scanignore/a.py", "x\n"}, {"a.py", key + "\n"}}).repo)));
}

TEST_CASE("suppression: a stranger's word can be refused altogether")
{
    const Single at({{".r8scanignore", "a.py\n"},
                     {".r8scan.toml", "[[ignore]]\npath = \"*\"\n"},
                     {".gitleaksignore", "a.py:generic-api-key:1\n"},
                     {"a.py", key + "  # r8scan:allow\n"}});
    auto options = whole(at.repo);
    options.suppression.by_repository = false;
    const auto result = scan(options);
    check_reported(result);
    CHECK(result.summary.notes.empty());
}

TEST_CASE("suppression: what an earlier report has is left out, and its file named")
{
    const Single at({{"a.py", key + "\n" + test::token(2) + "\n"}});
    const auto known = scan(whole(at.repo));
    const auto& first = known.findings.front();
    const auto file = at.folder / "baseline.jsonl";
    test::write_file(file, R"({"type":"finding","fingerprint":")" + first.fingerprint + "\"}\n");
    auto options = whole(at.repo);
    options.suppression.baselines = {file};
    options.suppression.by_repository = false;
    const auto result = scan(options);
    CHECK(result.findings.size() == 1);
    REQUIRE(result.summary.suppressed_findings.size() == 1);
    CHECK(result.summary.suppressed_findings.front().fingerprint == first.fingerprint);
    CHECK(result.summary.suppressed_findings.front().why.by == "baseline");
    CHECK(result.summary.suppressed_findings.front().why.origin == file.string());
}

TEST_CASE("suppression: a baseline that cannot be read keeps every scan from starting")
{
    const Single at(test::Files{{"a.py", "x\n"}});
    auto options = whole(at.repo);
    options.suppression.baselines = {at.folder / "none.json"};
    const auto error = test::collect_error(options);
    CHECK(error.code() == ErrorCode::usage);
    CHECK(error.message().starts_with("baseline: "));
}

TEST_CASE("suppression: HEAD decides about a range too, though the range does not hold it")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    const auto marked = repo.commit_files({{"x", "1\n"}, {"a.py", key + "  # r8scan:allow ours\n"}}, {base}, "on main");
    const auto side = repo.commit_files({{"x", "2\n"}, {"a.py", key + "\n"}}, {base}, "on a branch");
    repo.ref("refs/heads/main", marked);
    repo.ref("refs/heads/side", side);
    check_all_suppressed(scan(range(repo, base, side)), "inline mark");
    repo.ref("refs/heads/main", base);
    check_reported(scan(range(repo, base, side)));
}

TEST_CASE("suppression: a range heeds the marks that its commits bring, a push to a server does not")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    const auto pushed = repo.commit_files({{"x", "1\n"}, {"a.py", key + "  # r8scan:allow\n"}}, {base}, "leak");
    repo.ref("refs/heads/main", base);
    check_all_suppressed(scan(range(repo, base, pushed)), "inline mark");
    auto received = range(repo, base, pushed);
    received.marks_at_head_only = true;
    check_reported(scan(received));
}

TEST_CASE("suppression: a push to a server is allowed what HEAD there allows")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    const auto marked = repo.commit_files({{"x", "1\n"}, {"a.py", key + "  # r8scan:allow\n"}}, {base}, "on main");
    const auto pushed = repo.commit_files({{"x", "2\n"}, {"a.py", key + "\n"}}, {base}, "on a branch");
    repo.ref("refs/heads/main", marked);
    auto received = range(repo, base, pushed);
    received.marks_at_head_only = true;
    check_all_suppressed(scan(received), "inline mark");
}

TEST_CASE("suppression: the ignore files that a push brings do not count for it")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    const auto pushed =
        repo.commit_files({{"x", "1\n"}, {".r8scanignore", "a.py\n"}, {"a.py", key + "\n"}}, {base}, "leak");
    repo.ref("refs/heads/main", base);
    check_reported(scan(range(repo, base, pushed)));
    repo.ref("refs/heads/main", pushed);
    check_all_suppressed(scan(range(repo, base, pushed)), "ignore file");
}

TEST_CASE("suppression: a mark in a commit's message counts, but not for a push to a server")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    const auto pushed = repo.commit_files({{"x", "2\n"}}, {base}, "uses " + token + " r8scan:allow\n");
    repo.ref("refs/heads/main", base);
    check_all_suppressed(scan(range(repo, base, pushed)), "inline mark");
    auto received = range(repo, base, pushed);
    received.marks_at_head_only = true;
    check_reported(scan(received));
}

TEST_CASE("suppression: staged files are held against the index's own files and marks")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto base = repo.commit_files({{"x", "1\n"}}, {}, "base");
    repo.ref("refs/heads/main", base);
    StagedScanOptions options;
    options.repository = repo.dir();
    const auto plain = repo.blob(key + "\n");
    repo.index({{"a.py", plain}});
    check_reported(scan_with(scan_staged, options));
    repo.index({{"a.py", plain}, {".r8scanignore", repo.blob("a.py\n")}});
    check_all_suppressed(scan_with(scan_staged, options), "ignore file");
    repo.index({{"a.py", repo.blob(key + "  # r8scan:allow\n")}});
    check_all_suppressed(scan_with(scan_staged, options), "inline mark");
    options.suppression.by_repository = false;
    check_reported(scan_with(scan_staged, options));
}

TEST_CASE("suppression: a scan of folders reads the files that lie in them")
{
    const test::TempDir folder;
    test::write_file(folder / "src/a.py", key + "\n");
    test::write_file(folder / "src/deep/b.py", test::token(2) + "\n");
    test::write_file(folder / "src/.r8scanignore", "/a.py\ndeep/\ngone.py\n");
    FileScanOptions options;
    options.paths = {folder / "src"};
    const auto result = scan(options);
    CHECK(result.findings.empty());
    CHECK(result.summary.suppressed == 2);
    CHECK(has_note(result, "src/.r8scanignore:3: matches nothing that was found"));
    options.suppression.by_repository = false;
    CHECK(scan(options).findings.size() == 2);
}

TEST_CASE("suppression: a link in place of an ignore file is not followed")
{
    const test::TempDir folder;
    test::write_file(folder / "src/a.py", key + "\n");
    test::write_file(folder / "list", "a.py\nsome private line\n");
    std::filesystem::create_symlink("../list", folder / "src/.r8scanignore");
    FileScanOptions options;
    options.paths = {folder / "src"};
    const auto result = scan(options);
    check_reported(result);
    CHECK(has_note(result, "src/.r8scanignore: not read: is no regular file"));
    CHECK_FALSE(has_note(result, "private"));
}

TEST_CASE("suppression: streams know marks and baselines")
{
    StreamScanOptions options;
    CHECK(test::collect(options, key + "  # r8scan:allow\n").findings.empty());
    const auto known = test::collect(options, key + "\n");
    REQUIRE(known.findings.size() == 1);
    const test::TempDir folder;
    test::write_file(folder / "b.jsonl", R"({"type":"finding","fingerprint":")" + known.findings.front().fingerprint + "\"}\n");
    options.suppression.baselines = {folder / "b.jsonl"};
    CHECK(test::collect(options, key + "\n").findings.empty());
}

TEST_CASE("suppression: what is accepted about one object is told as a note and does not count")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto lost = repo.blob("lost\n");
    const auto head = repo.commit(repo.tree({{test::mode_file, "a", lost}}), {}, "all");
    repo.ref("refs/heads/main", head);
    std::filesystem::remove(repo.loose_path(lost));
    test::write_file(repo.loose_path(lost), "no object\n");
    auto options = whole(repo);
    CHECK(scan(options).summary.exit_code == 3);
    options.accepted = {{lost.hex(), "known to be damaged", "config.toml:1"}};
    const auto result = scan(options);
    CHECK_MESSAGE(result.summary.exit_code == 0, test::skips(result.summary));
    CHECK(has_note(result, "accepted: object " + lost.hex() + ": known to be damaged (config.toml:1)"));
    options.accepted = {{std::string(40, 'e'), "another", "config.toml:1"}};
    CHECK(scan(options).summary.exit_code == 3);
}
