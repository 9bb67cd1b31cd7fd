// What `r8scan verify` and `r8scan revoke` say of each token: text, json or jsonl.
#pragma once

#include <r8scan/result.h>

#include "action/event.h"
#include "cmd/plan.h"
#include "cmd/typed_options.h"

#include <string>
#include <vector>

namespace r8scan::cmd {

struct TokenLine {
    std::string redacted;
    std::string token_sha256;
    action::Verdict verdict;
    std::string word = {};  // a status that no verdict has; empty: the verdict's
};

struct TokenReportOptions {
    Format format = Format::text;
    bool quiet = false;
};

/// --format without a file, and --quiet; the error is ErrorCode::usage.
Result<TokenReportOptions> read_token_report_options(const TypedOptions& typed);

/// `field` names the outcome: "verification" or "revocation", as in the finding record.
[[nodiscard]] std::string token_report(const std::vector<TokenLine>& lines, const char* field,
                                       const TokenReportOptions& options);

}  // namespace r8scan::cmd
