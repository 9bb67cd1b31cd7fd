#include "match/boundary.h"

#include "match/boundary_rows.h"

#include <algorithm>
#include <array>

namespace r8scan {

namespace {

using namespace std::string_view_literals;

// The first row that applies; where none does, a token that no table knows.
const BoundaryRow& first_row(std::span<const BoundaryRow> rows, const Neighbourhood& near, const BoundaryRow& otherwise)
{
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const BoundaryRow& each) { return each.applies(near); });
    return row == rows.end() ? otherwise : *row;
}

constexpr BoundaryRow unknown{"in no table", nullptr, Ruling::low, "no boundary is known"};
constexpr BoundaryRow nothing_around{"nothing", nullptr, Ruling::fine, ""};

Confidence confidence_of(Ruling ruling)
{
    return ruling == Ruling::low ? Confidence::low : ruling == Ruling::medium ? Confidence::medium : Confidence::high;
}

}  // namespace

bool begins_as_executable(Bytes head)
{
    // ELF; Mach-O of 32 and 64 bits in both byte orders; fat Mach-O of both widths (the first is a Java class, too);
    // WebAssembly.
    constexpr std::array magics = {
        "\x7f"
        "ELF"sv,
        "\xfe\xed\xfa\xce"sv,
        "\xfe\xed\xfa\xcf"sv,
        "\xce\xfa\xed\xfe"sv,
        "\xcf\xfa\xed\xfe"sv,
        "\xca\xfe\xba\xbe"sv,
        "\xca\xfe\xba\xbf"sv,
        "\0asm"sv};
    constexpr std::size_t dos_header = 64;
    const auto text = as_text(head);
    if (std::any_of(magics.begin(), magics.end(), [&](std::string_view magic) { return text.starts_with(magic); })) {
        return true;
    }
    // PE: two letters are little evidence. Its DOS header is never text: the offset of the PE header ends in a NUL.
    return text.starts_with("MZ") && has_binary_bytes(text.substr(0, dos_header), false, text.size() > dos_header);
}

std::optional<BoundaryVerdict> judge_boundary_with(const BoundaryTables& tables, Bytes content, std::size_t begin,
                                                   std::size_t end, bool executable)
{
    const auto text = as_text(content);
    const auto reach = std::min(begin, Neighbourhood::sight);
    const Neighbourhood near{text.substr(begin - reach, reach), text.substr(begin, end - begin),
                             text.substr(end, Neighbourhood::sight), executable};
    const auto& before = first_row(tables.before, near, unknown);
    if (before.ruling == Ruling::settled) {
        return BoundaryVerdict{};
    }
    const auto& behind = first_row(tables.behind, near, unknown);
    if (before.ruling == Ruling::no_token || behind.ruling == Ruling::no_token) {
        return std::nullopt;
    }
    const auto& around = first_row(tables.around, near, nothing_around);
    const auto& lowest = std::min({before, behind, around},
                                  [](const BoundaryRow& a, const BoundaryRow& b) { return a.ruling < b.ruling; });
    return BoundaryVerdict{confidence_of(lowest.ruling), lowest.why};
}

std::optional<BoundaryVerdict> judge_boundary(Bytes content, std::size_t begin, std::size_t end, bool executable)
{
    return judge_boundary_with(boundary_tables(), content, begin, end, executable);
}

}  // namespace r8scan
