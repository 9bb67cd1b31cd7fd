// Fuzz target for open_container(): no crash, no hang, no leak, and the limits hold whatever the bytes say.
//
// The first byte chooses the kind, the second how many bytes stand before the container, the rest is the content.
// Build with clang++ -fsanitize=fuzzer,address,undefined; container_seeds makes sound files to start from.
#include "decode/container.h"
#include "tests/fuzz/require.h"

namespace {

using namespace r8scan;

constexpr unsigned kinds = static_cast<unsigned>(decode::ContainerKind::git_pack) + 1;
constexpr std::uint64_t bytes_allowed = 4U << 20U;
constexpr std::uint64_t members_allowed = 200;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const auto kind = static_cast<decode::ContainerKind>(data[0] % kinds);
    const Bytes content{reinterpret_cast<const std::byte*>(data) + 2, size - 2};
    decode::Budget budget{bytes_allowed, members_allowed, 1U << 20U};
    std::uint64_t members = 0;
    std::uint64_t bytes = 0;
    bool named = false;
    decode::ContainerCallbacks callbacks;
    callbacks.member = [&](const decode::Member& member) {
        ++members;
        bytes += member.content.size();
        require(member.content.size() <= budget.member_in_memory);
        return true;
    };
    callbacks.unread = [&](decode::Unread, const std::string&, const std::string& what) {
        named = true;
        require(!what.empty());
    };
    const auto end = decode::open_container(kind, content, data[1], budget, callbacks);
    require(members <= members_allowed && bytes <= bytes_allowed && budget.bytes <= bytes_allowed);
    require(end.end >= data[1] && (end.end <= content.size() || !end.recognised));
    require(end.recognised || (members == 0 && !named));
    return 0;
}
