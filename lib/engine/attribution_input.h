// Turns the tree pass and the commit graph into what attribution works on: only trees that lead to a hit, as numbers.
#pragma once

#include "attribution/input.h"
#include "attribution/tree_pass.h"
#include "engine/commit_graph.h"
#include "engine/token_table.h"

namespace r8scan {

struct AttributionInput {
    attribution::Input input;
    std::vector<git::EntryIndex> blobs;      // hit blob number → entry; sorted, as far as they are blobs
    std::vector<bool> blob_has_tree;         // some tree holds it
    std::size_t real_blobs = 0;              // behind them, in `blobs`: names with a token, each as its tree's entry
};

AttributionInput build_attribution_input(const git::ObjectTable& table, const CommitGraph& graph,
                                         const TokenTable& tokens, const attribution::TreePass& trees);

}  // namespace r8scan
