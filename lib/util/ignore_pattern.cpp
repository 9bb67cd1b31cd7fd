#include "util/ignore_pattern.h"

#include <array>
#include <cctype>
#include <utility>

namespace r8scan {

namespace {

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) {
            return parts;
        }
        path.remove_prefix(slash + 1);
    }
}

// Spaces at the end do not count, unless a backslash stands before them.
std::string_view without_trailing_spaces(std::string_view line)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            i = i + 1 < line.size() ? i + 1 : i;
            end = i + 1;
        } else if (line[i] != ' ') {
            end = i + 1;
        }
    }
    return line.substr(0, end);
}

using IsInClass = int (*)(int);

// "[:alpha:]" and its like, in the C locale of a program that sets none.
IsInClass class_named(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, IsInClass>, 12> classes{{{"alnum", std::isalnum},
                                                                                     {"alpha", std::isalpha},
                                                                                     {"blank", std::isblank},
                                                                                     {"cntrl", std::iscntrl},
                                                                                     {"digit", std::isdigit},
                                                                                     {"graph", std::isgraph},
                                                                                     {"lower", std::islower},
                                                                                     {"print", std::isprint},
                                                                                     {"punct", std::ispunct},
                                                                                     {"space", std::isspace},
                                                                                     {"upper", std::isupper},
                                                                                     {"xdigit", std::isxdigit}}};
    for (const auto& [known, is_in_class] : classes) {
        if (known == name) {
            return is_in_class;
        }
    }
    return nullptr;
}

// One step of a glob that is no star: how long it is, and whether it takes the character. Length 0: it makes no sense.
struct Step {
    std::size_t length = 0;
    bool takes = false;
};

Step bracket(std::string_view glob, unsigned char character)
{
    std::size_t at = 1;
    const bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
    at += negated ? 1 : 0;
    bool takes = false;
    int before = -1;  // where a range may begin; -1: there is nothing
    for (bool first = true;; first = false) {
        if (at >= glob.size()) {
            return {};
        }
        if (glob[at] == ']' && !first) {
            break;
        }
        if (glob.substr(at).starts_with("[:")) {
            const auto end = glob.find(']', at + 2);
            if (end == std::string_view::npos) {
                return {};
            }
            if (end > at + 2 && glob[end - 1] == ':') {
                const auto is_in_class = class_named(glob.substr(at + 2, end - at - 3));
                if (is_in_class == nullptr) {
                    return {};
                }
                takes = takes || is_in_class(character) != 0;
                before = -1;
                at = end + 1;
                continue;
            }
        }
        const bool range = glob[at] == '-' && before >= 0 && at + 1 < glob.size() && glob[at + 1] != ']';
        at += range ? 1 : 0;
        if (glob[at] == '\\' && ++at >= glob.size()) {
            return {};
        }
        const auto here = static_cast<unsigned char>(glob[at++]);
        takes = takes || (range ? before <= character && character <= here : character == here);
        before = range ? -1 : here;
    }
    return {at + 1, takes != negated};
}

Step step(std::string_view glob, char character)
{
    switch (glob.front()) {
        case '?':
            return {1, true};
        case '[':
            return bracket(glob, static_cast<unsigned char>(character));
        case '\\':
            return glob.size() > 1 ? Step{2, glob[1] == character} : Step{};
        default:
            return {1, glob.front() == character};
    }
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view name, std::uint64_t& steps)
{
    std::size_t g = 0;
    std::size_t n = 0;
    std::optional<std::pair<std::size_t, std::size_t>> last_star;  // behind it, and where it has taken up to
    while (n < name.size() || g < glob.size()) {
        ++steps;
        if (g < glob.size() && glob[g] == '*') {
            last_star = {++g, n};
            continue;
        }
        if (g < glob.size() && n < name.size()) {
            const auto [length, takes] = step(glob.substr(g), name[n]);
            steps += length;
            if (length == 0) {
                return false;
            }
            if (takes) {
                g += length;
                ++n;
                continue;
            }
        }
        if (!last_star || last_star->second >= name.size()) {
            return false;
        }
        g = last_star->first;
        n = ++last_star->second;
    }
    return true;
}

std::optional<IgnorePattern> IgnorePattern::parse(std::string_view line)
{
    if (line.starts_with('#')) {
        return std::nullopt;
    }
    line = without_trailing_spaces(line);
    IgnorePattern pattern;
    if (line.starts_with('!')) {
        pattern.m_negated = true;
        line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
        pattern.m_folders_only = true;
        line.remove_suffix(1);
    }
    if (line.empty()) {
        return std::nullopt;
    }
    pattern.m_anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) {
        line.remove_prefix(1);
    }
    for (const auto component : split(line)) {
        pattern.m_components.emplace_back(component);
    }
    return pattern;
}

bool IgnorePattern::matches(std::string_view path, bool is_folder) const
{
    if (m_folders_only && !is_folder) {
        return false;
    }
    std::uint64_t steps = 0;
    if (!m_anchored) {
        return glob_matches(m_components.front(), path.substr(path.rfind('/') + 1), steps);
    }
    const auto names = split(path);
    std::size_t c = 0;
    std::size_t n = 0;
    std::optional<std::pair<std::size_t, std::size_t>> last_star;
    while (n < names.size() || c < m_components.size()) {
        if (c < m_components.size() && m_components[c] == "**") {
            // At the end it stands for what is inside a folder, so for one name at least.
            if (c + 1 == m_components.size()) {
                return n < names.size();
            }
            last_star = {++c, n};
            continue;
        }
        if (c < m_components.size() && n < names.size() && glob_matches(m_components[c], names[n], steps)) {
            ++c;
            ++n;
            continue;
        }
        if (!last_star || last_star->second >= names.size()) {
            return false;
        }
        c = last_star->first;
        n = ++last_star->second;
    }
    return true;
}

bool IgnorePattern::matches_at_or_above(std::string_view path, std::uint64_t& steps) const
{
    const auto names = split(path);
    steps += names.size();
    // A name is a folder's where another follows.
    const auto last = names.size() - (m_folders_only ? 1 : 0);
    if (!m_anchored) {
        for (std::size_t i = 0; i < last; ++i) {
            if (glob_matches(m_components.front(), names[i], steps)) {
                return true;
            }
        }
        return false;
    }
    std::size_t c = 0;
    std::size_t n = 0;
    std::optional<std::pair<std::size_t, std::size_t>> last_star;
    for (;;) {
        ++steps;
        if (c == m_components.size() && n <= last) {
            return true;  // all of the pattern, by the names so far
        }
        if (c < m_components.size() && m_components[c] == "**") {
            if (c + 1 == m_components.size()) {
                return n < last;
            }
            last_star = {++c, n};
            continue;
        }
        if (c < m_components.size() && n < last && glob_matches(m_components[c], names[n], steps)) {
            ++c;
            ++n;
            continue;
        }
        if (!last_star || last_star->second >= last) {
            return false;
        }
        c = last_star->first;
        n = ++last_star->second;
    }
}

}  // namespace r8scan
