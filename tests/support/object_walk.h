// Reads every object of a repository with r8scan's own reader, for tests that hold it against git and libgit2.
#pragma once

#include "git/delta_walk.h"

#include <filesystem>
#include <map>
#include <mutex>

namespace r8scan::test {

struct WalkedObject {
    std::string type;
    std::uint64_t size = 0;
    bool right_hash = false;  // the content hashes to the id
};

struct Walked {
    std::map<std::string, WalkedObject> objects;  // by hex id
    std::vector<std::string> failures;
    std::uint64_t dropped_bases = 0;
};

struct WalkSettings {
    unsigned threads = 2;
    git::ReadLimits limits;
};

/// Throws std::runtime_error where the repository cannot be opened.
Walked walk_objects(const std::filesystem::path& repository, const WalkSettings& settings = {});

}  // namespace r8scan::test
