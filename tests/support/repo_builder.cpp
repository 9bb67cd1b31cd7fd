// The objects of a built repository; what refs and other files need is in repo_files.cpp. See repo_builder.h.
#include "tests/support/repo_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace r8scan::test {

namespace fs = std::filesystem;

RepoBuilder::RepoBuilder(fs::path dir, RepoOptions options)
    : m_dir(std::move(dir)), m_git_dir(options.bare ? m_dir : m_dir / ".git"), m_options(options), m_pack(options.hash)
{
    fs::create_directories(m_git_dir / "objects" / "info");
    fs::create_directories(m_git_dir / "objects" / "pack");
    fs::create_directories(m_git_dir / "refs" / "heads");
    fs::create_directories(m_git_dir / "refs" / "tags");
    symbolic_ref("HEAD", "refs/heads/main");
    const bool sha256 = options.hash == Hash::sha256;
    config(fmt::format("[core]\n\trepositoryformatversion = {}\n\tfilemode = true\n\tbare = {}\n", sha256 ? 1 : 0,
                       options.bare));
    if (!options.bare) {
        config("\tlogallrefupdates = true\n");
    }
    if (sha256) {
        config("[extensions]\n\tobjectformat = sha256\n");
    }
}

Id RepoBuilder::object(Type type, std::string_view content)
{
    Id id = object_id(m_options.hash, type, content);
    if (!m_made.emplace(id, true).second) {
        return id;
    }
    if (m_options.storage == Storage::pack) {
        m_pack.add(type, content);
    } else {
        std::string bytes = fmt::format("{} {}", to_string(type), content.size());
        bytes += '\0';
        bytes += content;
        write_file(loose_path(id), deflated(bytes));
    }
    return id;
}

Id RepoBuilder::tree(std::vector<TreeItem> items)
{
    const auto sort_key = [](const TreeItem& item) { return item.mode == mode_tree ? item.name + '/' : item.name; };
    std::sort(items.begin(), items.end(),
              [&](const TreeItem& a, const TreeItem& b) { return sort_key(a) < sort_key(b); });
    std::string content;
    for (const TreeItem& item : items) {
        content += fmt::format("{:o} {}", item.mode, item.name);
        content += '\0';
        content += item.id.raw;
    }
    return object(Type::tree, content);
}

Id RepoBuilder::tree_from_paths(const Files& files)
{
    std::vector<TreeItem> items;
    std::map<std::string, Files> folders;
    for (const auto& [path, file] : files) {
        const std::size_t slash = path.find('/');
        if (slash == std::string::npos) {
            items.push_back({file.mode, path, blob(file.content)});
        } else {
            folders[path.substr(0, slash)].emplace(path.substr(slash + 1), file);
        }
    }
    for (const auto& [name, below] : folders) {
        items.push_back({mode_tree, name, tree_from_paths(below)});
    }
    return tree(std::move(items));
}

Id RepoBuilder::commit(const Id& tree, const std::vector<Id>& parents, std::string_view message,
                       const CommitOptions& options)
{
    const std::int64_t time = options.time ? *options.time : tick();
    std::string content = fmt::format("tree {}\n", tree.hex());
    for (const Id& parent : parents) {
        content += fmt::format("parent {}\n", parent.hex());
    }
    content += fmt::format("author {} {} {}\n", options.author, time, options.zone);
    content += fmt::format("committer {} {} {}\n", options.committer, time, options.zone);
    content += options.extra_headers;
    content += fmt::format("\n{}\n", message);
    return object(Type::commit, content);
}

Id RepoBuilder::commit_files(const Files& files, const std::vector<Id>& parents, std::string_view message,
                             const CommitOptions& options)
{
    return commit(tree_from_paths(files), parents, message, options);
}

Id RepoBuilder::tag_object(const Id& target, Type type, std::string_view name, std::string_view message,
                           std::string_view tagger)
{
    return object(Type::tag, fmt::format("object {}\ntype {}\ntag {}\ntagger {} {} +0000\n\n{}\n", target.hex(),
                                         to_string(type), name, tagger, tick(), message));
}

fs::path RepoBuilder::loose_path(const Id& id) const
{
    const std::string hex = id.hex();
    return objects_dir() / hex.substr(0, 2) / hex.substr(2);
}

void RepoBuilder::remove_object(const Id& id) const
{
    if (!fs::remove(loose_path(id))) {
        throw std::runtime_error("no such loose object: " + id.hex());
    }
}

fs::path RepoBuilder::flush(const PackLayout& layout)
{
    if (m_pack.size() == 0) {
        return {};
    }
    fs::path base = m_pack.write(objects_dir(), layout);
    m_pack = PackWriter(m_options.hash);
    return base;
}

}  // namespace r8scan::test
