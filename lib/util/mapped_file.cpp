#include "util/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace r8scan {

namespace {

Error changed(const std::filesystem::path& path)
{
    return {ErrorCode::damaged, quoted(path) + ": changed while it was read"};
}

// Reads until the room is full or the file ends.
Result<std::size_t> read_whole(const OpenFile& file, std::span<std::byte> room, const std::filesystem::path& path)
{
    std::size_t size = 0;
    while (size < room.size()) {
        const auto got = ::pread(file.fd.get(), room.data() + size, room.size() - size, static_cast<off_t>(size));
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return system_error(path, errno);
        }
        size += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return size;
}

}  // namespace

// The memory, and who the file was: to tell one that changed from one that was replaced.
struct MappedFile::Mapping {
    struct Unmap {
        std::size_t size;
        void operator()(void* data) const { ::munmap(data, size); }
    };
    std::filesystem::path path;
    std::uint64_t device;
    std::uint64_t inode;
    std::unique_ptr<void, Unmap> memory;
    LostPages lost;  // behind the memory, so that it is gone before
};

MappedFile::MappedFile() = default;

MappedFile::MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_memory, other.m_memory);
    std::swap(m_mapping, other.m_mapping);
    return *this;
}

MappedFile::~MappedFile() = default;

Result<MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    auto file = open_regular(path);
    if (!file) {
        return file.error();
    }
    MappedFile mapped;
    if (file->size <= most_read) {
        // One byte more than there should be, to see a file that grows.
        const auto room = static_cast<std::size_t>(file->size) + 1;
        mapped.m_memory.reset(new std::byte[room]);
        const auto size = read_whole(*file, {mapped.m_memory.get(), room}, path);
        if (!size) {
            return size.error();
        }
        if (*size != file->size) {
            return changed(path);
        }
        mapped.m_bytes = {mapped.m_memory.get(), *size};
        return mapped;
    }
    void* const data = ::mmap(nullptr, file->size, PROT_READ, MAP_SHARED, file->fd.get(), 0);
    if (data == MAP_FAILED) {
        return system_error(path, errno);
    }
    std::unique_ptr<void, Mapping::Unmap> memory(data, Mapping::Unmap{file->size});
    mapped.m_bytes = {static_cast<const std::byte*>(data), file->size};
    mapped.m_mapping.reset(
        new Mapping{path, file->device, file->inode, std::move(memory), LostPages(mapped.m_bytes)});
    return mapped;
}

Result<void> MappedFile::unchanged() const
{
    if (!m_mapping) {
        return {};
    }
    // git sets the times of packs anew that it could have written again: they tell nothing. Within the last page a
    // file that shrinks reads as zeros without any signal: only its size tells.
    struct stat status {};
    const bool is_there = ::stat(m_mapping->path.c_str(), &status) == 0 &&
                          static_cast<std::uint64_t>(status.st_dev) == m_mapping->device &&
                          static_cast<std::uint64_t>(status.st_ino) == m_mapping->inode;
    if (m_mapping->lost.any() || (is_there && static_cast<std::uint64_t>(status.st_size) != m_bytes.size())) {
        return changed(m_mapping->path);
    }
    return {};
}

}  // namespace r8scan
