// TempDir: a folder that lives as long as the object, for tests that need files.
//
// It stands below the system's temporary folder, so tests may run at the same time. Removal also takes folders whose
// permissions a test has cut.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace r8scan::test {

class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// Writes a whole file, making the folders above it; throws std::runtime_error when it cannot.
void write_file(const std::filesystem::path& file, std::string_view bytes);

/// A whole file as bytes; throws std::runtime_error when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

}  // namespace r8scan::test
