// A cheap look at the first bytes of an archive: does it begin here, or do its magic's bytes stand here by chance?
#pragma once

#include "decode/container.h"

namespace r8scan::decode {

/// For tar, ar, 7z and rar: whether the first header is one, by its checksum where the format has one.
[[nodiscard]] bool is_archive_header(ContainerKind kind, Bytes content);

/// Bytes of what is_archive_header() looks at: a container is at least as long.
[[nodiscard]] std::uint64_t archive_header_size(ContainerKind kind);

}  // namespace r8scan::decode
