// The block that ends the text report: what was read, what was not and the way out, what became of the
// tokens, the verdict, and what to do next.
#pragma once

#include <r8scan/finding.h>

#include "report/fates.h"
#include "report/style.h"
#include "report/text.h"

#include <string>

namespace r8scan::report {

/// `placeholders_listed`: they stand above already, so the block does not call them left out.
[[nodiscard]] std::string text_of_verdict(const Summary& summary, const Fates& fates, bool placeholders_listed,
                                          const TextOptions& options, const Style& style);

/// The verdict alone, in one line without a newline: "no tokens found: …", "2 tokens in 7 places", "INCOMPLETE: …".
[[nodiscard]] std::string verdict(const Summary& summary, Occasion occasion = Occasion::none);

}  // namespace r8scan::report
