#include "engine/scan_metadata.h"

#include "engine/name_in_path.h"
#include "engine/ref_names.h"
#include "engine/regular_file.h"
#include "engine/stream_scan.h"
#include "engine/stream_tokens.h"
#include "engine/unread.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/long_path.h"

#include <algorithm>
#include <new>

namespace r8scan {

namespace {

class MetadataScanner {
public:
    explicit MetadataScanner(const MetadataContext& context)
        : m_context(context), m_stream(context.matcher, context.options, context.control), m_redactor(context.matcher)
    {
    }

    void scan_ref(const std::string& name)
    {
        const auto scanned = scan_words(name);
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

    // Each name in a path that the path before, in their order, does not have too.
    void scan_new_names(std::string_view path, std::string_view before)
    {
        for (std::size_t begin = 0; begin < path.size();) {
            const auto end = std::min(path.find('/', begin), path.size());
            const bool is_new = !before.starts_with(path.substr(0, end)) || (before.size() > end && before[end] != '/');
            if (is_new && end - begin >= shortest_name) {
                auto scanned = scan_words(path.substr(begin, end - begin));
                for (auto& hit : scanned.hits) {
                    move_into_path(hit, path.substr(0, begin));
                }
                keep(scanned, std::string(path.substr(0, end)), "index");
            }
            begin = end + 1;
        }
    }

    void scan_file(const source::MetadataFile& file) { keep(read_file(file), file.name, "metadata"); }

    ScannedStream read_file(const source::MetadataFile& file)
    {
        ScannedStream scanned;
        try {
            scanned = file.is_symlink ? scan_link(file) : scan_regular_file(m_stream, file.path);
        } catch (const std::bad_alloc&) {
            m_context.problems.add("file over a limit", r8scan::quoted(file.path) + ": not enough memory");
            return {};
        }
        leave_out_names(file, scanned.hits);
        account_for(scanned, r8scan::quoted(file.name));
        if (scanned.error) {
            const bool was_refused = scanned.error->code() == ErrorCode::permission;
            m_context.problems.add("unreadable file", scanned.error->message(),
                                   was_refused ? "run r8scan as a user who may read the whole repository" : "");
        }
        ++m_result.files;
        m_result.bytes += scanned.bytes;
        return scanned;
    }

    void keep_file(const source::MetadataFile& file, const ScannedStream& scanned) { keep(scanned, file.name, "blob"); }

    MetadataScan take() { return std::move(m_result); }

private:
    // No token is shorter, in any encoding, and most names are.
    static constexpr std::size_t shortest_name = 20;

    ScannedStream scan_words(std::string_view name)
    {
        auto scanned = m_stream.scan(as_bytes(name));
        for (auto& hit : scanned.hits) {
            hit.mark.reset();  // a name has no lines
        }
        return scanned;
    }

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
            if (!text) {
                m_context.problems.add("unreadable file", text.error().message(), "scan again");
            } else {
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

MetadataScan scan_metadata(const git::Refs& refs, const std::set<std::string>& index_paths,
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
    std::string_view before;
    for (const auto& path : index_paths) {
        scanner.scan_new_names(path, before);
        before = path;
    }
    for (const auto& file : files) {
        if (context.control.stop) {
            break;
        }
        if (file.role != source::MetadataRole::lfs_object) {
            scanner.scan_file(file);
        }
    }
    return scanner.take();
}

std::vector<LfsHits> scan_lfs_objects(const std::vector<source::MetadataFile>& files, const MetadataContext& context,
                                      MetadataScan& counts)
{
    MetadataScanner scanner(context);
    std::vector<LfsHits> found;
    for (const auto& file : files) {
        if (context.control.stop) {
            break;
        }
        if (file.role == source::MetadataRole::lfs_object) {
            auto scanned = scanner.read_file(file);
            if (!scanned.hits.empty()) {
                found.push_back({&file, std::move(scanned.hits)});
            }
        }
    }
    counts = scanner.take();
    return found;
}

MetadataScan tell_lfs_objects(const std::vector<LfsHits>& objects, const MetadataContext& context)
{
    MetadataScanner scanner(context);
    for (const auto& object : objects) {
        ScannedStream scanned;
        scanned.hits = object.hits;
        scanner.keep_file(*object.file, scanned);
    }
    return scanner.take();
}

}  // namespace r8scan
