#include "engine/read_files.h"

#include "engine/scan_steps.h"
#include "engine/stream_scan.h"
#include "engine/stream_tokens.h"
#include "engine/unread.h"
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

struct FileHits {
    std::size_t file = 0;  // into the list
    std::vector<Hit> hits;
};

// Files from here on are begun first, the heaviest before the others, so that no thread is left with one at the end.
// The many small ones are read in the order of their folders, which is kinder to disks.
constexpr std::uint64_t heavy = 1U << 20U;

std::vector<std::size_t> order_of_work(const std::vector<FoundFile>& files)
{
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto weight = [&](std::size_t file) { return files[file].size < heavy ? 0 : files[file].size; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
    return order;
}

// What one thread does with each file.
class FileWorker {
public:
    FileWorker(const Matcher& matcher, const DetectionOptions& options, Control& control, const source::FileList& list,
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

// In order of the list, and in a file by place.
void make_findings(const source::FileList& list, const std::vector<FileHits>& files, const FileReading& how,
                   FilesRead& read)
{
    Redactor redactor(how.matcher);
    std::map<std::pair<std::uint32_t, std::string>, std::pair<std::shared_ptr<const Secret>, std::uint64_t>> seen;
    for (const auto& [number, hits] : files) {
        const auto& file = list.files()[number];
        auto path = list.path(file);
        if (!how.top.empty() && path.starts_with(how.top)) {
            path.erase(0, how.top.size());
        }
        const auto found = tokens_of(hits, how.options.min_confidence, how.options.show_placeholders);
        read.placeholders += found.placeholders;
        read.below_confidence += found.below_confidence;
        for (const auto& token : found.tokens) {
            auto& [secret, places] = seen[{token.first->rule, token.sha256}];
            if (++places > places_per_token) {
                ++read.places_not_listed;
                continue;
            }
            if (secret == nullptr) {
                secret = std::make_shared<Secret>(token.first->secret);
            }
            auto finding = finding_of(token, secret, how.matcher.rules()[token.first->rule], path, redactor);
            finding.kind = file.kind == FileKind::symlink ? how.kind_of_links : "file";
            read.findings.push_back(std::move(finding));
        }
    }
}

}  // namespace

FilesRead read_files(const source::FileList& list, const FileReading& how)
{
    FilesRead read;
    const auto& files = list.files();
    const auto order = order_of_work(files);
    how.control.objects_done = 0;
    how.control.objects_total = files.size();
    read.threads = static_cast<unsigned>(std::clamp<std::size_t>(files.size(), 1, thread_count(how.options.threads)));
    std::vector<std::unique_ptr<FileWorker>> workers;
    for (unsigned i = 0; i < read.threads; ++i) {
        workers.push_back(
            std::make_unique<FileWorker>(how.matcher, how.options, how.control, list, how.problems, how.unopened));
    }
    std::atomic<std::size_t> next{0};
    run_on_threads(read.threads, [&](unsigned number) {
        for (auto at = next++; at < order.size() && !how.control.stop; at = next++) {
            workers[number]->scan(order[at]);
            ++how.control.objects_done;
        }
    });
    std::vector<FileHits> hits;
    for (auto& worker : workers) {
        read.scanned += worker->scanned_files;
        read.bytes += worker->bytes;
        std::move(worker->hits.begin(), worker->hits.end(), std::back_inserter(hits));
    }
    std::sort(hits.begin(), hits.end(), [](const FileHits& a, const FileHits& b) { return a.file < b.file; });
    make_findings(list, hits, how, read);
    read.symlinks = static_cast<std::uint64_t>(
        std::count_if(files.begin(), files.end(), [](const FoundFile& f) { return f.kind == FileKind::symlink; }));
    return read;
}

}  // namespace r8scan
