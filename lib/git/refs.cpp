#include "git/refs.h"

#include "git/linked_worktrees.h"
#include "git/reftable.h"
#include "util/file.h"

#include <algorithm>
#include <map>
#include <set>
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

// An id as a repository with this hash has them; nothing for one of another length.
std::optional<ObjectId> id_in(std::string_view hex, HashAlgorithm hash)
{
    const auto id = ObjectId::from_hex(hex);
    return id && id->size == hash_size(hash) ? id : std::nullopt;
}

class RefReader {
public:
    RefReader(HashAlgorithm hash, Problems& problems) : m_hash(hash), m_problems(problems) {}

    /// After the loose ones, which count where a ref is both: `git pack-refs` writes this file before it takes them
    /// away.
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
            const auto id = id_in(line.substr(0, space), m_hash);
            if (!id || space == std::string_view::npos || space + 1 == line.size()) {
                complain(quoted(path) + ": a line that is no ref");
                return;
            }
            std::string name(line.substr(space + 1));
            if (!m_broken.contains(name)) {
                m_values.try_emplace(std::move(name), id->hex());
            }
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
            if (fs::is_symlink(status) && !lies_below(at->path(), folder.parent_path())) {
                complain(quoted(at->path()) + ": a link to outside the repository, not followed");
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
            const bool was_packed = text.error().code() == ErrorCode::not_found && name.starts_with("refs/");
            return was_packed ? void() : complain(text.error().message());
        }
        while (!text->empty() &&
               (text->back() == '\n' || text->back() == ' ' || text->back() == '\t' || text->back() == '\r')) {
            text->pop_back();
        }
        if (text->starts_with("ref:")) {
            text->erase(0, std::min(text->find_first_not_of(" \t", 4), text->size()));
            if (!is_ref_name(*text)) {
                forget(name);
                return complain(quoted(path) + ": points to \"" + *text + "\", which is no name of a ref");
            }
            m_values[name] = "ref: " + *text;
        } else if (id_in(text->substr(0, text->find_first_of(" \t\n")), m_hash)) {
            m_values[name] = text->substr(0, text->find_first_of(" \t\n"));
        } else {
            forget(name);
            complain(quoted(path) + ": holds neither an object id nor the name of a ref");
        }
    }

    /// A value of a reftable, as read_reftable_stack() gives it.
    void take(const std::string& name, const std::string& value)
    {
        if (value.starts_with("ref: ") && !is_ref_name(std::string_view(value).substr(5))) {
            m_values.erase(name);
            return complain("ref \"" + name + "\": points to \"" + value.substr(5) + "\", which is no name of a ref");
        }
        m_values[name] = value;
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

    void complain(std::string example)
    {
        m_problems.add("unreadable ref", std::move(example), std::string(ref_advice));
    }

private:
    void forget(const std::string& name)
    {
        m_values.erase(name);
        m_broken.insert(name);
    }

    static bool lies_below(const fs::path& link, const fs::path& root)
    {
        std::error_code error;
        const auto target = fs::weakly_canonical(link, error);
        const auto resolved_root = fs::weakly_canonical(root, error);
        return std::mismatch(resolved_root.begin(), resolved_root.end(), target.begin(), target.end()).first ==
               resolved_root.end();
    }

    HashAlgorithm m_hash;
    Problems& m_problems;
    std::map<std::string, std::string> m_values;  // name → hex id, or "ref: " and a name
    std::set<std::string> m_broken;               // what a file has a wrong value for: an older one does not count
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

// ids: newest first, ending with what was before the first entry.
void add_entries(const std::string& ref, const std::vector<ObjectId>& ids, std::vector<ReflogEntry>& out)
{
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!ids[i].is_zero()) {
            out.push_back({short_name(ref) + "@{" + std::to_string(i) + "}", ids[i]});
        }
    }
}

void read_reflog(const fs::path& path, const std::string& ref, HashAlgorithm hash, std::vector<ReflogEntry>& out,
                 Problems& problems)
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
        const auto old_id = id_in(line.substr(0, space), hash);
        const auto rest = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        const auto new_id = id_in(rest.substr(0, rest.find(' ')), hash);
        if (!old_id || !new_id) {
            return;
        }
        if (ids.empty()) {
            ids.push_back(*old_id);
        }
        ids.push_back(*new_id);
    });
    std::reverse(ids.begin(), ids.end());
    add_entries(ref, ids, out);
}

void read_reflogs(const fs::path& folder, const std::string& prefix, HashAlgorithm hash, std::vector<ReflogEntry>& out,
                  Problems& problems)
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
        read_reflog(folder / name, prefix + name, hash, out, problems);
    }
}

std::vector<std::string> worktrees_of(const RefPlaces& places, RefReader& reader)
{
    auto names = linked_worktrees(places.common_dir);
    if (!names) {
        reader.complain(names.error().message());
        return {};
    }
    return std::move(*names);
}

void read_files(const RefPlaces& places, RefReader& reader, Refs& refs, Problems& problems)
{
    const auto& [git_dir, common_dir, storage, hash] = places;
    reader.read_folder(common_dir / "refs", "refs");
    if (git_dir != common_dir) {
        reader.read_folder(git_dir / "refs", "refs");
    }
    reader.read_packed(common_dir / "packed-refs");
    reader.read_file(git_dir / "HEAD", "HEAD");
    read_reflogs(common_dir / "logs", "", hash, refs.reflogs, problems);
    for (const auto& worktree : worktrees_of(places, reader)) {
        const auto folder = common_dir / "worktrees" / worktree;
        const auto name = "worktrees/" + worktree;
        if (folder == git_dir) {
            read_reflogs(git_dir / "logs", "", hash, refs.reflogs, problems);
        } else {
            reader.read_file(folder / "HEAD", name + "/HEAD");
            reader.read_folder(folder / "refs", name + "/refs");
            read_reflogs(folder / "logs", name + '/', hash, refs.reflogs, problems);
        }
    }
    if (git_dir != common_dir) {
        reader.read_file(common_dir / "HEAD", "main-worktree/HEAD");
    }
}

// A stack for all, and one for each linked work tree with what is its own: HEAD, its reflog, refs/bisect and the like.
class ReftableRefs {
public:
    ReftableRefs(const RefPlaces& places, RefReader& reader, Refs& refs, Problems& problems)
        : m_places(places), m_reader(reader), m_refs(refs), m_problems(problems)
    {
    }

    void read()
    {
        const bool is_linked = m_places.git_dir != m_places.common_dir;
        read_stack("", "", is_linked ? "main-worktree/HEAD" : "HEAD");
        for (const auto& worktree : worktrees_of(m_places, m_reader)) {
            const auto name = "worktrees/" + worktree + '/';
            const bool is_this = m_places.common_dir / "worktrees" / worktree == m_places.git_dir;
            read_stack(name, is_this ? "" : name, is_this ? "HEAD" : name + "HEAD");
        }
    }

private:
    // place: the folder below the common one; prefix: before the names of its refs and reflogs; head: what its HEAD is
    // called.
    void read_stack(const std::string& place, const std::string& prefix, const std::string& head)
    {
        const auto folder = m_places.common_dir / (place + "reftable");
        const auto stack = read_reftable_stack(folder, m_places.hash, m_problems);
        if (!stack.values.contains("HEAD")) {
            m_reader.complain(quoted(folder) + ": holds no HEAD");
        }
        const auto text_place = place + "reftable!";
        auto gone = stack.deleted;
        for (const auto& [name, value] : stack.values) {
            if (name == "HEAD") {
                m_reader.take(head, value);
            } else if (name.starts_with("refs/")) {
                m_reader.take(prefix + name, value);
            } else {
                m_refs.texts.push_back({text_place + name, name, false});
            }
        }
        for (const auto& log : stack.reflogs) {
            add_entries(prefix + log.name, log.ids, m_refs.reflogs);
            if (!log.lines.empty()) {
                m_refs.texts.push_back({text_place + "logs/" + log.name, log.lines, true});
            }
            if (!log.deleted_lines.empty()) {
                m_refs.texts.push_back({text_place + "deleted/logs/" + log.name, log.deleted_lines, true});
            }
            if (!stack.values.contains(log.name)) {
                gone.insert(log.name);
            }
        }
        for (const auto& name : gone) {
            m_refs.texts.push_back({text_place + "deleted/" + name, name, false});
        }
    }

    const RefPlaces& m_places;
    RefReader& m_reader;
    Refs& m_refs;
    Problems& m_problems;
};

}  // namespace

Refs read_refs(const RefPlaces& places, Problems& problems)
{
    RefReader reader(places.hash, problems);
    Refs refs;
    if (places.storage == "files") {
        read_files(places, reader, refs, problems);
    } else if (places.storage == "reftable") {
        ReftableRefs(places, reader, refs, problems).read();
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
