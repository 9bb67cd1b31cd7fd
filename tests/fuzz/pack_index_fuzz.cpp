// Pack indexes of both versions: what opens answers every question, and finds each of its ids.
#include "git/pack_index.h"
#include "tests/fuzz/require.h"
#include "util/hash.h"

#include <cstring>

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
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

    const auto index = git::PackIndex::from_memory(std::move(bytes), algorithm);
    if (!index) {
        require(!index.error().message().empty());
        return 0;
    }
    require(index->count() <= size);
    require(index->pack_checksum().size() == hash_size(algorithm));
    for (std::uint32_t position = 0; position < index->count(); ++position) {
        (void)index->offset(position);
        if (index->has_crc()) {
            (void)index->crc(position);
        }
        const auto found = index->find(index->id(position));
        require(found.has_value());
        const auto hex = git::ObjectId::from_raw(index->id(position)).hex();
        const auto [first, second] = index->find_prefix(hex.substr(0, 7));
        require(first <= position && position < second);
    }
    return 0;
}
