// Reads the suppression files of a repository or folder: from the tree of a commit, from the index, from the disk.
#pragma once

#include "engine/suppress.h"
#include "git/index_file.h"
#include "git/object_reader.h"

#include <functional>

namespace r8scan {

using ReadById = std::function<Result<git::ReadObject>(const git::ObjectId& id)>;

/// Those that stand at the root of the commit's tree. A commit or tree that cannot be read has none: that it is damaged
/// is named by who scans it.
void add_files_of_commit(const git::ObjectId& commit, const ReadById& read, Suppressor& suppressor);

/// Those that are staged.
void add_files_of_index(const git::IndexFile& index, const ReadById& read, Suppressor& suppressor);

/// Those that lie in a folder: "" for the one we are in, else "folder/". Symbolic links are not followed.
void add_files_of_folder(const std::string& folder, Suppressor& suppressor);

}  // namespace r8scan
