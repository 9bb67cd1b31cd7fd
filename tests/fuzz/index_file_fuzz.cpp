// git's index: no crash, memory in proportion to the input, and every path inside what was read.
#include "git/index_file.h"
#include "tests/fuzz/require.h"

#include <vector>

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // A checksum of zeros is not checked: without it no change would come further than that.
    std::vector<std::byte> bytes(size + 20);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>(data[i]);
    }
    const auto index = git::IndexFile::from_memory(bytes, HashAlgorithm::sha1);
    if (!index) {
        require(!index.error().message().empty());
        return 0;
    }
    require(index->entries().size() <= size);
    for (const auto& entry : index->entries()) {
        require(entry.stage <= 3 && entry.id.size == 20);
    }
    for (const auto& tree : index->cached_trees()) {
        require(tree.id.size == 20);
    }
    return 0;
}
