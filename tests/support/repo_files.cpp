// The files of a built repository that are not objects: refs, reflogs, index, config and links. See repo_builder.h.
// Formats: https://git-scm.com/docs/gitrepository-layout, https://git-scm.com/docs/index-format
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"

namespace r8scan::test {

namespace fs = std::filesystem;

namespace {

void append_to(const fs::path& file, std::string_view text)
{
    write_file(file, (fs::exists(file) ? read_file(file) : std::string()) + std::string(text));
}

std::string big_endian(std::uint32_t value, unsigned bytes)
{
    std::string out;
    for (unsigned i = bytes; i > 0; --i) {
        out += static_cast<char>((value >> (8 * (i - 1))) & 0xffU);
    }
    return out;
}

}  // namespace

void RepoBuilder::ref(std::string_view name, const Id& id)
{
    write_file(m_git_dir / name, id.hex() + "\n");
}

void RepoBuilder::symbolic_ref(std::string_view name, std::string_view target)
{
    write_file(m_git_dir / name, fmt::format("ref: {}\n", target));
}

void RepoBuilder::packed_refs(const std::map<std::string, Id>& refs)
{
    std::string text = "# pack-refs with: sorted \n";
    for (const auto& [name, id] : refs) {
        text += fmt::format("{} {}\n", id.hex(), name);
    }
    write_file(m_git_dir / "packed-refs", text);
}

void RepoBuilder::reflog(std::string_view ref, const std::vector<ReflogEntry>& entries)
{
    std::string text;
    for (const ReflogEntry& entry : entries) {
        text += fmt::format("{} {} {} {} +0000\t{}\n", entry.from.hex(), entry.to.hex(), default_person, m_time,
                            entry.message);
    }
    append_to(m_git_dir / "logs" / ref, text);
}

Id RepoBuilder::push_stash(const Id& head, const Files& work_tree, const Files& index,
                           const std::optional<Files>& untracked)
{
    const std::string on = fmt::format("on main: {} work in progress", head.hex().substr(0, 7));
    std::vector<Id> parents = {head, commit_files(index, {head}, "index " + on)};
    if (untracked) {
        parents.push_back(commit_files(*untracked, {}, "untracked files " + on));
    }
    const Id stash = commit_files(work_tree, parents, "WIP " + on);
    ref("refs/stash", stash);
    reflog("refs/stash", {{m_stash.value_or(zero_id(m_options.hash)), stash, "WIP " + on}});
    m_stash = stash;
    return stash;
}

Id RepoBuilder::note(const Id& target, std::string_view text)
{
    m_notes.push_back({mode_file, target.hex(), blob(std::string(text) + "\n")});
    const std::vector<Id> parents = m_notes_commit ? std::vector<Id>{*m_notes_commit} : std::vector<Id>{};
    m_notes_commit = commit(tree(m_notes), parents, "Notes added by 'git notes add'");
    ref("refs/notes/commits", *m_notes_commit);
    return *m_notes_commit;
}

void RepoBuilder::shallow(const std::vector<Id>& boundary)
{
    std::string text;
    for (const Id& id : boundary) {
        text += id.hex() + "\n";
    }
    write_file(m_git_dir / "shallow", text);
}

void RepoBuilder::alternates(const std::vector<fs::path>& objects_dirs)
{
    std::string text;
    for (const fs::path& dir : objects_dirs) {
        text += dir.string() + "\n";
    }
    write_file(objects_dir() / "info" / "alternates", text);
}

void RepoBuilder::index(const std::map<std::string, Id>& files)
{
    std::string bytes = "DIRC" + big_endian(2, 4) + big_endian(static_cast<std::uint32_t>(files.size()), 4);
    for (const auto& [path, id] : files) {
        const std::size_t start = bytes.size();
        bytes += std::string(24, '\0');  // ctime, mtime, dev, ino: unknown
        bytes += big_endian(mode_file, 4);
        bytes += std::string(12, '\0');  // uid, gid, size
        bytes += id.raw;
        bytes += big_endian(static_cast<std::uint32_t>(std::min<std::size_t>(path.size(), 0xfff)), 2);
        bytes += path;
        bytes += std::string(8 - (bytes.size() - start) % 8, '\0');  // at least one, up to a multiple of eight
    }
    write_file(m_git_dir / "index", bytes + digest(m_options.hash, bytes));
}

void RepoBuilder::config(std::string_view text)
{
    append_to(m_git_dir / "config", text);
}

void RepoBuilder::partial_clone(const fs::path& pack_base)
{
    // version 1 allows extensions; git reads the last value of a key
    config(
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        "[remote \"origin\"]\n\turl = https://host.example/repository.git\n"
        "\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tpromisor = true\n\tpartialclonefilter = blob:none\n");
    write_file(pack_base.string() + ".promisor", "");
}

void RepoBuilder::file(std::string_view path, std::string_view content) const
{
    write_file(m_dir / path, content);
}

void RepoBuilder::linked_worktree(std::string_view name, const fs::path& dir, const Id& id)
{
    const fs::path admin = m_git_dir / "worktrees" / name;
    write_file(admin / "HEAD", id.hex() + "\n");
    write_file(admin / "commondir", "../..\n");
    write_file(admin / "gitdir", (dir / ".git").string() + "\n");
    write_gitfile(dir, admin);
}

void write_gitfile(const fs::path& dir, const fs::path& git_dir)
{
    write_file(dir / ".git", fmt::format("gitdir: {}\n", git_dir.string()));
}

}  // namespace r8scan::test
