#include "cmd/temporary_clone.h"

#include "cmd/message.h"
#include "git/clone.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace r8scan::cmd {
namespace {

bool looks_like_address(std::string_view text)
{
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        return scheme > 0 && text.find('/') > scheme;
    }
    // As git decides it: a colon before the first slash. Without a user it might as well be a file's name.
    const std::size_t colon = text.find(':');
    const std::size_t at = text.find('@');
    return colon != std::string_view::npos && at != std::string_view::npos && at > 0 && at + 1 < colon &&
           text.find('/') > colon;
}

}  // namespace

bool is_address(const std::filesystem::path& repository)
{
    std::error_code ignored;
    return looks_like_address(repository.native()) && !std::filesystem::exists(repository, ignored);
}

Result<TemporaryClone> TemporaryClone::fetch(const std::string& address, Control& control)
{
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    std::string folder = (parent / "r8scan-clone-XXXXXX").native();
    if (error || ::mkdtemp(folder.data()) == nullptr) {
        const auto why = error ? error : std::error_code(errno, std::generic_category());
        return Error(ErrorCode::io, fmt::format("no folder for the clone below \"{}\": {} (TMPDIR names another)",
                                                parent.native(), why.message()));
    }
    TemporaryClone clone(std::move(folder));
    control.phase = "fetching";
    const Result<void> fetched = git::clone_mirror(address, clone.path(), control);
    if (!fetched) {
        return fetched.error().within(fmt::format("fetch \"{}\"", without_user(address)));
    }
    control.objects_total = 0;
    control.objects_done = 0;
    control.bytes_done = 0;
    return clone;
}

TemporaryClone::~TemporaryClone()
{
    std::error_code ignored;
    if (!m_folder.empty()) {
        std::filesystem::remove_all(m_folder, ignored);
    }
}

}  // namespace r8scan::cmd
