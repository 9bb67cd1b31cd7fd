// Packs: an index made anew, the table, and every object read. No crash, memory in proportion to the input, and what is
// read has the id that it is listed under.
//
// Bytes that were compressed resist small changes, so the first byte decides whether the input is a pack as it is, or
// the parts of one, which are compressed and closed by a right checksum here.
#include "git/object_reader.h"
#include "tests/fuzz/require.h"
#include "tests/support/pack_writer.h"

#include <cstring>

using namespace r8scan;

namespace {

std::vector<std::byte> with_checksum(const std::uint8_t* data, std::size_t size)
{
    std::vector<std::byte> pack(size);
    if (size != 0) {
        std::memcpy(pack.data(), data, size);
    }
    Hasher hasher(HashAlgorithm::sha1);
    hasher.update(pack);
    const auto digest = hasher.finish();
    pack.insert(pack.end(), digest.begin(), digest.begin() + 20);
    return pack;
}

// type, size of the content in two bytes, content; of a delta a byte more in front: which entry is its base.
std::vector<std::byte> from_parts(const std::uint8_t* data, std::size_t size)
{
    test::PackWriter writer;
    writer.compress_with(test::Level::stored);
    for (std::size_t at = 0; at + 4 <= size && writer.size() < 64;) {
        const unsigned type = data[at] & 7U;
        const unsigned base = data[at + 1];
        const std::size_t length =
            std::min<std::size_t>(static_cast<std::size_t>(data[at + 2]) << 8U | data[at + 3], size - at - 4);
        const std::string content(reinterpret_cast<const char*>(data) + at + 4, length);
        at += 4 + length;
        test::PackEntry entry;
        entry.type_bits = type;
        entry.declared_size = (base & 0x40U) != 0 ? length + 1 : length;
        entry.compressed = test::deflated(content, test::Level::stored);
        // Only what a delta by id refers to: the index is made anew from the content.
        entry.id = type >= 1 && type <= 4 ? test::object_id(test::Hash::sha1, static_cast<test::Type>(type), content)
                                          : test::made_up_id(test::Hash::sha1, writer.size());
        if (type == test::ofs_delta_type) {
            if (writer.size() == 0) {
                entry.ofs_distance = base;
            } else {
                entry.ofs_base = base % writer.size();
            }
        } else if (type == test::ref_delta_type) {
            entry.ref_base = writer.size() == 0 ? test::Id() : writer.id(base % writer.size());
        }
        writer.add_raw(std::move(entry));
    }
    const auto built = writer.build();
    std::vector<std::byte> pack(built.pack.size());
    std::memcpy(pack.data(), built.pack.data(), pack.size());
    return pack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const auto bytes = (data[0] & 1U) == 0 ? with_checksum(data + 1, size - 1) : from_parts(data + 1, size - 1);
    auto pack = git::Pack::from_memory(bytes, HashAlgorithm::sha1);
    if (!pack) {
        require(!pack.error().message().empty());
        return 0;
    }
    git::ObjectStores stores;
    stores.packs.push_back(std::move(*pack));
    const auto table = git::ObjectTable::build(stores, 1);
    require(table.size() == stores.packs.front().index().count());
    git::ReadLimits limits;
    limits.in_memory = 1U << 20U;
    limits.delta_result = 1U << 20U;
    git::ObjectReader reader(table, limits);
    Hasher hasher(HashAlgorithm::sha1);
    for (git::EntryIndex entry = 0; entry < table.size(); ++entry) {
        require(table.offset(entry) < table.end(entry) && table.end(entry) <= bytes.size());
        const auto object = reader.read(entry);
        if (object) {
            const auto id = git::hash_object(hasher, HashAlgorithm::sha1, object->type, object->content);
            require(git::ObjectId::from_raw(table.id(entry)) == id);
        } else {
            require(!object.error().message().empty());
        }
    }
    return 0;
}
