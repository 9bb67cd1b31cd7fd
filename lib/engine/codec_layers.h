// From a lead to decoded text: which decoder a lead asks for, and under which name its layer goes into a finding.
#pragma once

#include "decode/decoded.h"
#include "decode/wide.h"
#include "match/lead.h"

#include <r8scan/finding.h>

#include <optional>

namespace r8scan {

/// A stretch of text that a decoder made.
struct DecodedWindow {
    decode::Decoded decoded;
    const char* layer = "";                     // static: "base64", "utf-16", …
    Confidence at_most = Confidence::high;      // of what is found in it
    const char* why = "";                       // why not more
    std::optional<decode::WideForm> wide = {};  // for positions, which count in wide characters there
};

/// What is known of the text that a lead lies in.
struct Surroundings {
    bool begins_stream = false;  // content[0] is the first byte of a stream: a byte order mark may stand there
    const decode::Decoded* via = nullptr;  // the decoding that made the content; null for a stream
};

/// All readings of what the lead points at, likelier ones first. Leads to containers give nothing.
[[nodiscard]] std::vector<DecodedWindow> decode_lead(Bytes content, const Lead& lead, const Surroundings& around);

/// In how many phases a lead of this kind can lie: one decoding serves only leads in the same phase.
[[nodiscard]] unsigned phases_of(const Lead& lead);

}  // namespace r8scan
