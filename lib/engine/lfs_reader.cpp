#include "engine/lfs_reader.h"

#include "engine/regular_file.h"
#include "engine/unread.h"
#include "source/lfs.h"
#include "util/file.h"

namespace r8scan {

LfsReader::LfsReader(std::filesystem::path common_dir, const Matcher& matcher, const DetectionOptions& options,
                     Control& control, Problems& problems, Problems& unopened)
    : m_common_dir(std::move(common_dir)),
      m_stream(matcher, options, control),
      m_problems(problems),
      m_unopened(unopened)
{
}

std::vector<Hit> LfsReader::scan(Bytes content, const std::string& place, std::uint64_t& bytes)
{
    const auto oid = source::lfs_oid(content);
    if (!oid) {
        return {};
    }
    auto scanned = scan_regular_file(m_stream, source::lfs_path(m_common_dir, *oid));
    for (const auto& part : scanned.unread) {
        account_for_unread(place, part, m_problems, m_unopened);
    }
    if (scanned.error) {
        m_problems.add("unreadable file", scanned.error->message(),
                       "run r8scan as a user who may read the whole repository");
    }
    bytes += scanned.bytes;
    return std::move(scanned.hits);
}

}  // namespace r8scan
