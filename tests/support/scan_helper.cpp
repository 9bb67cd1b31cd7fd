// A sink that keeps everything, and findings as lines. See scan_helper.h.
#include "tests/support/scan_helper.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace r8scan::test {
namespace {

class CollectingSink : public Sink {
public:
    explicit CollectingSink(ScanResult& result) : m_result(result) {}

    Result<void> finding(const Finding& finding) override
    {
        m_result.findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary& summary) override
    {
        m_result.summary = summary;
        return {};
    }

private:
    ScanResult& m_result;
};

using Scan = std::function<Result<Summary>(Sink&, Control&)>;

ScanResult collected(const Scan& scan)
{
    ScanResult result;
    CollectingSink sink(result);
    Control control;
    const Result<Summary> ended = scan(sink, control);
    if (!ended) {
        throw std::runtime_error("the scan did not start: " + ended.error().message());
    }
    result.summary = *ended;
    return result;
}

Error refusal(const Scan& scan)
{
    ScanResult result;
    CollectingSink sink(result);
    Control control;
    const Result<Summary> ended = scan(sink, control);
    if (ended) {
        throw std::runtime_error("the scan started and ended with " + std::to_string(ended->exit_code));
    }
    return ended.error();
}

/// An id, or only whether there is one.
std::string id_text(const std::optional<std::string>& id, Ids ids)
{
    if (!id) {
        return "-";
    }
    return ids == Ids::keep ? *id : "id";
}

std::string text(const std::optional<std::string>& value)
{
    return value ? fmt::format("'{}'", *value) : "-";
}

}  // namespace

ScanResult collect(const ScanOptions& options)
{
    return collected([&](Sink& sink, Control& control) { return scan_repository(options, sink, control); });
}

ScanResult collect(const RangeScanOptions& options)
{
    return collected([&](Sink& sink, Control& control) { return scan_range(options, sink, control); });
}

ScanResult collect(const StagedScanOptions& options)
{
    return collected([&](Sink& sink, Control& control) { return scan_staged(options, sink, control); });
}

ScanResult collect(const FileScanOptions& options)
{
    return collected([&](Sink& sink, Control& control) { return scan_files(options, sink, control); });
}

ScanResult collect(const StreamScanOptions& options, std::string_view bytes, std::size_t piece)
{
    const StreamReader read = [&](std::span<std::byte> room) -> Result<std::size_t> {
        const std::size_t size = std::min({room.size(), piece, bytes.size()});
        std::memcpy(room.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        return size;
    };
    return collected([&](Sink& sink, Control& control) { return scan_stream(options, read, sink, control); });
}

ScanResult collect_within(std::chrono::seconds patience, ScanOptions options)
{
    options.threads = 2;
    const auto start = std::chrono::steady_clock::now();
    auto result = collect(options);
    CHECK(std::chrono::steady_clock::now() - start < patience);
    return result;
}

ScanResult collect(const std::filesystem::path& repository)
{
    ScanOptions options;
    options.repository = repository;
    return collect(options);
}

Error collect_error(const ScanOptions& options)
{
    return refusal([&](Sink& sink, Control& control) { return scan_repository(options, sink, control); });
}

Error collect_error(const FileScanOptions& options)
{
    return refusal([&](Sink& sink, Control& control) { return scan_files(options, sink, control); });
}

std::vector<Finding> findings_of(const ScanResult& result, std::string_view token)
{
    std::vector<Finding> matching;
    for (const Finding& finding : result.findings) {
        if (finding.secret && finding.secret->reveal() == token) {
            matching.push_back(finding);
        }
    }
    return matching;
}

bool found(const ScanResult& result, std::string_view token)
{
    return !findings_of(result, token).empty();
}

std::vector<std::string> refs_of(const Finding& finding)
{
    return finding.refs ? *finding.refs : std::vector<std::string>{};
}

const Skip* skip_of(const ScanResult& result, std::string_view reason)
{
    for (const Skip& skip : result.summary.skipped) {
        if (skip.reason == reason) {
            return &skip;
        }
    }
    return nullptr;
}

std::string skips(const Summary& summary)
{
    std::string lines;
    for (const Skip& skip : summary.skipped) {
        lines += fmt::format("{} x {} ({}): {}\n", skip.count, skip.reason, skip.way_out, skip.examples);
    }
    return lines.empty() ? "nothing skipped" : lines;
}

std::string describe(const Finding& f, Ids ids)
{
    const Position& at = f.position;
    // the headers of commits and tags hold ids, so what follows them moves with the length of ids
    const bool keep_offset = ids == Ids::keep || f.kind == "blob";
    std::vector<std::string> more;
    for (const std::string& id : f.removed_in_more) {
        more.push_back(id_text(id, ids));
    }
    return fmt::format(
        "{} {} {} {} path {} at {}:{}-{}:{} offset {} x{} object {} commit {} author {} email {} date {} subject {} "
        "at_or_before {} attributed {} removed {} {} head {} {} {} moved {} {} reachable {} refs {} encoding {} why "
        "'{}' "
        "fingerprint {} sha256 {} placeholder {}",
        f.secret ? f.secret->redacted() : "?", f.rule, to_string(f.confidence), f.kind, text(f.path), at.line,
        at.column, at.end_line, at.end_column, keep_offset ? std::to_string(at.offset) : "-", f.occurrences,
        id_text(f.object, ids), id_text(f.commit, ids), text(f.author), text(f.email), text(f.date), text(f.subject),
        f.at_or_before, f.attributed, id_text(f.removed_in, ids), more, f.at_head, text(f.head_path),
        f.head_line ? std::to_string(*f.head_line) : "-", text(f.moved_to), text(f.moved_from), f.reachable, refs_of(f),
        f.encoding, f.why, f.fingerprint, f.token_sha256, f.placeholder);
}

std::string describe(const ScanResult& result, Ids ids)
{
    std::string lines;
    for (const Finding& finding : result.findings) {
        lines += describe(finding, ids) + "\n";
    }
    return lines;
}

}  // namespace r8scan::test
