#include "git/revision.h"

#include "git/commit.h"

#include <charconv>

namespace r8scan::git {

namespace {

Error wrong(std::string_view text, const std::string& what)
{
    return {ErrorCode::usage, '"' + std::string(text) + "\" " + what};
}

std::optional<ObjectId> find_ref(std::string_view name, const Refs& refs)
{
    if (name == "@") {
        name = "HEAD";
    }
    for (const std::string_view prefix : {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"}) {
        const auto full = std::string(prefix) + std::string(name);
        const auto at = std::lower_bound(refs.refs.begin(), refs.refs.end(), full,
                                         [](const Ref& ref, const std::string& wanted) { return ref.name < wanted; });
        if (at != refs.refs.end() && at->name == full) {
            return at->target;
        }
    }
    const auto remote_head = "refs/remotes/" + std::string(name) + "/HEAD";
    for (const auto& ref : refs.refs) {
        if (ref.name == remote_head) {
            return ref.target;
        }
    }
    return std::nullopt;
}

Result<ObjectId> find_start(std::string_view name, const Refs& refs, ObjectDatabase& objects)
{
    if (const auto ref = find_ref(name, refs)) {
        return *ref;
    }
    if (const auto id = ObjectId::from_hex(name)) {
        return *id;
    }
    const bool is_hex = name.size() >= 4 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    const auto ids = is_hex ? objects.with_prefix(name) : std::vector<ObjectId>();
    if (ids.size() > 1) {
        return wrong(name, "is the beginning of several ids: give more digits");
    }
    if (ids.empty()) {
        return wrong(name, "names no commit, branch or tag here");
    }
    return ids.front();
}

// The number behind ~ or ^; 1 where there is none.
std::uint32_t number_at(std::string_view text, std::size_t& at)
{
    std::uint32_t number = 1;
    const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
    at = static_cast<std::size_t>(parsed.ptr - text.data());
    return number;
}

Result<ObjectId> parent_of(const ObjectId& id, std::uint32_t which, std::string_view text, ObjectDatabase& objects)
{
    const auto commit_id = peel_tags(id, objects);
    if (!commit_id) {
        return commit_id.error();
    }
    const auto object = objects.read(*commit_id);
    if (!object) {
        return object.error().within('"' + std::string(text) + '"');
    }
    const auto commit = object->type == ObjectType::commit
                            ? Commit::parse(object->content)
                            : Result<Commit>(wrong(text, "leads to something that is no commit"));
    if (!commit) {
        return commit.error();
    }
    if (which == 0) {
        return *commit_id;
    }
    if (which > commit->parents.size()) {
        return wrong(text, "goes beyond the first commit: " + commit_id->hex() + " has " +
                               std::to_string(commit->parents.size()) + " parents");
    }
    return commit->parents[which - 1];
}

}  // namespace

Result<ObjectId> peel_tags(ObjectId id, ObjectDatabase& objects)
{
    constexpr int longest_tag_chain = 100;
    for (int i = 0; i < longest_tag_chain; ++i) {
        const auto object = objects.read(id);
        if (!object) {
            return object.error();
        }
        if (object->type != ObjectType::tag) {
            return id;
        }
        const auto tag = Tag::parse(object->content);
        if (!tag) {
            return tag.error().within("tag " + id.hex());
        }
        id = tag->target;
    }
    return Error(ErrorCode::damaged, "tag " + id.hex() + ": tags of tags that do not end");
}

Result<ObjectId> resolve_revision(std::string_view text, const Refs& refs, ObjectDatabase& objects)
{
    if (text.find("@{") != std::string_view::npos || text.find(':') != std::string_view::npos) {
        return wrong(text, "is not understood: give an id, a branch or a tag, with ~N or ^N behind it");
    }
    const auto suffix = std::min(text.find_first_of("~^"), text.size());
    auto id = find_start(text.substr(0, suffix), refs, objects);
    for (auto at = suffix; id && at < text.size();) {
        if (text.substr(at).starts_with("^{}") || text.substr(at).starts_with("^{commit}")) {
            id = peel_tags(*id, objects);
            at = text.find('}', at) + 1;
        } else if (text[at] == '^') {
            const auto which = number_at(text, ++at);
            id = parent_of(*id, which, text, objects);
        } else if (text[at] == '~') {
            const auto count = number_at(text, ++at);
            for (std::uint32_t i = 0; i < count && id; ++i) {
                id = parent_of(*id, 1, text, objects);
            }
        } else {
            return wrong(text, "is not understood: give an id, a branch or a tag, with ~N or ^N behind it");
        }
    }
    return id;
}

Result<RevisionRange> parse_range(std::string_view text)
{
    const auto dots = text.find("..");
    if (dots == std::string_view::npos) {
        return wrong(text, "is no range: give A..B for what B has and A has not");
    }
    RevisionRange range;
    range.symmetric = text.substr(dots).starts_with("...");
    const auto to = text.substr(dots + (range.symmetric ? 3 : 2));
    range.from = dots == 0 ? "HEAD" : std::string(text.substr(0, dots));
    range.to = to.empty() ? "HEAD" : std::string(to);
    return range;
}

}  // namespace r8scan::git
