#include "util/random_bytes.h"

#include <unistd.h>

#include <algorithm>

namespace r8scan {

bool fill_with_random(std::span<std::byte> room)
{
    constexpr std::size_t most = 256;  // of one call: https://man7.org/linux/man-pages/man3/getentropy.3.html
    while (!room.empty()) {
        const auto size = std::min(room.size(), most);
        if (::getentropy(room.data(), size) != 0) {
            return false;
        }
        room = room.subspan(size);
    }
    return true;
}

}  // namespace r8scan
