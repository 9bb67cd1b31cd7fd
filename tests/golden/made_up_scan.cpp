#include "tests/golden/made_up_scan.h"

#include "tests/support/tokens.h"

#include <memory>
#include <optional>

namespace r8scan::test {
namespace {

std::string id_of(char digit)
{
    return std::string(40, digit);
}

std::shared_ptr<const std::vector<std::string>> refs_of(std::vector<std::string> names)
{
    return std::make_shared<const std::vector<std::string>>(std::move(names));
}

void take_from_head(Finding& finding)
{
    finding.at_head = false;
    finding.head_path.reset();
    finding.head_line.reset();
}

/// What somebody would write who wants to fool the reader of a report.
Finding hostile_finding(const std::string& token)
{
    Finding finding = plain_finding(token, 'a');
    take_from_head(finding);
    finding.confidence = Confidence::medium;
    finding.why = "an underscore stands before it";
    finding.path = "caf\xe9/\x1b[2J\u202egpj.txt";
    finding.author = "Eve\n::error::\x9b";
    finding.subject = "\x1b]0;title\a done \u2066x";
    finding.removed_in = id_of('2');
    finding.removed_in_more = {id_of('3'), id_of('4')};
    finding.moved_to = "b\tc";
    finding.refs = nullptr;
    finding.link.reset();
    finding.at_or_before = true;
    finding.occurrences = 3;
    finding.encoding = {"zip", "base64"};
    return finding;
}

Finding unreachable_finding(const std::string& token)
{
    Finding finding = plain_finding(token, 'c');
    take_from_head(finding);
    finding.reachable = false;
    finding.refs = refs_of({"stash@{1}"});
    finding.verification = {"inactive", "2025-01-02T03:04:05Z", "the API answered 401"};
    finding.revocation = {"revoked", "2025-01-02T03:04:04Z", ""};
    return finding;
}

Finding message_finding(const std::string& token)
{
    Finding finding = plain_finding(token, 'c');
    finding.kind = "commit";
    finding.object = *finding.commit;
    finding.path.reset();
    finding.head_path.reset();
    finding.head_line.reset();
    return finding;
}

Finding staged_finding(const std::string& token)
{
    Finding finding = unreachable_finding(token);
    finding.path.reset();
    finding.commit = finding.author = finding.email = finding.date = finding.subject = std::nullopt;
    finding.refs = nullptr;
    finding.link.reset();
    return finding;
}

Finding unattributed_placeholder(const std::string& token)
{
    Finding finding = staged_finding(token);
    finding.attributed = false;
    finding.token_sha256 = std::string(64, 'd');
    finding.placeholder = true;
    return finding;
}

}  // namespace

Finding plain_finding(const std::string& token, char sha)
{
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.secret = std::make_shared<const Secret>(token);
    finding.token_sha256 = std::string(64, sha);
    finding.kind = "blob";
    finding.path = "src/app.py";
    finding.position = {12, 9, 12, 49, 301};
    finding.object = id_of('b');
    finding.commit = id_of('1');
    finding.author = "Ada Example";
    finding.email = "ada@example.org";
    finding.date = "2024-05-06T10:11:12+02:00";
    finding.subject = "Add the app";
    finding.attributed = true;
    finding.at_head = true;
    finding.head_path = "src/app.py";
    finding.head_line = 14;
    finding.refs = refs_of({"HEAD", "refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1.0", "refs/x/y"});
    finding.link = "https://example.org/a/b/blob/1111/src/app.py#L12";
    finding.repository = "https://example.org/a/b.git";
    finding.fingerprint = "replicate-api-token:0123456789abcdef";
    return finding;
}

std::vector<Finding> made_up_findings()
{
    std::vector<Finding> all{plain_finding(token(1), 'a'), hostile_finding(token(1)), unreachable_finding(token(2)),
                             message_finding(token(2)), staged_finding(token(2))};
    // More places than the text report lists.
    for (unsigned i = 0; i < 9; ++i) {
        Finding copy = plain_finding(token(2), 'c');
        take_from_head(copy);
        copy.path = "copies/" + std::to_string(i) + ".py";
        copy.removed_in = id_of('5');
        copy.removed_date = "2024-06-07T08:09:10+02:00";
        copy.refs = nullptr;
        all.push_back(copy);
    }
    all.push_back(unattributed_placeholder(token(3)));
    return all;
}

Summary made_up_summary()
{
    Summary summary;
    summary.findings = 14;
    summary.tokens = 2;
    summary.placeholders = 1;
    summary.places_not_listed = 1200;
    summary.objects = {1234567, 1234566, 800, 300, 5, 1233462, 0};
    summary.bytes = 12345678;
    summary.skipped = {{"damaged object", 4, {"9ab3: zlib: incorrect header", "9ab4: \x1b[31m"}, "git fsck names it"},
                       {"missing object", 1, {"77aa: named by commit 1111"}, ""}};
    summary.unopened = {{"encrypted zip", 1, {"b.zip"}, ""}};
    summary.notes = {"history is cut off at 3 commits: this is a shallow clone"};
    summary.connectivity = "full";
    summary.complete = false;
    summary.exit_code = 3;
    summary.elapsed_ms = 640;
    summary.version = "0.1.0";
    summary.patterns = "3c7309826e2e3371";
    return summary;
}

Summary clean_summary()
{
    Summary summary;
    summary.objects = {1234, 1234, 800, 300, 4, 130, 0};
    summary.bytes = 12345678;
    summary.connectivity = "roots";
    summary.version = "0.1.0";
    summary.patterns = "3c7309826e2e3371";
    return summary;
}

}  // namespace r8scan::test
