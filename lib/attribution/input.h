// What attribution works on: the part of a repository's graph that leads to a hit, as plain numbers.
//
// Only trees from which some hit blob can be reached are here ("marked" trees), and of those only the entries that lead
// there. Every commit of the repository is here. Indices are dense; `none` stands for "there is none".
// Nothing here knows git's formats: the tree pass of lib/engine fills it from lib/git.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace r8scan::attribution {

using Index = std::uint32_t;
inline constexpr Index none = std::numeric_limits<Index>::max();

/// One entry of a marked tree: a subtree that is marked itself, or a hit blob.
struct TreeEntry {
    Index name = none;    // into Input::names
    Index target = none;  // into trees (is_tree) or into Input::blob_tokens
    bool is_tree = false;
};

struct Commit {
    Index tree = none;            // marked root tree; none where no hit can be reached from it
    std::vector<Index> parents;   // parents that are there, in the commit's order; may repeat
    bool missing_parent = false;  // a parent could not be read (shallow boundary, damage)
    bool reachable = false;       // some ref reaches it
    std::int64_t time = 0;        // committer time, seconds
};

/// A name for a commit: a ref ("refs/heads/main", "HEAD"), or a reflog entry ("stash@{1}", "HEAD@{3}").
struct Tip {
    std::string name;
    Index commit = none;  // none where the ref points at no commit
    bool is_ref = true;   // false: a reflog entry; such tips name what no ref reaches
};

struct Input {
    std::vector<std::string> names;               // distinct entry names, raw bytes
    std::vector<std::uint32_t> tree_begin;        // tree t has entries [tree_begin[t], tree_begin[t+1]); size trees+1
    std::vector<TreeEntry> entries;               // in the tree's own order; names within one tree may repeat (damage)
    std::vector<std::vector<Index>> blob_tokens;  // hit blob -> its distinct tokens, sorted
    std::vector<Commit> commits;                  // any order; ids below break ties
    std::vector<std::string> commit_ids;          // raw object id bytes of commits, for stable order
    std::vector<Tip> tips;                        // sorted by name
    Index head = none;                            // HEAD's commit
    Index token_count = 0;                        // tokens are 0 .. token_count-1

    [[nodiscard]] Index tree_count() const
    {
        return tree_begin.empty() ? 0 : static_cast<Index>(tree_begin.size() - 1);
    }
};

/// One (token, path, introducing commit).
struct Place {
    Index token = none;
    std::string path;                 // raw bytes, components joined by '/'
    Index blob = none;                // hit blob that stands at path in the introducing commit (or dangling tree)
    Index commit = none;              // introducing commit; none for a tree that no commit holds
    bool at_or_before = false;        // the introducer has a missing parent
    std::vector<Index> removed_in;    // removers, earliest first
    bool at_head = false;
    std::string head_path;            // where it stands at HEAD (same path, or where it moved to); empty if not at_head
    Index head_blob = none;
    std::string moved_to;             // empty: not moved
    std::string moved_from;
    std::vector<Index> tips;          // into Input::tips: see attribute()
    bool reachable = true;            // the introducing commit is reachable from a ref
};

struct Output {
    std::vector<Place> places;                  // sorted by token, then commit order (parents first), then path
    std::vector<std::uint64_t> places_of_token; // all places of each token, listed or not; saturating
    std::uint64_t trees_in_cycles = 0;          // marked trees that contain themselves (hostile), left out
    std::uint64_t commits_in_cycles = 0;
    std::uint64_t trees_too_deep = 0;           // cut off: a path through them would pass tree_depth or path_bytes
    std::uint64_t unfinished = 0;               // commits and tips not worked out to the end: set_steps were spent
};

struct Limits {
    std::uint64_t places_per_token = 1000;      // listed: the first in the order of Output::places
    std::uint32_t tree_depth = 4096;            // components of a path
    std::uint64_t path_bytes = 64U << 10U;      // a path, '/' included
    std::uint64_t listed_bytes = 64U << 20U;    // all listed places; beyond, a token that has a place gets no more
    std::uint32_t names_per_place = 100;        // removed_in and tips of a place: the first so many
    std::uint64_t set_steps = 16'000'000;       // work on sets of paths, beyond 32 for each entry of the input
};

/// Works out who introduced and who removed what. Deterministic: depends on nothing but the input (not on the order of
/// commits or of tree numbers). Iterative everywhere; a graph that holds 10^10 paths takes no longer than its nodes.
///
/// Commit order: parents first; of the commits whose parents are all out, the one with the earliest time, then with the
/// smallest id, comes next. Paths sort by their bytes.
///
/// What is left out: a tree or commit that leads back to itself counts as not there (a commit below one has a missing
/// parent), and a subtree that would make a path too long is cut off wherever it stands; a token found only there has
/// no place. Of names that a damaged tree holds twice, each counts; the first that has the token is Place::blob.
///
/// Trees that no commit leads to: each that is in no other such tree is a root. A (path, token) that no commit holds
/// gets one place for all these roots, with commit none and paths below the root; Place::blob is the lowest numbered.
///
/// Moves: a commit that removes a token from some paths and introduces it at others moved it. Paths with the longest
/// common ending (whole components count more) are paired first, then the first in path order, each at most once; of
/// each side the first 1000 paths are looked at. moved_to is where the earliest remover that moved it did so;
/// Place::head_path follows all such moves, through listed places.
///
/// Place::tips: for a reachable place, the refs whose tip tree holds the token at that path. For an unreachable one,
/// the reflog tips whose tree holds it there, else the first reflog tip that reaches the introducing commit.
Output attribute(const Input& input, const Limits& limits = {});

}  // namespace r8scan::attribution
