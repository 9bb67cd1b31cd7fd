// A scan of a range of commits: resolve, list, read what each commit brings over its parents, and work out the history
// of what was found within the range. Each step is one call.
#include <r8scan/scan.h>

#include "engine/head_marks.h"
#include "engine/lookup_repository.h"
#include "engine/range_history.h"
#include "engine/root_files.h"
#include "engine/scan_metadata.h"
#include "engine/scan_steps.h"
#include "engine/scanned_objects.h"
#include "git/revision.h"
#include "source/commit_range.h"
#include "source/range_changes.h"

#include <algorithm>
#include <set>

namespace r8scan {

using attribution::Index;
using git::ObjectId;
using source::RangeCommit;

namespace {

class RangeScan {
public:
    RangeScan(const RangeScanOptions& options, Sink& sink, Control& control)
        : m_options(options), m_sink(sink), m_control(control)
    {
        m_summary.source = ScanSource::range;
        m_control.unit = "commits";
    }

    Result<Summary> run()
    {
        for (const auto step : {&RangeScan::open, &RangeScan::resolve}) {
            if (auto done = (this->*step)(); !done) {
                return done.error();
            }
        }
        list_commits();
        list_changes();
        read();
        attribute();
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
        if (auto opened = LookupRepository::open(m_options.repository, m_options.places, m_options,
                                                 m_options.allow_outside, m_problems, m_repository);
            !opened) {
            return opened;
        }
        auto compiled = compile_rules(m_options);
        if (!compiled) {
            return compiled.error();
        }
        m_matcher = std::make_unique<Matcher>(std::move(compiled->matcher));
        m_summary.notes = std::move(compiled->notes);
        const auto& more = m_repository.repository.notes();
        m_summary.notes.insert(m_summary.notes.end(), more.begin(), more.end());
        m_objects = std::make_unique<ScannedObjects>(m_repository, *m_matcher, m_options, m_control, m_problems,
                                                     m_unopened);
        m_trees = std::make_unique<source::TreeReader>(*m_repository.objects, m_tree_problems);
        return {};
    }

    // What was typed becomes ids of commits; tags on the way are kept.
    Result<void> resolve()
    {
        auto& objects = *m_repository.objects;
        const auto& refs = m_repository.refs;
        for (const auto& text : m_options.ranges) {
            const auto range = git::parse_range(text);
            const auto from =
                range ? git::resolve_revision(range->from, refs, objects) : Result<ObjectId>(range.error());
            const auto to = from ? git::resolve_revision(range->to, refs, objects) : from;
            if (!to) {
                return to.error();
            }
            include(*to);
            if (!range->symmetric) {
                exclude(*from);
                continue;
            }
            include(*from);
            const auto a = git::peel_tags(*from, objects);
            const auto b = git::peel_tags(*to, objects);
            if (a && b) {
                const auto bases = source::merge_bases(objects, *a, *b);
                m_exclude.insert(m_exclude.end(), bases.begin(), bases.end());
            }
        }
        for (const auto& text : m_options.include) {
            const auto id = git::resolve_revision(text, refs, objects);
            if (!id) {
                return id.error();
            }
            include(*id);
        }
        for (const auto& text : m_options.exclude) {
            const auto id = git::resolve_revision(text, refs, objects);
            if (!id) {
                return id.error();
            }
            exclude(*id);
        }
        for (const auto& ref : refs.refs) {
            const bool is_excluded = std::any_of(m_options.exclude_refs.begin(), m_options.exclude_refs.end(),
                                                 [&](const auto& prefix) { return ref.name.starts_with(prefix); });
            if (is_excluded && objects.contains(ref.target)) {
                exclude(ref.target);
            }
        }
        return {};
    }

    void include(ObjectId id)
    {
        constexpr int longest_tag_chain = 100;
        for (int i = 0; i < longest_tag_chain; ++i) {
            const auto object = m_repository.objects->read(id);
            if (!object) {
                m_problems.add(object.error().code() == ErrorCode::not_found ? "missing object" : "damaged object",
                               object.error().message(), "fetch the repository anew");
                return;
            }
            if (object->type == git::ObjectType::commit) {
                m_include.push_back(id);
                return;
            }
            if (object->type != git::ObjectType::tag) {
                (object->type == git::ObjectType::tree ? m_tip_trees : m_tip_blobs).push_back(id);
                return;
            }
            m_tags.push_back(id);
            const auto tag = git::Tag::parse(object->content);
            if (!tag) {
                m_problems.add("malformed tag", id.hex() + ": " + tag.error().message());
                return;
            }
            id = tag->target;
        }
    }

    void exclude(const ObjectId& id)
    {
        const auto commit = git::peel_tags(id, *m_repository.objects);
        if (commit) {
            m_exclude.push_back(*commit);
            m_excluded_objects.insert(id);
        } else if (!m_options.exclude_may_be_missing) {
            m_problems.add("missing object", "the base of the range: " + commit.error().message(),
                           "run `git fetch --unshallow`, or fetch with more depth, then scan again");
        }
    }

    void list_commits()
    {
        const PhaseTimer timer("listing", m_control, m_summary);
        m_shallow = m_repository.repository.shallow_boundary(m_problems);
        m_range = source::list_commits(*m_repository.objects, m_include, m_exclude, m_shallow, m_problems);
        m_control.objects_total = m_range.commits.size();
        // Commits are numbered first, and so stand in the order of their entries.
        for (const auto* const list : {&m_range.commits, &m_range.boundary}) {
            for (const auto& commit : *list) {
                m_commit_entries.emplace(commit.id, m_objects->number_of(commit.id));
            }
        }
    }

    // What each commit brings over its parents; of trees that were named, everything.
    void list_changes()
    {
        const PhaseTimer timer("comparing", m_control, m_summary);
        std::map<ObjectId, ObjectId> tree_of;
        for (const auto* const list : {&m_range.commits, &m_range.boundary}) {
            for (const auto& commit : *list) {
                tree_of.emplace(commit.id, commit.tree);
            }
        }
        std::vector<source::TreeStep> steps;
        for (const auto& commit : m_range.commits) {
            auto& step = steps.emplace_back(source::TreeStep{commit.tree, {}});
            for (const auto& parent : commit.parents) {
                if (const auto tree = tree_of.find(parent); tree != tree_of.end()) {
                    step.others.push_back(tree->second);
                }
            }
        }
        for (const auto& tree : m_tip_trees) {
            steps.push_back({tree, {}});
        }
        m_brought = source::list_brought(m_repository.stores, m_repository.limits, steps, shortest_name,
                                         thread_count(m_options.threads), m_control, m_tree_problems, m_problems);
    }

    void read()
    {
        const PhaseTimer timer("reading", m_control, m_summary);
        m_control.unit = "objects";
        std::vector<ScannedObjects::Wanted> wanted;
        for (const auto& commit : m_range.commits) {
            wanted.push_back({m_commit_entries.at(commit.id), {}});
        }
        for (const auto& tag : m_tags) {
            if (!m_excluded_objects.contains(tag)) {
                wanted.push_back({m_objects->number_of(tag), {}});
            }
        }
        for (const auto& blob : m_tip_blobs) {
            wanted.push_back({m_objects->number_of(blob), {}});
        }
        for (const auto& file : m_brought.files) {
            wanted.push_back({m_objects->number_of(file.id), r8scan::quoted(file.path)});
        }
        m_objects->scan_all(wanted, thread_count(m_options.threads), m_control);
        for (const auto& file : m_brought.files) {
            if (m_objects->has_hits(m_objects->number_of(file.id))) {
                m_hit_paths.insert(file.path);
            }
        }
        for (const auto& name : m_brought.names) {
            const auto entry = m_objects->number_for_name(name.tree);
            if (m_objects->scan_name(entry, std::string_view(name.path).substr(name.name_begin))) {
                m_hit_names.emplace(name.path, entry);
            }
        }
    }

    // The history of the paths where something was found, as attribution takes it: a tree of one level for each commit,
    // with whole paths for names.
    void attribute()
    {
        const PhaseTimer timer("attribution", m_control, m_summary);
        std::vector<const RangeCommit*> commits;
        for (const auto* const list : {&m_range.commits, &m_range.boundary}) {
            for (const auto& commit : *list) {
                commits.push_back(&commit);
            }
        }
        std::vector<HeldPaths> held(commits.size());
        for (std::size_t i = 0; i < commits.size(); ++i) {
            for (const auto& path : m_hit_paths) {
                const auto entry = m_trees->find(commits[i]->tree, path);
                const bool is_file =
                    entry && (entry->mode & 0170000U) != 0040000U && (entry->mode & 0170000U) != 0160000U;
                if (is_file) {
                    const auto number = m_objects->number_of(entry->id);
                    if (m_objects->scan(number, r8scan::quoted(path))) {
                        held[i].emplace_back(path, number);
                    }
                }
            }
            for (const auto& [path, number] : m_hit_names) {
                if (m_trees->find(commits[i]->tree, path)) {
                    held[i].emplace_back(path, number);
                }
            }
        }
        m_scan = m_objects->take();
        m_tokens = collect_tokens(m_scan, m_options.min_confidence, m_options.show_placeholders);
        const auto inside = m_range.commits.size();
        m_graph = graph_of_range(commits, inside, m_commit_entries, m_repository, m_problems);
        m_input = input_of_range(commits, inside, held, m_tokens, m_graph);

        attribution::Limits limits;
        limits.places_per_token = places_per_token;
        auto output = attribution::attribute(m_input.input, limits);
        // The boundary only says what was there before.
        std::erase_if(output.places, [&](const attribution::Place& place) { return place.commit >= inside; });
        for (auto& place : output.places) {
            std::erase_if(place.removed_in, [&](Index commit) { return commit >= inside; });
        }
        const auto url = m_repository.repository.remote_url(m_repository.refs.head_branch).value_or("");
        Redactor redactor(*m_matcher);
        const auto remote = redactor.redact(without_credentials(url));
        const auto name = remote.empty() ? redactor.redact(m_options.repository.native()) : remote;
        const FindingBuilder::Context context{*m_objects, *m_matcher, m_tokens, m_graph, name, remote, {}, m_problems};
        FindingBuilder builder(context);
        builder.add_places(m_input, output);
        builder.add_loose_hits(m_input, output);
        m_findings = builder.take(places_per_token, m_summary.places_not_listed);
        scan_names(name);
    }

    void scan_names(const std::string& repository)
    {
        git::Refs refs;
        for (const auto& name : m_options.names) {
            refs.refs.emplace_back().name = name;
        }
        const std::string no_prefix;
        const MetadataContext context{*m_matcher, m_options, m_control, repository, no_prefix, m_problems, m_unopened};
        auto named = scan_metadata(refs, {}, {}, context);
        std::move(named.findings.begin(), named.findings.end(), std::back_inserter(m_findings));
        m_summary.placeholders += named.placeholders;
    }

    void suppress()
    {
        if (m_findings.empty()) {
            return;
        }
        const auto read = [&](const ObjectId& id) { return m_repository.objects->read(id); };
        if (const auto& head = m_repository.refs.head) {
            add_files_of_commit(*head, read, m_suppressor);
        }
        Redactor redactor(*m_matcher);
        HeadMarks at_head(m_repository, *m_matcher, m_options);
        for (auto& finding : m_findings) {
            at_head.apply(finding, redactor);
        }
        m_suppressor.apply(m_findings, false, redactor, m_summary);
    }

    void finish_summary()
    {
        auto& s = m_summary;
        s.connectivity = "range";
        drop_misplaced(*m_matcher, m_findings, s);
        suppress();
        count_findings(m_findings, s);
        s.placeholders += m_tokens.placeholders;
        s.objects = m_scan.counts;
        s.objects.trees = m_tree_problems.trees_read();
        s.objects.listed += s.objects.trees;
        s.objects.scanned += s.objects.trees;
        s.bytes = m_scan.bytes + m_tree_problems.bytes_read();
        s.notes.push_back(std::to_string(m_range.commits.size()) + " commits in the range");
        m_repository.stores.name_changed(m_problems);
        conclude(m_options, *m_matcher, m_control, m_problems, m_unopened, s);
        s.delta_rule = false;
        s.delta_rule_off_why = "the objects of a range are read one by one";
        s.counters = {{"commits", m_range.commits.size()}, {"packs", m_repository.stores.packs.size()}};
        s.elapsed_ms = static_cast<std::uint64_t>(m_stopwatch.wall_ms());
    }

    // No token is shorter, in any encoding, and most names are.
    static constexpr std::size_t shortest_name = 20;

    const RangeScanOptions& m_options;
    Sink& m_sink;
    Control& m_control;
    Stopwatch m_stopwatch;
    Problems m_problems;
    Problems m_unopened;
    Summary m_summary;
    LookupRepository m_repository;
    Suppressor m_suppressor;
    std::unique_ptr<Matcher> m_matcher;
    std::unique_ptr<ScannedObjects> m_objects;
    source::TreeProblems m_tree_problems{m_problems};
    std::unique_ptr<source::TreeReader> m_trees;
    source::Brought m_brought;
    std::vector<ObjectId> m_include;
    std::vector<ObjectId> m_exclude;
    std::set<ObjectId> m_excluded_objects;
    std::vector<ObjectId> m_tags;
    std::vector<ObjectId> m_tip_blobs;
    std::vector<ObjectId> m_tip_trees;
    std::vector<ObjectId> m_shallow;
    source::CommitRange m_range;
    std::map<ObjectId, git::EntryIndex> m_commit_entries;
    std::set<std::string> m_hit_paths;
    std::map<std::string, git::EntryIndex> m_hit_names;
    ObjectScan m_scan;
    TokenTable m_tokens;
    CommitGraph m_graph;
    AttributionInput m_input;
    std::vector<Finding> m_findings;
};

}  // namespace

Result<Summary> scan_range(const RangeScanOptions& options, Sink& sink, Control& control)
{
    return RangeScan(options, sink, control).run();
}

}  // namespace r8scan
