// Fetches a repository from its address: all refs that the server shows, so pull requests and notes too.
//
// libgit2 speaks the protocols (file, git, http, https, ssh with the keys of an agent). Nothing of the user's git
// configuration is read but the proxy in the environment; no program is started, nothing is asked.
#pragma once

#include <r8scan/scan.h>

#include <filesystem>
#include <string>

namespace r8scan::git {

/// A new bare repository in `folder`, which must be empty or not there, with every ref of `address`. Counts objects in
/// `control`, and ends early with ErrorCode::interrupted when it says stop. The error's message never holds the
/// address's user or password.
Result<void> clone_mirror(const std::string& address, const std::filesystem::path& folder, Control& control);

}  // namespace r8scan::git
