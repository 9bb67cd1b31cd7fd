// Finds and opens a repository: its folders, its configuration, its refs.
//
// Nothing here asks who owns the files, as nothing in them is ever run, and nothing that they name outside is followed
// (discovery.h). libgit2 would open the repository, but it follows `commondir` and include.path anywhere, waits on FIFOs,
// refuses what our own readers can read (SHA-256 ids), and takes 10 ms to start.
// One thread.
#pragma once

#include "git/object_stores.h"
#include "git/refs.h"

#include <map>
#include <set>

namespace r8scan::git {

struct IndexNames {
    std::map<ObjectId, std::string> blobs;  // a path of each staged blob, those of conflicts among them
    std::set<std::string> paths;            // of all entries
};

class Repository {
public:
    /// not_found: no repository there or above. permission: it may not be read. unsupported: no known format.
    /// `git_dir` is the git folder itself where it is known, else it is looked for from `path` upwards.
    /// What the repository names outside itself is an error unless `allow_outside`.
    static Result<Repository> open(const std::filesystem::path& path, const std::filesystem::path& git_dir = {},
                                   bool allow_outside = false);

    [[nodiscard]] const std::filesystem::path& git_dir() const { return m_git_dir; }
    [[nodiscard]] const std::filesystem::path& common_dir() const { return m_common_dir; }
    [[nodiscard]] std::filesystem::path objects_dir() const { return m_common_dir / "objects"; }
    [[nodiscard]] HashAlgorithm hash() const { return m_hash; }
    /// The storage of refs: "files", "reftable", or one that is not known.
    [[nodiscard]] const std::string& ref_storage() const { return m_ref_storage; }
    [[nodiscard]] RefPlaces ref_places() const { return {m_git_dir, m_common_dir, m_ref_storage, m_hash}; }

    /// A value of the repository's own configuration, keys in lower case ("remote.origin.url").
    [[nodiscard]] std::optional<std::string> config(const std::string& key) const;
    /// Configured as a partial clone: some remote promises what is missing.
    [[nodiscard]] bool has_promisor_remote() const;
    /// URL of the remote that HEAD's branch follows, else of origin, else of the only one.
    [[nodiscard]] std::optional<std::string> remote_url(const std::string& head_branch) const;

    /// What of its configuration makes no sense.
    [[nodiscard]] const std::vector<std::string>& complaints() const { return m_complaints; }
    /// What it asks for and does not get.
    [[nodiscard]] const std::vector<std::string>& notes() const { return m_notes; }

    /// Folders that count as the repository's own: where it was found, whatever its configuration says.
    [[nodiscard]] std::vector<std::filesystem::path> own_folders() const;

    /// Ids of commits whose parents were cut off by a shallow clone.
    [[nodiscard]] std::vector<ObjectId> shallow_boundary(Problems& problems) const;

    /// Top of the work tree; empty where there is none.
    [[nodiscard]] const std::filesystem::path& work_dir() const { return m_work_dir; }
    /// The folder outside the repository that it names as its work tree; empty where it does not.
    [[nodiscard]] const std::filesystem::path& outside_work_dir() const { return m_outside_work_dir; }

    /// Paths of all index entries, sorted, each once.
    [[nodiscard]] Result<std::vector<std::string>> tracked_paths() const;
    /// What the indexes name: that of this working tree first, then those of the others. One that cannot be read is a
    /// problem; one that is not there is empty.
    [[nodiscard]] IndexNames index_names(Problems& problems) const;

private:
    Result<void> read_config();
    void read_config_file(const std::filesystem::path& path);
    void find_work_dir(const std::filesystem::path& given);

    std::filesystem::path m_git_dir;
    std::filesystem::path m_common_dir;
    std::filesystem::path m_found_in;
    std::filesystem::path m_work_dir;
    std::filesystem::path m_outside_work_dir;
    HashAlgorithm m_hash = HashAlgorithm::sha1;
    std::string m_ref_storage = "files";
    std::map<std::string, std::string> m_config;
    std::vector<std::string> m_complaints;
    std::vector<std::string> m_notes;
};

}  // namespace r8scan::git
