#include "git/entry_reader.h"

#include <libdeflate.h>

namespace r8scan::git {

Result<void> EntryReader::check_crc(EntryIndex entry) const
{
    if (!m_table.is_loose(entry) && m_table.has_crc(entry)) {
        const auto stored = m_table.stored(entry);
        if (libdeflate_crc32(0, stored.data(), stored.size()) != m_table.crc(entry)) {
            return Error(ErrorCode::damaged, "CRC32 differs from the one that the pack index names");
        }
    }
    return {};
}

Result<EntryHeader> EntryReader::checked_header(EntryIndex entry) const
{
    const auto& pack = m_table.pack(entry);
    const auto end = m_table.end(entry);
    if (auto intact = check_crc(entry); !intact) {
        return intact.error();
    }
    auto header = pack.header_at(m_table.offset(entry), end);
    if (header && !plausible_size(header->size, end - header->data_offset)) {
        return Error(ErrorCode::damaged, "declares " + std::to_string(header->size) + " bytes, which " +
                                             std::to_string(end - header->data_offset) + " stored bytes cannot hold");
    }
    return header;
}

Result<StoredObject> EntryReader::open_whole(EntryIndex entry) const
{
    StoredObject object;
    if (m_table.is_loose(entry)) {
        auto loose = LooseObject::open(m_table.stores().loose_path(m_table.loose(entry)));
        if (!loose) {
            return loose.error();
        }
        object.type = loose->type;
        object.size = loose->size;
        object.header_length = loose->header_length;
        object.stream = loose->file.bytes();
        object.file = std::move(loose->file);
        return object;
    }
    const auto header = checked_header(entry);
    if (!header) {
        return header.error();
    }
    object.type = header->type;
    object.size = header->size;
    object.stream = m_table.pack(entry).bytes().subspan(header->data_offset, m_table.end(entry) - header->data_offset);
    return object;
}

Result<Bytes> EntryReader::inflate(const StoredObject& object, Buffer& buffer)
{
    const auto room = buffer.make(object.header_length + object.size);
    const auto used = m_inflater.inflate_front(object.stream, room);
    if (!used) {
        const auto same = object.file.unchanged();
        return same ? used.error() : same.error();
    }
    const bool is_loose = object.header_length != 0;
    m_left_bytes = is_loose && *used != object.stream.size();
    return buffer.bytes().subspan(object.header_length);
}

Result<Bytes> EntryReader::inflate_delta(EntryIndex entry, const ReadLimits& limits, Buffer& buffer)
{
    const auto header = checked_header(entry);
    if (!header) {
        return header.error();
    }
    if (header->size > limits.in_memory) {
        return Error(ErrorCode::limit, "delta of " + std::to_string(header->size) + " bytes is over the limit");
    }
    const auto stream =
        m_table.pack(entry).bytes().subspan(header->data_offset, m_table.end(entry) - header->data_offset);
    const auto room = buffer.make(header->size);
    if (auto done = m_inflater.inflate(stream, room); !done) {
        return done.error();
    }
    return buffer.bytes();
}

}  // namespace r8scan::git
