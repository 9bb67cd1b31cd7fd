// A scan of the index: list what it has that no parent of the next commit has, read and match that, tell.
#include <r8scan/scan.h>

#include "engine/lfs_reader.h"
#include "engine/lookup_repository.h"
#include "engine/name_in_path.h"
#include "engine/root_files.h"
#include "engine/scan_steps.h"
#include "engine/stream_tokens.h"
#include "engine/unread.h"
#include "finding/link.h"
#include "git/commit.h"
#include "match/built_databases.h"
#include "source/staged_changes.h"
#include "util/file.h"

#include <algorithm>
#include <future>
#include <new>
#include <set>

namespace r8scan {

namespace {

class StagedScan {
public:
    StagedScan(const StagedScanOptions& options, Sink& sink, Control& control)
        : m_options(options), m_sink(sink), m_control(control)
    {
        m_summary.source = ScanSource::index;
        m_summary.connectivity = "range";
    }

    Result<Summary> run()
    {
        accept_known(m_options, m_problems, m_unopened);
        auto suppressor = Suppressor::make(m_options.suppression);
        if (!suppressor) {
            return suppressor.error();
        }
        if (auto opened = open(); !opened) {
            return opened.error();
        }
        // Compiling the rules takes some milliseconds, and so does listing a large index; neither needs the other. Of a
        // small one it is known at once whether anything is staged: mostly nothing is where a hook runs for the second
        // time, and then the rules, and the libraries that match them, are not needed at all.
        constexpr std::size_t large = 5000;
        const bool at_once = !m_options.patterns.empty() || m_index.entries().size() > large;
        auto compiling = std::async(at_once && thread_count(m_options.threads) > 1 ? std::launch::async : std::launch::deferred,
                                    [this] { return compile_rules(m_options); });
        list();
        m_summary.notes = m_repository.repository.notes();
        if (at_once || !m_staged.changes.empty() || built_digest().empty()) {
            if (auto taken = take(compiling.get()); !taken) {
                return taken.error();
            }
            read();
            drop_misplaced(*m_matcher, m_findings, m_summary);
            suppress(*suppressor);
        }
        if (auto finished = finish_summary(); !finished) {
            return finished.error();
        }
        return tell(m_findings, m_summary, m_sink);
    }

private:
    Result<void> open()
    {
        const PhaseTimer timer("opening", m_control, m_summary);
        if (auto opened = LookupRepository::open(m_options.repository, m_options.places, m_options, m_options.allow_outside,
                                                 m_problems, m_repository);
            !opened) {
            return opened;
        }
        const auto& repository = m_repository.repository;
        const auto path =
            m_options.places.index_file.empty() ? repository.git_dir() / "index" : m_options.places.index_file;
        auto index = git::IndexFile::open(path, repository.git_dir(), repository.hash());
        if (!index) {
            return index.error();
        }
        m_index = std::move(*index);
        return {};
    }

    Result<void> take(Result<CompiledRules> compiled)
    {
        if (!compiled) {
            return compiled.error();
        }
        m_matcher = std::make_unique<Matcher>(std::move(compiled->matcher));
        m_summary.notes.insert(m_summary.notes.begin(), compiled->notes.begin(), compiled->notes.end());
        return {};
    }

    void list()
    {
        const PhaseTimer timer("listing", m_control, m_summary);
        m_trees = std::make_unique<source::TreeReader>(*m_repository.objects, m_tree_problems);
        m_parent_trees = parent_trees();
        m_staged = source::list_staged(m_index, m_parent_trees, *m_trees);
        m_control.objects_total = m_staged.changes.size();
    }

    // HEAD, and in a merge what is merged.
    std::vector<git::ObjectId> parent_trees()
    {
        std::vector<git::ObjectId> commits;
        if (m_repository.refs.head) {
            commits.push_back(*m_repository.refs.head);
        }
        const auto text = read_small_file(m_repository.repository.git_dir() / "MERGE_HEAD", 1U << 20U);
        for (std::size_t begin = 0; text && begin < text->size();) {
            const auto end = std::min(text->find('\n', begin), text->size());
            if (const auto id = git::ObjectId::from_hex(std::string_view(*text).substr(begin, end - begin))) {
                commits.push_back(*id);
            }
            begin = end + 1;
        }
        std::vector<git::ObjectId> trees;
        for (const auto& id : commits) {
            const auto object = m_repository.objects->read(id);
            const auto commit = object ? git::Commit::parse(object->content) : object.error();
            if (commit) {
                trees.push_back(commit->tree);
            } else {
                m_problems.add("missing object", "commit " + id.hex() + ": " + commit.error().message(),
                               "fetch the repository anew");
            }
        }
        return trees;
    }

    void read()
    {
        const PhaseTimer timer("reading", m_control, m_summary);
        LayerScanner scanner(*m_matcher, layer_limits_of(m_options, m_control));
        m_lfs = std::make_unique<LfsReader>(m_repository.repository.common_dir(), *m_matcher, m_options, m_control,
                                            m_problems, m_unopened);
        Redactor redactor(*m_matcher);
        const auto url = m_repository.repository.remote_url(m_repository.refs.head_branch).value_or("");
        const auto remote = redactor.redact(without_credentials(url));
        const auto name = remote.empty() ? redactor.redact(m_options.repository.native()) : remote;
        for (const auto& change : m_staged.changes) {
            if (m_control.stop) {
                return;
            }
            std::set<std::string> before;
            for (const auto& id : change.before) {
                if (id) {
                    for (const auto& token : tokens_in(scan_blob(scanner, *id, change.path, false))) {
                        before.insert(token);
                    }
                }
            }
            std::set<std::string> now;
            if (change.entry) {
                const auto hits = scan_blob(scanner, change.entry->id, change.path, true);
                now = tokens_in(hits);
                add_findings(hits, before, change.path, "blob", change.entry->id.hex(), name, redactor);
                if (change.is_new_name) {
                    add_name(scanner, change, name, redactor);
                }
            }
            // What the end of a conflict takes out is not known yet.
            for (const auto& token : change.stage == 0 ? before : std::set<std::string>()) {
                m_removed += now.contains(token) ? 0U : 1U;
            }
            ++m_control.objects_done;
        }
    }

    std::vector<Hit> scan_blob(LayerScanner& scanner, const git::ObjectId& id, const std::string& path, bool is_staged)
    {
        m_summary.objects.listed += is_staged ? 1U : 0U;
        try {
            const auto object = m_repository.objects->read(id);
            if (!object) {
                // What was there before only says whether a token is new: without it more is reported, not less.
                if (is_staged) {
                    m_problems.add(object.error().code() == ErrorCode::not_found ? "missing object" : "damaged object",
                                   r8scan::quoted(path) + ": " + object.error().message(),
                                   "stage the file again: git add");
                }
                return {};
            }
            auto hits = scanner.scan(object->content);
            const auto unread = scanner.take_unread();
            if (hits.empty()) {
                std::uint64_t bytes = 0;
                hits = m_lfs->scan(object->content, r8scan::quoted(path), bytes);
                m_summary.bytes += is_staged ? bytes : 0;
            }
            if (is_staged) {
                ++m_summary.objects.scanned;
                ++m_summary.objects.blobs;
                m_summary.bytes += object->content.size();
                for (const auto& part : unread) {
                    account_for_unread(r8scan::quoted(path), part, m_problems, m_unopened);
                }
            }
            return hits;
        } catch (const std::bad_alloc&) {
            m_problems.add("object over a limit", r8scan::quoted(path) + ": not enough memory");
            return {};
        }
    }

    std::set<std::string> tokens_in(const std::vector<Hit>& hits) const
    {
        std::set<std::string> tokens;
        for (const auto& token : tokens_of(hits, m_options.min_confidence, false).tokens) {
            tokens.insert(token.sha256);
        }
        return tokens;
    }

    void add_findings(const std::vector<Hit>& hits, const std::set<std::string>& before, const std::string& path,
                      const char* kind, const std::string& object, const std::string& repository, Redactor& redactor)
    {
        const auto found = tokens_of(hits, m_options.min_confidence, m_options.show_placeholders);
        m_summary.placeholders += found.placeholders;
        for (const auto& token : found.tokens) {
            if (before.contains(token.sha256)) {
                continue;
            }
            if (m_findings.size() >= places_per_token) {
                ++m_summary.places_not_listed;
                continue;
            }
            auto finding = finding_of(token, std::make_shared<Secret>(token.first->secret),
                                      m_matcher->rules()[token.first->rule], path, redactor);
            finding.kind = kind;
            finding.object = object;
            finding.repository = repository;
            m_findings.push_back(std::move(finding));
        }
    }

    void add_name(LayerScanner& scanner, const source::StagedChange& change, const std::string& repository,
                  Redactor& redactor)
    {
        // Of a path whose folders are new too each part is a name of its own, told once for all that is in it.
        for (std::size_t begin = 0; begin < change.path.size();) {
            const auto end = std::min(change.path.find('/', begin), change.path.size());
            const auto before = std::string_view(change.path).substr(0, begin);
            const auto name = as_bytes(std::string_view(change.path).substr(begin, end - begin));
            auto hits = scanner.has_anchor(name) ? scanner.scan(name) : std::vector<Hit>();
            begin = end + 1;
            const auto path = change.path.substr(0, end);
            if (hits.empty() || !m_named.insert(path).second || is_in_a_parent(path)) {
                continue;
            }
            for (auto& hit : hits) {
                move_into_path(hit, before);
            }
            add_findings(hits, {}, path, "index", "", repository, redactor);
        }
        (void)scanner.take_unread();
    }

    [[nodiscard]] bool is_in_a_parent(const std::string& path)
    {
        return std::any_of(m_parent_trees.begin(), m_parent_trees.end(),
                           [&](const git::ObjectId& tree) { return m_trees->find(tree, path).has_value(); });
    }

    void suppress(Suppressor& suppressor)
    {
        if (m_findings.empty()) {
            return;
        }
        add_files_of_index(m_index, [&](const git::ObjectId& id) { return m_repository.objects->read(id); }, suppressor);
        Redactor redactor(*m_matcher);
        suppressor.apply(m_findings, false, redactor, m_summary);
    }

    Result<void> finish_summary()
    {
        auto& s = m_summary;
        const bool has_notes = !s.notes.empty();
        count_findings(m_findings, s);
        if (m_removed != 0) {
            s.notes.push_back("this commit takes out " + std::to_string(m_removed) +
                              (m_removed == 1 ? " token" : " tokens") + ", which stay in the history: revoke them");
        }
        if (const auto count = m_staged.conflicts; count != 0) {
            s.notes.push_back(std::to_string(count) + (count == 1 ? " path is" : " paths are") +
                              " in conflict: both sides were read, and none can be committed before that is resolved");
        }
        if (m_staged.changes.empty()) {
            s.notes.emplace_back("nothing is staged");
        }
        m_repository.stores.name_changed(m_problems);
        if (const auto same = m_index.unchanged(); !same) {
            m_problems.add("changed while read", same.error().message(), "scan again when nothing writes to the index");
        }
        if (!m_matcher && (has_notes || m_control.stop || !m_problems.empty() || !m_problems.met_accepted().empty())) {
            // There is more to say than that nothing is staged, and it must be read over for tokens.
            if (auto taken = take(compile_rules(m_options)); !taken) {
                return taken;
            }
        }
        if (m_matcher) {
            conclude(m_options, *m_matcher, m_control, m_problems, m_unopened, s);
        } else {
            s.version = version();
            s.patterns = built_digest();
            s.complete = true;
            s.exit_code = 0;
        }
        s.delta_rule = false;
        s.delta_rule_off_why = "staged files are read one by one";
        s.counters = {{"index entries", m_index.entries().size()},
                      {"compared", m_staged.compared},
                      {"changed paths", m_staged.changes.size()}};
        s.elapsed_ms = static_cast<std::uint64_t>(m_stopwatch.wall_ms());
        return {};
    }

    const StagedScanOptions& m_options;
    Sink& m_sink;
    Control& m_control;
    Stopwatch m_stopwatch;
    Problems m_problems;
    Problems m_unopened;
    Summary m_summary;
    LookupRepository m_repository;
    git::IndexFile m_index;
    source::TreeProblems m_tree_problems{m_problems};
    std::unique_ptr<source::TreeReader> m_trees;
    std::vector<git::ObjectId> m_parent_trees;
    source::StagedChanges m_staged;
    std::set<std::string> m_named;  // paths whose last name was told
    std::unique_ptr<Matcher> m_matcher;
    std::unique_ptr<LfsReader> m_lfs;
    std::uint64_t m_removed = 0;
    std::vector<Finding> m_findings;
};

}  // namespace

Result<Summary> scan_staged(const StagedScanOptions& options, Sink& sink, Control& control)
{
    return StagedScan(options, sink, control).run();
}

}  // namespace r8scan
