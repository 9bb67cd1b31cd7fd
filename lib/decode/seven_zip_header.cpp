#include "decode/seven_zip_header.h"

#include <lzma.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

namespace r8scan::decode {

namespace {

using namespace std::literals;

constexpr std::uint64_t start_size = 32;
constexpr std::uint64_t largest_header = 64U << 20U;
constexpr std::uint64_t largest_bcj2_folder = 512U << 20U;
constexpr std::uint64_t largest_coder = (1U << 30U) + (16U << 20U);  // a dictionary of 1 GiB and what goes with it
constexpr std::uint64_t most_streams = 32;                           // in a folder, as libarchive has it

enum Id : unsigned {
    end_id = 0,
    header_id = 1,
    properties_id = 2,
    additional_id = 3,
    main_streams_id = 4,
    pack_info_id = 6,
    unpack_info_id = 7,
    size_id = 9,
    digest_id = 10,
    folder_id = 11,
    unpack_size_id = 12,
    encoded_header_id = 23,
};

// Thrown by the reader below and caught in this file: the header does not follow its format.
struct Damaged {};

class Reader {
public:
    explicit Reader(Bytes bytes) : m_rest(bytes) {}

    Bytes take(std::uint64_t size)
    {
        if (size > m_rest.size()) {
            throw Damaged{};
        }
        const Bytes taken = m_rest.first(static_cast<std::size_t>(size));
        m_rest = m_rest.subspan(taken.size());
        return taken;
    }
    unsigned byte() { return std::to_integer<unsigned>(take(1)[0]); }

    // The first byte's leading ones say how many bytes follow; its other bits are the number's highest.
    std::uint64_t number()
    {
        const unsigned first = byte();
        std::uint64_t value = 0;
        unsigned mask = 0x80;
        for (unsigned i = 0; i < 8; ++i, mask >>= 1U) {
            if ((first & mask) == 0) {
                return value + (static_cast<std::uint64_t>(first & (mask - 1)) << (8 * i));
            }
            value |= static_cast<std::uint64_t>(byte()) << (8 * i);
        }
        return value;
    }
    std::uint64_t number_up_to(std::uint64_t largest)
    {
        const auto value = number();
        if (value > largest) {
            throw Damaged{};
        }
        return value;
    }
    std::uint64_t count() { return number_up_to(m_rest.size()); }

    void skip_digests(std::uint64_t count)
    {
        std::uint64_t defined = count;
        if (byte() == 0) {
            defined = 0;
            for (const auto bits : take((count + 7) / 8)) {
                defined += static_cast<unsigned>(__builtin_popcount(std::to_integer<unsigned>(bits)));
            }
        }
        take(defined * 4);
    }

private:
    Bytes m_rest;
};

struct Coder {
    std::string_view id;
    Bytes properties;
};

struct Folder {
    std::vector<Coder> coders;
    std::uint64_t outputs = 0;
    std::vector<std::uint64_t> sizes;  // of each output
};

struct Streams {
    std::uint64_t packed_at = 0;  // behind the start header
    std::vector<std::uint64_t> packed_sizes;
    std::vector<Folder> folders;
};

Folder read_folder(Reader& reader)
{
    Folder folder;
    std::uint64_t inputs = 0;
    for (auto coders = reader.number_up_to(most_streams); coders != 0; --coders) {
        const unsigned flags = reader.byte();
        Coder coder{as_text(reader.take(flags & 15U)), {}};
        const bool several = (flags & 0x10U) != 0;
        inputs += several ? reader.number_up_to(most_streams) : 1;
        folder.outputs += several ? reader.number_up_to(most_streams) : 1;
        if ((flags & 0x20U) != 0) {
            coder.properties = reader.take(reader.number());
        }
        folder.coders.push_back(coder);
    }
    const std::uint64_t bound = folder.outputs == 0 ? 0 : folder.outputs - 1;
    for (std::uint64_t i = 0; i < 2 * bound; ++i) {
        reader.number();
    }
    const std::uint64_t packed = inputs > bound ? inputs - bound : 0;
    for (std::uint64_t i = 0; packed > 1 && i < packed; ++i) {
        reader.number();
    }
    return folder;
}

void read_pack_info(Reader& reader, Streams& streams)
{
    streams.packed_at = reader.number();
    const auto count = reader.count();
    for (unsigned id = reader.byte(); id != end_id; id = reader.byte()) {
        if (id == size_id) {
            for (std::uint64_t i = 0; i < count; ++i) {
                streams.packed_sizes.push_back(reader.number());
            }
        } else if (id == digest_id) {
            reader.skip_digests(count);
        } else {
            throw Damaged{};
        }
    }
}

void read_unpack_info(Reader& reader, Streams& streams)
{
    if (reader.byte() != folder_id) {
        throw Damaged{};
    }
    const auto count = reader.count();
    if (reader.byte() != 0) {  // folders that stand elsewhere: nobody writes this, nor does libarchive read it
        throw Damaged{};
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        streams.folders.push_back(read_folder(reader));
    }
    for (unsigned id = reader.byte(); id != end_id; id = reader.byte()) {
        if (id == unpack_size_id) {
            for (auto& folder : streams.folders) {
                for (std::uint64_t i = 0; i < folder.outputs; ++i) {
                    folder.sizes.push_back(reader.number());
                }
            }
        } else if (id == digest_id) {
            reader.skip_digests(count);
        } else {
            throw Damaged{};
        }
    }
}

// Up to the sizes of the folders; what follows is of no interest here.
Streams read_streams(Reader& reader)
{
    Streams streams;
    unsigned id = reader.byte();
    if (id == pack_info_id) {
        read_pack_info(reader, streams);
        id = reader.byte();
    }
    if (id == unpack_info_id) {
        read_unpack_info(reader, streams);
    }
    return streams;
}

// A coder of liblzma with its options, which liblzma allocates by malloc.
struct LzmaFilter {
    lzma_filter filter;
    std::unique_ptr<void, decltype(&std::free)> options;
};

std::optional<LzmaFilter> lzma_filter_of(const Coder& coder)
{
    const bool is_lzma2 = coder.id == "\x21"sv;
    if (!is_lzma2 && coder.id != "\x03\x01\x01"sv) {
        return std::nullopt;
    }
    lzma_filter filter{is_lzma2 ? LZMA_FILTER_LZMA2 : LZMA_FILTER_LZMA1, nullptr};
    if (lzma_properties_decode(&filter, nullptr, reinterpret_cast<const std::uint8_t*>(coder.properties.data()),
                               coder.properties.size()) != LZMA_OK) {
        throw Damaged{};
    }
    return LzmaFilter{filter, {filter.options, &std::free}};
}

// What the coder sets aside before it expands anything.
std::uint64_t memory_of(const Coder& coder)
{
    if (coder.id == "\x03\x04\x01"sv && coder.properties.size() == 5) {  // PPMd: order, memory
        return __builtin_bswap32(read_be32(coder.properties.data() + 1));
    }
    const auto filter = lzma_filter_of(coder);
    if (!filter) {
        return 0;
    }
    const lzma_filter filters[2] = {filter->filter, {LZMA_VLI_UNKNOWN, nullptr}};
    return lzma_raw_decoder_memusage(filters);
}

bool fits_in_memory(const Streams& streams)
{
    for (const auto& folder : streams.folders) {
        if (std::any_of(folder.coders.begin(), folder.coders.end(),
                        [](const Coder& coder) { return memory_of(coder) > largest_coder; })) {
            return false;
        }
        const bool bcj2 = std::any_of(folder.coders.begin(), folder.coders.end(),
                                      [](const Coder& coder) { return coder.id == "\x03\x03\x01\x1b"sv; });
        std::uint64_t sum = 0;
        for (const auto size : folder.sizes) {
            sum += std::min(size, largest_bcj2_folder + 1);
        }
        if (bcj2 && sum > largest_bcj2_folder) {
            return false;
        }
    }
    return true;
}

bool fits_in_memory(Bytes plain_header)
{
    Reader reader(plain_header);
    if (reader.byte() != header_id) {
        return true;
    }
    unsigned id = reader.byte();
    if (id == properties_id) {
        while (reader.byte() != end_id) {
            reader.take(reader.number());
        }
        id = reader.byte();
    }
    return id != main_streams_id || fits_in_memory(read_streams(reader));
}

// The header that one coder has packed; nothing where the coder is not one of those that write headers.
std::optional<std::vector<std::byte>> unpacked(const Coder& coder, Bytes packed, std::uint64_t size)
{
    if (coder.id == "\0"sv) {
        return std::vector<std::byte>(packed.begin(), packed.end());
    }
    auto filter = lzma_filter_of(coder);
    if (!filter) {
        return std::nullopt;
    }
    const lzma_filter filters[2] = {filter->filter, {LZMA_VLI_UNKNOWN, nullptr}};
    std::vector<std::byte> header(static_cast<std::size_t>(size));
    std::size_t read = 0;
    std::size_t written = 0;
    // LZMA without an end mark ends where the output is full, which liblzma calls an error.
    static_cast<void>(lzma_raw_buffer_decode(filters, nullptr, reinterpret_cast<const std::uint8_t*>(packed.data()),
                                             &read, packed.size(), reinterpret_cast<std::uint8_t*>(header.data()),
                                             &written, header.size()));
    header.resize(written);
    return header;
}

void look_into(Bytes content, Bytes header, SevenZipHeader& result)
{
    Reader reader(header);
    if (reader.byte() != encoded_header_id) {
        result.too_large = header.size() > largest_header || !fits_in_memory(header);
        return;
    }
    const auto streams = read_streams(reader);
    if (streams.folders.size() != 1 || streams.packed_sizes.size() != 1 || streams.folders[0].sizes.empty()) {
        result.unsupported = true;
        return;
    }
    const auto& folder = streams.folders[0];
    result.header_bytes += std::min<std::uint64_t>(streams.packed_sizes[0], content.size());
    if (*std::max_element(folder.sizes.begin(), folder.sizes.end()) > largest_header || !fits_in_memory(streams)) {
        result.too_large = true;
        return;
    }
    if (folder.coders.size() != 1) {
        return;  // encrypted: libarchive says so
    }
    Reader data(content.subspan(start_size));
    data.take(streams.packed_at);
    const auto plain = unpacked(folder.coders[0], data.take(streams.packed_sizes[0]), folder.sizes[0]);
    result.unsupported = !plain;
    result.too_large = plain && !fits_in_memory(Bytes(*plain));
}

std::uint64_t read_le64(Bytes content, std::size_t at)
{
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(content[at + i]);
    }
    return value;
}

}  // namespace

SevenZipHeader read_seven_zip_header(Bytes content)
{
    SevenZipHeader result;
    if (content.size() < start_size) {
        return result;
    }
    const std::uint64_t offset = read_le64(content, 12);
    const std::uint64_t size = read_le64(content, 20);
    const std::uint64_t behind = content.size() - start_size;
    if (offset > behind || size > behind - offset) {
        return result;
    }
    result.size = start_size + offset + size;
    result.header_bytes = size;
    try {
        look_into(content,
                  content.subspan(static_cast<std::size_t>(start_size + offset), static_cast<std::size_t>(size)),
                  result);
    } catch (const Damaged&) {  // libarchive will find the same
    }
    return result;
}

}  // namespace r8scan::decode
