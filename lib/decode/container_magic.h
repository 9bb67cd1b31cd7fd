// How containers are recognised inside other bytes.
#pragma once

#include "decode/container.h"

#include <span>
#include <string_view>

namespace r8scan::decode {

struct ContainerMagic {
    ContainerKind kind;
    std::string_view expression;  // bytes of a bounded length, in the syntax of Hyperscan and PCRE
    std::size_t begin_before;     // the container begins so many bytes before the expression matches
};

/// The magics of all kinds but zlib, which has none. Lives as long as the program.
[[nodiscard]] std::span<const ContainerMagic> container_magics();

/// Whether a stream begins with one of the four headers that compressors write for zlib's levels. Two bytes are little
/// proof: ask it only of the first bytes of a stream.
[[nodiscard]] bool begins_as_zlib(Bytes head);

}  // namespace r8scan::decode
