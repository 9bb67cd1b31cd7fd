#include "match/database_cache.h"

#include "util/file.h"
#include "util/hash.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace r8scan {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "r8scan database 1\n";
constexpr std::size_t digest_size = 64;
constexpr std::size_t largest = 512U << 20U;
constexpr mode_t others_may_write = 0022;

bool is_private(const fs::path& path)
{
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 && status.st_uid == geteuid() && (status.st_mode & others_may_write) == 0;
}

}  // namespace

std::string DatabaseCache::read(const std::string& key) const
{
    if (m_folder.empty() || !is_private(m_folder) || !is_private(path_of(key))) {
        return {};
    }
    const auto text = read_small_file(path_of(key), largest);
    const auto head = magic.size() + digest_size + 1;
    if (!text || !text->starts_with(magic) || text->size() < head || (*text)[head - 1] != '\n') {
        return {};
    }
    auto bytes = text->substr(head);
    return sha256_hex(as_bytes(key + bytes)) == text->substr(magic.size(), digest_size) ? bytes : std::string();
}

void DatabaseCache::write(const std::string& key, const std::string& bytes) const
{
    if (m_folder.empty() || bytes.empty()) {
        return;
    }
    std::error_code ignored;
    // "cache/" is "cache": its own folder is the last one, and that one is made for its user alone.
    const auto folder = m_folder.has_filename() ? m_folder : m_folder.parent_path();
    fs::create_directories(folder.parent_path(), ignored);
    (void)mkdir(folder.c_str(), 0700);
    if (!is_private(m_folder)) {
        return;
    }
    auto name = (m_folder / (key + ".XXXXXX")).native();
    const UniqueFd file(mkstemp(name.data()));
    if (file.get() < 0) {
        return;
    }
    const auto content = std::string(magic) + sha256_hex(as_bytes(key + bytes)) + '\n' + bytes;
    bool whole = true;
    for (std::size_t done = 0; whole && done < content.size();) {
        const auto written = ::write(file.get(), content.data() + done, content.size() - done);
        whole = written > 0;
        done += whole ? static_cast<std::size_t>(written) : 0;
    }
    if (!whole || ::rename(name.c_str(), path_of(key).c_str()) != 0) {
        (void)::unlink(name.c_str());
    }
}

}  // namespace r8scan
