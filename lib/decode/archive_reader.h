// libarchive's reader over bytes in memory: the callbacks, the limits on what it may read, the locale for names.
#pragma once

#include "decode/container.h"

#include <limits>
#include <memory>

struct archive;

namespace r8scan::decode {

/// Which of libarchive's readers to use. A zip is read by its directory or from its first local header on.
enum class ArchiveFormat { seven_zip, tar, ar, rar, zip_by_directory, zip_by_headers };

/// The bytes that libarchive reads. Must outlive the reader and stay where it is.
struct ArchiveSource {
    Bytes content;
    const ContainerCallbacks* callbacks = nullptr;
    std::size_t window = 64U << 10U;  // given out at once
    std::uint64_t at = 0;
    std::uint64_t handed = 0;                                           // bytes given out, for the ratio
    std::uint64_t allowed = std::numeric_limits<std::uint64_t>::max();  // no more than so many may be given out
    bool stopped = false;

    Bytes next() noexcept;
};

struct FreeArchive {
    void operator()(archive* reader) const;
};
using UniqueArchive = std::unique_ptr<archive, FreeArchive>;

/// A reader with one format and no filter enabled, so no program can be run; not opened yet. Throws std::bad_alloc.
[[nodiscard]] UniqueArchive new_reader(ArchiveFormat format, ArchiveSource& source);

/// While it lives, libarchive turns names that it knows as UTF-16 into UTF-8. It sets the locale of this thread alone,
/// and for characters alone; where the system has no such locale, those names stay empty.
class Utf8Names {
public:
    Utf8Names();
    ~Utf8Names();
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;

private:
    struct Locale;
    std::unique_ptr<Locale> m_locale;
};

}  // namespace r8scan::decode
