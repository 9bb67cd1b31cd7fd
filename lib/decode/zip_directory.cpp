#include "decode/zip_directory.h"

#include <algorithm>

namespace r8scan::decode {

namespace {

using namespace std::literals;

constexpr std::string_view local_signature = "PK\x03\x04"sv;
constexpr std::string_view central_signature = "PK\x01\x02"sv;
constexpr std::string_view end_signature = "PK\x05\x06"sv;
constexpr std::string_view end64_signature = "PK\x06\x06"sv;
constexpr std::string_view locator_signature = "PK\x06\x07"sv;

constexpr std::uint64_t local_size = 30;
constexpr std::uint64_t central_size = 46;
constexpr std::uint64_t end_size = 22;
constexpr std::uint64_t end64_size = 56;
constexpr std::uint64_t locator_size = 20;
constexpr std::uint64_t longest_comment = 0xffff;
// So far a local header is searched before its data: usual names and extra fields, and a bounded price.
constexpr std::uint64_t farthest_header = 4096;

// A directory that is larger is not read: libarchive keeps all of it in memory, several times its size.
constexpr std::uint64_t largest_directory = 64U << 20U;
// So many entries of a directory are asked whether they are the one that we stand on.
constexpr unsigned entries_asked = 1000;
constexpr unsigned ends_asked = 16;

std::uint64_t number(Bytes content, std::uint64_t at, unsigned size)
{
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
        value |= std::to_integer<std::uint64_t>(content[static_cast<std::size_t>(at) + i]) << (8 * i);
    }
    return value;
}

bool stands(Bytes content, std::uint64_t at, std::string_view signature, std::uint64_t size)
{
    return at <= content.size() && content.size() - at >= size &&
           as_text(content).substr(static_cast<std::size_t>(at), signature.size()) == signature;
}

bool is_known_method(unsigned method)
{
    return method <= 12 || (method >= 14 && method <= 20) || (method >= 92 && method <= 99);
}

// Size of the central entry at `at`; 0 where there is none.
std::uint64_t central_entry_size(Bytes content, std::uint64_t at)
{
    if (!stands(content, at, central_signature, central_size)) {
        return 0;
    }
    return central_size + number(content, at + 28, 2) + number(content, at + 30, 2) + number(content, at + 32, 2);
}

struct Directory {
    std::uint64_t at = 0;    // where it stands in the content
    std::uint64_t base = 0;  // where its offsets count from
};

// The directory that the end record at `end` speaks of. Its size and the end's place say where it stands; the offset
// that it states for itself then says where offsets count from.
std::optional<Directory> directory_of(Bytes content, std::uint64_t end)
{
    std::uint64_t size = number(content, end + 12, 4);
    std::uint64_t offset = number(content, end + 16, 4);
    std::uint64_t behind = end;
    if ((size == 0xffffffff || offset == 0xffffffff) && end >= locator_size + end64_size &&
        stands(content, end - locator_size, locator_signature, locator_size) &&
        stands(content, end - locator_size - end64_size, end64_signature, end64_size)) {
        behind = end - locator_size - end64_size;
        size = number(content, behind + 40, 8);
        offset = number(content, behind + 48, 8);
    }
    if (size > behind || size > largest_directory || offset > behind - size) {
        return std::nullopt;
    }
    return Directory{behind - size, behind - size - offset};
}

bool names(Bytes content, const Directory& directory, std::uint64_t begin)
{
    std::uint64_t at = directory.at;
    for (unsigned i = 0; i < entries_asked; ++i) {
        const std::uint64_t size = central_entry_size(content, at);
        if (size == 0) {
            return false;
        }
        if (number(content, at + 42, 4) + directory.base == begin) {
            return true;
        }
        at += size;
    }
    return false;
}

}  // namespace

std::optional<ZipLocalHeader> zip_local_header(Bytes content, std::uint64_t offset)
{
    if (!stands(content, offset, local_signature, local_size)) {
        return std::nullopt;
    }
    const auto flags = number(content, offset + 6, 2);
    const std::uint64_t name_size = number(content, offset + 26, 2);
    const std::uint64_t extra_size = number(content, offset + 28, 2);
    ZipLocalHeader header;
    header.offset = offset;
    header.method = static_cast<unsigned>(number(content, offset + 8, 2));
    header.encrypted = (flags & 1U) != 0;
    header.compressed_size = number(content, offset + 18, 4);
    header.data_begin = offset + local_size + name_size + extra_size;
    const auto version = number(content, offset + 4, 1);
    if (!is_known_method(header.method) || name_size == 0 || version > 100 || header.data_begin > content.size()) {
        return std::nullopt;
    }
    header.name =
        as_text(content).substr(static_cast<std::size_t>(offset + local_size), static_cast<std::size_t>(name_size));
    if (header.name.find('\0') != header.name.npos) {
        return std::nullopt;
    }
    return header;
}

std::optional<ZipLocalHeader> zip_local_header_before(Bytes content, std::uint64_t data_begin)
{
    if (data_begin < local_size || data_begin > content.size()) {
        return std::nullopt;
    }
    const std::uint64_t low = data_begin - std::min(data_begin, farthest_header);
    if (data_begin - low < local_size) {
        return std::nullopt;
    }
    const auto text =
        as_text(content).substr(static_cast<std::size_t>(low),
                                static_cast<std::size_t>(data_begin - low - local_size + local_signature.size()));
    for (auto at = text.rfind(local_signature); at != text.npos; at = text.rfind(local_signature, at - 1)) {
        const auto header = zip_local_header(content, low + at);
        if (header &&
            (header->data_begin == data_begin ||
             (header->data_begin < data_begin && data_begin - header->data_begin == header->compressed_size))) {
            return header;
        }
        if (at == 0) {
            break;
        }
    }
    return std::nullopt;
}

std::optional<ZipWindow> find_zip_window(Bytes content, std::uint64_t begin)
{
    if (content.size() < begin + end_size) {
        return std::nullopt;
    }
    const auto searched = std::min<std::uint64_t>(content.size() - begin, end_size + longest_comment);
    const std::uint64_t low = content.size() - searched;
    const auto text = as_text(content).substr(static_cast<std::size_t>(low));
    std::size_t found = text.rfind(end_signature, text.size() - end_size);
    for (unsigned tries = 0; found != text.npos && tries < ends_asked; ++tries) {
        const std::uint64_t at = low + found;
        const std::uint64_t end = at + end_size + number(content, at + 20, 2);
        const auto directory = directory_of(content, at);
        if (directory && directory->base <= begin && directory->at > begin && end <= content.size() &&
            names(content, *directory, begin)) {
            return ZipWindow{directory->base, end};
        }
        found = found == 0 ? text.npos : text.rfind(end_signature, found - 1);
    }
    return std::nullopt;
}

std::uint64_t zip_directory_end(Bytes content, std::uint64_t at)
{
    std::uint64_t end = at;
    while (const std::uint64_t size = central_entry_size(content, end)) {
        end += size;
    }
    if (stands(content, end, end64_signature, end64_size)) {
        end += end64_size;
    }
    if (stands(content, end, locator_signature, locator_size)) {
        end += locator_size;
    }
    if (stands(content, end, end_signature, end_size)) {
        end += end_size + number(content, end + 20, 2);
    }
    return std::min<std::uint64_t>(end, content.size());
}

std::optional<std::uint64_t> next_zip_signature(Bytes content, std::uint64_t at)
{
    const auto found =
        as_text(content).find(local_signature, static_cast<std::size_t>(std::min<std::uint64_t>(at, content.size())));
    return found == std::string_view::npos ? std::nullopt : std::optional<std::uint64_t>(found);
}

}  // namespace r8scan::decode
