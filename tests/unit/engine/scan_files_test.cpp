// Scans of files and of streams from end to end: what is found, where, and what is said of the rest.
#include "tests/support/archives.h"
#include "tests/support/scan_helper.h"
#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/unprivileged.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace fs = std::filesystem;
using namespace r8scan;
using test::collect;
using test::write_file;

namespace {

constexpr std::size_t window = 8U << 20U;  // as the engine cuts a stream

FileScanOptions files(const fs::path& path)
{
    FileScanOptions options;
    options.paths = {path};
    return options;
}

StreamScanOptions in_windows()
{
    StreamScanOptions options;
    options.max_object_size = 1;
    return options;
}

/// "path:line:column@offset xN kind" of each finding, without the test's folder.
std::vector<std::string> places(const test::ScanResult& result, const fs::path& folder = {})
{
    std::vector<std::string> lines;
    for (const auto& f : result.findings) {
        auto path = f.path.value_or("-");
        if (!folder.empty() && path.starts_with(folder.native() + '/')) {
            path.erase(0, folder.native().size() + 1);
        }
        lines.push_back(fmt::format("{}:{}:{}@{} x{} {}", path, f.position.line, f.position.column, f.position.offset,
                                    f.occurrences, f.kind));
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("files: findings come by path and place, one for each token and path")
{
    const test::TempDir dir;
    const auto a = test::token(1);
    const auto b = test::token(2);
    write_file(dir / "z.txt", "x\n" + b + "\n" + a + "\n" + b + "\n");
    write_file(dir / "a/b.txt", "key = " + a + "\n");
    write_file(dir / "empty", "");
    fs::create_symlink("https://x/?t=" + a, dir / "link");
    const auto result = collect(files(dir.path()));
    CHECK(places(result, dir.path()) ==
          Lines{"a/b.txt:1:7@6 x1 file", "link:1:14@13 x1 symlink", "z.txt:2:1@2 x2 file", "z.txt:3:1@43 x1 file"});
    const auto& first = result.findings.front();
    CHECK_FALSE(first.attributed);
    CHECK(first.object.empty());
    CHECK(first.repository.empty());
    CHECK(first.fingerprint.starts_with("replicate-api-token:"));
    CHECK(result.summary.exit_code == 1);
    CHECK(result.summary.findings == 4);
    CHECK(result.summary.tokens == 2);
    CHECK(result.summary.objects.files == 3);
    CHECK(result.summary.objects.symlinks == 1);
    CHECK(result.summary.objects.scanned == 4);
    CHECK(result.summary.complete);
}

TEST_CASE("files: the surest place stands for all, placeholders are counted, low confidence is not told")
{
    const test::TempDir dir;
    const auto token = test::token(1);
    write_file(dir / "a", "FAKE_" + token + "\n" + token + "\n" + "r8_" + std::string(37, 'x') + "\n");
    auto options = files(dir / "a");
    auto result = collect(options);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].confidence == Confidence::high);
    CHECK(result.findings[0].position.line == 2);
    CHECK(result.findings[0].occurrences == 2);
    CHECK(result.summary.placeholders == 1);
    options.show_placeholders = true;
    result = collect(options);
    CHECK(result.findings.size() == 2);
    CHECK(result.summary.findings == 1);
    options.min_confidence = Confidence::high;
    CHECK(collect(options).findings[0].occurrences == 1);
}

TEST_CASE("files: containers in a folder are opened, and the path says where inside")
{
    const test::TempDir dir;
    const auto token = test::token(3);
    write_file(dir / "a.zip", test::archive_of({{"in/b.txt", "one\n" + token + "\n"}}, "zip"));
    write_file(dir / "c.log.gz", test::gzipped(token));
    const auto result = collect(files(dir.path()));
    REQUIRE(result.findings.size() == 2);
    CHECK(result.findings[0].path == (dir / "a.zip").native() + "!in/b.txt");
    CHECK(result.findings[0].position.line == 2);
    CHECK(result.findings[0].encoding == std::vector<std::string>{"zip"});
    CHECK(result.findings[1].encoding == std::vector<std::string>{"gzip"});
}

TEST_CASE("files: a container larger than what is held in memory is named, and the rest of the file is read")
{
    const test::TempDir dir;
    const auto token = test::token(4);
    const auto zip = test::archive_of({{"in", token}}, "zip");
    write_file(dir / "a.zip", zip);
    auto options = files(dir.path());
    options.max_object_size = zip.size();
    CHECK(collect(options).findings.size() == 1);
    options.max_object_size = zip.size() - 1;
    const auto result = collect(options);
    CHECK(result.findings.empty());
    CHECK(result.summary.exit_code == 3);
    CHECK(test::skip_of(result, "content over a limit") != nullptr);
}

TEST_CASE("files: the same for one thread and for many")
{
    const test::TempDir dir;
    test::Rng rng(7);
    for (int i = 0; i < 300; ++i) {
        auto text = test::random_text(rng, rng.below(20000));
        if (rng.chance(40)) {
            text += "\n" + test::token(rng.below(20)) + "\n";
        }
        if (rng.chance(5)) {
            text = test::gzipped(text);
        }
        write_file(dir / fmt::format("{}/{}/{}", rng.below(5), rng.below(5), i), text);
    }
    write_file(dir / "large", test::random_text(rng, 3U << 20U) + "\n" + test::token(99));
    write_file(dir / "broken.gz", test::gzipped(std::string(50000, 'x')).substr(0, 40));
    auto options = files(dir.path());
    options.threads = 1;
    const auto one = collect(options);
    CHECK(one.findings.size() > 50);
    for (const unsigned threads : {2U, 8U}) {
        options.threads = threads;
        const auto many = collect(options);
        CHECK(test::describe(many) == test::describe(one));
        CHECK(many.summary.bytes == one.summary.bytes);
        CHECK(many.summary.unopened.size() == one.summary.unopened.size());
    }
}

TEST_CASE("files: at most 1000 places of a token are listed, the others counted")
{
    const test::TempDir dir;
    for (int i = 0; i < 1010; ++i) {
        write_file(dir / std::to_string(i), test::token(1));
    }
    const auto result = collect(files(dir.path()));
    CHECK(result.findings.size() == 1000);
    CHECK(result.summary.places_not_listed == 10);
    CHECK(result.summary.exit_code == 1);
}

TEST_CASE("files: a token in a path is redacted wherever the path is told")
{
    const test::TempDir dir;
    const auto token = test::token(5);
    write_file(dir / (token + "/a"), test::token(6));
    test::make_pipe(dir / (token + "/pipe"));
    const auto result = collect(files(dir.path()));
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].path->find(token) == std::string::npos);
    CHECK(result.findings[0].path->find(test::redacted(token)) != std::string::npos);
    REQUIRE(result.summary.unopened.size() == 1);
    CHECK(result.summary.unopened[0].examples[0].find(token) == std::string::npos);
    CHECK(result.summary.exit_code == 1);
}

TEST_CASE("files: one that may not be read makes the scan incomplete, and the others are read")
{
    const test::TempDir dir;
    fs::permissions(dir.path(), fs::perms::all);
    write_file(dir / "closed", "x");
    write_file(dir / "open", test::token(1));
    fs::permissions(dir / "closed", fs::perms::none);
    const auto seen = test::run_unprivileged([&] {
        const auto result = collect(files(dir.path()));
        const auto* const skip = test::skip_of(result, "unreadable file");
        return fmt::format("{} {} {} of {} {}", result.summary.exit_code, result.findings.size(),
                           result.summary.objects.scanned, result.summary.objects.listed,
                           skip != nullptr ? skip->examples.at(0) : "none");
    });
    if (!seen) {
        MESSAGE("skipped: the rights of root cannot be given up here");
        return;
    }
    CHECK(*seen == "3 1 1 of 2 \"" + (dir / "closed").native() + "\": Permission denied");
}

TEST_CASE("files: one that has fewer bytes than it said is named")
{
    // Such a file says that it has a page of bytes, whatever is in it.
    const fs::path shorter = "/sys/kernel/mm/transparent_hugepage/enabled";
    std::error_code error;
    if (fs::file_size(shorter, error) < 1000 || error) {
        MESSAGE("skipped: no such file on this system");
        return;
    }
    const auto result = collect(files(shorter));
    CHECK(test::skip_of(result, "changed file") != nullptr);
    CHECK(result.summary.exit_code == 3);
}

TEST_CASE("files: without a path, or with one that is not there, nothing is scanned")
{
    CHECK(test::collect_error(FileScanOptions{}).code() == ErrorCode::usage);
    CHECK(test::collect_error(files("/no/such/file")).code() == ErrorCode::not_found);
}

TEST_CASE("files: told to stop, the scan says so")
{
    class Nothing : public Sink {
        Result<void> finding(const Finding&) override { return {}; }
        Result<void> summary(const Summary&) override { return {}; }
    };
    const test::TempDir dir;
    write_file(dir / "a", test::token(1));
    Control control;
    control.stop = true;
    Nothing sink;
    const auto summary = scan_files(files(dir.path()), sink, control).value();
    CHECK(summary.interrupted);
    CHECK(summary.exit_code == 130);
}

TEST_CASE("files: what git ignores is left out on demand, and the summary says how much")
{
    const test::TempDir dir;
    write_file(dir / ".gitignore", "*.env\n");
    write_file(dir / "a.env", test::token(1));
    auto options = files(dir.path());
    CHECK(collect(options).findings.size() == 1);
    options.respect_ignore = true;
    const auto result = collect(options);
    CHECK(result.findings.empty());
    CHECK(result.summary.exit_code == 0);
    REQUIRE(result.summary.notes.size() == 1);
    CHECK(result.summary.notes[0] == "1 ignored file and 0 ignored folders were not read (--respect-ignore)");
}

TEST_CASE("files: a rule for certain paths finds nothing at others")
{
    const test::TempDir dir;
    write_file(dir / "rules.toml",
               "[[rules]]\nid = 'pin'\nregex = 'pin-[0-9]{6}'\npath = '\\.env$'\nkeywords = ['pin-']\n");
    write_file(dir / "in/a.env", "pin-123456\n");
    write_file(dir / "in/a.txt", "pin-123456\n");
    auto options = files(dir / "in");
    options.patterns = {dir / "rules.toml"};
    CHECK(places(collect(options), dir.path()) == Lines{"in/a.env:1:1@0 x1 file"});
}

TEST_CASE("files: a million lines are counted")
{
    const test::TempDir dir;
    std::string log;
    for (int i = 0; i < 1'000'000; ++i) {
        log += "a line of a log\n";
    }
    write_file(dir / "log", log + test::token(1) + "\n");
    CHECK(places(collect(files(dir / "log")), dir.path()) == Lines{"log:1000001:1@16000000 x1 file"});
    auto options = files(dir / "log");
    options.max_object_size = 1000;
    CHECK(places(collect(options), dir.path()) == Lines{"log:1000001:1@16000000 x1 file"});
}

TEST_CASE("streams: a token is found at every offset around the edges of windows")
{
    const auto token = test::token(1);
    std::string bytes(2 * window + 1000, '.');
    std::set<std::size_t> offsets = {0, bytes.size() - token.size()};
    for (const std::size_t edge : {window, 2 * window}) {
        // The edge itself, and the places from which a match waits for the next window, 64 KiB before it.
        for (const std::size_t around : {edge, edge - 65536, edge - 2 * 65536}) {
            for (std::size_t back = 0; back <= token.size() + 1; back += around == edge ? 1 : 8) {
                offsets.insert(around - back);
            }
        }
    }
    for (const std::size_t offset : offsets) {
        bytes.replace(offset, token.size(), token);
        const auto result = collect(in_windows(), bytes, window);
        CAPTURE(offset);
        REQUIRE(result.findings.size() == 1);
        CHECK(result.findings[0].position.offset == offset);
        CHECK(result.findings[0].position.column == offset + 1);
        CHECK(result.findings[0].occurrences == 1);
        bytes.replace(offset, token.size(), token.size(), '.');
    }
}

TEST_CASE("streams: sizes at and beside the edge of a window and of what is held in memory")
{
    const auto token = test::token(2);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{40}, std::size_t{41}, window - 1, window, window + 1, 2 * window}) {
        std::string bytes(size, '\n');
        if (size >= token.size()) {
            bytes.replace(size - token.size(), token.size(), token);
        }
        for (const std::uint64_t limit :
             {std::uint64_t{1}, std::uint64_t{size}, std::uint64_t{size + 1}, ~std::uint64_t{0}}) {
            if (limit == 0) {
                continue;
            }
            StreamScanOptions options;
            options.max_object_size = limit;
            const auto result = collect(options, bytes);
            CAPTURE(size);
            CAPTURE(limit);
            CHECK(result.summary.bytes == size);
            CHECK(result.findings.size() == (size >= token.size() ? 1 : 0));
            if (size >= token.size()) {
                CHECK(result.findings[0].position.line == size - token.size() + 1);
            }
        }
    }
}

TEST_CASE("streams: in windows and whole, in small pieces and in large, they say the same")
{
    test::Rng rng(11);
    std::string bytes;
    while (bytes.size() < 3 * window) {
        bytes += test::random_text(rng, rng.between(1, 300000)) + "\n";
        const auto token = test::token(rng.below(10));
        bytes += rng.chance(50) ? token : test::base64("key=" + token);
        bytes += '\n';
    }
    const auto whole = test::describe(collect(StreamScanOptions{}, bytes));
    CHECK(std::count(whole.begin(), whole.end(), '\n') >= 10);
    CHECK(test::describe(collect(in_windows(), bytes, window)) == whole);
    CHECK(test::describe(collect(in_windows(), bytes, 4097)) == whole);
    CHECK(test::describe(collect(StreamScanOptions{}, bytes, 999)) == whole);
}

TEST_CASE("streams: containers are opened while the stream fits into memory")
{
    const auto token = test::token(3);
    const auto zip = test::archive_of({{"in/b.txt", token}}, "zip");
    const auto result = collect(StreamScanOptions{}, zip, 100);
    CHECK(places(result) == Lines{"!in/b.txt:1:1@0 x1 stdin"});
    StreamScanOptions options;
    options.kind = "attachment";
    options.path = "mail/1";
    CHECK(places(collect(options, zip)) == Lines{"mail/1!in/b.txt:1:1@0 x1 attachment"});
    CHECK(places(collect(options, token)) == Lines{"mail/1:1:1@0 x1 attachment"});
    CHECK(places(collect(StreamScanOptions{}, token)) == Lines{"-:1:1@0 x1 stdin"});
    CHECK(collect(in_windows(), zip).summary.exit_code == 3);
}

TEST_CASE("streams: an error at once is an error, one on the way leaves the scan incomplete")
{
    class Count : public Sink {
    public:
        std::size_t findings = 0;
        Result<void> finding(const Finding&) override
        {
            ++findings;
            return {};
        }
        Result<void> summary(const Summary&) override { return {}; }
    };
    const auto token = test::token(4) + "\n";
    for (const std::size_t good_reads : {std::size_t{0}, std::size_t{1}}) {
        std::size_t reads = 0;
        const StreamReader read = [&](std::span<std::byte> room) -> Result<std::size_t> {
            if (reads++ == good_reads) {
                return Error(ErrorCode::io, "the line is dead");
            }
            std::memcpy(room.data(), token.data(), token.size());
            return token.size();
        };
        Count sink;
        Control control;
        const auto ended = scan_stream({}, read, sink, control);
        if (good_reads == 0) {
            REQUIRE_FALSE(ended.ok());
            CHECK(ended.error().message() == "stdin: the line is dead");
        } else {
            CHECK(ended.value().exit_code == 3);
            CHECK(ended.value().objects.scanned == 0);
            CHECK(sink.findings == 1);
        }
    }
}
