// Reads a git configuration file (https://git-scm.com/docs/git-config#_syntax): one file, nothing that it includes.
//
// libgit2 reads these too, but follows `include.path` to wherever a stranger's file points, opens FIFOs, and must be
// initialised first, which costs more than all the rest of a commit hook. The file is taken as git takes it: what git
// refuses is an error here as well.
#pragma once

#include <r8scan/result.h>

#include <map>
#include <string>
#include <string_view>

namespace r8scan::git {

/// Section and key in lower case, the subsection as it stands ("remote.Origin.url"). Of a key that is given several
/// times the last value; a key without a value is "true".
using ConfigValues = std::map<std::string, std::string>;

/// The error is ErrorCode::damaged and names the line.
Result<ConfigValues> parse_config(std::string_view text);

}  // namespace r8scan::git
