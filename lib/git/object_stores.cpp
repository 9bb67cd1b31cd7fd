#include "git/object_stores.h"

#include <set>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_packs = 65000;  // pack numbers are 16 bits wide in the object table
constexpr std::size_t most_folders = 100;

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
        list_packs(objects / "pack");
        if (!m_for_lookups) {
            list_loose(objects);
        }
        follow_alternates(objects);
    }

private:
    // Names in a folder, sorted; an absent folder is empty, an unreadable one a problem.
    std::vector<std::string> names_in(const fs::path& folder)
    {
        std::vector<std::string> names;
        std::error_code error;
        fs::directory_iterator at(folder, error);
        for (; !error && at != fs::directory_iterator(); at.increment(error)) {
            names.push_back(at->path().filename().native());
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            m_problems.add("unreadable folder", quoted(folder) + ": " + error.message(),
                           "run r8scan as a user who may read the whole repository");
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    void list_packs(const fs::path& folder)
    {
        const auto names = names_in(folder);
        const std::set<std::string> present(names.begin(), names.end());
        std::set<std::string> opened;
        for (const auto& name : names) {
            const fs::path path = folder / name;
            if (name.ends_with(".promisor")) {
                m_stores.promisor = true;
            }
            if (name.ends_with(".idx") && name.starts_with("pack-")) {
                const auto pack = fs::path(name).replace_extension(".pack").native();
                if (!present.contains(pack)) {
                    m_problems.add("pack without its file", quoted(path) + ": its .pack is missing",
                                   "restore the file, or fetch the repository anew");
                }
            }
            if (!name.ends_with(".pack")) {
                continue;
            }
            if (m_stores.packs.size() == most_packs) {
                m_problems.add("too many packs", quoted(path), "run `git repack -ad` first");
                continue;
            }
            auto pack = Pack::open(path, m_stores.algorithm,
                                   m_for_lookups ? IndexCheck::structure : IndexCheck::whole);
            if (!pack) {
                m_problems.add("unreadable pack", pack.error().message(),
                               "run `git index-pack` on the pack, or fetch the repository anew");
                continue;
            }
            for (const auto& complaint : pack->complaints()) {
                m_problems.add("damaged pack", quoted(path) + ": " + complaint, "fetch the repository anew");
            }
            m_stores.packs.push_back(std::move(*pack));
            opened.insert(fs::path(name).replace_extension(".idx").native());
        }
        if (!m_for_lookups && present.contains("multi-pack-index")) {
            check_multi_pack_index(folder / "multi-pack-index", opened);
        }
    }

    void check_multi_pack_index(const fs::path& path, const std::set<std::string>& opened)
    {
        const auto index = MultiPackIndex::open(path, m_stores.algorithm);
        if (!index) {
            m_problems.add("damaged multi-pack-index", index.error().message(), "run `git multi-pack-index write`");
            return;
        }
        for (const auto& name : index->pack_names()) {
            if (!opened.contains(name)) {
                m_problems.add("missing pack", quoted(path) + ": names " + name + ", which is not there",
                               "fetch the repository anew");
            }
        }
    }

    void list_loose(const fs::path& objects)
    {
        const auto hex_size = 2 * hash_size(m_stores.algorithm);
        const auto folder_number = static_cast<std::uint16_t>(m_stores.folders.size() - 1);
        for (const auto& prefix : names_in(objects)) {
            const bool two_digits = prefix.size() == 2 && prefix.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!two_digits) {
                continue;
            }
            for (const auto& rest : names_in(objects / prefix)) {
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
        std::error_code error;
        if (!fs::exists(fs::symlink_status(path, error))) {
            return;
        }
        const auto text = read_small_file(path, 1U << 20U);
        if (!text) {
            m_problems.add("unreadable alternates", text.error().message());
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
                m_problems.add("alternate outside the repository", quoted(target) + ": not read",
                               "use --allow-outside if you trust this repository's choice of folders");
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

ObjectStores open_object_stores(const fs::path& objects, HashAlgorithm algorithm, const AlternatesPolicy& policy,
                                Problems& problems, const StoreOpening& opening)
{
    ObjectStores stores;
    stores.algorithm = algorithm;
    StoreOpener opener(stores, policy, opening.for_lookups, problems);
    opener.open_folder(objects);
    for (const auto& folder : opening.more_folders) {
        opener.open_folder(folder);
    }
    return stores;
}

}  // namespace r8scan::git
