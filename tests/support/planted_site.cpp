// The history and the files around what is planted. See planted_site.h.
#include "tests/support/planted_site.h"

#include <filesystem>
#include <fstream>

namespace r8scan::test {

namespace fs = std::filesystem;

PlantedSite::PlantedSite(const fs::path& dir_, RepoOptions options)
    : dir(dir_), repo(dir_ / "repo", options), bare(options.bare)
{
    files = {{"README", "A program\n"}, {"src/main.c", "int main(void) { return 0; }\n"}};
    tip = repo.commit_files(files, {}, "Start");
}

void PlantedSite::begin_range()
{
    base = commit(files, "The other side has this");
    repo.ref("refs/remotes/origin/main", base);
}

Id PlantedSite::commit(const Files& tree, std::string_view message, const CommitOptions& options)
{
    tip = repo.commit_files(tree, {tip}, message, options);
    return tip;
}

Id PlantedSite::bring_and_take(const Files& more, std::string_view message, const CommitOptions& options)
{
    Files with = files;
    with.insert(more.begin(), more.end());
    const Id brought = commit(with, message, options);
    commit(files, "Less");
    return brought;
}

void PlantedSite::keep(const std::string& path, const std::string& content)
{
    files.insert_or_assign(path, File(content));
    commit(files, "Keep");
}

void PlantedSite::git_file(const std::string& name, const std::string& text) const
{
    fs::create_directories((repo.git_dir() / name).parent_path());
    std::ofstream(repo.git_dir() / name, std::ios::binary | std::ios::app) << text;
}

std::string PlantedSite::shown(const std::string& name) const
{
    return bare ? name : ".git/" + name;
}

void PlantedSite::finish()
{
    repo.ref("refs/heads/main", tip);
    for (const std::string& content : older_stashes) {
        repo.push_stash(tip, {{"stashed", content}}, files);
    }
    if (!older_stashes.empty() || stash_work_tree || stash_index || stash_untracked) {
        const auto untracked =
            stash_untracked ? std::optional<Files>(Files{{"untracked-stash", *stash_untracked}}) : std::nullopt;
        repo.push_stash(tip, {{"stashed", stash_work_tree.value_or("nothing\n")}},
                        {{"stashed-index", stash_index.value_or("nothing\n")}}, untracked);
    }
    if (!bare) {
        std::map<std::string, Id> entries = staged;
        for (const auto& [path, file] : files) {
            entries[path] = object_id(repo.hash(), Type::blob, file.content);
            repo.file(path, file.content);
        }
        repo.index(entries);
    }
    repo.flush();
}

}  // namespace r8scan::test
