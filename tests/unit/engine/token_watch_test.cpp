// Control::on_token: who watches a scan is told of each token as it is met, whatever is read.
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <r8scan/scan.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>

using namespace r8scan;
using test::RepoBuilder;
using test::TempDir;
using test::token;

namespace {

/// A scan that is watched. Nothing that is seen may come after the summary.
class Watched : public Sink {
public:
    Watched()
    {
        control.on_token = [this](const SeenToken& seen) {
            const std::lock_guard lock(m_mutex);
            m_is_late = m_is_late || m_is_over;
            m_seen.emplace(seen.token.reveal());
            m_rules.insert(seen.rule);
        };
    }
    Result<void> finding(const Finding& finding) override
    {
        const std::lock_guard lock(m_mutex);
        found.emplace(finding.secret->reveal());
        m_all_seen_before = m_all_seen_before && m_seen.contains(*found.rbegin());
        return {};
    }
    Result<void> summary(const Summary&) override
    {
        const std::lock_guard lock(m_mutex);
        m_is_over = true;
        return {};
    }

    /// That these tokens were seen and no other, each before it was found.
    void check_seen(std::initializer_list<std::uint64_t> seeds)
    {
        std::set<std::string> expected;
        for (const std::uint64_t seed : seeds) {
            expected.insert(token(seed));
        }
        CHECK(m_seen == expected);
        CHECK(found == expected);
        CHECK(m_all_seen_before);
        CHECK_FALSE(m_is_late);
        CHECK(m_rules == std::set<std::string>{"replicate-api-token"});
    }
    [[nodiscard]] const std::set<std::string>& seen() const { return m_seen; }

    Control control;
    std::set<std::string> found;

private:
    std::mutex m_mutex;
    std::set<std::string> m_seen;
    std::set<std::string> m_rules;
    bool m_is_over = false;
    bool m_is_late = false;
    bool m_all_seen_before = true;
};

std::string line(std::uint64_t seed)
{
    return "key = " + token(seed) + "\n";
}

}  // namespace

TEST_CASE("token watch: of a whole repository every place is told, in objects, names, refs and files beside them")
{
    const TempDir dir;
    RepoBuilder repo(dir / "repo");
    const auto first = repo.commit_files({{"a", line(1)}, {"dir-" + token(2) + "/b", "1\n"}}, {}, "with " + token(3));
    repo.ref("refs/heads/main", repo.commit_files({{"c", "2\n"}}, {first}, "gone"));
    repo.ref("refs/tags/t", repo.tag_object(first, test::Type::commit, "t", "tag " + token(4)));
    repo.ref("refs/heads/in-" + token(5), first);
    repo.config("[remote \"origin\"]\n\turl = https://x:" + token(6) + "@example.com/r\n");
    repo.file("untracked", test::base64("a text before it " + line(7)));
    Watched watched;
    ScanOptions options;
    options.repository = dir / "repo";
    options.worktree = true;
    options.threads = 2;
    REQUIRE(scan_repository(options, watched, watched.control));
    watched.check_seen({1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("token watch: of a range and of the index what they bring is told")
{
    const TempDir dir;
    RepoBuilder repo(dir / "repo");
    const auto first = repo.commit_files({{"a", line(1)}}, {}, "start");
    const auto second = repo.commit_files({{"a", line(1)}, {"b-" + token(2), line(3)}}, {first}, "more");
    repo.ref("refs/heads/main", second);
    Watched range;
    RangeScanOptions range_options;
    range_options.repository = dir / "repo";
    range_options.ranges = {first.hex() + ".." + second.hex()};
    REQUIRE(scan_range(range_options, range, range.control));
    range.check_seen({2, 3});

    repo.index({{"a", repo.blob(line(1))}, {"c", repo.blob(line(4))}});
    Watched staged;
    StagedScanOptions staged_options;
    staged_options.repository = dir / "repo";
    REQUIRE(scan_staged(staged_options, staged, staged.control));
    CHECK(staged.found == std::set<std::string>{token(4)});
    CHECK(staged.seen().contains(token(4)));
}

TEST_CASE("token watch: files and streams are told too, placeholders and what is below the least confidence are not")
{
    const std::string legacy = "REPLICATE_API_TOKEN=" + sha256_hex(as_bytes(std::string_view("old"))).substr(0, 40);
    const std::string placeholder = "r8_" + std::string(37, 'x');
    const std::string text = line(1) + legacy + "\n" + placeholder + "\n" + line(1);
    const TempDir dir;
    test::write_file(dir / "files/a", text);
    Watched files;
    FileScanOptions file_options;
    file_options.paths = {dir / "files"};
    file_options.show_placeholders = true;
    REQUIRE(scan_files(file_options, files, files.control));
    CHECK(files.seen() == std::set<std::string>{token(1)});
    CHECK(files.found == std::set<std::string>{token(1), placeholder});

    Watched stream;
    StreamScanOptions options;
    options.min_confidence = Confidence::low;
    std::string_view rest = text;
    const StreamReader reader = [&](std::span<std::byte> room) -> Result<std::size_t> {
        const std::size_t size = std::min(room.size(), rest.size());
        std::memcpy(room.data(), rest.data(), size);
        rest.remove_prefix(size);
        return size;
    };
    REQUIRE(scan_stream(options, reader, stream, stream.control));
    CHECK(stream.seen() == std::set<std::string>{token(1), legacy.substr(legacy.size() - 40)});
}

TEST_CASE("token watch: a stream in windows is told of while it still flows")
{
    constexpr std::size_t enough = 9U << 20U;  // more than one window
    Watched watched;
    StreamScanOptions options;
    options.max_object_size = 1U << 20U;
    std::size_t given = 0;
    bool was_seen = false;
    const StreamReader reader = [&](std::span<std::byte> room) -> Result<std::size_t> {
        if (given > 3 * enough) {
            was_seen = watched.seen().contains(token(1));  // this thread is the scan's
            return std::size_t{0};
        }
        std::memset(room.data(), '\n', room.size());
        if (given == 0) {
            const std::string first = line(1);
            std::memcpy(room.data(), first.data(), first.size());
        }
        given += room.size();
        return room.size();
    };
    REQUIRE(scan_stream(options, reader, watched, watched.control));
    CHECK(was_seen);
    watched.check_seen({1});
}

TEST_CASE("token watch: what is suppressed is told all the same, and nobody has to watch")
{
    const TempDir dir;
    test::write_file(dir / "files/a", "key = " + token(1) + "  # r8scan:allow\n");
    FileScanOptions options;
    options.paths = {dir / "files"};
    Watched watched;
    REQUIRE(scan_files(options, watched, watched.control));
    CHECK(watched.found.empty());
    CHECK(watched.seen() == std::set<std::string>{token(1)});

    Watched nobody;
    nobody.control.on_token = {};
    options.suppression.by_repository = false;
    REQUIRE(scan_files(options, nobody, nobody.control));
    CHECK(nobody.found == std::set<std::string>{token(1)});
}
