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

Result<Delta> Delta::parse(Bytes stream, std::uint64_t base_size)
{
    const auto* at = stream.data();
    const auto* const end = at + stream.size();
    std::uint64_t declared_base = 0;
    Delta delta;
    if (!read_size(at, end, declared_base) || !read_size(at, end, delta.m_result_size)) {
        return damaged("delta: sizes do not end");
    }
    if (declared_base != base_size) {
        return damaged("delta: made for a base of another size");
    }
    delta.m_instructions = {at, end};

    std::uint64_t produced = 0;
    while (at != end) {
        const auto op = std::to_integer<unsigned>(*at++);
        if (op == 0) {
            return damaged("delta: reserved instruction");
        }
        if ((op & 0x80U) == 0) {
            if (static_cast<std::size_t>(end - at) < op) {
                return damaged("delta: insert runs past the end");
            }
            at += op;
            produced += op;
            continue;
        }
        const auto operands = std::size_t{copy_operands[op & 0x7fU]};
        if (static_cast<std::size_t>(end - at) < operands) {
            return damaged("delta: copy instruction is cut off");
        }
        DeltaInstruction copy;
        DeltaCursor({at - 1, at + operands}).next(copy);
        at += operands;
        if (copy.offset > base_size || copy.size > base_size - copy.offset) {
            return damaged("delta: copies from outside its base");
        }
        produced += copy.size;
    }
    if (produced != delta.m_result_size) {
        return damaged("delta: result has another size than declared");
    }
    return delta;
}

void Delta::apply(Bytes base, std::byte* out) const
{
    auto cursor = instructions();
    for (DeltaInstruction instruction; cursor.next(instruction);) {
        const auto* from = instruction.data != nullptr ? instruction.data : base.data() + instruction.offset;
        copy_bytes(out, from, instruction.size);
        out += instruction.size;
    }
}

}  // namespace r8scan::git
