// Annotated tags: every part lies inside what was read.
#include "git/commit.h"
#include "tests/fuzz/require.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto inside = [&](std::string_view part) {
        return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
    };
    const auto tag = git::Tag::parse(as_bytes(text));
    if (!tag) {
        require(!tag.error().message().empty());
        return 0;
    }
    require(tag->target.size == 20 || tag->target.size == 32);
    require(inside(tag->tagger.name) && inside(tag->tagger.email) && inside(tag->message));
    require(!git::to_rfc3339(tag->tagger).empty());
    return 0;
}
