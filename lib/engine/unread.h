// Puts what was recognised inside a stream and not read into the summary's lists.
#pragma once

#include "engine/layer_scanner.h"
#include "util/problems.h"

namespace r8scan {

/// A limit makes the scan incomplete; what nobody can open is only named. `stream` names the outermost stream.
void account_for_unread(const std::string& stream, const UnreadPart& part, Problems& problems, Problems& unopened);

}  // namespace r8scan
