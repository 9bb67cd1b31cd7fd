// One loose object: a zlib stream of "type size\0" and the content, in a file named by its id.
#pragma once

#include "git/inflate.h"
#include "git/object_id.h"
#include "util/mapped_file.h"

namespace r8scan::git {

struct LooseObject {
    MappedFile file;
    ObjectType type = ObjectType::unknown;
    std::uint64_t size = 0;         // of the content, as declared
    std::size_t header_length = 0;  // bytes of the inflated stream before the content

    /// Opens the file and reads the header. damaged: not such a stream, or a size that the file cannot expand to.
    static Result<LooseObject> open(const std::filesystem::path& path);

    /// Inflates header and content; out must have header_length + size bytes.
    Result<void> inflate(Inflater& inflater, std::span<std::byte> out) const
    {
        return inflater.inflate(file.bytes(), out);
    }
};

}  // namespace r8scan::git
