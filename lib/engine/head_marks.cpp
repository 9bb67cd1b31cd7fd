#include "engine/head_marks.h"

#include "engine/stream_tokens.h"
#include "git/commit.h"

#include <new>

namespace r8scan {

namespace {

LayerLimits limits_of(const RangeScanOptions& options)
{
    LayerLimits limits;
    limits.budget.member_in_memory = options.max_object_size;
    return limits;
}

}  // namespace

HeadMarks::HeadMarks(LookupRepository& repository, const Matcher& matcher, const RangeScanOptions& options)
    : m_repository(repository),
      m_matcher(matcher),
      m_options(options),
      m_scanner(matcher, limits_of(options)),
      m_tree_problems(m_ignored),
      m_trees(*repository.objects, m_tree_problems)
{
    if (const auto& head = repository.refs.head; head && options.suppression.by_repository) {
        const auto object = repository.objects->read(*head);
        const auto commit = object ? git::Commit::parse(object->content) : object.error();
        m_tree = commit ? std::optional(commit->tree) : std::nullopt;
    }
}

const HeadMarks::Tokens& HeadMarks::tokens_at(const std::string& path)
{
    const auto [at, is_new] = m_files.try_emplace(path);
    if (!is_new || !m_tree) {
        return at->second;
    }
    try {
        const auto entry = m_trees.find(*m_tree, path);
        const auto object = entry ? m_repository.objects->read(entry->id) : Error(ErrorCode::not_found, "not there");
        if (!object || object->type != git::ObjectType::blob) {
            return at->second;
        }
        const auto hits = m_scanner.scan(object->content);
        (void)m_scanner.take_unread();
        for (const auto& token : tokens_of(hits, m_options.min_confidence, false).tokens) {
            if (token.first->inner_path.empty()) {
                at->second.try_emplace({m_matcher.rules()[token.first->rule].id, token.sha256}, token.mark);
            }
        }
    } catch (const std::bad_alloc&) {
        at->second.clear();
    }
    return at->second;
}

void HeadMarks::apply(Finding& finding, Redactor& redactor)
{
    if (finding.attributed && finding.at_head && finding.head_path) {
        return;
    }
    if (m_options.marks_at_head_only) {
        finding.mark.reset();
    }
    if (!finding.path) {
        return;
    }
    const auto& tokens = tokens_at(*finding.path);
    if (const auto at = tokens.find({finding.rule, finding.token_sha256}); at != tokens.end()) {
        finding.mark = at->second ? std::optional(redactor.redact(*at->second)) : std::nullopt;
    }
}

}  // namespace r8scan
