// scan_repository(), scan_files(), scan_stream(): the whole of r8scan behind one call each, for programs that link the
// library.
//
// Threads: each may be called from several threads at once on different Control objects; it starts `threads` workers of
// its own and has joined them when it returns. It prints nothing, changes no global state beyond libgit2's own
// initialisation and never writes below what it reads.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/result.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace r8scan {

/// An object of which it is known, and accepted, that it cannot be read or opened.
struct AcceptedObject {
    std::string object;  // whole id, hex
    std::string reason;
    std::string origin;  // where it was said, for messages
};

/// What may take findings out of a report. Each one that was taken out is in the summary.
struct SuppressionOptions {
    /// .r8scanignore, .r8scan.toml and .gitleaksignore as they stand at HEAD (in the index for a scan of it, in the
    /// folders for a scan of files), and inline marks.
    bool by_repository = true;
    std::vector<std::filesystem::path> baselines;  // earlier reports
    std::string today;                             // YYYY-MM-DD, for `until`; empty: the clock's, UTC
};

/// What every scan is told, whatever it reads. The defaults are those of the command line.
struct DetectionOptions {
    unsigned threads = 0;                           // 0: one for each processor
    Confidence min_confidence = Confidence::medium;
    bool show_placeholders = false;
    bool exit_zero = false;                         // exit code 1 becomes 0
    std::uint64_t max_object_size = 256ULL << 20U;  // bytes held in memory for one object, file or stream
    std::vector<std::filesystem::path> patterns;    // rule files or folders beside the built-in one
    std::filesystem::path cache_dir;                // where rules of those stay compiled; empty: nowhere
    SuppressionOptions suppression;
    std::vector<AcceptedObject> accepted;           // what is wrong with these does not count
};

/// Where the parts of a repository lie when they are not at their usual places, as git tells its hooks by GIT_DIR,
/// GIT_INDEX_FILE and the like. What is empty is as usual.
struct GitPlaces {
    std::filesystem::path git_dir;
    std::filesystem::path index_file;
    std::filesystem::path object_dir;
    std::vector<std::filesystem::path> more_object_dirs;
};

struct ScanOptions : DetectionOptions {
    std::filesystem::path repository = ".";         // a work tree, a folder inside one, a bare repository, a gitfile
    bool attribution = true;
    bool delta_rule = true;
    bool verify_objects = false;                    // hash every object, trees too, and check every tree entry
    bool allow_outside = false;                     // follow alternates that point outside the repository
    bool worktree = false;                          // the files of the working tree too, untracked and ignored ones
    bool no_unreachable = false;                    // findings only of what some ref reaches
    std::vector<std::string> branches;              // findings only of what these refs reach; empty: no choice is made
};

/// What some commits reach and others do not. Revisions are ids (whole or cut short), branches, tags, HEAD, each with any
/// of ~N, ^N, ^{commit} behind it.
struct RangeScanOptions : DetectionOptions {
    std::filesystem::path repository = ".";
    GitPlaces places;
    bool allow_outside = false;
    std::vector<std::string> ranges;                // "A..B", "A...B"
    std::vector<std::string> include;               // revisions
    std::vector<std::string> exclude;               // revisions; whole ids of commits that are not here may be among them
    std::vector<std::string> exclude_refs;          // all refs whose names begin so: "refs/remotes/origin/"
    bool exclude_may_be_missing = false;            // an id to exclude that is not here is left out without a word
    std::vector<std::string> names;                 // of refs that come along, whole ("refs/heads/topic"); they are read too
    bool marks_at_head_only = false;                // an inline mark counts only where HEAD has it too
};

/// What a commit of the index would bring over its parents.
struct StagedScanOptions : DetectionOptions {
    std::filesystem::path repository = ".";
    GitPlaces places;
    bool allow_outside = false;
};

struct FileScanOptions : DetectionOptions {
    std::vector<std::filesystem::path> paths;       // files and folders; at least one
    bool respect_ignore = false;                    // leave out what .gitignore and .git/info/exclude say
};

/// A stream has no size that is known, and is scanned by one thread.
struct StreamScanOptions : DetectionOptions {
    std::string kind = "stdin";                     // Finding::kind
    std::optional<std::string> path;                // Finding::path; raw bytes
};

/// Fills the room from its front and says with how many bytes; 0 is the end. An error ends the stream: what came
/// before it is scanned, and the scan is incomplete.
using StreamReader = std::function<Result<std::size_t>(std::span<std::byte> room)>;

/// Takes what a scan finds. finding() is called once for each finding, in the order of the report, from the thread
/// that started the scan; then summary() once. An error from either ends the scan with that error.
class Sink {
public:
    virtual ~Sink() = default;
    virtual Result<void> finding(const Finding& finding) = 0;
    virtual Result<void> summary(const Summary& summary) = 0;
};

/// A token that a scan just came by, long before it is known who brought it in. What it refers to lives as long as the
/// call that hands it over.
struct SeenToken {
    const std::string& rule;
    Confidence confidence = Confidence::high;
    const Secret& token;
};

/// Shared between a running scan and whoever watches it. The atomic members may be read or written from any thread, and
/// `stop` from a signal handler; `on_token` is set before the scan starts.
struct Control {
    /// Called from any of the scan's threads for each token as it is met: not below min_confidence, no placeholder, but
    /// more than once for a token that stands at several places, and for tokens that are suppressed later. Must be quick
    /// and must not throw. Empty: nobody is told.
    std::function<void(const SeenToken&)> on_token;

    std::atomic<bool> stop{false};                     // set it: the scan ends soon, reports, and says interrupted
    std::atomic<const char*> phase{"opening"};         // static string
    std::atomic<const char*> unit{"objects"};          // what is counted below: "objects" or "files"; static string
    std::atomic<std::uint64_t> objects_total{0};
    std::atomic<std::uint64_t> objects_done{0};
    std::atomic<std::uint64_t> bytes_done{0};
};

/// Scans every object of one repository. The error is for what keeps the scan from starting (no such repository, a
/// pattern file with a mistake, a sink that failed); everything met later is in the summary.
Result<Summary> scan_repository(const ScanOptions& options, Sink& sink, Control& control);

/// Scans the commits of a range: their messages and headers, and the files and names that each brings over its parents.
/// A finding is a token at a path that a commit of the range holds and none of its parents does. Costs what the range
/// holds. The error is for what keeps the scan from starting: no such repository, a revision that names nothing.
Result<Summary> scan_range(const RangeScanOptions& options, Sink& sink, Control& control);

/// Scans the index against HEAD and, in a merge, what is merged: what `git commit` would record. Files are read from
/// the object database, never from the working tree. A commit that only takes tokens out has no findings and a note.
Result<Summary> scan_staged(const StagedScanOptions& options, Sink& sink, Control& control);

/// Scans files, and folders with all that is below them. Each file is read once, however often it is named. The error
/// is for what keeps the scan from starting: a path that is not there, a pattern file with a mistake.
Result<Summary> scan_files(const FileScanOptions& options, Sink& sink, Control& control);

/// Scans what the reader hands out, to its end. Up to max_object_size it is held in memory; beyond that it is scanned in
/// windows, where containers cannot be opened. The error is for what keeps the scan from starting, as when the very
/// first read fails.
Result<Summary> scan_stream(const StreamScanOptions& options, const StreamReader& read, Sink& sink, Control& control);

/// Reads a descriptor (a pipe, a socket, a terminal, a file), which the caller keeps; waits for data, but not longer
/// than until `control.stop`. `control` must outlive the reader.
StreamReader read_from_descriptor(int descriptor, const Control& control);

/// The version of the library, "0.1.0".
[[nodiscard]] const char* version();

}  // namespace r8scan
