// Elements: the entry names as numbers that sort like paths do. PathTable: paths of such elements as numbers.
//
// An element is a name together with what it names: a blob or a tree. Git sorts a tree as if the name of a subtree
// ended in '/'; with elements numbered in that order, visiting a set in element order visits its paths in byte order.
// (Names that hold a '/' themselves, which git never writes, still sort in one fixed order.)
#pragma once

#include "attribution/input.h"
#include "attribution/interner.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::attribution {

using Element = std::uint32_t;

[[nodiscard]] constexpr bool names_tree(Element element)
{
    return (element & 1U) != 0;
}

class Elements {
public:
    /// `names` must outlive the object.
    explicit Elements(const std::vector<std::string>& names);

    [[nodiscard]] Element of(Index name, bool is_tree) const { return m_of[name * 2U + (is_tree ? 1U : 0U)]; }
    [[nodiscard]] std::string_view name(Element element) const { return m_names[m_name_of[element / 2U]]; }

private:
    const std::vector<std::string>& m_names;
    std::vector<Element> m_of;     // name * 2 + is_tree -> element
    std::vector<Index> m_name_of;  // element / 2 -> name
};

using PathId = std::uint32_t;

/// Paths, each stored as its parent and its last element, so that a thousand deep paths share what they have in common.
class PathTable {
public:
    static constexpr PathId root = 1;  // the empty path; 0 is no path

    explicit PathTable(const Elements& elements) : m_elements(elements), m_paths(2) {}

    PathId child(PathId parent, Element element);

    [[nodiscard]] std::vector<Element> elements(PathId path) const;
    [[nodiscard]] std::string text(PathId path) const;

    /// Length of text(), in bytes.
    [[nodiscard]] std::uint64_t bytes(PathId path) const { return m_paths[path].bytes; }

private:
    struct Path {
        PathId parent = 0;
        Element element = 0;
        std::uint32_t components = 0;
        std::uint64_t bytes = 0;
    };

    const Elements& m_elements;
    std::vector<Path> m_paths;
    PairMemo m_children;
};

}  // namespace r8scan::attribution
