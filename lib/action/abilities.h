// What this build can do beside scanning. The static build has no libcurl and no libgit2 and loads no libraries, so it
// neither sends, nor fetches, nor runs plugins; who wants to asks here, and is told so before anything is scanned.
//
// abilities.cpp is for all other builds; in the static program abilities_none.cpp takes its place (cmd/static/static.cmake).
#pragma once

#include <r8scan/result.h>

namespace r8scan::action {

/// Ask Replicate, call receivers, send mails. The error is ErrorCode::usage.
[[nodiscard]] Result<void> can_send();

/// Callbacks that are shared libraries. The error is ErrorCode::usage.
[[nodiscard]] Result<void> can_load_plugins();

}  // namespace r8scan::action
