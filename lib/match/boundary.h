// Judges what stands beside bytes that look like a token.
//
// Every published rule uses `\b` or a list of closing quotes and so misses tokens; here the bytes match first and their
// neighbours decide. The tables (what stands to the left, what to the right, what is on both sides) are rows of data in
// boundary_rows.cpp. Text or binary is decided for the neighbourhood of the match, not for the file. Nothing further
// away than 256 bytes matters.
#pragma once

#include <r8scan/finding.h>

#include "util/bytes.h"

#include <optional>

namespace r8scan {

struct BoundaryVerdict {
    Confidence confidence = Confidence::high;
    const char* why = "";  // static; empty where the confidence is high
};

/// Whether a stream that begins so is an executable or a class file (ELF, Mach-O, PE, wasm, Java class): all of it
/// counts as binary.
[[nodiscard]] bool begins_as_executable(Bytes head);

/// The verdict for content[begin, end); empty where it is no token at all. `executable` is begins_as_executable() of
/// the stream that content is a part of.
std::optional<BoundaryVerdict> judge_boundary(Bytes content, std::size_t begin, std::size_t end, bool executable);

}  // namespace r8scan
