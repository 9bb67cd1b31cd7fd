#include "source/lfs.h"

#include <algorithm>

namespace r8scan::source {

std::optional<std::string> lfs_oid(Bytes content)
{
    constexpr std::string_view version = "version https://git-lfs.github.com/spec/v1\n";
    constexpr std::string_view key = "\noid sha256:";
    constexpr std::size_t digits = 64;
    const auto text = as_text(content);
    // Extensions may stand between the version and the id.
    const auto at =
        content.size() < longest_lfs_pointer && text.starts_with(version) ? text.find(key) : std::string_view::npos;
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const auto oid = text.substr(at + key.size(), digits);
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return oid.size() == digits && std::all_of(oid.begin(), oid.end(), is_digit) ? std::optional(std::string(oid))
                                                                                 : std::nullopt;
}

std::filesystem::path lfs_path(const std::filesystem::path& common_dir, const std::string& oid)
{
    return common_dir / "lfs" / "objects" / oid.substr(0, 2) / oid.substr(2, 2) / oid;
}

}  // namespace r8scan::source
