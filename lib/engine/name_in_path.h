// A hit in one name of a path, told by its place in the path up to that name.
#pragma once

#include "match/hit.h"
#include "match/position_counter.h"

#include <string_view>

namespace r8scan {

/// `before` is what stands in the path before the name. An inline mark beside it counts no more: a name has no lines.
inline void move_into_path(Hit& hit, std::string_view before)
{
    hit.mark.reset();
    PositionCounter counter;
    counter.advance(as_bytes(before), 0, before.size());
    hit.position.offset += before.size();
    hit.position.column += counter.column() - 1;
    hit.position.end_column += counter.column() - 1;
}

}  // namespace r8scan
