// Trees: each entry lies behind the one before and inside what was read.
#include "git/tree_entries.h"
#include "tests/fuzz/require.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const std::size_t id_size = (data[0] & 1U) == 0 ? 20 : 32;
    const Bytes tree(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
    git::TreeEntry entry;
    for (std::size_t at = 0; at < tree.size(); at = entry.end) {
        if (!git::parse_tree_entry(tree, at, id_size, entry)) {
            return 0;
        }
        require(entry.end > at + id_size && entry.end <= tree.size());
        require(entry.id.size() == id_size && entry.id.data() + id_size == tree.data() + entry.end);
        require(entry.name.find('\0') == std::string_view::npos);
        require(entry.mode <= 07777777U);
        require(!(entry.is_tree() && entry.is_gitlink()));
    }
    return 0;
}
