#include "cmd/hook_command.h"

#include "cmd/exit_code.h"
#include "cmd/hook_file.h"
#include "cmd/hook_question.h"
#include "cmd/hook_script.h"
#include "cmd/message.h"
#include "cmd/print.h"
#include "git/hooks_folder.h"
#include "util/escape.h"
#include "util/file.h"
#include "util/suggest.h"

#include <fmt/format.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

/// The absolute path of the running program; empty where the system does not tell.
std::string own_path()
{
    std::error_code error;
#ifdef __APPLE__
    char room[4096];
    std::uint32_t size = sizeof room;
    const fs::path path = _NSGetExecutablePath(room, &size) == 0 ? fs::canonical(room, error) : fs::path();
#else
    const fs::path path = fs::read_symlink("/proc/self/exe", error);
#endif
    return !error && fs::exists(path, error) ? path.string() : "";
}

struct Stage {
    const HookStage* stage;
    fs::path hook;
    git::HooksFolder folder;
};

Result<std::vector<const HookStage*>> stages_typed(const TypedOptions& typed)
{
    std::vector<const HookStage*> stages;
    const auto values = typed.values.find("stage");
    if (values == typed.values.end()) {
        return stages;
    }
    for (const TypedValue& value : values->second) {
        const HookStage* const stage = find_hook_stage(value.text);
        if (stage == nullptr) {
            std::vector<std::string_view> known;
            for (const HookStage& one : hook_stages()) {
                known.push_back(one.name);
            }
            const auto meant = nearest(value.text, known);
            return Error(
                ErrorCode::usage,
                meant ? fmt::format("{}: \"{}\" is not known: did you mean {}?", value.origin, value.text, *meant)
                      : fmt::format("{}: \"{}\" is not known: give pre-commit, commit-msg, pre-push or pre-receive",
                                    value.origin, value.text));
        }
        if (std::find(stages.begin(), stages.end(), stage) == stages.end()) {
            stages.push_back(stage);
        }
    }
    return stages;
}

Result<std::vector<Stage>> find_stages(const std::vector<const HookStage*>& stages, git::HooksQuestion question)
{
    std::vector<Stage> found;
    for (const HookStage* const stage : stages) {
        question.runs_in_git_dir = stage->runs_in_git_dir;
        const Result<git::HooksFolder> folder = git::find_hooks_folder(question);
        if (!folder) {
            return folder.error();
        }
        found.push_back({stage, folder->path / stage->name, *folder});
    }
    return found;
}

std::string set_by(const git::HooksFolder& folder)
{
    return folder.set_by.empty() ? "" : fmt::format(" (core.hooksPath of {})", folder.set_by);
}

/// Why nothing can be put there, or nothing to say.
Result<void> check_folder(const git::HooksFolder& folder)
{
    std::error_code error;
    if (fs::exists(folder.path, error) && !fs::is_directory(folder.path, error)) {
        return Error(ErrorCode::usage,
                     fmt::format("{} is no folder, so git runs no hooks here{}", quoted(folder.path), set_by(folder)));
    }
    // husky's hooks find out by their own names what to run, and would run nothing under another one.
    if (folder.path.filename() == "_" && folder.path.parent_path().filename() == ".husky") {
        return Error(ErrorCode::usage,
                     "husky manages the hooks here: write the line `r8scan staged` into .husky/pre-commit (into "
                     ".husky/pre-push: `r8scan push -- \"$@\"`) instead");
    }
    return {};
}

int refused(const Error& error)
{
    say(error.message());
    return exit_usage;
}

int install(const std::vector<Stage>& stages)
{
    const std::string program = own_path();
    for (const auto& [stage, hook, folder] : stages) {
        if (const Result<void> good = check_folder(folder); !good) {
            return refused(good.error());
        }
        const Result<HookChange> change = put_hook(hook, *stage, program);
        if (!change) {
            return refused(change.error());
        }
        const char* const words = *change == HookChange::made      ? "installed"
                                  : *change == HookChange::renewed ? "renewed"
                                                                   : "was installed already";
        say(fmt::format("the {} hook {}: {}{}", stage->name, words, hook.string(), set_by(folder)));
        const Result<HookFile> now = look_at_hook(hook);
        if (now && now->has_before) {
            say(fmt::format("the hook that was there runs first: {}", kept_beside(hook).string()));
        }
        if (folder.for_all_repositories) {
            say("that folder is for all your repositories, so the hook runs in each of them");
        }
    }
    return exit_clean;
}

int uninstall(const std::vector<Stage>& stages)
{
    std::size_t taken = 0;
    for (const auto& [stage, hook, folder] : stages) {
        const Result<HookChange> change = take_hook(hook);
        if (!change) {
            return refused(change.error());
        }
        if (*change == HookChange::made) {
            ++taken;
            std::error_code error;
            const bool back = fs::exists(fs::symlink_status(hook, error));
            say(fmt::format("the {} hook is gone{}: {}", stage->name, back ? ", and the one before it is back" : "",
                            hook.string()));
        }
    }
    if (taken == 0) {
        say("no hook of ours is there, so there is nothing to take out");
    }
    return exit_clean;
}

bool is_program(const std::string& path)
{
    std::error_code error;
    return !path.empty() && fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

/// The program that the hook would run, as its script looks for it; empty where it is gone.
std::string program_of(const HookText& text, const Environment& environment)
{
    if (is_program(text.program)) {
        return text.program;
    }
    const char* const typed_path = environment("PATH");
    const std::string path = typed_path != nullptr ? typed_path : "";
    for (std::string_view rest = path; !rest.empty();) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        if (const std::string program = fmt::format("{}/r8scan", folder); is_program(program)) {
            return program;
        }
    }
    return "";
}

struct StatusLine {
    std::string text;
    bool is_present = false;
    bool is_sound = false;  // it would run
};

StatusLine status_of(const Stage& at, const Environment& environment)
{
    const Result<HookFile> file = look_at_hook(at.hook);
    if (!file) {
        return {"cannot be read: " + file.error().message(), false, false};
    }
    if (!file->exists) {
        return {"not installed", false, false};
    }
    if (file->known.owner == HookOwner::foreign) {
        return {"somebody else's hook; `r8scan hook install` goes beside it", false, false};
    }
    StatusLine line{"installed", true, true};
    if (const std::string program = program_of(file->known.text, environment); !program.empty()) {
        line.text += ", runs " + program;
    } else {
        line.text += fmt::format(", but the program is gone ({}): install it, then `r8scan hook install --stage {}`",
                                 file->known.text.program, at.stage->name);
        line.is_sound = false;
    }
    if (!file->is_executable) {
        line.text += "; not executable, so git passes over it: `r8scan hook install` mends that";
        line.is_sound = false;
    }
    if (file->has_before) {
        line.text += ", after " + kept_beside(at.hook).filename().string();
    }
    if (file->known.owner == HookOwner::ours_changed) {
        line.text += "; changed since it was installed";
    }
    return line;
}

int status(const std::vector<Stage>& stages, bool each_was_asked, const Environment& environment)
{
    std::string text;
    std::size_t present = 0;
    std::size_t sound = 0;
    std::string last_folder;
    for (const Stage& stage : stages) {
        if (stage.folder.path != last_folder) {
            last_folder = stage.folder.path.string();
            text += escape_for_terminal(fmt::format("hooks in {}{}", last_folder, set_by(stage.folder))) + '\n';
        }
        const StatusLine line = status_of(stage, environment);
        present += line.is_present ? 1U : 0U;
        sound += line.is_sound ? 1U : 0U;
        text += fmt::format("  {:<12} {}\n", stage.stage->name, escape_for_terminal(line.text));
    }
    if (const int code = print(text); code != exit_clean) {
        return code;
    }
    const bool good = each_was_asked ? sound == stages.size() : sound > 0 && sound == present;
    return good ? exit_clean : exit_found;
}

}  // namespace

int run_hook(const TypedOptions& typed, const Environment& environment)
{
    const std::vector<std::string>& words = typed.arguments;
    const std::string action = words.empty() ? "" : words.front();
    if (action != "install" && action != "uninstall" && action != "status") {
        constexpr std::string_view known[] = {"install", "uninstall", "status"};
        const auto meant = nearest(action, known);
        return refused(
            Error(ErrorCode::usage, meant ? fmt::format("hook: \"{}\" is not known: did you mean {}?", action, *meant)
                                          : "hook needs to know what to do: install, uninstall or status"));
    }
    if (words.size() > 2) {
        return refused(
            Error(ErrorCode::usage, fmt::format("unexpected argument \"{}\" after hook {}", words[2], action)));
    }
    const Result<std::vector<const HookStage*>> chosen = stages_typed(typed);
    if (!chosen) {
        return refused(chosen.error());
    }
    std::vector<const HookStage*> which = *chosen;
    if (which.empty() && action == "install") {
        which.push_back(find_hook_stage("pre-commit"));
    } else if (which.empty()) {
        for (const HookStage& stage : hook_stages()) {
            which.push_back(&stage);
        }
    }
    const Result<git::HooksQuestion> question = hooks_question(environment, words.size() > 1 ? words[1] : ".");
    if (!question) {
        return refused(question.error());
    }
    const Result<std::vector<Stage>> stages = find_stages(which, *question);
    if (!stages) {
        return refused(stages.error());
    }
    if (action == "install") {
        return install(*stages);
    }
    return action == "uninstall" ? uninstall(*stages) : status(*stages, !chosen->empty(), environment);
}

}  // namespace r8scan::cmd
