// One hook as it lies in its folder: what is there, put ours there, take ours away.
//
// Nothing of anybody else's is ever overwritten: what stood there is renamed and put back, and a hook of ours that was
// changed since is left alone. A hook takes its place in one step, so a commit in between meets the old one or the new.
#pragma once

#include <r8scan/result.h>

#include "cmd/hook_script.h"

#include <filesystem>

namespace r8scan::cmd {

struct HookFile {
    bool exists = false;
    bool is_executable = false;
    bool has_before = false;  // an older hook is kept beside it
    KnownHook known;          // where it exists
};

[[nodiscard]] std::filesystem::path kept_beside(const std::filesystem::path& hook);

Result<HookFile> look_at_hook(const std::filesystem::path& hook);

enum class HookChange { made, renewed, none };

/// Errors: somebody changed ours; there are two foreign hooks; the folder cannot be written.
Result<HookChange> put_hook(const std::filesystem::path& hook, const HookStage& stage, const std::string& program);

/// Puts back what stood there before. `none` where there is no hook of ours.
Result<HookChange> take_hook(const std::filesystem::path& hook);

}  // namespace r8scan::cmd
