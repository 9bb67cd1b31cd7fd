// Parser of tree content (gitformat: mode SP name NUL raw-id, repeated): one entry at a time, as views.
#pragma once

#include "git/object_id.h"

namespace r8scan::git {

struct TreeEntry {
    std::uint32_t mode = 0;  // as in the tree, octal
    std::string_view name;
    Bytes id;
    std::size_t end = 0;     // offset of the next entry

    [[nodiscard]] bool is_tree() const { return (mode & 0170000U) == 0040000U; }
    /// A commit of another repository; not an object of this one.
    [[nodiscard]] bool is_gitlink() const { return (mode & 0170000U) == 0160000U; }
};

/// Parses the entry at `begin`. False where the bytes there are no entry.
inline bool parse_tree_entry(Bytes tree, std::size_t begin, std::size_t id_size, TreeEntry& out)
{
    const char* const data = reinterpret_cast<const char*>(tree.data());
    std::size_t at = begin;
    std::uint32_t mode = 0;
    for (; at < tree.size() && data[at] != ' '; ++at) {
        if (data[at] < '0' || data[at] > '7' || at - begin > 6) {
            return false;
        }
        mode = mode << 3U | static_cast<std::uint32_t>(data[at] - '0');
    }
    if (at == begin || at >= tree.size()) {
        return false;
    }
    const auto name = at + 1;
    const void* const nul = std::memchr(data + name, 0, tree.size() - name);
    if (nul == nullptr) {
        return false;
    }
    const auto name_end = static_cast<std::size_t>(static_cast<const char*>(nul) - data);
    if (tree.size() - name_end - 1 < id_size) {
        return false;
    }
    out.mode = mode;
    out.name = {data + name, name_end - name};
    out.id = tree.subspan(name_end + 1, id_size);
    out.end = name_end + 1 + id_size;
    return true;
}

}  // namespace r8scan::git
