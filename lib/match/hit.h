// A judged match in one byte stream, plain or inside layers of encodings and containers.
#pragma once

#include <r8scan/finding.h>

namespace r8scan {

struct Hit {
    std::uint32_t rule = 0;  // into Matcher::rules()
    Secret secret;
    Position position;       // in the innermost container's byte stream; of the first character that carries a bit of it
    std::uint64_t end_offset = 0;
    Confidence confidence = Confidence::high;
    std::string why;         // which boundary, which layer; empty where it is plain and high
    bool placeholder = false;
    std::vector<std::string> encoding;          // layers, outermost first
    std::string inner_path;                     // "!dir/b.txt" inside containers, each with its mark; empty outside
    std::optional<std::uint64_t> outer_offset;  // of the outermost container's member in the file
    std::optional<std::string> mark;            // that says, on the lines of the token, that it may stay; raw
};

}  // namespace r8scan
