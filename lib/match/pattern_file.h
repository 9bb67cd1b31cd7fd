// Pattern files: rules as TOML, in the vocabulary of gitleaks (https://github.com/gitleaks/gitleaks#configuration) plus
// `examples`, `negative_examples`, `anchors`, `boundary`, `confidence`, `why` and `encodings`.
//
// A gitleaks configuration is taken as it is. A mistake is an error that names file, line and the way out; what gitleaks
// has and is not done here is a note; nothing is guessed.
#pragma once

#include <r8scan/result.h>

#include "match/rule.h"

#include <filesystem>
#include <string_view>

namespace r8scan {

/// An allowlist of several rules.
struct GlobalAllowlist {
    Allowlist list;
    std::vector<std::string> target_rules;  // ids; empty: all

    /// Adds the list to those of the rules that it is meant for.
    void add_to(std::vector<Rule>& rules) const;
};

struct PatternFile {
    std::vector<Rule> rules;
    std::vector<std::string> notes;     // what was understood and is not done, each with file and line
    std::vector<std::string> disabled;  // ids of rules of other files that this one takes away
    std::vector<GlobalAllowlist> for_earlier_rules;  // of a file that extends the rules before it
};

/// The rules of one text. `origin` goes into the rules and the messages.
Result<PatternFile> parse_pattern_file(std::string_view text, const std::string& origin);

/// The rules of one file on disk.
Result<PatternFile> read_pattern_file(const std::filesystem::path& path);

/// The built-in rules, then those of the files (or of all *.toml in the folders) in the order given. A rule whose id
/// is there already takes its place. `notes` gets the notes of all files.
Result<std::vector<Rule>> load_rules(const std::vector<std::filesystem::path>& files, std::vector<std::string>* notes = nullptr);

/// The files that a path given by the user stands for: itself, or all *.toml in the folder, sorted.
Result<std::vector<std::filesystem::path>> pattern_files_at(const std::filesystem::path& path);

}  // namespace r8scan
