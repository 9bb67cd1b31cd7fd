#include "git/delta.h"

#include "util/copy_bytes.h"

namespace r8scan::git {

namespace {

Error damaged(const char* what)
{
    return {ErrorCode::damaged, what};
}

// Little-endian base-128 number; advances at. False where it does not end or does not fit.
bool read_size(const std::byte*& at, const std::byte* end, std::uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; at != end && shift <= 56; shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(*at++);
        value |= (byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<std::uint64_t> Delta::declared_size(Bytes stream)
{
    const auto* at = stream.data();
    const auto* end = at + stream.size();
    std::uint64_t base_size = 0;
    std::uint64_t result_size = 0;
    if (!read_size(at, end, base_size) || !read_size(at, end, result_size)) {
        return damaged("delta: sizes do not end");
    }
    return result_size;
}

Result<Delta> Delta::open(Bytes stream, std::uint64_t base_size)
{
    const auto* at = stream.data();
    const auto* const end = at + stream.size();
    Delta delta;
    if (!read_size(at, end, delta.m_base_size) || !read_size(at, end, delta.m_result_size)) {
        return damaged("delta: sizes do not end");
    }
    if (delta.m_base_size != base_size) {
        return damaged("delta: made for a base of another size");
    }
    delta.m_instructions = {at, end};
    return delta;
}

Result<void> DeltaCursor::finish() const
{
    if (m_refused) {
        return damaged("delta: an instruction reaches outside the base, the result or the stream");
    }
    if (m_at != m_end || m_left != 0) {
        return damaged("delta: result is shorter than declared");
    }
    return {};
}

Result<void> Delta::apply(Bytes base, std::byte* out) const
{
    auto cursor = instructions();
    for (DeltaInstruction instruction; cursor.next(instruction);) {
        const auto* from = instruction.data != nullptr ? instruction.data : base.data() + instruction.offset;
        copy_bytes(out, from, instruction.size);
        out += instruction.size;
    }
    return cursor.finish();
}

}  // namespace r8scan::git
