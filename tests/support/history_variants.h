// One history stored in every way that git stores histories, for tests that demand the same answer from each.
//
// The history is a function that fills a RepoBuilder; it is run once for each variant and git then repacks the result.
// Every variant holds every object, also those that nothing reaches. Only SHA-256 has other ids, since git cannot
// convert: there the same function builds the repository anew.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/repo_builder.h"

namespace r8scan::test {

struct HistoryVariant {
    std::string name;           // "loose", "ofs deltas", …
    std::filesystem::path dir;  // the work tree
    Hash hash = Hash::sha1;
};

/// Builds the eight variants below `dir`: loose, OFS deltas, REF deltas, idx v1, several packs with a multi-pack-index,
/// cruft pack, bitmap, SHA-256. Throws std::runtime_error where git fails or did not store as it was asked to (a
/// history without unreachable objects makes no cruft pack, one without two like blobs no deltas). Needs git.
[[nodiscard]] std::vector<HistoryVariant> store_eight_ways(const std::filesystem::path& dir,
                                                           const std::function<void(RepoBuilder&)>& build);

}  // namespace r8scan::test
