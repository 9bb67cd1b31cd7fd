// Judges what stands beside 40 bytes that look like a token.
//
// Every published rule uses `\b` or a list of closing quotes and so misses tokens; here the bytes match first and their
// neighbours decide. Simple cases only: words, underscores, and the one-letter escapes that end in a letter.
#pragma once

#include <r8scan/finding.h>

#include "util/bytes.h"

#include <optional>

namespace r8scan {

struct BoundaryVerdict {
    Confidence confidence = Confidence::high;
    const char* why = "";  // static; empty where the confidence is high
};

/// The verdict for content[begin, end); empty where it is no token at all.
std::optional<BoundaryVerdict> judge_boundary(Bytes content, std::size_t begin, std::size_t end);

}  // namespace r8scan
