// A judged match in one byte stream.
#pragma once

#include <r8scan/finding.h>

namespace r8scan {

struct Hit {
    std::uint32_t rule = 0;  // into Matcher::rules()
    Secret secret;
    Position position;
    Confidence confidence = Confidence::high;
    const char* why = "";    // static
    bool placeholder = false;
};

}  // namespace r8scan
