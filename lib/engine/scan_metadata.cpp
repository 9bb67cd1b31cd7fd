#include "engine/scan_metadata.h"

#include "engine/ref_names.h"
#include "engine/stream_scan.h"
#include "engine/stream_tokens.h"
#include "engine/unread.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/long_path.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <set>

namespace r8scan {

namespace {

class MetadataScanner {
public:
    explicit MetadataScanner(const MetadataContext& context)
        : m_context(context), m_stream(context.matcher, context.options, context.control), m_redactor(context.matcher)
    {
    }

    void scan_name(const std::string& name, const char* kind) { keep(m_stream.scan(as_bytes(name)), name, kind); }

    void scan_ref(const std::string& name)
    {
        const auto scanned = m_stream.scan(as_bytes(name));
        for (const auto& hit : scanned.hits) {
            m_ref_names.add(hit.secret.reveal(), name);
        }
        keep(scanned, name, "ref");
    }

    void scan_ref_text(const git::RefText& text)
    {
        auto scanned = m_stream.scan(as_bytes(text.text));
        if (text.is_log) {
            std::erase_if(scanned.hits, [&](const Hit& hit) { return m_ref_names.is_named_in_log(text.text, hit); });
        }
        for (const auto& hit : scanned.hits) {
            m_told_of_reftables.insert(sha256_hex(as_bytes(hit.secret.reveal())));
        }
        const auto path = m_context.prefix + text.place;
        account_for(scanned, r8scan::quoted(path));
        keep(scanned, path, "metadata");
    }

    void scan_file(const source::MetadataFile& file)
    {
        ScannedStream scanned;
        try {
            scanned = file.is_symlink ? scan_link(file) : scan_regular(file);
        } catch (const std::bad_alloc&) {
            m_context.problems.add("file over a limit", r8scan::quoted(file.path) + ": not enough memory");
            return;
        }
        leave_out_names(file, scanned.hits);
        account_for(scanned, r8scan::quoted(file.name));
        if (scanned.error) {
            m_context.problems.add("unreadable file", scanned.error->message(),
                                   "run r8scan as a user who may read the whole repository");
        }
        ++m_result.files;
        m_result.bytes += scanned.bytes;
        keep(scanned, file.name, file.role == source::MetadataRole::lfs_object ? "blob" : "metadata");
    }

    MetadataScan take() { return std::move(m_result); }

private:
    ScannedStream scan_link(const source::MetadataFile& file)
    {
        ScannedStream failed;
        const auto text = read_link(file.path.native());
        if (!text) {
            failed.error = text.error();
            return failed;
        }
        return m_stream.scan(as_bytes(*text));
    }

    ScannedStream scan_regular(const source::MetadataFile& file)
    {
        ScannedStream failed;
        const auto opened = open_regular(file.path);
        if (!opened) {
            // Files of a repository that is in use come and go; what is not there any more holds nothing.
            if (opened.error().code() != ErrorCode::not_found) {
                failed.error = opened.error();
            }
            return failed;
        }
        const auto read = [&](std::span<std::byte> room) -> Result<std::size_t> {
            for (;;) {
                const auto got = ::read(opened->fd.get(), room.data(), room.size());
                if (got >= 0) {
                    return static_cast<std::size_t>(got);
                }
                if (errno != EINTR) {
                    return system_error(file.path, errno);
                }
            }
        };
        return m_stream.scan(read, opened->size);
    }

    // What the names of refs told already.
    void leave_out_names(const source::MetadataFile& file, std::vector<Hit>& hits)
    {
        const bool is_log = file.role == source::MetadataRole::reflog;
        if (file.role == source::MetadataRole::reftable) {
            std::erase_if(hits, [&](const Hit& hit) {
                return m_ref_names.contains(hit.secret.reveal()) ||
                       m_told_of_reftables.contains(sha256_hex(as_bytes(hit.secret.reveal())));
            });
        } else if (is_log || file.role == source::MetadataRole::ref_names) {
            const bool is_asked = std::any_of(
                hits.begin(), hits.end(), [&](const Hit& hit) { return m_ref_names.contains(hit.secret.reveal()); });
            const auto text = is_asked ? read_small_file(file.path, 512U << 20U) : std::string();
            if (text) {
                std::erase_if(hits, [&](const Hit& hit) {
                    return is_log ? m_ref_names.is_named_in_log(*text, hit) : m_ref_names.is_named_in(*text, hit);
                });
            }
        }
    }

    void account_for(const ScannedStream& scanned, const std::string& what)
    {
        for (const auto& part : scanned.unread) {
            account_for_unread(what, part, m_context.problems, m_context.unopened);
        }
    }

    void keep(const ScannedStream& scanned, const std::string& path, const char* kind)
    {
        if (scanned.hits.empty()) {
            return;
        }
        const auto found =
            tokens_of(scanned.hits, m_context.options.min_confidence, m_context.options.show_placeholders);
        m_result.placeholders += found.placeholders;
        for (const auto& token : found.tokens) {
            auto finding = finding_of(token, std::make_shared<Secret>(token.first->secret),
                                      m_context.matcher.rules()[token.first->rule], path, m_redactor);
            finding.kind = kind;
            finding.repository = m_context.repository;
            m_result.findings.push_back(std::move(finding));
        }
    }

    const MetadataContext& m_context;
    StreamScan m_stream;
    Redactor m_redactor;
    RefNames m_ref_names;
    std::set<std::string> m_told_of_reftables;  // hashes of tokens
    MetadataScan m_result;
};

}  // namespace

MetadataScan scan_metadata(const git::Refs& refs, const std::map<git::ObjectId, std::string>& index_paths,
                           const std::vector<source::MetadataFile>& files, const MetadataContext& context)
{
    MetadataScanner scanner(context);
    for (const auto& ref : refs.refs) {
        scanner.scan_ref(ref.name);
    }
    for (const auto& text : refs.texts) {
        if (context.control.stop) {
            break;
        }
        scanner.scan_ref_text(text);
    }
    std::set<std::string> paths;
    for (const auto& [id, path] : index_paths) {
        paths.insert(path);
    }
    for (const auto& path : paths) {
        scanner.scan_name(path, "index");
    }
    for (const auto& file : files) {
        if (context.control.stop) {
            break;
        }
        scanner.scan_file(file);
    }
    return scanner.take();
}

}  // namespace r8scan
