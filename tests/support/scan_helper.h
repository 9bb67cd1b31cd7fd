// Runs a scan through the public interface and keeps what it says, for tests that compare.
//
// describe() turns a finding into one line; two scans agree where their lines agree. What may differ between two
// stores of one history (ids) can be left out.
#pragma once

#include <r8scan/scan.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::test {

struct ScanResult {
    std::vector<Finding> findings;  // in the order of the report
    Summary summary;
};

/// A scan that must start; throws std::runtime_error with the message where it does not.
[[nodiscard]] ScanResult collect(const ScanOptions& options);

/// The same on two threads, and a failed check where it takes longer.
[[nodiscard]] ScanResult collect_within(std::chrono::seconds patience, ScanOptions options);

/// The defaults, for this repository.
[[nodiscard]] ScanResult collect(const std::filesystem::path& repository);

/// The same for a range of commits, and for the index.
[[nodiscard]] ScanResult collect(const RangeScanOptions& options);
[[nodiscard]] ScanResult collect(const StagedScanOptions& options);

/// The same for files, and for a stream that hands the bytes out in pieces of at most `piece`.
[[nodiscard]] ScanResult collect(const FileScanOptions& options);
[[nodiscard]] ScanResult collect(const StreamScanOptions& options, std::string_view bytes, std::size_t piece = 65536);

/// What a scan that must not start says. Throws std::runtime_error where it does start.
[[nodiscard]] Error collect_error(const ScanOptions& options);
[[nodiscard]] Error collect_error(const FileScanOptions& options);

/// The findings of one token.
[[nodiscard]] std::vector<Finding> findings_of(const ScanResult& result, std::string_view token);

/// Whether some finding is of this token.
[[nodiscard]] bool found(const ScanResult& result, std::string_view token);

/// The refs of a finding; empty where it has none.
[[nodiscard]] std::vector<std::string> refs_of(const Finding& finding);

/// The skip with this reason; nullptr where there is none. Lives as long as the result.
[[nodiscard]] const Skip* skip_of(const ScanResult& result, std::string_view reason);

/// All skips in words, for messages of failed checks.
[[nodiscard]] std::string skips(const Summary& summary);

enum class Ids { keep, leave_out };

/// A finding in one line: every field of it but the link and the repository.
[[nodiscard]] std::string describe(const Finding& finding, Ids ids = Ids::keep);

/// All findings, a line each, in their order.
[[nodiscard]] std::string describe(const ScanResult& result, Ids ids = Ids::keep);

}  // namespace r8scan::test
