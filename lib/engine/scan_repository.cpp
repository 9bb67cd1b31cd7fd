// A scan from end to end: open, list, read and match every object, and, where something was found, work out its
// history. Each step is one call.
#include <r8scan/scan.h>

#include "engine/attribution_input.h"
#include "engine/commit_graph.h"
#include "engine/finding_builder.h"
#include "engine/lfs_pointers.h"
#include "engine/replaced_objects.h"
#include "engine/root_files.h"
#include "engine/scan_metadata.h"
#include "engine/scan_steps.h"
#include "engine/scan_worktree.h"
#include "engine/token_table.h"
#include "engine/told_places.h"
#include "git/object_database.h"
#include "git/repository.h"
#include "util/file.h"
#include "util/threads.h"

#include <algorithm>
#include <future>

namespace r8scan {

namespace {

git::ReadLimits limits_for(const ScanOptions& options, const git::ObjectStores& stores)
{
    git::ReadLimits limits;
    limits.in_memory = options.max_object_size;
    limits.delta_result = 4 * options.max_object_size;
    std::uint64_t packed = 0;
    for (const auto& pack : stores.packs) {
        packed += pack.bytes().size();
    }
    limits.rebuilt = std::max(limits.rebuilt, 1000 * packed);
    return limits;
}

void add(const ObjectCounts& more, ObjectCounts& counts)
{
    counts.listed += more.listed;
    counts.scanned += more.scanned;
    counts.blobs += more.blobs;
    counts.commits += more.commits;
    counts.tags += more.tags;
    counts.trees += more.trees;
    counts.unknown += more.unknown;
    counts.files += more.files;
}

std::string missing_advice(bool partial_clone)
{
    return partial_clone ? "this is a partial clone: run `git fetch --refetch --no-filter`, then scan again"
                         : "fetch the repository anew, or restore the object from another clone";
}

// One scan. The members are what its steps hand on to each other.
class RepositoryScan {
public:
    RepositoryScan(const ScanOptions& options, Sink& sink, Control& control)
        : m_options(options), m_sink(sink), m_control(control), m_threads(thread_count(options.threads))
    {
    }

    Result<Summary> run()
    {
        if (auto opened = open(); !opened) {
            return opened.error();
        }
        list_objects();
        read_objects();
        read_lfs_objects();
        check_history();
        find_tokens();
        if (!m_tokens.tokens.empty() && m_options.attribution && !m_control.stop) {
            attribute();
        } else {
            look_without_attribution();
        }
        name_replaced(m_refs, m_repository.common_dir(), m_findings, m_summary.notes);
        read_metadata();
        read_worktree();
        scan_modules();
        finish_summary();
        return tell(m_findings, m_summary, m_sink);
    }

private:
    Result<void> open()
    {
        const PhaseTimer timer("opening", m_control, m_summary);
        accept_known(m_options, m_problems, m_unopened);
        auto suppressor = Suppressor::make(m_options.suppression);
        if (!suppressor) {
            return suppressor.error();
        }
        m_suppressor = std::move(*suppressor);
        // Compiling the rules and opening the repository take some milliseconds each, and neither needs the other.
        auto compiling = std::async(m_threads > 1 ? std::launch::async : std::launch::deferred,
                                    [this] { return compile_rules(m_options); });
        auto repository = git::Repository::open(m_options.repository, {}, m_options.allow_outside);
        auto compiled = compiling.get();
        if (!repository) {
            return repository.error();
        }
        if (!compiled) {
            return compiled.error();
        }
        m_repository = std::move(*repository);
        m_matcher = std::make_unique<Matcher>(std::move(compiled->matcher));
        m_summary.notes = std::move(compiled->notes);
        m_summary.notes.insert(m_summary.notes.end(), m_repository.notes().begin(), m_repository.notes().end());
        for (const auto& complaint : m_repository.complaints()) {
            m_problems.add("unreadable configuration", complaint,
                           "correct the line, or see what git makes of it: git config --list --local");
        }
        if (const auto chosen = read_refs(); !chosen) {
            return chosen.error();
        }
        return {};
    }

    Result<void> read_refs()
    {
        if (git::is_known_ref_storage(m_repository.ref_storage())) {
            m_refs = git::read_refs(m_repository.ref_places(), m_problems);
        } else {
            m_problems.add("refs not read", "refs are stored as \"" + m_repository.ref_storage() + "\"",
                           "every object was read, but which refs hold it is not known");
        }
        m_head = m_refs.head;
        if (m_options.branches.empty()) {
            return {};
        }
        git::Refs chosen;
        for (const auto& name : m_options.branches) {
            const auto found = std::find_if(m_refs.refs.begin(), m_refs.refs.end(), [&](const git::Ref& ref) {
                const auto is = [&](const char* prefix) { return ref.name == prefix + name; };
                return is("") || is("refs/heads/") || is("refs/") || is("refs/tags/") || is("refs/remotes/");
            });
            if (found == m_refs.refs.end()) {
                return Error(ErrorCode::usage,
                             "branch \"" + name + "\": there is none of this name: `git branch -a` lists them");
            }
            chosen.refs.push_back(*found);
        }
        std::sort(chosen.refs.begin(), chosen.refs.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        chosen.head_branch = m_refs.head_branch;
        chosen.texts = std::move(m_refs.texts);
        m_refs = std::move(chosen);
        return {};
    }

    void list_objects()
    {
        const PhaseTimer timer("listing", m_control, m_summary);
        const git::AlternatesPolicy policy{m_repository.own_folders(), m_options.allow_outside};
        m_stores = git::open_object_stores(m_repository.objects_dir(), m_repository.hash(), policy, m_problems);
        m_limits = limits_for(m_options, m_stores);
        m_again.folders = m_stores.folders;
        m_again.algorithm = m_stores.algorithm;
        m_again.origin = m_stores.origin;
        m_moved_objects = std::make_unique<git::ObjectDatabase>(m_again, m_limits);
        m_table = git::ObjectTable::build(m_stores, m_threads);
        m_partial_clone = m_stores.promisor || m_repository.has_promisor_remote();
    }

    void read_objects()
    {
        const PhaseTimer timer("reading", m_control, m_summary);
        ObjectScanOptions options;
        options.threads = m_threads;
        options.delta_rule = m_options.delta_rule;
        options.verify_objects = m_options.verify_objects;
        options.limits = m_limits;
        options.layers = layer_limits_of(m_options, m_control);
        options.find_again = [this](const git::ObjectId& id) { return m_moved_objects->read(id); };
        m_scan = scan_objects(m_table, *m_matcher, options, m_control, m_problems, m_unopened);
    }

    // Objects of LFS are what their pointers are: what was found in one stands where a pointer to it stands.
    void read_lfs_objects()
    {
        if (m_control.stop) {
            return;
        }
        const PhaseTimer timer("LFS objects", m_control, m_summary);
        const auto& folder = m_repository.common_dir();
        m_prefix = folder.filename() == ".git" ? ".git/" : "";
        m_beside_files = source::list_metadata(folder, m_prefix, m_problems, m_unopened);
        MetadataScan counts;
        auto found = scan_lfs_objects(m_beside_files.files, beside(), counts);
        m_beside.objects.files += counts.files;
        m_beside.bytes += counts.bytes;
        if (!found.empty() && m_options.attribution) {
            const auto pointers = find_lfs_pointers(m_table, found, m_threads, m_limits, &m_control.stop);
            give_hits_to_pointers(found, pointers, m_scan);
        }
        m_loose_lfs = std::move(found);
    }

    [[nodiscard]] MetadataContext beside()
    {
        return {*m_matcher, m_options, m_control, m_name, m_prefix, m_problems, m_unopened};
    }

    void check_history()
    {
        const PhaseTimer timer("history", m_control, m_summary);
        m_graph = build_commit_graph(m_table, m_scan, m_refs, m_repository.shallow_boundary(m_problems), m_problems);
    }

    void find_tokens()
    {
        m_tokens = collect_tokens(m_scan, m_options.min_confidence, m_options.show_placeholders);
        std::string remote = m_repository.remote_url(m_refs.head_branch).value_or("");
        Redactor redactor(*m_matcher);
        m_remote = redactor.redact(without_credentials(remote));
        m_name = m_remote.empty() ? redactor.redact(m_options.repository.native()) : m_remote;
    }

    attribution::TreePass read_all_trees(const std::vector<git::EntryIndex>& hit_blobs)
    {
        const PhaseTimer timer("trees", m_control, m_summary);
        m_summary.connectivity = "full";
        return attribution::read_trees(m_table, hit_blobs,
                                       {m_threads, m_limits, &m_control.stop, missing_advice(m_partial_clone),
                                        [this](const git::ObjectId& id) { return m_moved_objects->read(id); }},
                                       m_problems);
    }

    void attribute()
    {
        std::vector<git::EntryIndex> hit_blobs;
        for (const auto& object : m_tokens.objects) {
            if (object.type == git::ObjectType::blob) {
                hit_blobs.push_back(object.entry);
            }
        }
        const auto trees = read_all_trees(hit_blobs);
        const PhaseTimer timer("attribution", m_control, m_summary);
        const auto input = build_attribution_input(m_table, m_graph, m_tokens, trees);
        attribution::Limits limits;
        limits.places_per_token = places_per_token;
        const auto output = attribution::attribute(input.input, limits);
        for (const auto& [count, what] : {std::pair(output.trees_in_cycles, "trees that contain themselves"),
                                          std::pair(output.commits_in_cycles, "commits that are their own ancestors"),
                                          std::pair(output.trees_too_deep, "trees nested too deeply")}) {
            if (count != 0) {
                m_problems.add("history that cannot be", what, {}, count);
            }
        }
        if (output.unfinished != 0) {
            m_summary.notes.push_back(
                "the history of " + std::to_string(output.unfinished) +
                " commits is too tangled to follow to the end: removed_in and refs may lack some");
        }
        auto builder = make_builder(context());
        builder->add_places(input, output);
        builder->add_loose_hits(input, output);
        m_findings = builder->take(places_per_token, m_summary.places_not_listed);
        for (const auto places : output.places_of_token) {
            m_summary.places_not_listed += places - std::min(places, places_per_token);
        }
    }

    void look_without_attribution()
    {
        m_summary.connectivity = m_options.verify_objects ? "full" : "roots";
        if (m_options.verify_objects || (m_partial_clone && m_options.attribution && !m_control.stop)) {
            // A partial clone is one that lacks blobs: only its trees can tell which.
            (void)read_all_trees({});
        } else if (m_partial_clone && !m_control.stop) {
            m_problems.add("partial clone", "blobs that the trees name were not looked for",
                           "scan without --no-attribution, or with --verify-objects");
        }
        auto builder = make_builder(context());
        builder->add_unattributed();
        m_findings = builder->take(places_per_token, m_summary.places_not_listed);
    }

    const FindingBuilder::Context& context()
    {
        read_index();
        m_objects = std::make_unique<TableSource>(
            m_table, m_limits, [this](const git::ObjectId& id) { return m_moved_objects->read(id); });
        m_context.reset(new FindingBuilder::Context{*m_objects, *m_matcher, m_tokens, m_graph, m_name, m_remote,
                                                    m_index.blobs, m_problems});
        return *m_context;
    }

    void read_index() { m_index = m_repository.index_names(m_problems); }

    // What lies beside the objects: names of refs and of staged files, and the files of the git folder.
    void read_metadata()
    {
        if (m_control.stop) {
            return;
        }
        const PhaseTimer timer("metadata", m_control, m_summary);
        for (const auto& [id, path] : m_index.blobs) {
            const bool is_missing = m_table.find(id.raw()) == git::no_entry;
            if (is_missing && !m_partial_clone) {
                m_problems.add("missing object", "blob " + id.hex() + ", staged as \"" + path + '"');
            }
        }
        auto scanned = scan_metadata(m_refs, m_index.paths, m_beside_files.files, beside());
        auto lfs = tell_lfs_objects(m_loose_lfs, beside());
        std::move(lfs.findings.begin(), lfs.findings.end(), std::back_inserter(scanned.findings));
        scanned.placeholders += lfs.placeholders;
        m_beside.placeholders += scanned.placeholders;
        m_beside.objects.files += scanned.files;
        m_beside.bytes += scanned.bytes;
        add_new_places(scanned.findings);
    }

    // The files of the working tree; what stands there as it does at HEAD or in the index was told.
    void read_worktree()
    {
        if (!m_options.worktree || m_control.stop) {
            return;
        }
        const PhaseTimer timer("working tree", m_control, m_summary);
        auto scanned = scan_worktree(m_repository, m_options.allow_outside, beside());
        m_beside.placeholders += scanned.placeholders;
        m_beside.objects.files += scanned.files;
        m_beside.bytes += scanned.bytes;
        m_summary.places_not_listed += scanned.places_not_listed;
        m_summary.notes.insert(m_summary.notes.end(), scanned.notes.begin(), scanned.notes.end());
        add_new_places(scanned.findings);
    }

    void add_new_places(std::vector<Finding>& findings)
    {
        const ToldPlaces told(m_findings);
        for (auto& finding : findings) {
            const bool has_twin = finding.kind == "file" || finding.kind == "index";
            if (!has_twin || !told.hold(finding)) {
                m_findings.push_back(std::move(finding));
            }
        }
    }

    // The git folder of each submodule is a repository of its own, and told as part of this one.
    void scan_modules()
    {
        struct Collector : Sink {
            Result<void> finding(const Finding& finding) override
            {
                findings.push_back(finding);
                return {};
            }
            Result<void> summary(const Summary&) override { return {}; }
            std::vector<Finding> findings;
        };
        if (!m_options.branches.empty() && !m_beside_files.modules.empty()) {
            m_summary.notes.emplace_back(
                "the repositories of submodules were not read: --branch chooses a branch of this one");
            return;
        }
        for (const auto& module : m_beside_files.modules) {
            if (m_control.stop) {
                return;
            }
            auto options = m_options;
            options.repository = module;
            options.branches.clear();
            options.worktree = false;
            Collector sink;
            const auto summary = RepositoryScan(options, sink, m_control).run();
            if (!summary) {
                m_problems.add("unreadable submodule", quoted(module) + ": " + summary.error().message(),
                               "repair it, or delete the folder if the submodule is not used any more");
                continue;
            }
            std::move(sink.findings.begin(), sink.findings.end(), std::back_inserter(m_findings));
            add_module(module, *summary);
        }
    }

    void add_module(const std::filesystem::path& module, const Summary& summary)
    {
        const std::string name = quoted(module) + ": ";
        for (const auto& [from, to] :
             {std::pair(&summary.skipped, &m_problems), std::pair(&summary.unopened, &m_unopened)}) {
            for (const auto& skip : *from) {
                auto rest = skip.count;
                for (const auto& example : skip.examples) {
                    to->add(skip.reason, name + example, skip.way_out);
                    --rest;
                }
                if (rest != 0) {
                    to->add(skip.reason, name + "others", skip.way_out, rest);
                }
            }
        }
        add(summary.objects, m_beside.objects);
        m_beside.bytes += summary.bytes;
        m_beside.placeholders += summary.placeholders;
        for (auto suppressed : summary.suppressed_findings) {
            suppressed.place = name + suppressed.place;
            m_summary.suppressed_findings.push_back(std::move(suppressed));
        }
        m_summary.places_not_listed += summary.places_not_listed;
        for (const auto& note : summary.notes) {
            m_summary.notes.push_back(name + note);
        }
    }

    static std::unique_ptr<FindingBuilder> make_builder(const FindingBuilder::Context& context)
    {
        return std::make_unique<FindingBuilder>(context);
    }

    void finish_summary()
    {
        auto& s = m_summary;
        drop_misplaced(*m_matcher, m_findings, m_summary);
        if (m_options.no_unreachable || !m_options.branches.empty()) {
            // What lies beside the objects is reached by no ref; the names of refs are what they are, and files of the
            // working tree were asked for.
            const auto dropped = std::erase_if(m_findings, [](const Finding& f) {
                return f.attributed ? !f.reachable : f.object.empty() && f.kind != "ref" && f.kind != "file";
            });
            if (dropped != 0) {
                s.notes.push_back(std::to_string(dropped) + " findings were left out, as no " +
                                  (m_options.branches.empty() ? "ref reaches" : "chosen branch reaches") + " them");
            }
        }
        suppress();
        count_findings(m_findings, s);
        s.placeholders = m_tokens.placeholders + m_beside.placeholders;
        s.objects = m_scan.counts;
        add(m_beside.objects, s.objects);
        s.bytes = m_scan.bytes + m_beside.bytes;
        m_stores.name_changed(m_problems);
        conclude(m_options, *m_matcher, m_control, m_problems, m_unopened, s);
        for (auto& skip : s.skipped) {
            if (skip.reason == "missing object") {
                skip.way_out = missing_advice(m_partial_clone);
            }
        }
        note_limits_of_integrity();
        const auto without_anchor = m_matcher->rule_without_anchor();
        s.delta_rule = m_options.delta_rule && without_anchor.empty();
        if (!m_options.delta_rule) {
            s.delta_rule_off_why = "--no-delta-rule";
        } else if (!s.delta_rule) {
            s.delta_rule_off_why = "rule '" + without_anchor + "' has no anchor of bounded width";
        }
        s.counters = {{"threads", m_threads},
                      {"packs", m_stores.packs.size()},
                      {"loose objects", m_stores.loose.size()},
                      {"entries", m_table.size()},
                      {"expanded bytes", m_scan.bytes},
                      {"bytes built from deltas", m_scan.built_bytes},
                      {"bytes scanned whole", m_scan.scanned_bytes},
                      {"bases dropped and rebuilt", m_scan.dropped_bases},
                      {"matches below the least confidence", m_tokens.below_confidence}};
        s.elapsed_ms = static_cast<std::uint64_t>(m_stopwatch.wall_ms());
    }

    void suppress()
    {
        if (m_head) {
            git::ObjectReader reader(m_table, m_limits);
            add_files_of_commit(
                *m_head, [&](const git::ObjectId& id) { return reader.read(id.raw()); }, m_suppressor);
        }
        const bool everything = m_options.attribution && !m_options.no_unreachable && m_options.branches.empty() &&
                                !m_control.stop && m_problems.empty();
        Redactor redactor(*m_matcher);
        m_suppressor.apply(m_findings, everything, redactor, m_summary);
    }

    void note_limits_of_integrity()
    {
        const auto without_crc = std::count_if(m_stores.packs.begin(), m_stores.packs.end(),
                                               [](const git::Pack& pack) { return !pack.index().has_crc(); });
        if (without_crc != 0 && !m_options.verify_objects) {
            m_summary.notes.push_back(std::to_string(without_crc) +
                                      " pack index(es) of version 1 hold no CRC32: damage that still inflates goes "
                                      "unseen without --verify-objects");
        }
        if (m_table.size() == 0 && m_refs.refs.empty()) {
            m_summary.notes.emplace_back("the repository is empty: there was nothing to read");
        }
    }

    const ScanOptions& m_options;
    Sink& m_sink;
    Control& m_control;
    unsigned m_threads;
    Stopwatch m_stopwatch;
    Problems m_problems;
    Problems m_unopened;
    Summary m_summary;
    git::Repository m_repository;
    std::unique_ptr<Matcher> m_matcher;
    git::Refs m_refs;
    std::optional<git::ObjectId> m_head;
    Suppressor m_suppressor;
    git::ObjectStores m_stores;
    git::ObjectStores m_again;  // the same folders, for single look-ups
    std::unique_ptr<git::ObjectDatabase> m_moved_objects;
    git::ReadLimits m_limits;
    git::ObjectTable m_table;
    bool m_partial_clone = false;
    ObjectScan m_scan;
    CommitGraph m_graph;
    TokenTable m_tokens;
    std::string m_remote;
    std::string m_name;
    git::IndexNames m_index;
    std::string m_prefix;  // before the names of those: ".git/" or ""
    source::MetadataFiles m_beside_files;
    std::vector<LfsHits> m_loose_lfs;  // to which no pointer leads
    struct Beside {                    // what was read that is no object of this repository
        ObjectCounts objects;
        std::uint64_t bytes = 0;
        std::uint64_t placeholders = 0;
    };
    Beside m_beside;
    std::unique_ptr<TableSource> m_objects;
    std::unique_ptr<FindingBuilder::Context> m_context;
    std::vector<Finding> m_findings;
};

}  // namespace

Result<Summary> scan_repository(const ScanOptions& options, Sink& sink, Control& control)
{
    return RepositoryScan(options, sink, control).run();
}

const char* version()
{
    return R8SCAN_VERSION;
}

}  // namespace r8scan
