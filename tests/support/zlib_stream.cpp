// zlib's one-shot compressor. See zlib_stream.h.
#include "tests/support/zlib_stream.h"

#include <zlib.h>

#include <stdexcept>

namespace r8scan::test {

std::string deflated(std::string_view bytes, Level level)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()), static_cast<int>(level)) != Z_OK) {
        throw std::runtime_error("zlib could not compress");
    }
    out.resize(size);
    return out;
}

}  // namespace r8scan::test
