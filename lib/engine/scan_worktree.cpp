#include "engine/scan_worktree.h"

#include "engine/read_files.h"
#include "engine/redactor.h"
#include "source/file_walk.h"
#include "util/file.h"

namespace r8scan {

namespace {

void add_notes(const source::WalkResult& walked, Redactor& redactor, std::vector<std::string>& notes)
{
    for (const auto& folder : walked.other_worktrees) {
        notes.push_back("another working tree of this repository was not entered: " +
                        redactor.redact(r8scan::quoted(folder)));
    }
    if (const auto count = walked.git_folders; count != 0) {
        notes.push_back("the working tree holds " + std::to_string(count) +
                        (count == 1 ? " repository" : " repositories") +
                        " more: the files there were read, the history was not unless it lies under modules/");
    }
}

}  // namespace

WorktreeScan scan_worktree(const git::Repository& repository, bool allow_outside, const MetadataContext& context)
{
    WorktreeScan result;
    auto top = repository.work_dir();
    if (top.empty() && !repository.outside_work_dir().empty()) {
        if (!allow_outside) {
            context.problems.add("working tree outside the repository",
                                 quoted(repository.outside_work_dir()) + ": not read",
                                 "use --allow-outside if you trust this repository's choice of folders");
            return result;
        }
        top = repository.outside_work_dir();
    }
    if (top.empty()) {
        result.notes.emplace_back("the repository is bare: there is no working tree to read");
        return result;
    }
    source::WalkOptions options;
    options.paths = {top};
    options.stop = &context.control.stop;
    options.repository = repository.common_dir();
    const auto walked = source::list_files(options, context.problems, context.unopened);
    if (!walked) {
        context.problems.add("unreadable working tree", walked.error().message());
        return result;
    }
    context.control.unit = "files";
    FileReading how{context.matcher, context.options, context.control, context.problems, context.unopened};
    how.top = top.native().ends_with('/') ? top.native() : top.native() + '/';
    how.kind_of_links = "file";
    auto read = read_files(walked->list, how);
    for (auto& finding : read.findings) {
        finding.repository = context.repository;
    }
    result.findings = std::move(read.findings);
    result.files = walked->list.files().size();
    result.scanned = read.scanned;
    result.bytes = read.bytes;
    result.placeholders = read.placeholders;
    result.places_not_listed = read.places_not_listed;
    Redactor redactor(context.matcher);
    add_notes(*walked, redactor, result.notes);
    return result;
}

}  // namespace r8scan
