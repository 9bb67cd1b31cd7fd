// The floor: what no scanner of a repository can do without. Builds the same object table and inflates the same
// objects (of all four types, each once, deltas as deltas), with the same library and threads, and does nothing else.
#pragma once

#include <cstdint>
#include <filesystem>

namespace r8scan::bench {

struct FloorResult {
    std::uint64_t objects = 0;
    std::uint64_t inflated_bytes = 0;
    std::uint64_t failed = 0;
};

FloorResult inflate_everything(const std::filesystem::path& repository, unsigned threads, bool with_trees);

}  // namespace r8scan::bench
