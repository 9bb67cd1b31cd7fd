#include "engine/root_files.h"

#include "git/commit.h"
#include "git/tree_entries.h"
#include "util/file.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace r8scan {

namespace {

// Each name once, as a stranger's tree may hold it a million times.
class OnceEach {
public:
    bool takes(std::string_view name)
    {
        const auto at = std::find(suppression_files.begin(), suppression_files.end(), name);
        if (at == suppression_files.end()) {
            return false;
        }
        return !std::exchange(m_seen[static_cast<std::size_t>(at - suppression_files.begin())], true);
    }

    bool is_foreign(std::string_view name)
    {
        return name == foreign_rules && !std::exchange(m_foreign, true);
    }

private:
    std::array<bool, suppression_files.size()> m_seen{};
    bool m_foreign = false;
};

void add(std::string_view name, std::uint32_t mode, const git::ObjectId& id, const ReadById& read,
         Suppressor& suppressor)
{
    constexpr std::uint32_t type_mask = 0170000U;
    constexpr std::uint32_t regular = 0100000U;
    if ((mode & type_mask) != regular) {
        return suppressor.add_unread(name, "is no regular file");
    }
    const auto object = read(id);
    if (!object) {
        return suppressor.add_unread(name, object.error().message());
    }
    if (object->type != git::ObjectType::blob) {
        return suppressor.add_unread(name, "is no file");
    }
    if (object->content.size() > largest_suppression_file) {
        return suppressor.add_unread(name, "is larger than 1 MiB");
    }
    suppressor.add_file(name, as_text(object->content));
}

}  // namespace

void add_files_of_commit(const git::ObjectId& commit, const ReadById& read, Suppressor& suppressor)
{
    if (!suppressor.wants_files()) {
        return;
    }
    try {
        const auto object = read(commit);
        const auto parsed = object ? git::Commit::parse(object->content) : object.error();
        if (!parsed) {
            return;
        }
        const auto tree = read(parsed->tree);
        if (!tree) {
            return;
        }
        OnceEach names;
        git::TreeEntry entry;
        for (std::size_t at = 0; at < tree->content.size(); at = entry.end) {
            if (!git::parse_tree_entry(tree->content, at, commit.raw().size(), entry)) {
                return;
            }
            if (names.takes(entry.name)) {
                add(entry.name, entry.mode, git::ObjectId::from_raw(entry.id), read, suppressor);
            }
            if (names.is_foreign(entry.name)) {
                suppressor.add_foreign_rules();
            }
        }
    } catch (const std::bad_alloc&) {
        suppressor.add_unread("the suppression files", "not enough memory");
    }
}

void add_files_of_index(const git::IndexFile& index, const ReadById& read, Suppressor& suppressor)
{
    if (!suppressor.wants_files()) {
        return;
    }
    try {
        OnceEach names;
        for (const auto& entry : index.entries()) {
            if (entry.stage == 0 && !entry.intent_to_add && names.takes(entry.path)) {
                add(entry.path, entry.mode, entry.id, read, suppressor);
            }
            if (entry.stage == 0 && !entry.intent_to_add && names.is_foreign(entry.path)) {
                suppressor.add_foreign_rules();
            }
        }
    } catch (const std::bad_alloc&) {
        suppressor.add_unread("the suppression files", "not enough memory");
    }
}

void add_files_of_folder(const std::string& folder, Suppressor& suppressor)
{
    if (!suppressor.wants_files()) {
        return;
    }
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(folder + std::string(foreign_rules), ignored))) {
        suppressor.add_foreign_rules(folder);
    }
    for (const auto name : suppression_files) {
        const std::filesystem::path path = folder + std::string(name);
        std::error_code error;
        const auto status = std::filesystem::symlink_status(path, error);
        if (status.type() == std::filesystem::file_type::not_found) {
            continue;
        }
        if (error || status.type() != std::filesystem::file_type::regular) {
            suppressor.add_unread(name, "is no regular file", folder);
            continue;
        }
        const auto text = read_small_file(path, largest_suppression_file);
        if (text) {
            suppressor.add_file(name, *text, folder);
        } else {
            suppressor.add_unread(
                name, text.error().code() == ErrorCode::limit ? "is larger than 1 MiB" : text.error().message(),
                folder);
        }
    }
}

}  // namespace r8scan
