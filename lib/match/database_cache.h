// Compiled databases in a folder of the user, one a file.
//
// A file is used only if it belongs to the user, nobody else may write it, and it holds what its own digest says.
#pragma once

#include <filesystem>
#include <string>

namespace r8scan {

class DatabaseCache {
public:
    /// An empty path is a cache that holds nothing. The folder is made when something is written.
    explicit DatabaseCache(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// What was kept under the key (hex digits); empty where there is nothing, or nothing that can be trusted.
    [[nodiscard]] std::string read(const std::string& key) const;

    /// Keeps the bytes if it can. The file appears whole or not at all.
    void write(const std::string& key, const std::string& bytes) const;

private:
    [[nodiscard]] std::filesystem::path path_of(const std::string& key) const { return m_folder / (key + ".hsdb"); }
    std::filesystem::path m_folder;
};

}  // namespace r8scan
