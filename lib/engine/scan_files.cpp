// A scan of files and folders: list, read and match each once, tell. Each step is one call.
#include <r8scan/scan.h>

#include "engine/scan_steps.h"
#include "engine/stream_scan.h"
#include "engine/stream_tokens.h"
#include "engine/unread.h"
#include "source/file_walk.h"
#include "source/unreadable.h"
#include "util/long_path.h"
#include "util/threads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <numeric>

namespace r8scan {

using source::FileKind;
using source::FoundFile;

namespace {

// Files from here on are begun first, the heaviest before the others, so that no thread is left with one at the end.
// The many small ones are read in the order of their folders, which is kinder to disks.
constexpr std::uint64_t heavy = 1U << 20U;

struct FileHits {
    std::size_t file = 0;  // into the list
    std::vector<Hit> hits;
};

std::vector<std::size_t> order_of_work(const std::vector<FoundFile>& files)
{
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto weight = [&](std::size_t file) { return files[file].size < heavy ? 0 : files[file].size; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
    return order;
}

std::string many(std::uint64_t count, const char* what)
{
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

// What one thread does with each file.
class FileWorker {
public:
    FileWorker(const Matcher& matcher, const FileScanOptions& options, Control& control, const source::FileList& list,
               Problems& problems, Problems& unopened)
        : m_list(list), m_problems(problems), m_unopened(unopened), m_stream(matcher, options, control)
    {
    }

    void scan(std::size_t number)
    {
        const auto& file = m_list.files()[number];
        const auto path = m_list.path(file);
        ScannedStream scanned;
        try {
            scanned = file.kind == FileKind::symlink ? scan_link(path) : scan_file(file, path);
        } catch (const std::bad_alloc&) {
            m_problems.add("file over a limit", r8scan::quoted(path) + ": not enough memory");
            return;
        }
        for (const auto& part : scanned.unread) {
            account_for_unread(r8scan::quoted(path), part, m_problems, m_unopened);
        }
        if (scanned.error) {
            source::name_unreadable(scanned.error->code() == ErrorCode::damaged ? "changed file" : "unreadable file",
                                    *scanned.error, m_problems);
        } else if (!scanned.stopped) {
            ++scanned_files;
        }
        bytes += scanned.bytes;
        if (!scanned.hits.empty()) {
            hits.push_back({number, std::move(scanned.hits)});
        }
    }

    std::vector<FileHits> hits;
    std::uint64_t scanned_files = 0;
    std::uint64_t bytes = 0;

private:
    ScannedStream scan_link(const std::string& path)
    {
        const auto text = read_link(path);
        if (!text) {
            return failed(text.error());
        }
        auto scanned = m_stream.scan(as_bytes(*text));
        scanned.bytes = text->size();
        return scanned;
    }

    ScannedStream scan_file(const FoundFile& file, const std::string& path)
    {
        const auto fd = open_long_path(
            path, O_RDONLY | O_NONBLOCK | O_NOCTTY | (file.kind == FileKind::given_file ? 0 : O_NOFOLLOW));
        if (!fd) {
            return failed(fd.error());
        }
        struct stat status {};
        if (::fstat(fd->get(), &status) != 0) {
            return failed(system_error(path, errno));
        }
        if (!S_ISREG(status.st_mode)) {
            return failed({ErrorCode::not_found, r8scan::quoted(path) + ": is no file any more"});
        }
        const auto size = static_cast<std::uint64_t>(status.st_size);
        const auto read = [&](std::span<std::byte> room) -> Result<std::size_t> {
            for (;;) {
                const auto got = ::read(fd->get(), room.data(), room.size());
                if (got >= 0) {
                    return static_cast<std::size_t>(got);
                }
                if (errno != EINTR) {
                    return system_error(path, errno);
                }
            }
        };
        auto scanned = m_stream.scan(read, size);
        if (!scanned.error && !scanned.stopped && scanned.bytes < size) {
            scanned.error = Error(ErrorCode::damaged, r8scan::quoted(path) + ": was cut while it was read, " +
                                                          std::to_string(scanned.bytes) + " of " +
                                                          std::to_string(size) + " bytes were there");
        }
        return scanned;
    }

    static ScannedStream failed(const Error& error)
    {
        ScannedStream scanned;
        scanned.error = error;
        return scanned;
    }

    const source::FileList& m_list;
    Problems& m_problems;
    Problems& m_unopened;
    StreamScan m_stream;
};

// One scan. The members are what its steps hand on to each other.
class FileScan {
public:
    FileScan(const FileScanOptions& options, Sink& sink, Control& control)
        : m_options(options), m_sink(sink), m_control(control), m_threads(thread_count(options.threads))
    {
        m_summary.source = ScanSource::files;
        m_control.unit = "files";
    }

    Result<Summary> run()
    {
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
        make_findings();
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
        const auto& files = m_walked.list.files();
        const auto order = order_of_work(files);
        m_control.objects_total = files.size();
        m_threads = static_cast<unsigned>(std::clamp<std::size_t>(files.size(), 1, m_threads));
        std::vector<std::unique_ptr<FileWorker>> workers;
        for (unsigned i = 0; i < m_threads; ++i) {
            workers.push_back(
                std::make_unique<FileWorker>(*m_matcher, m_options, m_control, m_walked.list, m_problems, m_unopened));
        }
        std::atomic<std::size_t> next{0};
        run_on_threads(m_threads, [&](unsigned number) {
            for (auto at = next++; at < order.size() && !m_control.stop; at = next++) {
                workers[number]->scan(order[at]);
                ++m_control.objects_done;
            }
        });
        for (auto& worker : workers) {
            m_summary.objects.scanned += worker->scanned_files;
            m_summary.bytes += worker->bytes;
            std::move(worker->hits.begin(), worker->hits.end(), std::back_inserter(m_hits));
        }
        std::sort(m_hits.begin(), m_hits.end(), [](const FileHits& a, const FileHits& b) { return a.file < b.file; });
    }

    // In order of the list, and in a file by place.
    void make_findings()
    {
        Redactor redactor(*m_matcher);
        std::map<std::pair<std::uint32_t, std::string>, std::pair<std::shared_ptr<const Secret>, std::uint64_t>> seen;
        for (const auto& [number, hits] : m_hits) {
            const auto& file = m_walked.list.files()[number];
            const auto found = tokens_of(hits, m_options.min_confidence, m_options.show_placeholders);
            m_summary.placeholders += found.placeholders;
            m_below_confidence += found.below_confidence;
            for (const auto& token : found.tokens) {
                auto& [secret, places] = seen[{token.first->rule, token.sha256}];
                if (++places > places_per_token) {
                    ++m_summary.places_not_listed;
                    continue;
                }
                if (secret == nullptr) {
                    secret = std::make_shared<Secret>(token.first->secret);
                }
                auto finding = finding_of(token, secret, m_matcher->rules()[token.first->rule],
                                          m_walked.list.path(file), redactor);
                finding.kind = file.kind == FileKind::symlink ? "symlink" : "file";
                m_findings.push_back(std::move(finding));
            }
        }
    }

    void finish_summary()
    {
        const auto& files = m_walked.list.files();
        auto& objects = m_summary.objects;
        objects.listed = files.size();
        objects.symlinks = static_cast<std::uint64_t>(
            std::count_if(files.begin(), files.end(), [](const FoundFile& f) { return f.kind == FileKind::symlink; }));
        objects.files = objects.listed - objects.symlinks;
        drop_misplaced(*m_matcher, m_findings, m_summary);
        count_findings(m_findings, m_summary);
        conclude(m_options, *m_matcher, m_control, m_problems, m_unopened, m_summary);
        add_notes();
        m_summary.counters = {{"threads", m_threads},
                              {"folders", m_walked.list.folder_count()},
                              {"files", objects.files},
                              {"symbolic links", objects.symlinks},
                              {"matches below the least confidence", m_below_confidence}};
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
    unsigned m_threads;
    Stopwatch m_stopwatch;
    Problems m_problems;
    Problems m_unopened;
    Summary m_summary;
    source::WalkResult m_walked;
    std::unique_ptr<Matcher> m_matcher;
    std::vector<FileHits> m_hits;
    std::uint64_t m_below_confidence = 0;
    std::vector<Finding> m_findings;
};

}  // namespace

Result<Summary> scan_files(const FileScanOptions& options, Sink& sink, Control& control)
{
    return FileScan(options, sink, control).run();
}

}  // namespace r8scan
