// Files that only their user may read, in folders that only their user may enter, durable as soon as they are made.
#pragma once

#include "util/file.h"

#include <string_view>

namespace r8scan::action {

/// Makes the folder and what is missing above it, each with mode 0700. A folder that is there stays as it is.
Result<void> make_private_folder(const std::filesystem::path& folder);

/// Makes an empty file with mode 0600 where there is none. One that others could read is closed to them; one that
/// belongs to another user, or is no regular file, is refused. A file that is there is not opened: to close it again
/// would take the locks away that another part of this process may hold on it (fcntl(2), F_SETLK).
Result<void> make_private_file(const std::filesystem::path& file);

/// Writes a file that must not be there yet: whole and durable under its name, or not there. `limit` where it is there.
Result<void> write_new_private_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace r8scan::action
