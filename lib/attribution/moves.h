// Moves: where one commit removes a token at one path and introduces it at another, which path went where.
//
// Git records no renames, so paths are paired by likeness: the longest common ending first, whole components before
// parts of names, each path at most once. Only commits and tokens of listed places are looked at.
#pragma once

#include "attribution/commit_order.h"
#include "attribution/elements.h"
#include "attribution/history.h"
#include "attribution/input.h"
#include "attribution/listing.h"
#include "attribution/path_sets.h"

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace r8scan::attribution {

struct Pairing {
    std::size_t from = 0;  // indices into the two lists
    std::size_t to = 0;
};

/// Pairs two lists of paths so that pairs with a longer common ending are made first, then those whose `from` and `to`
/// come first in their lists. As many pairs as the shorter list has paths.
std::vector<Pairing> pair_by_ending(const std::vector<std::string>& from, const std::vector<std::string>& to);

class Moves {
public:
    /// `removers` goes from listed place to the commits that removed it. `steps` bounds the edges and the words of
    /// paths that are looked at; where they do not suffice, the last commits move nothing.
    Moves(const CommitOrder& commits, const History& history, const Listing& listing,
          const std::vector<std::vector<Index>>& removers, const PathSets& sets, PathTable& paths, std::uint64_t steps);

    /// Where `commit` moved `token` that stood at `from`; 0 for nowhere.
    [[nodiscard]] PathId moved_to(Index commit, Index token, PathId from) const
    {
        return find(m_to, commit, token, from);
    }

    /// The other way round.
    [[nodiscard]] PathId moved_from(Index commit, Index token, PathId to) const
    {
        return find(m_from, commit, token, to);
    }

private:
    struct Move {
        Index commit = none;
        Index token = none;
        PathId path = 0;
        PathId other = 0;

        friend bool operator<(const Move& a, const Move& b)
        {
            return std::tie(a.commit, a.token, a.path) < std::tie(b.commit, b.token, b.path);
        }
    };

    static PathId find(const std::vector<Move>& moves, Index commit, Index token, PathId path);

    std::vector<Move> m_to;    // sorted; path is where it was, other where it went
    std::vector<Move> m_from;  // sorted; path is where it went
};

}  // namespace r8scan::attribution
