// The files of a scan, as few bytes each as there can be: folders are kept once, by their parent and name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::source {

using FolderNumber = std::uint32_t;
inline constexpr FolderNumber no_folder = ~FolderNumber{0};

enum class FileKind : std::uint8_t {
    file,
    given_file,  // named by the caller: a symbolic link there is followed
    symlink,
};

struct FoundFile {
    std::string name;        // in its folder; the whole path where that is no_folder
    std::uint64_t size = 0;  // when it was listed
    FolderNumber folder = no_folder;
    FileKind kind = FileKind::file;
};

class FileList {
public:
    FolderNumber add_folder(FolderNumber parent, std::string name)
    {
        m_folders.push_back({parent, std::move(name)});
        return static_cast<FolderNumber>(m_folders.size() - 1);
    }
    void add_file(FoundFile file) { m_files.push_back(std::move(file)); }

    [[nodiscard]] const std::vector<FoundFile>& files() const { return m_files; }
    [[nodiscard]] std::size_t folder_count() const { return m_folders.size(); }

    /// As reports show it: what the caller typed, joined with what is below; raw bytes.
    [[nodiscard]] std::string path(const FoundFile& file) const { return path_in(file.folder, file.name); }
    /// Of a folder; "" for the one that "." names.
    [[nodiscard]] std::string path(FolderNumber folder) const;
    [[nodiscard]] std::string path_in(FolderNumber folder, std::string_view name) const;

private:
    struct Folder {
        FolderNumber parent = no_folder;
        std::string name;  // of a given one: as it was given
    };
    std::vector<Folder> m_folders;
    std::vector<FoundFile> m_files;
};

}  // namespace r8scan::source
