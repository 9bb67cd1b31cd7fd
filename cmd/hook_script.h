// The text of a hook that calls r8scan, and how to know it again.
//
// The second line says that the hook is ours and carries a checksum of all other lines: a hook that somebody changed is
// told from one as it was written, and is never overwritten or removed. An older hook of the same name is kept beside
// it as NAME.before-r8scan and runs first, with the same arguments and the same standard input. POSIX sh.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace r8scan::cmd {

struct HookStage {
    std::string_view name;     // as git names the hook
    std::string_view command;  // what r8scan is given
    bool reads_input;          // git tells the hook by its standard input what there is
    bool runs_in_git_dir;      // on the side that receives a push
};

[[nodiscard]] std::span<const HookStage> hook_stages();
[[nodiscard]] const HookStage* find_hook_stage(std::string_view name);

inline constexpr std::string_view before_ending = ".before-r8scan";

struct HookText {
    std::string program;       // absolute path; empty: the one in PATH
    bool made_folder = false;  // there was no folder for hooks before
};

/// The whole file.
[[nodiscard]] std::string hook_script(const HookStage& stage, const HookText& text);

enum class HookOwner { ours, ours_changed, foreign };

struct KnownHook {
    HookOwner owner = HookOwner::foreign;
    HookText text;  // of ours
};

[[nodiscard]] KnownHook recognise_hook(std::string_view script);

}  // namespace r8scan::cmd
