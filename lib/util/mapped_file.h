// The bytes of a regular file that somebody else may be writing to while they are read.
//
// A small file is read into memory of its own: what was read stays as it is. A large one is mapped, and whoever changes
// the file changes what is seen here. So nothing may be read twice and trusted the second time, and at the end
// unchanged() is asked. A file that shrinks reads as zeros and never ends the program (bus_errors.h). Replacing a file
// by another of the same name, as git does, changes nothing: the old one stays mapped.
// Any thread may read.
#pragma once

#include "util/bus_errors.h"
#include "util/file.h"

#include <memory>

namespace r8scan {

class MappedFile {
public:
    /// Errors: those of open_regular(), and damaged where the file changes while it is read.
    static Result<MappedFile> open(const std::filesystem::path& path);

    MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    /// Lives as long as the object, also when that is moved; an empty file has no bytes.
    [[nodiscard]] Bytes bytes() const { return m_bytes; }

    /// damaged: the file shrank, grew or could not be read in places since it was opened.
    [[nodiscard]] Result<void> unchanged() const;

    /// Larger files are mapped. Below this, reading costs less than mapping does.
    static constexpr std::size_t most_read = 64U << 10U;

private:
    struct Mapping;
    Bytes m_bytes;
    std::unique_ptr<std::byte[]> m_memory;  // of a small file
    std::unique_ptr<Mapping> m_mapping;     // of a large one
};

}  // namespace r8scan
