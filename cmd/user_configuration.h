// The user's own file, merged with what was typed and what the environment says: step one of two, as
// cmd/typed_options.h. The keys and their checks are those of lib/config; which options there are says the table.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"

#include <filesystem>

namespace r8scan::cmd {

/// Adds what the user's file says of every option that was neither typed nor set in the environment, and its callbacks
/// and accepted objects. After add_environment(). A file that --config names must be there; the usual one need not.
Result<void> add_user_file(TypedOptions& typed, const Environment& environment);

/// The file that add_user_file() reads; empty where there is no place for one.
[[nodiscard]] std::filesystem::path user_file_of(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
