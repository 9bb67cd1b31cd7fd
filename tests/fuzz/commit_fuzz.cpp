// Commits: every part lies inside what was read, and a date is a date.
#include "git/commit.h"
#include "tests/fuzz/require.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto inside = [&](std::string_view part) {
        return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
    };
    const auto commit = git::Commit::parse(as_bytes(text));
    if (!commit) {
        require(!commit.error().message().empty());
        return 0;
    }
    require(commit->tree.size == 20 || commit->tree.size == 32);
    require(commit->parents.size() <= size / 40);
    for (const auto* const signature : {&commit->author, &commit->committer}) {
        require(inside(signature->name) && inside(signature->email));
        const auto date = git::to_rfc3339(*signature);
        require(date.size() >= 20 && date.find('T') != std::string::npos);
    }
    require(inside(commit->message) && inside(commit->subject()));
    require(commit->subject().find('\n') == std::string_view::npos);
    return 0;
}
