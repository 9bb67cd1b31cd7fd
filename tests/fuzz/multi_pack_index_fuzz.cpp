// Multi-pack-indexes: what opens answers every question.
#include "git/multi_pack_index.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/scratch_file.h"
#include "util/hash.h"

#include <cstring>

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const ScratchFolder folder;
    if (size == 0) {
        return 0;
    }
    // The checksum at the end is made to fit: no change would come further otherwise.
    const auto algorithm = (data[0] & 1U) == 0 ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
    std::vector<std::byte> bytes(size - 1);
    if (size > 1) {
        std::memcpy(bytes.data(), data + 1, size - 1);
    }
    Hasher hasher(algorithm);
    hasher.update(bytes);
    const auto digest = hasher.finish();
    bytes.insert(bytes.end(), digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(hash_size(algorithm)));
    const auto index =
        git::MultiPackIndex::open(folder.write("multi-pack-index", bytes.data(), bytes.size()), algorithm);
    if (!index) {
        require(!index.error().message().empty());
        return 0;
    }
    require(index->count() <= size);
    for (const auto& name : index->pack_names()) {
        require(name.size() <= size);
    }
    for (std::uint32_t position = 0; position < index->count(); ++position) {
        require(index->id(position).size() == hash_size(algorithm));
        (void)index->pack(position);
        (void)index->offset(position);
    }
    return 0;
}
