// The tables by which boundary.cpp judges, as data: what may stand before a match, behind it, and on both sides at
// once.
//
// In each table the first row that applies decides. The tables before and behind are total: some row always applies.
// They are open to tests, which take out one row after the other and expect some sample to notice.
#pragma once

#include "match/boundary.h"

#include <span>
#include <string_view>

namespace r8scan {

/// What a row may look at. The views end `sight` bytes away from the match, so no row sees further.
struct Neighbourhood {
    static constexpr std::size_t sight = 256;

    std::string_view before;  // ends where the match begins
    std::string_view match;
    std::string_view after;  // begins where the match ends
    bool executable = false;

    /// Whether a NUL, another control byte or invalid UTF-8 stands within 64 bytes, or all of the stream is binary.
    [[nodiscard]] bool binary() const;
};

enum class Ruling : std::uint8_t { no_token, low, medium, fine, settled };  // settled: fine, and nothing else matters

struct BoundaryRow {
    const char* name;  // as the table of the documentation says it
    bool (*applies)(const Neighbourhood&);
    Ruling ruling;
    const char* why;  // empty where it is fine
};

struct BoundaryTables {
    std::span<const BoundaryRow> before;
    std::span<const BoundaryRow> behind;
    std::span<const BoundaryRow> around;  // only lowers: where no row applies, all is fine
};

/// The tables of judge_boundary(). They live as long as the program.
[[nodiscard]] const BoundaryTables& boundary_tables();

/// judge_boundary() by other tables. Where no row before or behind applies, the match is low.
[[nodiscard]] std::optional<BoundaryVerdict> judge_boundary_with(const BoundaryTables& tables, Bytes content,
                                                                 std::size_t begin, std::size_t end, bool executable);

/// Whether bytes that stand within a longer text are binary. Where the view was cut out of it, a UTF-8 sequence may be
/// cut at that edge.
[[nodiscard]] bool has_binary_bytes(std::string_view text, bool cut_before, bool cut_behind);

}  // namespace r8scan
