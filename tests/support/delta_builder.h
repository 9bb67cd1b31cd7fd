// DeltaBuilder: composes a git delta one instruction at a time, and can lie about its sizes.
//
// A delta is two sizes (of the base, of the result) and instructions: copy(offset, size) from the base or insert of 1
// to 127 bytes. The builder keeps the target as it goes, so a test has both sides without applying anything.
// apply_delta() is the reference: slow, obvious, with every check. random_delta() is in random_delta.h.
// Format: https://git-scm.com/docs/pack-format#_deltified_representation
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace r8scan::test {

/// A copy leaves out the bytes of its offset and size that are zero; it may also spell them, which means the same.
enum class CopyForm {
    shortest,   // only bytes that are not zero; a size of 0x10000 is left out altogether
    all_bytes,  // four bytes of offset, three of size; 0x10000 is spelled 00 00 01
    zero_size,  // as all_bytes, but 0x10000 is spelled 00 00 00
};

class DeltaBuilder {
public:
    explicit DeltaBuilder(std::string_view base) : m_base(base) {}

    /// Copies from the base; a size over 0xffffff becomes several instructions. Throws std::out_of_range where the
    /// base has no such bytes (raw_copy does not).
    DeltaBuilder& copy(std::size_t offset, std::size_t size, CopyForm form = CopyForm::shortest);

    /// Inserts bytes, as few instructions as needed, or in pieces of at most `piece` bytes.
    DeltaBuilder& insert(std::string_view bytes, std::size_t piece = 127);

    /// Appends an instruction without looking at the base; the target does not change.
    DeltaBuilder& raw_copy(std::uint32_t offset, std::uint32_t size, CopyForm form = CopyForm::shortest);

    /// Appends bytes to the instructions as they are; the target does not change.
    DeltaBuilder& raw(std::string_view bytes);

    /// Sizes to declare instead of the right ones.
    DeltaBuilder& declare_base_size(std::uint64_t size);
    DeltaBuilder& declare_result_size(std::uint64_t size);

    [[nodiscard]] const std::string& target() const { return m_target; }
    [[nodiscard]] std::string delta() const;

private:
    std::string m_base;
    std::string m_target;
    std::string m_instructions;
    std::optional<std::uint64_t> m_base_size;
    std::optional<std::uint64_t> m_result_size;
};

/// What a delta makes of a base; nothing where the delta breaks any rule of the format.
[[nodiscard]] std::optional<std::string> apply_delta(std::string_view base, std::string_view delta);

}  // namespace r8scan::test
