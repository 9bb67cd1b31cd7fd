// A made-up scan that has one finding of every shape, for the tests of the reports. Tokens are token(1) to token(3) of
// tests/support/tokens.h.
#pragma once

#include <r8scan/finding.h>

#include <string>
#include <vector>

namespace r8scan::test {

/// One that stands at HEAD.
[[nodiscard]] Finding plain_finding(const std::string& token, char sha);

/// All of them: 14 findings of two tokens, and a placeholder.
[[nodiscard]] std::vector<Finding> made_up_findings();

/// The summary that goes with them: an incomplete scan.
[[nodiscard]] Summary made_up_summary();

/// A complete scan that found nothing.
[[nodiscard]] Summary clean_summary();

}  // namespace r8scan::test
