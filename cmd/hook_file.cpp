#include "cmd/hook_file.h"

#include "util/file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

/// Something stands under that name, be it a broken link.
bool is_there(const fs::path& path)
{
    std::error_code error;
    return fs::symlink_status(path, error).type() != fs::file_type::not_found && !error;
}

Result<void> rename_file(const fs::path& from, const fs::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return system_error(from, errno);
    }
    return {};
}

/// A file beside the hook that is removed unless it took the hook's place.
class Draft {
public:
    explicit Draft(const fs::path& hook) : m_path((hook.parent_path() / ".r8scan-hook-XXXXXX").string()) {}
    ~Draft()
    {
        if (m_is_there) {
            ::unlink(m_path.c_str());
        }
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    Result<void> write(std::string_view text)
    {
        const UniqueFd fd(::mkstemp(m_path.data()));
        if (fd.get() < 0) {
            return system_error(fs::path(m_path).parent_path(), errno);
        }
        m_is_there = true;
        while (!text.empty()) {
            const ssize_t written = ::write(fd.get(), text.data(), text.size());
            if (written < 0 && errno != EINTR) {
                return system_error(m_path, errno);
            }
            text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        }
        constexpr mode_t everyone_runs = 0755;
        if (::fchmod(fd.get(), everyone_runs) != 0 || ::fsync(fd.get()) != 0) {
            return system_error(m_path, errno);
        }
        return {};
    }
    Result<void> become(const fs::path& hook)
    {
        Result<void> renamed = rename_file(m_path, hook);
        m_is_there = !renamed;
        return renamed;
    }

private:
    std::string m_path;
    bool m_is_there = false;
};

/// Whether the folder is of our making, as some hook of ours in it remembers.
bool is_made_by_us(const fs::path& folder)
{
    for (const HookStage& stage : hook_stages()) {
        const Result<HookFile> other = look_at_hook(folder / stage.name);
        if (other && other->exists && other->known.owner == HookOwner::ours && other->known.text.made_folder) {
            return true;
        }
    }
    return false;
}

Error changed_since(const fs::path& hook)
{
    return {ErrorCode::usage,
            fmt::format("{}: was made by r8scan and changed since, so it is left alone: move what was "
                        "added to it elsewhere, delete the file, and run this again",
                        quoted(hook))};
}

}  // namespace

fs::path kept_beside(const fs::path& hook)
{
    return hook.string() + std::string(before_ending);
}

Result<HookFile> look_at_hook(const fs::path& hook)
{
    HookFile file;
    file.has_before = is_there(kept_beside(hook));
    file.exists = is_there(hook);
    std::error_code error;
    // What is no regular file is not ours, and need not be read to know it.
    if (!file.exists || fs::symlink_status(hook, error).type() != fs::file_type::regular) {
        return file;
    }
    constexpr std::size_t longest = 64U << 20U;
    const Result<std::string> text = read_small_file(hook, longest);
    if (!text) {
        return text.error();
    }
    file.is_executable = ::access(hook.c_str(), X_OK) == 0;
    file.known = recognise_hook(*text);
    return file;
}

Result<HookChange> put_hook(const fs::path& hook, const HookStage& stage, const std::string& program)
{
    const fs::path folder = hook.parent_path();
    const fs::path beside = kept_beside(hook);
    const Result<HookFile> there = look_at_hook(hook);
    if (!there) {
        return there.error();
    }
    const bool is_foreign = there->exists && there->known.owner == HookOwner::foreign;
    if (there->exists && there->known.owner == HookOwner::ours_changed) {
        return changed_since(hook);
    }
    if (is_foreign && there->has_before) {
        return Error(
            ErrorCode::usage,
            fmt::format("{} is somebody else's, and so is {}, which an earlier hook of ours ran first: make one "
                        "of the two, then run this again",
                        quoted(hook), quoted(beside)));
    }
    HookText text{program, is_made_by_us(folder)};
    std::error_code error;
    if (fs::create_directory(folder, error)) {
        text.made_folder = true;
    } else if (error) {
        return system_error(folder, error.value());
    }
    const std::string script = hook_script(stage, text);
    if (there->exists && !is_foreign && there->is_executable) {
        if (const Result<std::string> now = read_small_file(hook); now && *now == script) {
            return HookChange::none;
        }
    }
    Draft draft(hook);
    if (Result<void> written = draft.write(script); !written) {
        return written.error();
    }
    if (is_foreign) {
        if (Result<void> kept = rename_file(hook, beside); !kept) {
            return kept.error();
        }
    }
    if (Result<void> placed = draft.become(hook); !placed) {
        if (is_foreign) {
            (void)rename_file(beside, hook);
        }
        return placed.error();
    }
    return there->exists && !is_foreign ? HookChange::renewed : HookChange::made;
}

Result<HookChange> take_hook(const fs::path& hook)
{
    const Result<HookFile> there = look_at_hook(hook);
    if (!there) {
        return there.error();
    }
    if (!there->exists || there->known.owner == HookOwner::foreign) {
        return HookChange::none;
    }
    if (there->known.owner == HookOwner::ours_changed) {
        return changed_since(hook);
    }
    if (there->has_before) {
        if (Result<void> back = rename_file(kept_beside(hook), hook); !back) {
            return back.error();
        }
    } else if (::unlink(hook.c_str()) != 0) {
        return system_error(hook, errno);
    }
    if (there->known.text.made_folder) {
        (void)::rmdir(hook.parent_path().c_str());  // as long as something is in it, it stays
    }
    return HookChange::made;
}

}  // namespace r8scan::cmd
