// What a LayerScanner may spend on one stream, and who is told of the tokens that it comes by.
#pragma once

#include <r8scan/scan.h>

#include "decode/container.h"
#include "match/hit.h"

#include <atomic>

namespace r8scan {

/// Tells somebody of tokens while the scan goes on. Null: nobody is told.
struct TokenWatch {
    const std::function<void(const SeenToken&)>* told = nullptr;  // may be called from several threads at once
    Confidence least = Confidence::medium;

    void see(const std::string& rule, const Hit& hit) const
    {
        if (told != nullptr && !hit.placeholder && hit.confidence >= least) {
            (*told)({rule, hit.confidence, hit.secret});
        }
    }
};

struct LayerLimits {
    unsigned depth = 8;                   // layers, encodings and containers alike
    decode::Budget budget;                // for each outermost stream
    std::uint64_t decoded_per_byte = 16;  // text that encodings may decode to, for each byte of a stream
    std::uint64_t decoded_at_least = 4ULL << 20U;
    const std::atomic<bool>* stop = nullptr;  // may be null
    TokenWatch watch;
};

/// Of a scan, whatever it reads. `control` must outlive them.
inline LayerLimits layer_limits_of(const DetectionOptions& options, const Control& control)
{
    LayerLimits limits;
    limits.budget.member_in_memory = options.max_object_size;
    limits.stop = &control.stop;
    limits.watch = {control.on_token ? &control.on_token : nullptr, options.min_confidence};
    return limits;
}

}  // namespace r8scan
