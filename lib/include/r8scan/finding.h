// Finding and Summary: what a scan says. Field names and meanings follow the finding record of README.md
// ("The finding record"); a report writes them under the same names.
//
// Both are plain values. Strings that come from a repository (path, author, subject, refs …) are raw bytes exactly as
// they stand there, except that a token in them is already redacted; escaping is the report's work.
#pragma once

#include <r8scan/secret.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace r8scan {

enum class Confidence : std::uint8_t { low, medium, high };

/// Lower-case name of a confidence: "low", "medium" or "high".
[[nodiscard]] const char* to_string(Confidence confidence);

/// Where a token stands in the byte stream that holds it. Lines and columns are 1-based; columns count Unicode code
/// points (a byte that is not UTF-8 counts as one); the end is exclusive; the offset counts bytes from 0.
struct Position {
    std::uint64_t line = 1;
    std::uint64_t column = 1;
    std::uint64_t end_line = 1;
    std::uint64_t end_column = 1;
    std::uint64_t offset = 0;
};

/// What became of a token: the answer of a verification or of a revocation.
struct Outcome {
    std::string status;   // "active", "inactive", "unknown"; "revoked", "already_revoked", "failed", "skipped", …
    std::string at;       // RFC 3339, UTC
    std::string message;  // redacted; may be empty
};

/// Why a finding is not reported.
struct Suppression {
    std::string by;      // "inline mark", "ignore file", "repository configuration", "gitleaks ignore file", "baseline",
                         // "allowlist of a rule"
    std::string origin;  // file and line, or the baseline's file; empty for an inline mark
    std::string reason;  // as written there, tokens in it redacted; may be empty
};

/// One token at one path, brought in by one commit (or one token in one object that has no path).
struct Finding {
    std::string rule;                          // "replicate-api-token"
    Confidence confidence = Confidence::high;
    std::shared_ptr<const Secret> secret;      // never null; never printed unless the user asked for it
    std::string token_sha256;                  // 64 hex digits
    std::vector<std::string> encoding;         // layers, outermost first
    std::string why;                           // why the confidence is not high; empty otherwise
    std::string kind;                          // "blob", "commit", "tag", "file", "symlink", "stdin", …
    std::optional<std::string> path;           // raw bytes
    Position position;                         // in the introducing commit
    std::optional<std::uint64_t> outer_offset; // inside a container: the member's place in the file
    std::uint64_t occurrences = 1;             // of this token in that object
    std::string object;                        // hex id of the object that was read; empty outside a repository

    std::optional<std::string> commit;         // the introducing commit, hex
    std::optional<std::string> author;
    std::optional<std::string> email;
    std::optional<std::string> date;           // RFC 3339, the author's own zone
    std::optional<std::string> subject;        // redacted
    bool at_or_before = false;                 // the true introducer lies behind a shallow or damaged boundary

    bool attributed = false;                   // the fields below were worked out; false under --no-attribution
    std::optional<std::string> removed_in;     // earliest remover, hex
    std::optional<std::string> removed_date;   // of that commit, as `date`
    std::vector<std::string> removed_in_more;  // later ones (other branches)
    bool at_head = false;
    std::optional<std::string> head_path;      // where it stands at HEAD now
    std::optional<std::uint64_t> head_line;
    std::optional<std::string> moved_to;
    std::optional<std::string> moved_from;
    bool reachable = true;                     // some ref reaches it
    std::shared_ptr<const std::vector<std::string>> refs;  // whose tip tree holds it; may be null (= none)

    std::optional<std::string> link;           // web page of the place, where the remote is known
    std::string repository;                    // remote URL without credentials, or the path as given; may be empty
    std::string fingerprint;                   // rule ":" 16 hex digits
    bool placeholder = false;                  // listed only under --show-placeholders
    std::optional<std::string> mark;           // the inline mark that counts for it, with its reason; redacted
    std::optional<Outcome> verification;       // where the token was verified
    std::optional<Outcome> revocation;         // where its revocation was tried, or would have been in a dry run
};

/// A finding that is not reported, in short.
struct SuppressedFinding {
    std::string fingerprint;
    std::string redacted;      // of the token
    std::string place;         // raw bytes, tokens in it redacted
    Suppression why;
};

/// A class of things that should have been read and were not (`skipped`), or were read without their inner layer
/// (`unopened`).
struct Skip {
    std::string reason;                 // stable, lower case: "damaged object", "missing object", …
    std::uint64_t count = 0;
    std::vector<std::string> examples;  // at most ten, each "what: why"
    std::string way_out;                // what a person can do about it; may be empty
};

struct ObjectCounts {
    std::uint64_t listed = 0;
    std::uint64_t scanned = 0;
    std::uint64_t blobs = 0;    // listed, by type
    std::uint64_t commits = 0;
    std::uint64_t tags = 0;
    std::uint64_t trees = 0;
    std::uint64_t unknown = 0;  // listed, but damaged before the type was known
    std::uint64_t files = 0;    // outside a repository
    std::uint64_t symlinks = 0;
    std::uint64_t streams = 0;
};

/// Time and work of one phase, for --stats.
struct Phase {
    std::string name;
    double wall_ms = 0;
    double cpu_ms = 0;
};

/// What a scan read; reports word it.
enum class ScanSource : std::uint8_t { repository, range, index, files, stream };

struct Summary {
    ScanSource source = ScanSource::repository;
    std::uint64_t findings = 0;
    std::uint64_t tokens = 0;        // distinct
    std::uint64_t placeholders = 0;  // places, not reported as findings
    std::uint64_t suppressed = 0;
    std::vector<SuppressedFinding> suppressed_findings;  // each of them
    std::uint64_t places_not_listed = 0;  // beyond the 1000 that are listed for each token
    ObjectCounts objects;
    std::uint64_t bytes = 0;         // expanded size of the objects scanned
    std::vector<Skip> skipped;       // not empty means incomplete
    std::vector<Skip> unopened;
    std::vector<std::string> notes;  // one line each: things a reader should know that are not skips
    std::string connectivity;        // "roots" (refs, commits, tags, root trees) or "full" (blobs too), "range"; empty for files
    bool complete = true;
    bool interrupted = false;
    int exit_code = 0;
    std::uint64_t elapsed_ms = 0;
    std::string version;
    std::string patterns;            // digest of the rules used
    std::vector<Phase> phases;
    std::vector<std::pair<std::string, std::uint64_t>> counters;  // for --stats
    bool delta_rule = true;          // false where a rule without anchor or an option turned it off
    std::string delta_rule_off_why;
};

}  // namespace r8scan
