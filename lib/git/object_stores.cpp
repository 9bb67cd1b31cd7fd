#include "git/object_stores.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_packs = 65000;  // pack numbers are 16 bits wide in the object table
constexpr std::size_t most_folders = 100;
constexpr const char* allow_outside = "use --allow-outside if you trust this repository's choice of folders";

void add_all(const Problems& more, Problems& problems)
{
    for (const auto& skip : more.list()) {
        for (const auto& example : skip.examples) {
            problems.add(skip.reason, example, skip.way_out, 0);
        }
        problems.add(skip.reason, skip.examples.front(), skip.way_out, skip.count);
    }
}

class StoreOpener {
public:
    StoreOpener(ObjectStores& stores, const AlternatesPolicy& policy, bool for_lookups, Problems& problems)
        : m_stores(stores), m_policy(policy), m_for_lookups(for_lookups), m_problems(problems)
    {
    }

    void open_folder(const fs::path& objects)
    {
        std::error_code error;
        const auto resolved = fs::canonical(objects, error);
        if (error || !m_seen.insert(resolved).second) {
            if (error) {
                m_problems.add("unreadable folder", quoted(objects) + ": " + error.message());
            }
            return;
        }
        if (m_stores.folders.size() == most_folders) {
            m_problems.add("too many alternates", quoted(objects));
            return;
        }
        m_stores.folders.push_back(objects);
        list_objects(objects);
        follow_alternates(objects);
    }

private:
    // A repack that runs at the same time moves objects: what is new comes before what is old goes. So nothing was
    // overlooked between the two lists where the packs are the same before and after.
    void list_objects(const fs::path& objects)
    {
        constexpr int most_attempts = 50;
        const auto loose_before = m_stores.loose.size();
        std::map<std::string, Pack> opened;
        for (int attempt = 1;; ++attempt) {
            Problems found;
            const auto names = pack_names(objects / "pack", found);
            const bool all_there = open_packs(objects / "pack", names, opened, found);
            if (!m_for_lookups) {
                list_loose(objects, found);
            }
            Problems ignored;
            const bool is_steady = all_there && pack_names(objects / "pack", ignored) == names;
            if (!is_steady && attempt < most_attempts) {
                m_stores.loose.resize(loose_before);
                continue;
            }
            if (!is_steady) {
                found.add("repository that changes while it is read", quoted(objects),
                          "scan again when nothing repacks it");
            }
            for (auto& [name, pack] : opened) {
                m_stores.packs.push_back(std::move(pack));
            }
            add_all(found, m_problems);
            return;
        }
    }

    // Names in a folder, sorted; an absent folder is empty, an unreadable one a problem.
    std::vector<std::string> names_in(const fs::path& folder, Problems& problems)
    {
        std::vector<std::string> names;
        std::error_code error;
        fs::directory_iterator at(folder, error);
        for (; !error && at != fs::directory_iterator(); at.increment(error)) {
            std::error_code ignored;
            if (at->is_symlink(ignored) && !may_follow(at->path())) {
                problems.add("link outside the repository", quoted(at->path()) + ": not read", allow_outside);
                continue;
            }
            names.push_back(at->path().filename().native());
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            problems.add("unreadable folder", quoted(folder) + ": " + error.message(),
                         "run r8scan as a user who may read the whole repository");
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    // Without what a repack is still writing.
    std::vector<std::string> pack_names(const fs::path& folder, Problems& problems)
    {
        auto names = names_in(folder, problems);
        std::erase_if(names,
                      [](const std::string& name) { return name.starts_with(".tmp-") || name.starts_with("tmp_"); });
        return names;
    }

    // Opens what is not open yet, and lets go of what is not listed any more. False where something went meanwhile.
    bool open_packs(const fs::path& folder, const std::vector<std::string>& names, std::map<std::string, Pack>& opened,
                    Problems& problems)
    {
        const std::set<std::string> present(names.begin(), names.end());
        std::erase_if(opened, [&](const auto& pack) { return !present.contains(pack.first); });
        bool all_there = true;
        for (const auto& name : names) {
            const fs::path path = folder / name;
            if (name.ends_with(".promisor")) {
                m_stores.promisor = true;
            }
            if (name.ends_with(".idx") && name.starts_with("pack-")) {
                const auto pack = fs::path(name).replace_extension(".pack").native();
                if (!present.contains(pack)) {
                    problems.add("pack without its file", quoted(path) + ": its .pack is missing",
                                 "restore the file, or fetch the repository anew");
                }
            }
            if (!name.ends_with(".pack")) {
                continue;
            }
            if (m_stores.packs.size() + opened.size() >= most_packs && !opened.contains(name)) {
                problems.add("too many packs", quoted(path), "run `git repack -ad` first");
                continue;
            }
            all_there = open_pack(path, present, opened, problems) && all_there;
        }
        if (!m_for_lookups && present.contains("multi-pack-index")) {
            all_there = check_multi_pack_index(folder / "multi-pack-index", opened, problems) && all_there;
        }
        return all_there;
    }

    bool open_pack(const fs::path& path, const std::set<std::string>& present, std::map<std::string, Pack>& opened,
                   Problems& problems)
    {
        const auto name = path.filename().native();
        if (!opened.contains(name)) {
            auto pack = Pack::open(path, m_stores.algorithm, m_for_lookups ? IndexCheck::structure : IndexCheck::whole);
            std::error_code error;
            const auto index = fs::path(path).replace_extension(".idx");
            const bool is_gone =
                !fs::exists(fs::symlink_status(path, error)) ||
                (present.contains(index.filename().native()) && !fs::exists(fs::symlink_status(index, error)));
            if (is_gone && (!pack || !pack->complaints().empty())) {
                return false;
            }
            if (!pack) {
                problems.add("unreadable pack", pack.error().message(),
                             "run `git index-pack` on the pack, or fetch the repository anew");
                return true;
            }
            opened.emplace(name, std::move(*pack));
        }
        for (const auto& complaint : opened.at(name).complaints()) {
            problems.add("damaged pack", quoted(path) + ": " + complaint, "fetch the repository anew");
        }
        return true;
    }

    // False where it went meanwhile.
    bool check_multi_pack_index(const fs::path& path, const std::map<std::string, Pack>& opened, Problems& problems)
    {
        const auto index = MultiPackIndex::open(path, m_stores.algorithm);
        if (!index) {
            if (index.error().code() == ErrorCode::not_found) {
                return false;
            }
            problems.add("damaged multi-pack-index", index.error().message(), "run `git multi-pack-index write`");
            return true;
        }
        for (const auto& name : index->pack_names()) {
            if (!opened.contains(fs::path(name).replace_extension(".pack").native())) {
                problems.add("missing pack", quoted(path) + ": names " + name + ", which is not there",
                             "fetch the repository anew");
            }
        }
        return true;
    }

    void list_loose(const fs::path& objects, Problems& problems)
    {
        const auto hex_size = 2 * hash_size(m_stores.algorithm);
        const auto folder_number = static_cast<std::uint16_t>(m_stores.folders.size() - 1);
        for (const auto& prefix : names_in(objects, problems)) {
            const bool two_digits =
                prefix.size() == 2 && prefix.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!two_digits) {
                continue;
            }
            for (const auto& rest : names_in(objects / prefix, problems)) {
                const auto id = ObjectId::from_hex(prefix + rest);
                if (id && 2 + rest.size() == hex_size) {
                    m_stores.loose.push_back({*id, folder_number});
                }
            }
        }
    }

    void follow_alternates(const fs::path& objects)
    {
        const auto path = objects / "info" / "alternates";
        const auto text = read_small_file(path, 1U << 20U);
        if (!text) {
            // A link that leads nowhere names alternates too.
            std::error_code ignored;
            if (text.error().code() != ErrorCode::not_found || fs::is_symlink(fs::symlink_status(path, ignored))) {
                m_problems.add("unreadable alternates", text.error().message());
            }
            return;
        }
        for (std::size_t begin = 0; begin < text->size();) {
            const auto end = std::min(text->find('\n', begin), text->size());
            const auto line = text->substr(begin, end - begin);
            begin = end + 1;
            if (line.empty() || line.front() == '#') {
                continue;
            }
            const fs::path target = fs::path(line).is_absolute() ? fs::path(line) : objects / line;
            if (!may_follow(target)) {
                m_problems.add("alternate outside the repository", quoted(target) + ": not read", allow_outside);
                continue;
            }
            open_folder(target);
        }
    }

    bool may_follow(const fs::path& target)
    {
        if (m_policy.allow_outside) {
            return true;
        }
        std::error_code error;
        const auto resolved = fs::weakly_canonical(target, error);
        return !error && std::any_of(m_policy.inside.begin(), m_policy.inside.end(), [&](const fs::path& root) {
            return std::mismatch(root.begin(), root.end(), resolved.begin(), resolved.end()).first == root.end();
        });
    }

    ObjectStores& m_stores;
    const AlternatesPolicy& m_policy;
    bool m_for_lookups;
    Problems& m_problems;
    std::set<fs::path> m_seen;
};

}  // namespace

fs::path ObjectStores::loose_path(const LooseFile& file) const
{
    const auto hex = file.id.hex();
    return folders[file.folder] / hex.substr(0, 2) / hex.substr(2);
}

void ObjectStores::name_changed(Problems& problems) const
{
    for (const auto& pack : packs) {
        if (const auto same = pack.unchanged(); !same) {
            problems.add("changed while read", same.error().message(), "scan again when nothing writes to the repository");
        }
    }
}

ObjectStores open_object_stores(const fs::path& objects, HashAlgorithm algorithm, const AlternatesPolicy& policy,
                                Problems& problems, const StoreOpening& opening)
{
    ObjectStores stores;
    stores.algorithm = algorithm;
    stores.origin = std::make_shared<const StoreOrigin>(StoreOrigin{objects, policy, opening});
    StoreOpener opener(stores, policy, opening.for_lookups, problems);
    opener.open_folder(objects);
    for (const auto& folder : opening.more_folders) {
        opener.open_folder(folder);
    }
    return stores;
}

ObjectStores open_again(const ObjectStores& stores)
{
    Problems ignored;
    auto opening = stores.origin->opening;
    opening.for_lookups = true;
    return open_object_stores(stores.origin->objects, stores.algorithm, stores.origin->policy, ignored, opening);
}

}  // namespace r8scan::git
