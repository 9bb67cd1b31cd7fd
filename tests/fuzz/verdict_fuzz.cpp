// The answer of a callback: no crash; what is taken has a known status, short texts and no token; what is not is named
// without being repeated.
#include "action/event.h"
#include "tests/fuzz/require.h"
#include "util/star_tokens.h"

using namespace r8scan::action;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t longest = 1000 + 3;  // and an ellipsis
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto verdict = read_verdict(input);
    if (!verdict) {
        require(!verdict.error().message().empty() && verdict.error().message().size() < 200);
        return 0;
    }
    require(status_of(to_string(verdict->status)) == verdict->status);
    for (const std::string& text : {verdict->message, verdict->owner, verdict->token_name}) {
        require(text.size() <= longest);
        require(r8scan::star_tokens(text) == text);
    }
    if (verdict->retry_after) {
        require(verdict->retry_after->count() >= 0);
    }
    return 0;
}
