// Any bytes through all layers: no crash, no hang, and what is said of a hit must be true of the bytes.
//
// Scanned whole and in windows. A plain hit must stand in the content as it is; every position must lie inside it.
#include "engine/layer_scanner.h"
#include "engine/redactor.h"
#include "tests/fuzz/require.h"
#include "tests/support/built_in_rules.h"

using namespace r8scan;

namespace {

LayerLimits small_limits()
{
    LayerLimits limits;
    limits.budget = {1U << 20U, 200, 1U << 18U};
    return limits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto matcher = test::built_in_matcher();
    static LayerScanner scanner(matcher, small_limits());
    static Redactor redactor(matcher);
    const Bytes content(reinterpret_cast<const std::byte*>(data), size);
    for (const auto& hit : scanner.scan(content)) {
        require(!hit.secret.empty() && hit.position.line >= 1 && hit.position.column >= 1);
        require(hit.position.offset < hit.end_offset);
        require(hit.encoding.size() <= 8);
        if (hit.inner_path.empty() && !hit.outer_offset) {
            require(hit.end_offset <= size);
        }
        if (hit.encoding.empty()) {
            require(as_text(content.subspan(hit.position.offset, hit.end_offset - hit.position.offset)) ==
                    hit.secret.reveal());
        }
    }
    (void)scanner.take_unread();
    std::vector<Hit> windowed;
    scanner.start();
    scanner.window(content.first(size / 2), false, windowed);
    scanner.window(content.subspan(size / 2), true, windowed);
    (void)scanner.take_unread();
    require(redactor.redact(as_text(content)).size() >= size);
    return 0;
}
