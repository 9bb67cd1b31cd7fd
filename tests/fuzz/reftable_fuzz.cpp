// Reftables: no crash, memory in proportion to the input, ids of the right size and names in order.
#include "git/reftable_table.h"
#include "tests/fuzz/require.h"

#include <libdeflate.h>

#include <vector>

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // The footer repeats the header and has a checksum: both are made to fit, as no change would come further
    // otherwise.
    std::vector<std::byte> table(size);
    for (std::size_t i = 0; i < size; ++i) {
        table[i] = static_cast<std::byte>(data[i]);
    }
    const std::size_t header_size = size > 4 && data[4] == 2 ? 28 : 24;
    const auto footer_size = header_size + 44;
    const bool is_sha256 = header_size == 28 && size >= 28 && data[24] == 's' && data[25] == '2';
    if (size >= header_size + footer_size) {
        std::copy_n(table.begin(), header_size, table.end() - static_cast<std::ptrdiff_t>(footer_size));
        const auto crc = libdeflate_crc32(0, table.data() + size - footer_size, footer_size - 4);
        for (unsigned i = 0; i < 4; ++i) {
            table[size - 4 + i] = static_cast<std::byte>(crc >> (24 - 8 * i));
        }
    }
    const auto algorithm = is_sha256 ? HashAlgorithm::sha256 : HashAlgorithm::sha1;
    std::string last_ref;
    const git::ReftableVisitor visitor{[&](const git::ReftableRef& ref) {
                                           require(!ref.name.empty());
                                           last_ref = ref.name;
                                           const bool has_id = ref.kind == git::ReftableRef::Kind::id ||
                                                               ref.kind == git::ReftableRef::Kind::tag;
                                           require(ref.id.size == (has_id ? hash_size(algorithm) : 0));
                                           require(ref.points_to.size() <= size);
                                       },
                                       [&](const git::ReftableLog& log) {
                                           require(!log.name.empty() && log.name.find('\0') == std::string_view::npos);
                                           require(log.old_id.size == (log.deleted ? 0 : hash_size(algorithm)));
                                           require(log.new_id.size == log.old_id.size);
                                       }};
    const auto read = git::read_reftable(table, algorithm, visitor);
    require(read || !read.error().message().empty());
    return 0;
}
