// scan_repository(): the whole of r8scan behind one call, for programs that link the library.
//
// Threads: scan_repository may be called from several threads at once on different Control objects; it starts
// `threads` workers of its own and has joined them when it returns. It prints nothing, changes no global state beyond
// libgit2's own initialisation and never writes below the repository.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/result.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace r8scan {

/// What a scan is told. The defaults are those of the command line.
struct ScanOptions {
    std::filesystem::path repository = ".";         // a work tree, a folder inside one, a bare repository, a gitfile
    unsigned threads = 0;                           // 0: one for each processor
    Confidence min_confidence = Confidence::medium;
    bool show_placeholders = false;
    bool attribution = true;
    bool delta_rule = true;
    bool verify_objects = false;                    // hash every object, trees too, and check every tree entry
    bool allow_outside = false;                     // follow alternates that point outside the repository
    bool exit_zero = false;                         // exit code 1 becomes 0
    std::uint64_t max_object_size = 256ULL << 20U;  // bytes held in memory for one object
    std::vector<std::filesystem::path> patterns;    // rule files or folders beside the built-in one
};

/// Takes what a scan finds. finding() is called once for each finding, in the order of the report, from the thread
/// that called scan_repository; then summary() once. An error from either ends the scan with that error.
class Sink {
public:
    virtual ~Sink() = default;
    virtual Result<void> finding(const Finding& finding) = 0;
    virtual Result<void> summary(const Summary& summary) = 0;
};

/// Shared between a running scan and whoever watches it. All members may be read or written from any thread, and
/// `stop` from a signal handler.
struct Control {
    std::atomic<bool> stop{false};                     // set it: the scan ends soon, reports, and says interrupted
    std::atomic<const char*> phase{"opening"};         // static string
    std::atomic<std::uint64_t> objects_total{0};
    std::atomic<std::uint64_t> objects_done{0};
    std::atomic<std::uint64_t> bytes_done{0};
};

/// Scans every object of one repository. The error is for what keeps the scan from starting (no such repository, a
/// pattern file with a mistake, a sink that failed); everything met later is in the summary.
Result<Summary> scan_repository(const ScanOptions& options, Sink& sink, Control& control);

/// The version of the library, "0.1.0".
[[nodiscard]] const char* version();

}  // namespace r8scan
