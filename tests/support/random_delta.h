// Random deltas for property tests, made to hit what the delta rule could get wrong.
//
// A base is text sprinkled with whole tokens, pieces of tokens and anchors. A delta on it mixes plain edits with the
// traps: a token spread over inserts of a few bytes, over copies that lie anywhere in the base, copies that repeat,
// reorder and overlap, a change of the byte beside a token, an edit of the last bytes, a result of a byte or two.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/tokens.h"

namespace r8scan::test {

struct DeltaAndTarget {
    std::string delta;
    std::string target;  // what the delta makes of the base
};

/// Text of about `size` bytes with pieces of `token` in it; whole tokens too where `whole` is set.
[[nodiscard]] std::string random_base(Rng& rng, std::string_view token, std::size_t size, bool whole);

/// A delta on `base`, always legal, and its target. `token` is what gets planted, split or disturbed.
[[nodiscard]] DeltaAndTarget random_delta(Rng& rng, std::string_view base, std::string_view token);

}  // namespace r8scan::test
