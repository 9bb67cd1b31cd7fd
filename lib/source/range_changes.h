// What the commits of a range bring over their parents, worked out by several threads: each takes some commits at a
// time and has readers of its own. The result does not depend on their number.
#pragma once

#include <r8scan/scan.h>

#include "source/tree_changes.h"

namespace r8scan::source {

/// A tree, and the trees that it is held against.
struct TreeStep {
    git::ObjectId tree;
    std::vector<git::ObjectId> others;
};

struct BroughtFile {
    git::ObjectId id;
    std::string path;
};

struct BroughtName {
    std::string path;
    std::size_t name_begin = 0;  // the last part of the path begins there
    git::ObjectId tree;          // that the name stands in
};

struct Brought {
    std::vector<BroughtFile> files;  // each once, in the order of the steps
    std::vector<BroughtName> names;  // the same, by path
};

/// Leaves out names shorter than `shortest_name` bytes. Counts the steps in `control` as objects done, and ends early
/// when it says stop. The stores must have been opened for look-ups.
Brought list_brought(const git::ObjectStores& stores, const git::ReadLimits& limits, const std::vector<TreeStep>& steps,
                     std::size_t shortest_name, unsigned threads, Control& control, TreeProblems& tree_problems,
                     Problems& problems);

}  // namespace r8scan::source
