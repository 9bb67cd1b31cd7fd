// Judges arbitrary bytes beside arbitrary matches and checks what must hold whatever they are.
//
// Input: a byte of flags, two bytes for where the match begins, one for its length, then the content. Every piece is
// put into memory of its exact size, so that a sanitizer sees each read outside.
#include "match/boundary.h"

#include "match/placeholder.h"
#include "tests/fuzz/require.h"

#include <string_view>
#include <vector>

using namespace r8scan;

namespace {

constexpr std::size_t head = 4;
constexpr std::size_t far = 512;

using Verdict = std::optional<BoundaryVerdict>;

bool same(const Verdict& a, const Verdict& b)
{
    return a.has_value() == b.has_value() &&
           (!a || (a->confidence == b->confidence && std::string_view(a->why) == std::string_view(b->why)));
}

// `content` fills memory of its own, with `distance` bytes of `filler` on both sides.
Verdict judge_within(Bytes content, std::size_t begin, std::size_t end, bool executable, std::size_t distance,
                     std::byte filler)
{
    std::vector<std::byte> bytes(distance, filler);
    bytes.insert(bytes.end(), content.begin(), content.end());
    bytes.insert(bytes.end(), distance, filler);
    bytes.shrink_to_fit();
    return judge_boundary(bytes, begin + distance, end + distance, executable);
}

// The same match with exactly `far` bytes on both sides, the content's own as often as it takes.
void check_that_far_bytes_do_not_matter(Bytes content, std::size_t begin, std::size_t end, bool executable)
{
    std::vector<std::byte> near;
    for (std::size_t i = 0; i < far; ++i) {
        near.push_back(begin == 0 ? std::byte{'a'} : content[begin - 1 - (far - 1 - i) % begin]);
    }
    near.insert(near.end(), content.begin() + static_cast<std::ptrdiff_t>(begin),
                content.begin() + static_cast<std::ptrdiff_t>(end));
    const auto behind = content.size() - end;
    for (std::size_t i = 0; i < far; ++i) {
        near.push_back(behind == 0 ? std::byte{'a'} : content[end + i % behind]);
    }
    const auto size = end - begin;
    const auto alone = judge_within(near, far, far + size, executable, 0, {});
    for (const auto filler : {std::byte{0}, std::byte{'a'}, std::byte{'-'}, std::byte{0xc3}, std::byte{'\\'}}) {
        require(same(alone, judge_within(near, far, far + size, executable, 16, filler)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < head) {
        return 0;
    }
    const std::vector<std::byte> content(reinterpret_cast<const std::byte*>(data + head),
                                         reinterpret_cast<const std::byte*>(data + size));
    const bool executable = (data[0] & 1U) != 0;
    const std::size_t begin = (data[1] + 256U * data[2]) % (content.size() + 1);
    const std::size_t end = begin + data[3] % (content.size() - begin + 1);

    const auto verdict = judge_boundary(content, begin, end, executable);
    require(same(verdict, judge_boundary(content, begin, end, executable)));
    if (verdict) {
        const std::string_view why = verdict->why;
        require(why.empty() == (verdict->confidence == Confidence::high));
        require(why != "no boundary is known");  // the tables are total
    }
    // Text is judged as strictly as binary data or more so, and otherwise the same.
    const auto in_text = judge_boundary(content, begin, end, false);
    const auto in_binary = judge_boundary(content, begin, end, true);
    require(in_binary.has_value());
    require(!in_text || same(in_text, in_binary));
    require(in_text || in_binary->confidence == Confidence::low);

    check_that_far_bytes_do_not_matter(content, begin, end, executable);
    static_cast<void>(begins_as_executable(content));
    static_cast<void>(is_placeholder(as_text(content)));
    return 0;
}
