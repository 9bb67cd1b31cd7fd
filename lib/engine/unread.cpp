#include "engine/unread.h"

namespace r8scan {

namespace {

const char* reason_of(decode::Unread why)
{
    switch (why) {
        case decode::Unread::limit:
            return "content over a limit";
        case decode::Unread::encrypted:
            return "encrypted content";
        case decode::Unread::corrupt:
            return "damaged container";
        case decode::Unread::unsupported:
            break;
    }
    return "unsupported container";
}

std::string way_out(decode::Unread why)
{
    switch (why) {
        case decode::Unread::limit:
            return "unpack or decode it yourself and scan what comes out with `r8scan dir`";
        case decode::Unread::encrypted:
            return "decrypt it and scan the result with `r8scan dir`";
        default:
            return "";
    }
}

}  // namespace

void account_for_unread(const std::string& stream, const UnreadPart& part, Problems& problems, Problems& unopened)
{
    const auto what = stream + (part.place.empty() ? "" : ", \"" + part.place + "\"") + ": " + part.what;
    auto& list = part.why == decode::Unread::limit ? problems : unopened;
    list.add(reason_of(part.why), what, way_out(part.why));
}

}  // namespace r8scan
