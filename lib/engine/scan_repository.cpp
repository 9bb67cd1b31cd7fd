// A scan from end to end: open, list, read and match every object, and, where something was found, work out its
// history. Each step is one call.
#include <r8scan/scan.h>

#include "engine/attribution_input.h"
#include "engine/commit_graph.h"
#include "engine/finding_builder.h"
#include "engine/scan_metadata.h"
#include "engine/scan_steps.h"
#include "engine/token_table.h"
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
        check_history();
        find_tokens();
        if (!m_tokens.tokens.empty() && m_options.attribution && !m_control.stop) {
            attribute();
        } else {
            look_without_attribution();
        }
        read_metadata();
        scan_modules();
        finish_summary();
        return tell(m_findings, m_summary, m_sink);
    }

private:
    Result<void> open()
    {
        const PhaseTimer timer("opening", m_control, m_summary);
        // Compiling the rules and opening the repository take some milliseconds each, and neither needs the other.
        auto compiling = std::async(m_threads > 1 ? std::launch::async : std::launch::deferred,
                                    [this] { return compile_rules(m_options); });
        auto repository = git::Repository::open(m_options.repository);
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
                return Error(ErrorCode::usage, "branch \"" + name + "\": there is none of this name: `git branch -a` lists them");
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
        options.layers.budget.member_in_memory = m_options.max_object_size;
        options.layers.stop = &m_control.stop;
        m_scan = scan_objects(m_table, *m_matcher, options, m_control, m_problems, m_unopened);
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
        return attribution::read_trees(
            m_table, hit_blobs, {m_threads, m_limits, &m_control.stop, missing_advice(m_partial_clone)}, m_problems);
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
            m_summary.notes.push_back("the history of " + std::to_string(output.unfinished) +
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
        m_objects = std::make_unique<TableSource>(m_table, m_limits);
        m_context.reset(new FindingBuilder::Context{*m_objects, *m_matcher, m_tokens, m_graph, m_name, m_remote,
                                                    m_index_paths});
        return *m_context;
    }

    void read_index()
    {
        auto paths = m_repository.index_paths();
        if (paths) {
            m_index_paths = std::move(*paths);
        } else {
            m_problems.add("unreadable index", paths.error().message(), "run `git reset` to write it anew");
        }
    }

    // What lies beside the objects: names of refs and of staged files, and the files of the git folder.
    void read_metadata()
    {
        if (m_control.stop) {
            return;
        }
        const PhaseTimer timer("metadata", m_control, m_summary);
        const auto& folder = m_repository.common_dir();
        const auto prefix = folder.filename() == ".git" ? std::string(".git/") : std::string();
        auto listed = source::list_metadata(folder, prefix, m_problems, m_unopened);
        m_modules = std::move(listed.modules);
        for (const auto& [id, path] : m_index_paths) {
            const bool is_missing = m_table.find(id.raw()) == git::no_entry;
            if (is_missing && !m_partial_clone) {
                m_problems.add("missing object", "blob " + id.hex() + ", staged as \"" + path + '"');
            }
        }
        auto scanned = scan_metadata(m_refs, m_index_paths, listed.files,
                                     {*m_matcher, m_options, m_control, m_name, prefix, m_problems, m_unopened});
        m_metadata_placeholders = scanned.placeholders;
        m_metadata_files = scanned.files;
        m_metadata_bytes = scanned.bytes;
        std::move(scanned.findings.begin(), scanned.findings.end(), std::back_inserter(m_findings));
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
        for (const auto& module : m_modules) {
            if (m_control.stop) {
                return;
            }
            auto options = m_options;
            options.repository = module;
            options.branches.clear();
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
        for (const auto& [from, to] : {std::pair(&summary.skipped, &m_problems), std::pair(&summary.unopened, &m_unopened)}) {
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
        auto& all = m_module_objects;
        const auto& own = summary.objects;
        all.listed += own.listed;
        all.scanned += own.scanned;
        all.blobs += own.blobs;
        all.commits += own.commits;
        all.tags += own.tags;
        all.trees += own.trees;
        all.unknown += own.unknown;
        all.files += own.files;
        m_module_bytes += summary.bytes;
        m_metadata_placeholders += summary.placeholders;
        m_summary.suppressed += summary.suppressed;
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
            const auto dropped = std::erase_if(m_findings, [](const Finding& f) { return f.attributed && !f.reachable; });
            if (dropped != 0) {
                s.notes.push_back(std::to_string(dropped) + " findings were left out, as no " +
                                  (m_options.branches.empty() ? "ref reaches" : "chosen branch reaches") + " them");
            }
        }
        count_findings(m_findings, s);
        s.placeholders = m_tokens.placeholders + m_metadata_placeholders;
        s.objects = m_scan.counts;
        s.objects.listed += m_module_objects.listed;
        s.objects.scanned += m_module_objects.scanned;
        s.objects.blobs += m_module_objects.blobs;
        s.objects.commits += m_module_objects.commits;
        s.objects.tags += m_module_objects.tags;
        s.objects.trees += m_module_objects.trees;
        s.objects.unknown += m_module_objects.unknown;
        s.objects.files = m_metadata_files + m_module_objects.files;
        s.bytes = m_scan.bytes + m_metadata_bytes + m_module_bytes;
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
    git::ObjectStores m_stores;
    git::ReadLimits m_limits;
    git::ObjectTable m_table;
    bool m_partial_clone = false;
    ObjectScan m_scan;
    CommitGraph m_graph;
    TokenTable m_tokens;
    std::string m_remote;
    std::string m_name;
    std::map<git::ObjectId, std::string> m_index_paths;
    std::vector<std::filesystem::path> m_modules;
    std::uint64_t m_metadata_placeholders = 0;
    std::uint64_t m_metadata_files = 0;
    std::uint64_t m_metadata_bytes = 0;
    ObjectCounts m_module_objects;
    std::uint64_t m_module_bytes = 0;
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
