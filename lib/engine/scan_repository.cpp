// A scan from end to end: open, list, read and match every object, and, where something was found, work out its
// history. Each step is one call.
#include <r8scan/scan.h>

#include "engine/attribution_input.h"
#include "engine/commit_graph.h"
#include "engine/finding_builder.h"
#include "engine/scan_steps.h"
#include "engine/token_table.h"
#include "git/repository.h"
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
        if (m_repository.ref_storage() == "files") {
            m_refs = git::read_refs(m_repository.git_dir(), m_repository.common_dir(), m_problems);
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
        std::map<git::ObjectId, std::string> index_paths;
        if (!m_tokens.tokens.empty()) {
            auto paths = m_repository.index_paths();
            if (paths) {
                index_paths = std::move(*paths);
            } else {
                m_summary.notes.push_back("paths of staged files are not known: " + paths.error().message());
            }
        }
        m_objects = std::make_unique<TableSource>(m_table, m_limits);
        m_context.reset(new FindingBuilder::Context{*m_objects, *m_matcher, m_tokens, m_graph, m_name, m_remote,
                                                    std::move(index_paths)});
        return *m_context;
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
        s.placeholders = m_tokens.placeholders;
        s.objects = m_scan.counts;
        s.bytes = m_scan.bytes;
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
