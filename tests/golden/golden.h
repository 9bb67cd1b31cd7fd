// Golden files: what a report of the made-up scan says, byte for byte, against the files beside this one.
// R8SCAN_UPDATE_GOLDEN=1 in the environment writes the files anew; read the diff before it is committed.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/scan.h>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace r8scan::test {

/// Feeds the findings and the summary to a report.
inline void feed(Sink& report, const std::vector<Finding>& findings, const Summary& summary)
{
    for (const Finding& finding : findings) {
        REQUIRE(report.finding(finding).ok());
    }
    REQUIRE(report.summary(summary).ok());
}

/// Tokens in the clear stand as {token-1}, {token-2} and {token-3} in the files.
[[nodiscard]] std::string without_tokens(std::string text);

[[nodiscard]] bool holds_a_token(const std::string& text);

/// Checks the text against the golden file of that name.
void check_golden(const std::string& name, const std::string& text);

}  // namespace r8scan::test
