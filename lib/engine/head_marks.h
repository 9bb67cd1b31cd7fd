// What HEAD says about the findings of a range: whether the token stands there at the same path, and with an inline
// mark on each of its lines. Where it does stand there, HEAD decides; where it does not, the commits of the range may,
// unless their marks do not count.
#pragma once

#include "engine/lookup_repository.h"
#include "engine/redactor.h"
#include "source/tree_changes.h"

#include <map>

namespace r8scan {

/// Reads a file of HEAD when a finding asks for it, and each once. One thread.
class HeadMarks {
public:
    HeadMarks(LookupRepository& repository, const Matcher& matcher, const RangeScanOptions& options);

    /// Sets Finding::mark of a finding that attribution did not find at HEAD.
    void apply(Finding& finding, Redactor& redactor);

private:
    // Of the tokens in a file, by rule and hash: the mark, where each of its lines has one.
    using Tokens = std::map<std::pair<std::string, std::string>, std::optional<std::string>>;
    const Tokens& tokens_at(const std::string& path);

    LookupRepository& m_repository;
    const Matcher& m_matcher;
    const RangeScanOptions& m_options;
    LayerScanner m_scanner;
    Problems m_ignored;  // HEAD is not what is scanned
    source::TreeProblems m_tree_problems;
    source::TreeReader m_trees;
    std::optional<git::ObjectId> m_tree;
    std::map<std::string, Tokens> m_files;
};

}  // namespace r8scan
