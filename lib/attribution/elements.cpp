// See elements.h.
#include "attribution/elements.h"

#include <algorithm>
#include <numeric>

namespace r8scan::attribution {

namespace {

/// Compares two names as if those of trees ended in '/'; a blob comes before a tree where that makes them equal.
bool sorts_before(std::string_view a, bool a_is_tree, std::string_view b, bool b_is_tree)
{
    const std::size_t common = std::min(a.size(), b.size());
    const int order = a.substr(0, common).compare(b.substr(0, common));
    if (order != 0) {
        return order < 0;
    }
    const auto tail = [common](std::string_view name, bool is_tree) {
        std::string_view rest = name.substr(common);
        return rest.empty() && is_tree ? std::string_view("/") : rest;
    };
    // At most one of the two has bytes left, so "/" against those bytes and the ending slash of the longer decides.
    const std::string_view a_tail = tail(a, a_is_tree);
    const std::string_view b_tail = tail(b, b_is_tree);
    const std::size_t tails = std::min(a_tail.size(), b_tail.size());
    const int tail_order = a_tail.substr(0, tails).compare(b_tail.substr(0, tails));
    if (tail_order != 0) {
        return tail_order < 0;
    }
    const std::size_t a_size = a.size() + (a_is_tree ? 1U : 0U);
    const std::size_t b_size = b.size() + (b_is_tree ? 1U : 0U);
    if (a_size != b_size) {
        return a_size < b_size;
    }
    return !a_is_tree && b_is_tree;
}

}  // namespace

Elements::Elements(const std::vector<std::string>& names) : m_names(names), m_of(names.size() * 2)
{
    std::vector<std::uint32_t> order(names.size() * 2);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&names](std::uint32_t a, std::uint32_t b) {
        return sorts_before(names[a / 2], (a & 1U) != 0, names[b / 2], (b & 1U) != 0);
    });
    // The lowest bit of an element says whether it names a tree, so ranks are doubled.
    m_name_of.resize(order.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
        m_of[order[rank]] = rank * 2U + (order[rank] & 1U);
        m_name_of[rank] = order[rank] / 2U;
    }
}

PathId PathTable::child(PathId parent, Element element)
{
    if (const PathId* known = m_children.find(parent, element)) {
        return *known;
    }
    const auto path = static_cast<PathId>(m_paths.size());
    const Path& above = m_paths[parent];
    const std::uint64_t separator = above.components == 0 ? 0 : 1;
    m_paths.push_back(
        {parent, element, above.components + 1, above.bytes + separator + m_elements.name(element).size()});
    m_children.put(parent, element, path);
    return path;
}

std::vector<Element> PathTable::elements(PathId path) const
{
    std::vector<Element> result(m_paths[path].components);
    for (std::size_t i = result.size(); i-- > 0; path = m_paths[path].parent) {
        result[i] = m_paths[path].element;
    }
    return result;
}

std::string PathTable::text(PathId path) const
{
    std::string result;
    result.reserve(bytes(path));
    for (const Element element : elements(path)) {
        result += m_elements.name(element);
        result += '/';
    }
    if (!result.empty()) {
        result.pop_back();
    }
    return result;
}

}  // namespace r8scan::attribution
