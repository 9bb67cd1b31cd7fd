// Flate streams of PDF files: pages, object streams, attachments. ISO 32000-1, 7.3.8 and 7.4.
//
// The cross-reference table is not followed: every `stream` keyword whose dictionary names FlateDecode is tried, so
// that broken and cut files give what they hold. Streams without a filter are seen by who scans the file, which is why
// the container's end is said to be behind its magic: other containers in it are to be found as anywhere else.
#pragma once

#include "decode/container.h"

namespace r8scan::decode {

ContainerEnd open_pdf(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks);

}  // namespace r8scan::decode
