// The lines that git hands to pre-push and pre-receive hooks (githooks), as ranges to scan.
#pragma once

#include <r8scan/scan.h>

#include "cmd/typed_options.h"

namespace r8scan::cmd {

/// Lines of a pre-push hook: `local-ref SP local-oid SP remote-ref SP remote-oid`; refs may hold spaces, so they are split
/// from the right. Adds what is sent to the options; deletions send nothing. usage: a line that is none.
Result<void> add_pushed(std::string_view lines, RangeScanOptions& options);

/// Lines of a pre-receive hook: `old-oid SP new-oid SP ref`.
Result<void> add_received(std::string_view lines, RangeScanOptions& options);

}  // namespace r8scan::cmd
