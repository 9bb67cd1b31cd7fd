#include <r8scan/finding.h>

namespace r8scan {

const char* to_string(Confidence confidence)
{
    switch (confidence) {
        case Confidence::low:
            return "low";
        case Confidence::medium:
            return "medium";
        case Confidence::high:
            break;
    }
    return "high";
}

}  // namespace r8scan
