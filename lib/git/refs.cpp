#include "git/refs.h"

#include "util/file.h"

#include <algorithm>
#include <map>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ref_advice = "run `git fsck` and repair or delete the ref";
constexpr int symbolic_depth = 10;  // git follows five

// As git's check-ref-format, as far as a file that points to a ref needs it.
bool is_ref_name(std::string_view name)
{
    return name.starts_with("refs/") && !name.ends_with('/') && name.find("..") == std::string_view::npos &&
           name.find("//") == std::string_view::npos && name.find_first_of("\n\r ~^:?*[\\") == std::string_view::npos;
}

class RefReader {
public:
    explicit RefReader(Problems& problems) : m_problems(problems) {}

    void read_packed(const fs::path& path)
    {
        const auto text = read_small_file(path, 512U << 20U);
        if (!text) {
            if (text.error().code() != ErrorCode::not_found) {
                complain(text.error().message());
            }
            return;
        }
        for_each_line(*text, [&](std::string_view line) {
            if (line.empty() || line.front() == '#' || line.front() == '^') {
                return;
            }
            const auto space = line.find(' ');
            const auto id = ObjectId::from_hex(line.substr(0, space));
            if (!id || space == std::string_view::npos) {
                complain(quoted(path) + ": a line that is no ref");
                return;
            }
            m_values[std::string(line.substr(space + 1))] = id->hex();
        });
    }

    /// All files below folder; `name` is the folder's own name among refs.
    void read_folder(const fs::path& folder, const std::string& name)
    {
        std::error_code error;
        fs::recursive_directory_iterator at(folder, error);
        for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
            std::error_code ignored;
            const auto status = at->symlink_status(ignored);
            const auto relative = at->path().native().substr(folder.native().size() + 1);
            if (fs::is_directory(status) || relative.ends_with(".lock")) {
                continue;
            }
            read_file(at->path(), name + '/' + relative);
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            complain(quoted(folder) + ": " + error.message());
        }
    }

    void read_file(const fs::path& path, const std::string& name)
    {
        auto text = read_small_file(path, 1U << 20U);
        if (!text) {
            return complain(text.error().message());
        }
        while (!text->empty() && (text->back() == '\n' || text->back() == ' ' || text->back() == '\t' || text->back() == '\r')) {
            text->pop_back();
        }
        if (text->starts_with("ref:")) {
            text->erase(0, std::min(text->find_first_not_of(" \t", 4), text->size()));
            if (!is_ref_name(*text)) {
                m_values.erase(name);
                return complain(quoted(path) + ": points to \"" + *text + "\", which is no name of a ref");
            }
            m_values[name] = "ref: " + *text;
        } else if (ObjectId::from_hex(text->substr(0, text->find_first_of(" \t\n")))) {
            m_values[name] = text->substr(0, text->find_first_of(" \t\n"));
        } else {
            m_values.erase(name);
            complain(quoted(path) + ": holds neither an object id nor the name of a ref");
        }
    }

    [[nodiscard]] std::string value(const std::string& name) const
    {
        const auto at = m_values.find(name);
        return at == m_values.end() ? std::string() : at->second;
    }

    std::vector<Ref> resolve()
    {
        std::vector<Ref> refs;
        for (const auto& [name, first] : m_values) {
            auto current = first;
            for (int i = 0; i < symbolic_depth && current.starts_with("ref: "); ++i) {
                current = value(current.substr(5));
            }
            if (current.starts_with("ref: ")) {
                complain("ref \"" + name + "\": symbolic refs that never end");
            } else if (const auto id = ObjectId::from_hex(current); id && !id->is_zero()) {
                refs.push_back({name, *id});
            }
        }
        return refs;
    }

    template <typename OnLine>
    static void for_each_line(std::string_view text, OnLine&& on_line)
    {
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            on_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    void complain(std::string example) { m_problems.add("unreadable ref", std::move(example), std::string(ref_advice)); }

private:
    Problems& m_problems;
    std::map<std::string, std::string> m_values;  // name → hex id, or "ref: " and a name
};

// refs/heads/main → main, refs/stash → stash: as git shows reflog entries.
std::string short_name(const std::string& ref)
{
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/remotes/", "refs/"}) {
        if (ref.starts_with(prefix)) {
            return ref.substr(prefix.size());
        }
    }
    return ref;
}

void read_reflog(const fs::path& path, const std::string& ref, std::vector<ReflogEntry>& out, Problems& problems)
{
    const auto text = read_small_file(path, 256U << 20U);
    if (!text) {
        if (text.error().code() != ErrorCode::not_found) {
            problems.add("unreadable reflog", text.error().message());
        }
        return;
    }
    std::vector<ObjectId> ids;  // oldest first, beginning with what was before the first entry
    RefReader::for_each_line(*text, [&](std::string_view line) {
        const auto space = line.find(' ');
        const auto old_id = ObjectId::from_hex(line.substr(0, space));
        const auto rest = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        const auto new_id = ObjectId::from_hex(rest.substr(0, rest.find(' ')));
        if (!old_id || !new_id) {
            return;
        }
        if (ids.empty()) {
            ids.push_back(*old_id);
        }
        ids.push_back(*new_id);
    });
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto& id = ids[ids.size() - 1 - i];
        if (!id.is_zero()) {
            out.push_back({short_name(ref) + "@{" + std::to_string(i) + "}", id});
        }
    }
}

void read_reflogs(const fs::path& folder, const std::string& prefix, std::vector<ReflogEntry>& out, Problems& problems)
{
    std::vector<std::string> names;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        std::error_code ignored;
        if (!fs::is_directory(at->symlink_status(ignored))) {
            names.push_back(at->path().native().substr(folder.native().size() + 1));
        }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        problems.add("unreadable reflog", quoted(folder) + ": " + error.message());
    }
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
        read_reflog(folder / name, prefix + name, out, problems);
    }
}

}  // namespace

Refs read_refs(const fs::path& git_dir, const fs::path& common_dir, Problems& problems)
{
    RefReader reader(problems);
    reader.read_packed(common_dir / "packed-refs");
    reader.read_folder(common_dir / "refs", "refs");
    if (git_dir != common_dir) {
        reader.read_folder(git_dir / "refs", "refs");
    }
    reader.read_file(git_dir / "HEAD", "HEAD");

    Refs refs;
    read_reflogs(common_dir / "logs", "", refs.reflogs, problems);
    std::error_code error;
    fs::directory_iterator worktree(common_dir / "worktrees", error);
    for (; !error && worktree != fs::directory_iterator(); worktree.increment(error)) {
        const auto name = "worktrees/" + worktree->path().filename().native();
        if (worktree->path() == git_dir) {
            read_reflogs(git_dir / "logs", "", refs.reflogs, problems);
        } else {
            reader.read_file(worktree->path() / "HEAD", name + "/HEAD");
            read_reflogs(worktree->path() / "logs", name + '/', refs.reflogs, problems);
        }
    }
    if (git_dir != common_dir) {
        reader.read_file(common_dir / "HEAD", "main-worktree/HEAD");
    }

    const auto head = reader.value("HEAD");
    if (head.starts_with("ref: ")) {
        refs.head_branch = head.substr(5);
    }
    refs.refs = reader.resolve();
    for (const auto& ref : refs.refs) {
        if (ref.name == "HEAD") {
            refs.head = ref.target;
        }
    }
    return refs;
}

}  // namespace r8scan::git
