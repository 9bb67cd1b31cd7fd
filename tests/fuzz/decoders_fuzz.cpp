// Every decoder at every kind of place: no crash, and a map from decoded to original bytes that goes forward and stays
// inside.
#include "decode/backslash.h"
#include "decode/base64.h"
#include "decode/hex.h"
#include "decode/html.h"
#include "decode/joined.h"
#include "decode/percent.h"
#include "decode/quoted_printable.h"
#include "decode/wide.h"
#include "tests/fuzz/require.h"

using namespace r8scan;
using namespace r8scan::decode;

namespace {

void check(const Decoded& decoded, std::size_t size)
{
    require(decoded.begins.size() == decoded.bytes.size() && decoded.ends.size() == decoded.bytes.size());
    for (std::size_t i = 0; i < decoded.bytes.size(); ++i) {
        require(decoded.begins[i] < decoded.ends[i] && decoded.ends[i] <= size);
        require(i == 0 || (decoded.begins[i] >= decoded.begins[i - 1] && decoded.ends[i] >= decoded.ends[i - 1]));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const std::size_t at = (data[0] + 256U * data[1]) % size;
    const Bytes content(reinterpret_cast<const std::byte*>(data), size);
    for (unsigned phase = 0; phase < 4; ++phase) {
        check(decode_base64_around(content, at, phase), size);
    }
    const auto run = decode_base64_from(content, at, size / 2);
    require(run.end >= at && run.end <= size && run.bytes.size() <= size / 2);
    check(decode_hex_around(content, at, false), size);
    check(decode_hex_around(content, at, true), size);
    check(decode_percent_around(content, at), size);
    check(decode_html_around(content, at), size);
    check(decode_quoted_printable_around(content, at), size);
    check(decode_escapes_around(content, at), size);
    check(decode_backslash_around(content, at), size);
    check(join_literals(content, at, 20), size);
    for (const std::size_t unit : {2U, 4U}) {
        for (const bool big_endian : {false, true}) {
            check(decode_wide_around(content, at, {unit, big_endian}), size);
        }
    }
    return 0;
}
