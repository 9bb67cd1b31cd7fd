// Takes out of the findings what may stay: by inline marks, by the files of the repository, by baselines.
//
// Runs once for each scan, when all is known of the findings and before anybody is told. Nothing goes unnamed: each
// finding that is taken out is in the summary, with why.
#pragma once

#include <r8scan/scan.h>

#include "engine/redactor.h"
#include "finding/baseline.h"
#include "finding/ignore_list.h"

#include <array>

namespace r8scan {

/// The files that a repository may suppress by; all lie at its root.
inline constexpr std::array<std::string_view, 3> suppression_files{".gitleaksignore", ".r8scan.toml", ".r8scanignore"};
/// Rules of gitleaks. A repository sets none, so it is not read; that it does not count is said.
inline constexpr std::string_view foreign_rules = ".gitleaks.toml";
/// A larger one is not read.
inline constexpr std::uint64_t largest_suppression_file = 1U << 20U;

class Suppressor {
public:
    /// The error is for a baseline that cannot be read.
    static Result<Suppressor> make(const SuppressionOptions& options);

    /// Whether the repository's files are to be asked at all.
    [[nodiscard]] bool wants_files() const { return m_by_repository; }

    /// One of the suppression_files, by its name. Its paths are those that findings have behind `prefix`: "" or
    /// "folder/".
    void add_file(std::string_view name, std::string_view text, const std::string& prefix = {});
    /// That foreign_rules is there.
    void add_foreign_rules(const std::string& prefix = {});
    /// A file that is there and was not read.
    void add_unread(std::string_view name, const std::string& why, const std::string& prefix = {});

    /// Moves findings to the summary, and adds notes about the files. `everything`: all that the files may speak of was
    /// scanned, so a line that matches nothing is stale.
    void apply(std::vector<Finding>& findings, bool everything, Redactor& redactor, Summary& summary);

private:
    struct FilesOfFolder {
        std::string prefix;
        IgnoreList list;
    };
    IgnoreList& list_of(const std::string& prefix);
    std::optional<Suppression> why(const Finding& finding);

    bool m_by_repository = true;
    std::string m_today;
    Baseline m_baseline;
    std::vector<FilesOfFolder> m_folders;
    std::vector<std::string> m_notes;
};

}  // namespace r8scan
