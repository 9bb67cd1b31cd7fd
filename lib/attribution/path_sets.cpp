// See path_sets.h. One walk serves all three operations: it merges the edges of two nodes, with a stack of its own in
// place of recursion because trees may be as deep as a hostile repository likes.
#include "attribution/path_sets.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace r8scan::attribution {

struct PathSets::Union {
    static constexpr bool keeps_left = true;
    static constexpr bool keeps_right = true;

    static std::optional<std::uint32_t> trivial(std::uint32_t a, std::uint32_t b)
    {
        if (a == b || b == 0) {
            return a;
        }
        return a == 0 ? std::optional(b) : std::nullopt;
    }

    static void values(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                       std::vector<std::uint32_t>& out)
    {
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    }
};

struct PathSets::Difference {
    static constexpr bool keeps_left = true;
    static constexpr bool keeps_right = false;

    static std::optional<std::uint32_t> trivial(std::uint32_t a, std::uint32_t b)
    {
        if (a == b) {
            return 0;
        }
        return a == 0 || b == 0 ? std::optional(a) : std::nullopt;
    }

    static void values(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                       std::vector<std::uint32_t>& out)
    {
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    }
};

struct PathSets::Selection {
    static constexpr bool keeps_left = false;
    static constexpr bool keeps_right = false;
    std::span<const std::uint32_t> other_value;

    // Equal numbers mean nothing here: the two sides belong to different PathSets.
    static std::optional<std::uint32_t> trivial(std::uint32_t a, std::uint32_t b)
    {
        return a == 0 || b == 0 ? std::optional(0U) : std::nullopt;
    }

    void values(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                std::vector<std::uint32_t>& out) const
    {
        std::copy_if(a.begin(), a.end(), std::back_inserter(out), [this, b](std::uint32_t value) {
            return std::binary_search(b.begin(), b.end(), other_value[value]);
        });
    }
};

namespace {

void sort_unique(std::vector<std::uint32_t>& numbers)
{
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

/// The first position in [begin, end) whose element is not below `element`. Doubles its stride first, so that a few
/// edges against a million cost a few steps.
std::size_t skip_to(const Interner<Edge>& nodes, std::size_t begin, std::size_t end, Element element)
{
    std::size_t stride = 1;
    while (begin + stride < end && nodes.item(begin + stride).element < element) {
        begin += stride;
        stride *= 2;
    }
    end = std::min(end, begin + stride + 1);
    while (begin < end) {
        const std::size_t middle = begin + (end - begin) / 2;
        if (nodes.item(middle).element < element) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

}  // namespace

template <class Operation>
ValuesId PathSets::combine_values(const Operation& operation, Memo& memo, const PathSets& right_sets, ValuesId left,
                                  ValuesId right)
{
    if (const auto result = operation.trivial(left, right)) {
        return *result;
    }
    if (const ValuesId* known = memo.values.find(left, right)) {
        return *known;
    }
    const auto a = m_values[left];
    const auto b = right_sets.m_values[right];
    draw(a.size() + b.size());
    m_scratch_values.clear();
    operation.values(a, b, m_scratch_values);
    const ValuesId result = m_values.intern(m_scratch_values);
    memo.values.put(left, right, result);
    return result;
}

/// Visits edges until the frame is done (true) or has put a frame for a pair of subsets on the stack (false).
template <class Operation>
bool PathSets::advance(const Operation& operation, Memo& memo, const PathSets& right_sets, Frame& frame)
{
    const Interner<Edge>& rights = right_sets.m_nodes;
    while (frame.i < frame.i_end || frame.j < frame.j_end) {
        draw(1);
        const bool only_left = frame.j == frame.j_end ||
                               (frame.i < frame.i_end && m_nodes.item(frame.i).element < rights.item(frame.j).element);
        if (only_left) {
            if (Operation::keeps_left) {
                m_scratch.push_back(m_nodes.item(frame.i++));
            } else {
                frame.i = frame.j == frame.j_end ? frame.i_end
                                                 : skip_to(m_nodes, frame.i, frame.i_end, rights.item(frame.j).element);
            }
            continue;
        }
        if (frame.i == frame.i_end || rights.item(frame.j).element < m_nodes.item(frame.i).element) {
            if (Operation::keeps_right) {
                m_scratch.push_back(rights.item(frame.j++));
            } else {
                frame.j = frame.i == frame.i_end ? frame.j_end
                                                 : skip_to(rights, frame.j, frame.j_end, m_nodes.item(frame.i).element);
            }
            continue;
        }
        const Edge left = m_nodes.item(frame.i++);
        const Edge right = rights.item(frame.j++);
        std::uint32_t target = 0;
        if (!names_tree(left.element)) {
            target = combine_values(operation, memo, right_sets, left.target, right.target);
        } else if (const auto result = operation.trivial(left.target, right.target)) {
            target = *result;
        } else if (const SetId* known = memo.sets.find(left.target, right.target)) {
            target = *known;
        } else {
            m_frames.push_back({left.target, right.target, m_nodes.begin_of(left.target), m_nodes.end_of(left.target),
                                rights.begin_of(right.target), rights.end_of(right.target), m_scratch.size(),
                                left.element});
            return false;
        }
        if (target != 0) {
            m_scratch.push_back({left.element, target});
        }
    }
    return true;
}

template <class Operation>
SetId PathSets::combine(const Operation& operation, Memo& memo, const PathSets& right_sets, SetId left, SetId right)
{
    if (const auto result = operation.trivial(left, right)) {
        return *result;
    }
    if (const SetId* known = memo.sets.find(left, right)) {
        return *known;
    }
    const Interner<Edge>& rights = right_sets.m_nodes;
    m_scratch.clear();
    m_frames.clear();
    m_frames.push_back({left, right, m_nodes.begin_of(left), m_nodes.end_of(left), rights.begin_of(right),
                        rights.end_of(right), 0, 0});
    while (!spent()) {
        // A pair of nodes costs a few cache misses, an edge of theirs costs none.
        draw(4);
        if (!advance(operation, memo, right_sets, m_frames.back())) {
            continue;
        }
        const Frame done = m_frames.back();
        m_frames.pop_back();
        const SetId result = m_nodes.intern(std::span(m_scratch).subspan(done.out));
        m_scratch.resize(done.out);
        memo.sets.put(done.left, done.right, result);
        if (m_frames.empty()) {
            return result;
        }
        if (result != 0) {
            m_scratch.push_back({done.element, result});
        }
    }
    return 0;
}

SetId PathSets::unite(SetId a, SetId b)
{
    return combine(Union{}, m_unions, *this, std::min(a, b), std::max(a, b));
}

SetId PathSets::subtract(SetId from, SetId what)
{
    return combine(Difference{}, m_differences, *this, from, what);
}

SetId PathSets::select(SetId from, const PathSets& other, SetId pairs, std::span<const std::uint32_t> other_value)
{
    return combine(Selection{other_value}, m_selections, other, from, pairs);
}

ValuesId PathSets::unite_all_values(std::span<const ValuesId> lists)
{
    m_scratch_values.clear();
    for (const ValuesId list : lists) {
        const auto here = values(list);
        m_scratch_values.insert(m_scratch_values.end(), here.begin(), here.end());
    }
    sort_unique(m_scratch_values);
    return m_values.intern(m_scratch_values);
}

/// In rounds of pairs: adding n small sets to one that grows would copy its widest node n times.
SetId PathSets::unite_all(std::vector<SetId> sets)
{
    sort_unique(sets);
    while (sets.size() > 1) {
        const std::size_t half = sets.size() / 2;
        for (std::size_t i = 0; i < half; ++i) {
            sets[i] = unite(sets[2 * i], sets[2 * i + 1]);
        }
        if (sets.size() % 2 != 0) {
            sets[half] = sets.back();
        }
        sets.resize(sets.size() - half);
    }
    return sets.empty() ? 0 : sets.front();
}

SetId PathSets::build(std::span<const Item> items)
{
    // open[d] has the edges of the node at depth d of the current path; it is closed when a path leaves it.
    std::vector<std::vector<Edge>> open(1);
    std::span<const Element> current;
    std::size_t next = 0;
    const auto close_to = [&](std::size_t depth) {
        while (open.size() - 1 > depth) {
            const SetId below = m_nodes.intern(open.back());
            open.pop_back();
            open.back().push_back({current[open.size() - 1], below});
        }
    };
    while (next < items.size()) {
        const std::span<const Element> path = items[next].path;
        std::size_t shared = 0;
        while (shared + 1 < path.size() && shared + 1 < current.size() && path[shared] == current[shared]) {
            ++shared;
        }
        close_to(shared);
        open.resize(path.size());
        current = path;
        m_scratch_values.clear();
        for (; next < items.size() && std::ranges::equal(items[next].path, path); ++next) {
            m_scratch_values.push_back(items[next].value);
        }
        sort_unique(m_scratch_values);
        open.back().push_back({path.back(), m_values.intern(m_scratch_values)});
    }
    close_to(0);
    return m_nodes.intern(open.front());
}

bool PathSets::holds(SetId set, std::span<const Element> path, std::uint32_t value) const
{
    for (const Element element : path) {
        const auto here = edges(set);
        const auto edge = std::ranges::lower_bound(here, element, {}, &Edge::element);
        if (edge == here.end() || edge->element != element) {
            return false;
        }
        if (!names_tree(element)) {
            const auto found = values(edge->target);
            return std::binary_search(found.begin(), found.end(), value);
        }
        set = edge->target;
    }
    return false;
}

}  // namespace r8scan::attribution
