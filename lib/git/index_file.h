// Reader of git's index (gitformat-index), versions 2 to 4 with ids of either size, mapped from its file.
//
// Nothing is trusted: every length is checked, and memory grows with the size of the file alone.
#pragma once

#include "git/object_id.h"
#include "util/mapped_file.h"

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace r8scan::git {

struct IndexEntry {
    std::string_view path;       // raw bytes; lives as long as the IndexFile
    ObjectId id;
    std::uint32_t mode = 0;      // as in trees: 0100644, 0120000, 0160000 (submodule), 0040000 (folder of a sparse index)
    std::uint8_t stage = 0;      // 0, or 1 to 3 of a conflict
    bool intent_to_add = false;  // `git add -N`: nothing is staged under this path yet

    [[nodiscard]] bool is_gitlink() const { return (mode & 0170000U) == 0160000U; }
    [[nodiscard]] bool is_tree() const { return (mode & 0170000U) == 0040000U; }
};

/// A folder whose entries are those of a tree: nothing below it needs to be compared where that tree is known.
struct CachedTree {
    std::string path;  // empty for the root, else "a/b"
    ObjectId id;
    std::uint32_t entry_count = 0;
};

class IndexFile {
public:
    /// A file that is not there is an index without entries. `git_dir` is where the shared part of a split index lies.
    /// unsupported: an extension that must be understood and is not known. damaged: anything that breaks the format, its
    /// checksum among it.
    static Result<IndexFile> open(const std::filesystem::path& path, const std::filesystem::path& git_dir,
                                  HashAlgorithm algorithm);
    /// The same for bytes at hand, which must outlive it; a split index is then told without its shared part.
    static Result<IndexFile> from_memory(Bytes bytes, HashAlgorithm algorithm);

    /// damaged: the file changed since it was opened, so paths may be wrong.
    [[nodiscard]] Result<void> unchanged() const;

    /// By path, then stage.
    [[nodiscard]] const std::vector<IndexEntry>& entries() const { return m_entries; }
    /// Valid ones only, a folder before what is in it.
    [[nodiscard]] const std::vector<CachedTree>& cached_trees() const { return m_trees; }

private:
    Result<void> read(Bytes bytes, HashAlgorithm algorithm);
    Result<void> read_content(Bytes bytes, std::uint32_t version, std::size_t id_size);
    Result<std::size_t> read_entry(Bytes bytes, std::size_t at, std::uint32_t version, std::size_t id_size);
    Result<void> read_extensions(Bytes bytes, std::size_t id_size);
    void read_cached_trees(Bytes bytes, std::size_t id_size);
    Result<void> read_link(Bytes bytes, std::size_t id_size);
    Result<void> join(const std::filesystem::path& git_dir, HashAlgorithm algorithm);

    // A split index: what of the shared one is gone, and what is replaced by the first entries here.
    struct Link {
        ObjectId shared;
        std::vector<std::uint32_t> deleted;   // positions in the shared index, ascending
        std::vector<std::uint32_t> replaced;
    };

    MappedFile m_file;
    std::deque<std::string> m_paths;  // of version 4, which stores only what differs from the path before
    std::vector<IndexEntry> m_entries;
    std::vector<CachedTree> m_trees;
    std::optional<Link> m_link;
    std::unique_ptr<IndexFile> m_shared;  // paths of joined entries live there
};

}  // namespace r8scan::git
