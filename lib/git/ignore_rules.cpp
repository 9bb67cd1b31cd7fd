#include "git/ignore_rules.h"

#include "util/file.h"

#include <algorithm>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

// git itself stops at 100 MB; what is larger than this is no list that a person keeps. Without it more is read, not
// less.
constexpr std::size_t largest_file = 1U << 20U;

std::vector<IgnorePattern> patterns_of(const fs::path& file)
{
    std::vector<IgnorePattern> patterns;
    // git does not follow a link here either.
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(file, error))) {
        return patterns;
    }
    const auto text = read_small_file(file, largest_file);
    if (!text) {
        return patterns;
    }
    std::string_view rest = *text;
    if (rest.starts_with("\xEF\xBB\xBF")) {
        rest.remove_prefix(3);
    }
    while (!rest.empty()) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (auto pattern = IgnorePattern::parse(line)) {
            patterns.push_back(std::move(*pattern));
        }
    }
    return patterns;
}

}  // namespace

Result<IgnoreRules> IgnoreRules::of_folder(const fs::path& folder)
{
    IgnoreRules rules;
    rules.m_tracked = std::make_shared<std::vector<std::string>>();
    fs::path top = folder;
    auto repository = Repository::open(folder);
    if (!repository && repository.error().code() != ErrorCode::not_found) {
        return repository.error();
    }
    if (repository && !repository->work_dir().empty()) {
        std::error_code error;
        const auto work_dir = fs::weakly_canonical(repository->work_dir(), error);
        const auto below = folder.lexically_relative(work_dir);
        if (!error && !below.empty() && *below.begin() != "..") {
            auto tracked = repository->tracked_paths();
            if (!tracked) {
                return tracked.error();
            }
            rules.m_tracked = std::make_shared<std::vector<std::string>>(std::move(*tracked));
            top = work_dir;
            rules.add_file(repository->common_dir() / "info" / "exclude", 0);
        }
    }
    rules.add_file(top / ".gitignore", 0);
    for (const auto& name : folder.lexically_relative(top)) {
        if (name != ".") {
            top /= name;
            rules = rules.of_subfolder(top, name.native(), false);
        }
    }
    return rules;
}

IgnoreRules IgnoreRules::of_subfolder(const fs::path& folder, std::string_view name, bool ignored) const
{
    IgnoreRules rules(*this);
    rules.m_prefix.append(name).append("/");
    rules.m_all_ignored = m_all_ignored || ignored;
    // What stands in a folder that is ignored cannot be taken back in.
    if (!rules.m_all_ignored) {
        rules.add_file(folder / ".gitignore", rules.m_prefix.size());
    }
    return rules;
}

void IgnoreRules::add_file(const fs::path& file, std::size_t prefix)
{
    if (auto patterns = patterns_of(file); !patterns.empty()) {
        m_rules = std::make_shared<Level>(Level{m_rules, std::move(patterns), prefix});
    }
}

bool IgnoreRules::is_ignored(std::string_view name, bool is_folder) const
{
    const auto path = m_prefix + std::string(name);
    bool ignored = m_all_ignored;
    bool decided = m_all_ignored;
    for (const auto* level = m_rules.get(); level != nullptr && !decided; level = level->above.get()) {
        for (auto pattern = level->patterns.rbegin(); pattern != level->patterns.rend() && !decided; ++pattern) {
            if (pattern->matches(std::string_view(path).substr(level->prefix), is_folder)) {
                decided = true;
                ignored = !pattern->is_negated();
            }
        }
    }
    return ignored && (is_folder || !std::binary_search(m_tracked->begin(), m_tracked->end(), path));
}

bool IgnoreRules::has_tracked(std::string_view name) const
{
    const auto prefix = m_prefix + std::string(name) + '/';
    const auto at = std::lower_bound(m_tracked->begin(), m_tracked->end(), prefix);
    return at != m_tracked->end() && at->starts_with(prefix);
}

}  // namespace r8scan::git
