// A scan of files and folders: list, read and match each once, tell. Each step is one call.
#include <r8scan/scan.h>

#include "engine/read_files.h"
#include "engine/redactor.h"
#include "engine/root_files.h"
#include "engine/scan_steps.h"
#include "source/file_walk.h"
#include "source/given_path.h"

#include <set>

namespace r8scan {

namespace {

std::string many(std::uint64_t count, const char* what)
{
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

// One scan. The members are what its steps hand on to each other.
class FileScan {
public:
    FileScan(const FileScanOptions& options, Sink& sink, Control& control)
        : m_options(options), m_sink(sink), m_control(control)
    {
        m_summary.source = ScanSource::files;
        m_control.unit = "files";
    }

    Result<Summary> run()
    {
        auto suppressor = Suppressor::make(m_options.suppression);
        if (!suppressor) {
            return suppressor.error();
        }
        if (auto listed = list(); !listed) {
            return listed.error();
        }
        auto compiled = compile_rules(m_options);
        if (!compiled) {
            return compiled.error();
        }
        m_matcher = std::make_unique<Matcher>(std::move(compiled->matcher));
        m_summary.notes = std::move(compiled->notes);
        read();
        drop_misplaced(*m_matcher, m_findings, m_summary);
        suppress(*suppressor);
        finish_summary();
        return tell(m_findings, m_summary, m_sink);
    }

private:
    Result<void> list()
    {
        const PhaseTimer timer("listing", m_control, m_summary);
        auto walked =
            source::list_files({m_options.paths, m_options.respect_ignore, &m_control.stop}, m_problems, m_unopened);
        if (!walked) {
            return walked.error();
        }
        m_walked = std::move(*walked);
        return {};
    }

    void read()
    {
        const PhaseTimer timer("reading", m_control, m_summary);
        m_read = read_files(m_walked.list, {*m_matcher, m_options, m_control, m_problems, m_unopened});
        m_findings = std::move(m_read.findings);
        m_summary.objects.scanned = m_read.scanned;
        m_summary.bytes = m_read.bytes;
        m_summary.placeholders = m_read.placeholders;
        m_summary.places_not_listed = m_read.places_not_listed;
    }

    // The files of each folder that was given speak of what is below it, those of the folder we are in of all paths that
    // start there.
    void suppress(Suppressor& suppressor)
    {
        std::set<std::string> prefixes;
        for (const auto& path : m_options.paths) {
            const auto given = source::look_at(path);
            if (!given) {
                continue;
            }
            const bool starts_here = !given->path.starts_with('/') && !given->path.starts_with("..");
            if (starts_here) {
                prefixes.insert("");
            }
            if (given->is_folder && !given->path.empty()) {
                prefixes.insert(given->path + (given->path.ends_with('/') ? "" : "/"));
            }
        }
        for (const auto& prefix : prefixes) {
            add_files_of_folder(prefix, suppressor);
        }
        Redactor redactor(*m_matcher);
        suppressor.apply(m_findings, !m_control.stop && m_problems.empty(), redactor, m_summary);
    }

    void finish_summary()
    {
        auto& objects = m_summary.objects;
        objects.listed = m_walked.list.files().size();
        objects.symlinks = m_read.symlinks;
        objects.files = objects.listed - objects.symlinks;
        count_findings(m_findings, m_summary);
        conclude(m_options, *m_matcher, m_control, m_problems, m_unopened, m_summary);
        add_notes();
        m_summary.counters = {{"threads", m_read.threads},
                              {"folders", m_walked.list.folder_count()},
                              {"files", objects.files},
                              {"symbolic links", objects.symlinks},
                              {"matches below the least confidence", m_read.below_confidence}};
        m_summary.elapsed_ms = static_cast<std::uint64_t>(m_stopwatch.wall_ms());
    }

    void add_notes()
    {
        auto& notes = m_summary.notes;
        Redactor redactor(*m_matcher);
        for (const auto& note : m_walked.notes) {
            notes.push_back(redactor.redact(note));
        }
        if (const auto count = m_walked.git_folders; count != 0) {
            notes.push_back(many(count, "`.git`") + (count == 1 ? " was" : " were") +
                            " not entered: `r8scan git` reads a repository with its history");
        }
        if (m_walked.ignored_files != 0 || m_walked.ignored_folders != 0) {
            notes.push_back(many(m_walked.ignored_files, "ignored file") + " and " +
                            many(m_walked.ignored_folders, "ignored folder") + " were not read (--respect-ignore)");
        }
        if (m_walked.list.files().empty() && m_summary.complete) {
            notes.emplace_back("there were no files to read");
        }
    }

    const FileScanOptions& m_options;
    Sink& m_sink;
    Control& m_control;
    Stopwatch m_stopwatch;
    Problems m_problems;
    Problems m_unopened;
    Summary m_summary;
    source::WalkResult m_walked;
    std::unique_ptr<Matcher> m_matcher;
    FilesRead m_read;
    std::vector<Finding> m_findings;
};

}  // namespace

Result<Summary> scan_files(const FileScanOptions& options, Sink& sink, Control& control)
{
    return FileScan(options, sink, control).run();
}

}  // namespace r8scan
