// A stack of reftables (the folder "reftable" of a repository or of a linked work tree): the tables that tables.list
// names, oldest first, each overriding those before it.
//
// A table that cannot be read is a problem by name, and the others still count. Tables come and go while git works
// in the repository: where one is gone the list is read again.
// Format: https://git-scm.com/docs/reftable ("Repository format")
#pragma once

#include "git/object_id.h"
#include "util/problems.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace r8scan::git {

struct ReftableReflog {
    std::string name;           // of the ref, "refs/heads/main"
    std::vector<ObjectId> ids;  // newest first, ending with what was before the first entry
    std::string lines;          // as a file of logs/ has them, newest first: line N is line N of `git reflog show`
    std::string deleted_lines;  // entries that a newer table deletes or replaces, and that are in the files still
};

struct ReftableStack {
    std::map<std::string, std::string> values;  // name → hex id, or "ref: " and a name
    std::set<std::string> deleted;              // names that are in the files still
    std::vector<ReftableReflog> reflogs;        // by name
};

/// `folder` holds tables.list.
ReftableStack read_reftable_stack(const std::filesystem::path& folder, HashAlgorithm algorithm, Problems& problems);

}  // namespace r8scan::git
