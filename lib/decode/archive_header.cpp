#include "decode/archive_header.h"

#include <zlib.h>

namespace r8scan::decode {

namespace {

constexpr std::size_t tar_block = 512;

std::uint32_t read_le(Bytes bytes, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    }
    return value;
}

std::uint32_t crc(Bytes bytes)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// The sum of the header's bytes, its own field taken as spaces. Old tars summed signed bytes.
bool is_tar(Bytes content)
{
    if (content.size() < tar_block) {
        return false;
    }
    std::uint32_t stated = 0;
    bool digits = false;
    for (std::size_t i = 148; i < 156; ++i) {
        const auto c = std::to_integer<unsigned char>(content[i]);
        if (c >= '0' && c <= '7') {
            stated = stated * 8 + (c - '0');
            digits = true;
        } else if (digits || c != ' ') {
            break;
        }
    }
    std::uint32_t plain = 0;
    std::uint32_t with_signs = 0;
    for (std::size_t i = 0; i < tar_block; ++i) {
        const auto byte = i >= 148 && i < 156 ? std::uint8_t{' '} : std::to_integer<std::uint8_t>(content[i]);
        plain += byte;
        with_signs += static_cast<std::uint32_t>(static_cast<std::int8_t>(byte));
    }
    return digits && (stated == plain || stated == with_signs);
}

// The first member's header ends with "`\n"; an archive without members is its magic alone.
bool is_ar(Bytes content)
{
    const auto text = as_text(content);
    return text.starts_with("!<arch>\n") && (text.size() == 8 || (text.size() >= 68 && text.substr(66, 2) == "`\n"));
}

bool is_seven_zip(Bytes content)
{
    return content.size() >= 32 && as_text(content).starts_with("7z\xbc\xaf\x27\x1c") &&
           read_le(content, 8, 4) == crc(content.subspan(12, 20));
}

// RAR 5: CRC-32, size of the header as a number of seven bits a byte, header. https://www.rarlab.com/technote.htm
bool is_rar5_header(Bytes header)
{
    std::size_t size = 0;
    std::size_t at = 4;
    for (unsigned shift = 0; shift < 21; shift += 7, ++at) {
        if (at >= header.size()) {
            return false;
        }
        const auto byte = std::to_integer<unsigned>(header[at]);
        size |= static_cast<std::size_t>(byte & 0x7fU) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    ++at;
    return at <= header.size() && size <= header.size() - at &&
           read_le(header, 0, 4) == crc(header.subspan(4, at - 4 + size));
}

// RAR 1.5 to 4: the lower half of a CRC-32, type 0x73, flags, size.
bool is_rar4_header(Bytes header)
{
    if (header.size() < 7 || header[2] != std::byte{0x73}) {
        return false;
    }
    const std::size_t size = read_le(header, 5, 2);
    return size >= 7 && size <= header.size() && read_le(header, 0, 2) == (crc(header.subspan(2, size - 2)) & 0xffffU);
}

bool is_rar(Bytes content)
{
    const auto text = as_text(content);
    if (!text.starts_with("Rar!\x1a\x07") || text.size() < 8) {
        return false;
    }
    return text[6] == '\x01' ? text[7] == '\0' && is_rar5_header(content.subspan(8))
                             : text[6] == '\0' && is_rar4_header(content.subspan(7));
}

}  // namespace

bool is_archive_header(ContainerKind kind, Bytes content)
{
    switch (kind) {
        case ContainerKind::tar: return is_tar(content);
        case ContainerKind::ar: return is_ar(content);
        case ContainerKind::seven_zip: return is_seven_zip(content);
        case ContainerKind::rar: return is_rar(content);
        default: return false;
    }
}

std::uint64_t archive_header_size(ContainerKind kind)
{
    switch (kind) {
        case ContainerKind::tar: return tar_block;
        case ContainerKind::seven_zip: return 32;
        default: return 8;
    }
}

}  // namespace r8scan::decode
