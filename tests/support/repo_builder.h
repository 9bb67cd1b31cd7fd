// RepoBuilder: makes a git repository file by file, without git, so that every byte and every id is known.
//
// Objects are written loose as they are made, or gathered into one pack (flush() writes it). Author and committer are
// fixed and the clock ticks 60 s a commit, so ids are the same on every run. Refs, reflogs and the other files below
// .git are written at once. Names and contents are taken as given: a test may write what git would refuse.
// Model: https://git-scm.com/docs/gitrepository-layout
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/object_ids.h"
#include "tests/support/pack_writer.h"

namespace r8scan::test {

enum class Storage { loose, pack };

struct RepoOptions {
    Hash hash = Hash::sha1;
    bool bare = false;
    Storage storage = Storage::loose;
};

inline constexpr std::uint32_t mode_file = 0100644;
inline constexpr std::uint32_t mode_executable = 0100755;
inline constexpr std::uint32_t mode_symlink = 0120000;
inline constexpr std::uint32_t mode_submodule = 0160000;
inline constexpr std::uint32_t mode_tree = 0040000;

struct TreeItem {
    std::uint32_t mode = mode_file;
    std::string name;
    Id id;
};

/// A file of tree_from_paths(): its content, and its mode where it is not a plain file.
struct File {
    File(std::string content_) : content(std::move(content_)) {}
    File(const char* content_) : content(content_) {}
    File(std::string content_, std::uint32_t mode_) : content(std::move(content_)), mode(mode_) {}
    std::string content;
    std::uint32_t mode = mode_file;
};

using Files = std::map<std::string, File>;

inline constexpr std::string_view default_person = "A U Thor <author@example.com>";

struct CommitOptions {
    std::string author = std::string(default_person);
    std::string committer = std::string(default_person);
    std::string zone = "+0000";
    std::string extra_headers = {};         // whole lines, after the committer
    std::optional<std::int64_t> time = {};  // seconds; without it the clock ticks
};

struct ReflogEntry {
    Id from;
    Id to;
    std::string message;
};

class RepoBuilder {
public:
    /// Makes the skeleton in `dir` (the work tree, or the repository itself when bare); HEAD is refs/heads/main.
    explicit RepoBuilder(std::filesystem::path dir, RepoOptions options = {});

    [[nodiscard]] const std::filesystem::path& dir() const { return m_dir; }
    [[nodiscard]] const std::filesystem::path& git_dir() const { return m_git_dir; }
    [[nodiscard]] std::filesystem::path objects_dir() const { return m_git_dir / "objects"; }
    [[nodiscard]] Hash hash() const { return m_options.hash; }

    // Objects
    Id object(Type type, std::string_view content);
    Id blob(std::string_view content) { return object(Type::blob, content); }
    Id tree(std::vector<TreeItem> items);  // put into git's order
    Id tree_from_paths(const Files& files);
    Id commit(const Id& tree, const std::vector<Id>& parents, std::string_view message,
              const CommitOptions& options = {});
    Id commit_files(const Files& files, const std::vector<Id>& parents, std::string_view message,
                    const CommitOptions& options = {});
    Id tag_object(const Id& target, Type type, std::string_view name, std::string_view message,
                  std::string_view tagger = default_person);

    /// Where a loose object lies; removing it by remove_object() makes a repository that misses it.
    [[nodiscard]] std::filesystem::path loose_path(const Id& id) const;
    void remove_object(const Id& id) const;

    /// Writes the objects gathered since the last flush as one pack; returns its path without ending. Without objects
    /// (or with loose storage) it writes nothing and returns an empty path.
    std::filesystem::path flush(const PackLayout& layout = {});

    // Refs
    void ref(std::string_view name, const Id& id);                      // "refs/heads/main"
    void symbolic_ref(std::string_view name, std::string_view target);  // ("HEAD", "refs/heads/main")
    void detach_head(const Id& id) { ref("HEAD", id); }
    void packed_refs(const std::map<std::string, Id>& refs);
    void reflog(std::string_view ref, const std::vector<ReflogEntry>& entries);  // appends, oldest first

    /// As `git stash push`: a commit of the work tree on HEAD's commit and one of the index, plus one without parents
    /// for untracked files where given. Moves refs/stash and its reflog; returns the new stash@{0}.
    Id push_stash(const Id& head, const Files& work_tree, const Files& index,
                  const std::optional<Files>& untracked = {});

    /// As `git notes add`: one more note under refs/notes/commits.
    Id note(const Id& target, std::string_view text);

    // Other files of the repository
    void shallow(const std::vector<Id>& boundary);
    void alternates(const std::vector<std::filesystem::path>& objects_dirs);
    void index(const std::map<std::string, Id>& files);                // stage 0, mode 100644
    void config(std::string_view text);                                // appended
    void partial_clone(const std::filesystem::path& pack_base);        // config, and .promisor beside the pack
    void file(std::string_view path, std::string_view content) const;  // below the work tree

    /// A work tree at `dir` linked to this repository, as `git worktree add` makes it, with HEAD at `id`.
    void linked_worktree(std::string_view name, const std::filesystem::path& dir, const Id& id);

private:
    std::int64_t tick() { return m_time += 60; }

    std::filesystem::path m_dir;
    std::filesystem::path m_git_dir;
    RepoOptions m_options;
    PackWriter m_pack;
    std::int64_t m_time = 1700000000;  // 2023-11-14T22:13:20Z
    std::map<Id, bool> m_made;
    std::vector<TreeItem> m_notes;
    std::optional<Id> m_notes_commit;
    std::optional<Id> m_stash;
};

/// Makes `dir` a work tree whose .git is a file that names `git_dir`.
void write_gitfile(const std::filesystem::path& dir, const std::filesystem::path& git_dir);

}  // namespace r8scan::test
