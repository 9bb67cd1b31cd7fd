#include "engine/regular_file.h"

#include "util/file.h"

#include <unistd.h>

#include <cerrno>

namespace r8scan {

ScannedStream scan_regular_file(StreamScan& stream, const std::filesystem::path& path)
{
    const auto opened = open_regular(path);
    if (!opened) {
        ScannedStream failed;
        if (opened.error().code() != ErrorCode::not_found) {
            failed.error = opened.error();
        }
        return failed;
    }
    const auto read = [&](std::span<std::byte> room) -> Result<std::size_t> {
        for (;;) {
            const auto got = ::read(opened->fd.get(), room.data(), room.size());
            if (got >= 0) {
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR) {
                return system_error(path, errno);
            }
        }
    };
    return stream.scan(read, opened->size);
}

}  // namespace r8scan
