#include "engine/finding_builder.h"

#include "git/commit.h"

#include <algorithm>
#include <stdexcept>

namespace r8scan {

using git::EntryIndex;
using git::ObjectType;

FindingBuilder::FindingBuilder(const Context& context)
    : m_context(context), m_redactor(context.matcher), m_links(context.remote_url)
{
}

const TokenInObject* FindingBuilder::token_in(const ObjectTokens& object, std::uint32_t token)
{
    const auto at = std::lower_bound(object.tokens.begin(), object.tokens.end(), token,
                                     [](const TokenInObject& t, std::uint32_t number) { return t.token < number; });
    return at != object.tokens.end() && at->token == token ? &*at : nullptr;
}

std::string FindingBuilder::commit_hex(CommitNumber commit) const
{
    return to_hex(m_context.objects.id(m_context.graph.commits[commit].entry));
}

Finding FindingBuilder::start(const TokenInObject& in_object, const ObjectTokens& object,
                              std::optional<std::string> path)
{
    const auto& token = m_context.tokens.tokens[in_object.token];
    const auto& rule = m_context.matcher.rules()[token.rule];
    auto finding = finding_of(in_object.found, token.secret, rule, std::move(path), m_redactor);
    finding.kind = to_string(object.type);
    finding.object = to_hex(m_context.objects.id(object.entry));
    finding.repository = m_context.repository;
    return finding;
}

std::optional<git::ReadObject> FindingBuilder::read_commit(CommitNumber number, const char* untold)
{
    auto object = m_context.objects.read(m_context.graph.commits[number].entry);
    if (!object) {
        m_context.problems.add("unreadable commit", "commit " + commit_hex(number) + ": " + object.error().message(),
                               std::string("scan again: ") + untold + " is not told");
        return std::nullopt;
    }
    return std::move(*object);
}

std::optional<std::string> FindingBuilder::date_of(CommitNumber number)
{
    const auto [at, is_new] = m_dates.try_emplace(number);
    if (const auto object = is_new ? read_commit(number, "when it was made") : std::nullopt) {
        if (const auto commit = git::Commit::parse(object->content)) {
            at->second = to_rfc3339(commit->author);
        }
    }
    return at->second;
}

void FindingBuilder::add_commit(Finding& finding, CommitNumber number)
{
    finding.commit = commit_hex(number);
    const auto object = read_commit(number, "who wrote it");
    if (!object) {
        return;
    }
    if (const auto commit = git::Commit::parse(object->content)) {
        finding.author = m_redactor.redact(commit->author.name);
        finding.email = m_redactor.redact(commit->author.email);
        finding.date = to_rfc3339(commit->author);
        finding.subject = m_redactor.redact(commit->subject());
    }
}

std::shared_ptr<const std::vector<std::string>> FindingBuilder::names_of(const std::vector<attribution::Index>& tips,
                                                                         const attribution::Input& input)
{
    auto& names = m_tip_names[tips];
    if (!names) {
        auto list = std::make_shared<std::vector<std::string>>();
        for (const auto tip : tips) {
            list->push_back(m_redactor.redact(input.tips[tip].name));
        }
        names = std::move(list);
    }
    return names;
}

void FindingBuilder::add_places(const AttributionInput& input, const attribution::Output& output)
{
    const auto& tokens = m_context.tokens;
    for (const auto& place : output.places) {
        const auto* object = tokens.find(input.blobs[place.blob]);
        const auto* token = object != nullptr ? token_in(*object, place.token) : nullptr;
        if (token == nullptr) {
            throw std::logic_error("attribution names a place without a token");
        }
        // Of a name in a tree the place's path ends in it already.
        const bool is_name = object->type == ObjectType::tree && !tokens.tokens[place.token].inner_path.empty();
        const auto inner_path = is_name ? std::string() : tokens.tokens[place.token].inner_path;
        auto finding =
            start(*token, *object,
                  is_name ? place.path.substr(0, place.path.size() - tokens.tokens[place.token].inner_path.size())
                          : place.path);
        finding.attributed = true;
        finding.at_or_before = place.at_or_before;
        finding.reachable = place.reachable;
        finding.refs = names_of(place.tips, input.input);
        // Beyond the real commits stand the trees that refs name, see build_attribution_input().
        if (place.commit < m_context.graph.commits.size()) {
            add_commit(finding, place.commit);
            // A page shows no lines of what is inside a container.
            const bool has_lines = !finding.outer_offset;
            finding.link = m_links.file(*finding.commit, place.path, has_lines ? finding.position.line : 0);
            if (finding.link) {
                finding.link = m_redactor.redact(*finding.link);
            }
        }
        for (std::size_t i = 0; i < place.removed_in.size(); ++i) {
            if (i == 0) {
                finding.removed_in = commit_hex(place.removed_in[i]);
                finding.removed_date = date_of(place.removed_in[i]);
            } else {
                finding.removed_in_more.push_back(commit_hex(place.removed_in[i]));
            }
        }
        finding.at_head = place.at_head;
        if (place.at_head) {
            finding.head_path = m_redactor.redact(place.head_path + inner_path);
            const auto* at_head = tokens.find(input.blobs[place.head_blob]);
            if (const auto* there = at_head != nullptr ? token_in(*at_head, place.token) : nullptr) {
                finding.head_line = there->found.first->position.line;
                // What HEAD says counts, whatever the commit said that brought the token in.
                finding.mark = there->found.mark ? std::optional(m_redactor.redact(*there->found.mark)) : std::nullopt;
            }
        }
        if (!place.moved_to.empty()) {
            finding.moved_to = m_redactor.redact(place.moved_to + inner_path);
        }
        if (!place.moved_from.empty()) {
            finding.moved_from = m_redactor.redact(place.moved_from + inner_path);
        }
        m_findings.emplace_back(place.token, std::move(finding));
    }
}

void FindingBuilder::add_reached_by(Finding& finding, CommitNumber commit)
{
    // Downwards from the commit to everything that descends from it, then the tips among that.
    const auto& graph = m_context.graph;
    if (m_children.empty()) {
        m_children.resize(graph.commits.size());
        for (CommitNumber child = 0; child < graph.commits.size(); ++child) {
            for (const auto parent : graph.parents[child]) {
                m_children[parent].push_back(child);
            }
        }
    }
    std::vector<bool> descends(graph.commits.size(), false);
    std::vector<CommitNumber> open = {commit};
    descends[commit] = true;
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        for (const auto child : m_children[at]) {
            if (!descends[child]) {
                descends[child] = true;
                open.push_back(child);
            }
        }
    }
    auto names = std::make_shared<std::vector<std::string>>();
    for (const auto& tip : graph.tips) {
        // A reflog entry is worth naming only where no ref does it, and then the newest is enough.
        const bool counts = tip.is_ref || (!finding.reachable && names->empty());
        if (counts && tip.commit != no_commit && descends[tip.commit]) {
            names->push_back(m_redactor.redact(tip.name));
        }
    }
    finding.refs = std::move(names);
    finding.at_head = graph.head != no_commit && descends[graph.head];
}

void FindingBuilder::add_loose_hits(const AttributionInput& input, const attribution::Output& output)
{
    const auto& graph = m_context.graph;
    const auto refs_in = [&](const auto& map, EntryIndex entry) {
        const auto at = map.find(entry);
        auto names = std::make_shared<std::vector<std::string>>();
        if (at != map.end()) {
            for (const auto& name : at->second) {
                names->push_back(m_redactor.redact(name));
            }
        }
        return names;
    };
    for (const auto& object : m_context.tokens.objects) {
        const auto real_end = input.blobs.begin() + static_cast<std::ptrdiff_t>(input.real_blobs);
        const auto blob = std::lower_bound(input.blobs.begin(), real_end, object.entry) - input.blobs.begin();
        const bool in_tree =
            object.type == ObjectType::tree || (static_cast<std::size_t>(blob) < input.real_blobs &&
                                                input.blobs[static_cast<std::size_t>(blob)] == object.entry &&
                                                input.blob_has_tree[static_cast<std::size_t>(blob)]);
        const auto id = git::ObjectId::from_raw(m_context.objects.id(object.entry));
        const auto indexed = m_context.index_paths.find(id);
        for (const auto& token : object.tokens) {
            // In a tree, but at no place: the tree is nested too deeply or holds itself. The token counts all the same.
            if (in_tree && output.places_of_token[token.token] != 0) {
                continue;
            }
            auto finding = start(
                token, object, indexed == m_context.index_paths.end() ? std::nullopt : std::optional(indexed->second));
            finding.attributed = true;
            if (object.type == ObjectType::commit) {
                const auto commit = graph.find(object.entry);
                if (commit != no_commit) {
                    add_commit(finding, commit);
                    finding.reachable = graph.reachable[commit];
                    add_reached_by(finding, commit);
                }
                finding.link = m_links.commit(finding.object);
            } else {
                const auto names =
                    refs_in(object.type == ObjectType::tag ? graph.refs_of_tag : graph.refs_of_other, object.entry);
                finding.reachable = !names->empty();
                finding.refs = names;
            }
            m_findings.emplace_back(token.token, std::move(finding));
        }
    }
}

void FindingBuilder::add_unattributed()
{
    for (const auto& object : m_context.tokens.objects) {
        for (const auto& token : object.tokens) {
            m_findings.emplace_back(token.token, start(token, object, std::nullopt));
        }
    }
}

std::vector<Finding> FindingBuilder::take(std::uint64_t places_per_token, std::uint64_t& not_listed)
{
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Finding> findings;
    std::uint64_t of_token = 0;
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        of_token = i > 0 && m_findings[i].first == m_findings[i - 1].first ? of_token + 1 : 0;
        if (of_token < places_per_token) {
            findings.push_back(std::move(m_findings[i].second));
        } else {
            ++not_listed;
        }
    }
    m_findings.clear();
    return findings;
}

}  // namespace r8scan
