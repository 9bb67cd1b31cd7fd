// Hooks that `r8scan hook` puts into repositories, run by the real git where there is one.
#include "cmd/hook_question.h"
#include "cmd/hook_script.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::cmd;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// A repository "repo" with one commit and a person "home", in a folder of their own; lines of the shell run in "repo".
class Desk {
public:
    Desk()
    {
        fs::create_directories(folder / "home");
        fs::create_directories(folder / "repo");
        REQUIRE(sh("git init -q -b main . && echo 1 >base && git add base && git commit -q -m base").exit_code == 0);
    }
    [[nodiscard]] test::Ran sh(const std::string& line, const std::string& where = "repo") const
    {
        return test::run_shell(
            folder.path(),
            "export HOME=\"$PWD/home\" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b.c "
            "GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b.c; unset XDG_CONFIG_HOME GIT_CONFIG_GLOBAL "
            "GIT_DIR; cd " +
                where + " && { " + line + "\n}");
    }
    [[nodiscard]] fs::path operator/(std::string_view name) const { return folder / "repo" / name; }
    void write(const std::string& name, const std::string& text) const
    {
        test::write_file(folder / "repo" / name, text);
    }
    /// Stages a file with the token of the seed, and commits.
    [[nodiscard]] test::Ran commit_token(std::uint64_t seed) const
    {
        write("leak" + std::to_string(seed), "k=" + test::token(seed) + "\n");
        return sh("git add -A && git commit -q -m leak");
    }
    void executable(const std::string& name, const std::string& text) const
    {
        write(name, text);
        fs::permissions(folder / "repo" / name, fs::perms(0750));
    }

    test::TempDir folder;
};

/// Every name below the folder with its type, mode and content.
std::string listing(const fs::path& folder)
{
    std::vector<std::string> lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto status = entry.symlink_status();
        std::string line = entry.path().string() + ' ' + std::to_string(static_cast<int>(status.type())) + ' ' +
                           std::to_string(static_cast<int>(status.permissions()));
        if (fs::is_symlink(status)) {
            line += fs::read_symlink(entry.path()).string();
        } else if (fs::is_regular_file(status)) {
            line += test::read_file(entry.path());
        }
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const auto& line : lines) {
        text += line + '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("hook script: it is known again, and any change to it is seen")
{
    for (const HookStage& stage : hook_stages()) {
        const std::string script = hook_script(stage, {"/opt/it's here/r8scan", stage.reads_input});
        const KnownHook known = recognise_hook(script);
        CHECK(known.owner == HookOwner::ours);
        CHECK(known.text.program == "/opt/it's here/r8scan");
        CHECK(known.text.made_folder == stage.reads_input);
        CHECK(recognise_hook(script + "make lint\n").owner == HookOwner::ours_changed);
        CHECK(recognise_hook("#!/bin/bash" + script.substr(9)).owner == HookOwner::ours_changed);
    }
    CHECK(recognise_hook("#!/bin/sh\nmake lint\n").owner == HookOwner::foreign);
    CHECK(recognise_hook("").owner == HookOwner::foreign);
}

TEST_CASE("hook install: a commit with a token is stopped with the two ways on, a clean one goes through")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    CHECK(desk.sh("\"$R8SCAN\" hook status").exit_code == 1);
    const auto installed = desk.sh("\"$R8SCAN\" hook install");
    CHECK(installed.exit_code == 0);
    CHECK(contains(installed.err, "the pre-commit hook installed: "));
    CHECK(desk.sh("\"$R8SCAN\" hook status").exit_code == 0);
    CHECK(contains(desk.sh("\"$R8SCAN\" hook install").err, "was installed already"));

    const auto stopped = desk.commit_token(1);
    CHECK(stopped.exit_code != 0);
    const std::string said = stopped.out + stopped.err;
    CHECK(contains(said, "leak1:1:3"));
    CHECK(contains(said, test::redacted(test::token(1))));
    CHECK(!contains(said, test::token(1)));
    CHECK(contains(said, "Take it out"));
    CHECK(contains(said, "r8scan:allow and a reason"));
    CHECK(desk.sh("git rm -q --cached leak1 && echo 2 >>base && git add base && git commit -q -m fine").exit_code == 0);

    CHECK(desk.sh("\"$R8SCAN\" hook uninstall").exit_code == 0);
    CHECK(!fs::exists(desk / ".git/hooks/pre-commit"));
    CHECK(contains(desk.sh("\"$R8SCAN\" hook uninstall").err, "nothing to take out"));
    CHECK(desk.commit_token(2).exit_code == 0);
}

TEST_CASE("hook install: an older hook runs first and its failure stops, and uninstall leaves everything as it was")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    desk.executable(".git/hooks/pre-commit", "#!/bin/sh\necho \"older: $# $0\" >>ran\n[ ! -e refuse ]\n");
    desk.executable("tools/check", "#!/bin/sh\ncp \"$1\" message-seen\n");
    fs::create_symlink("../../tools/check", desk / ".git/hooks/commit-msg");
    desk.write(".git/hooks/pre-push", "#!/bin/sh\nexit 1\n");  // not executable: git passes over it
    const std::string before = listing(desk / ".git/hooks");

    const auto installed =
        desk.sh("\"$R8SCAN\" hook install --stage pre-commit --stage commit-msg --stage pre-push --stage pre-receive");
    CHECK(installed.exit_code == 0);
    CHECK(contains(installed.err, "the hook that was there runs first: "));
    const auto status = desk.sh("\"$R8SCAN\" hook status");
    CHECK(status.exit_code == 0);
    CHECK(contains(status.out, "after pre-commit.before-r8scan"));
    CHECK(desk.commit_token(3).exit_code != 0);
    CHECK(contains(test::read_file(desk / "ran"), "older: 0 "));
    CHECK(desk.sh("git rm -q --cached leak3 && touch refuse && git commit -q --allow-empty -m no").exit_code != 0);
    CHECK(desk.sh("rm refuse && git commit -q --allow-empty -m 'words for it'").exit_code == 0);
    CHECK(contains(test::read_file(desk / "message-seen"), "words for it"));
    desk.write("m", "Use " + test::token(4) + "\n");
    const auto message = desk.sh("git commit -q --allow-empty -F m");
    CHECK(message.exit_code != 0);
    CHECK(contains(message.out + message.err, "Take it out of the message"));
    CHECK(desk.sh("git init -q --bare ../far && git push -q ../far main").exit_code == 0);

    CHECK(desk.sh("\"$R8SCAN\" hook uninstall").exit_code == 0);
    CHECK(listing(desk / ".git/hooks") == before);
}

TEST_CASE("hook install: the lines on standard input reach the older hook and ours")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    desk.executable(".git/hooks/pre-push", "#!/bin/sh\necho \"$1\" >args\ncat >lines\n");
    CHECK(desk.sh("git init -q --bare ../far && git remote add far ../far && \"$R8SCAN\" hook install --stage pre-push")
              .exit_code == 0);
    CHECK(desk.sh("git push -q far main").exit_code == 0);
    CHECK(test::read_file(desk / "args") == "far\n");
    CHECK(contains(test::read_file(desk / "lines"), "refs/heads/main "));
    CHECK(desk.commit_token(5).exit_code == 0);
    const auto stopped = desk.sh("git push -q far main");
    CHECK(stopped.exit_code != 0);
    CHECK(contains(stopped.out + stopped.err, "leak5:1:3"));
    CHECK(contains(stopped.out + stopped.err, "Take it out of the commits above"));
    CHECK(contains(test::read_file(desk / "lines"), "refs/heads/main "));
    // An older hook that does not read what it is given does no harm.
    desk.executable(".git/hooks/pre-push.before-r8scan", "#!/bin/sh\nexit 0\n");
    CHECK(desk.sh("git push -q far main").exit_code != 0);
    desk.executable(".git/hooks/pre-push.before-r8scan", "#!/bin/sh\nexit 7\n");
    CHECK(desk.sh("git push -q far main~1:refs/heads/other").exit_code != 0);
}

TEST_CASE("hook install: a bare repository refuses a push that brings a token")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    CHECK(desk.sh("git init -q --bare ../far && git remote add far ../far").exit_code == 0);
    CHECK(desk.sh("\"$R8SCAN\" hook install --stage pre-receive ../far").exit_code == 0);
    CHECK(fs::exists(desk.folder / "far/hooks/pre-receive"));
    CHECK(desk.sh("git push -q far main").exit_code == 0);
    CHECK(desk.commit_token(6).exit_code == 0);
    const auto refused = desk.sh("git push -q far main");
    CHECK(refused.exit_code != 0);
    CHECK(contains(refused.err, "leak6:1:3"));
    CHECK(contains(refused.err, "once they stand at HEAD"));
    CHECK(desk.sh("\"$R8SCAN\" hook uninstall", "far").exit_code == 0);
    CHECK(!fs::exists(desk.folder / "far/hooks/pre-receive"));
}

TEST_CASE("hook install: what others wrote, or added to ours, is never destroyed")
{
    const Desk desk;
    CHECK(desk.sh("\"$R8SCAN\" hook install").exit_code == 0);
    const fs::path hook = desk / ".git/hooks/pre-commit";
    const std::string changed = test::read_file(hook) + "make lint\n";
    test::write_file(hook, changed);
    for (const auto* const line : {"\"$R8SCAN\" hook install", "\"$R8SCAN\" hook uninstall"}) {
        const auto ran = desk.sh(line);
        CHECK(ran.exit_code == 2);
        CHECK(contains(ran.err, "changed since"));
        CHECK(test::read_file(hook) == changed);
    }
    CHECK(contains(desk.sh("\"$R8SCAN\" hook status").out, "changed since it was installed"));

    test::write_file(hook, "#!/bin/sh\n: somebody's\n");
    test::write_file(hook.string() + ".before-r8scan", "#!/bin/sh\n: another's\n");
    CHECK(desk.sh("\"$R8SCAN\" hook install").exit_code == 2);
    CHECK(test::read_file(hook) == "#!/bin/sh\n: somebody's\n");
    CHECK(test::read_file(hook.string() + ".before-r8scan") == "#!/bin/sh\n: another's\n");
    CHECK(desk.sh("\"$R8SCAN\" hook uninstall").exit_code == 0);
    CHECK(test::read_file(hook) == "#!/bin/sh\n: somebody's\n");
    CHECK(contains(desk.sh("\"$R8SCAN\" hook status --stage pre-commit").out, "somebody else's"));
}

TEST_CASE("hook install: a program that is gone stops the commit and says how to mend it")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    CHECK(desk.sh("mkdir bin && cp \"$R8SCAN\" bin/r8 && bin/r8 hook install && rm bin/r8").exit_code == 0);
    const auto stopped = desk.sh("git commit -q --allow-empty -m x");
    CHECK(stopped.exit_code != 0);
    CHECK(contains(stopped.err, "nothing was looked at"));
    CHECK(contains(stopped.err, "r8scan hook install"));
    const auto status = desk.sh("\"$R8SCAN\" hook status");
    CHECK(status.exit_code == 1);
    CHECK(contains(status.out, "the program is gone"));
    // One in PATH does as well.
    CHECK(
        desk.sh("ln -s \"$R8SCAN\" bin/r8scan && PATH=\"$PWD/bin:$PATH\" git commit -q --allow-empty -m x").exit_code ==
        0);
    CHECK(desk.sh("PATH=\"$PWD/bin:$PATH\" \"$R8SCAN\" hook status").exit_code == 0);
}

TEST_CASE("hook install: core.hooksPath is followed wherever it stands, and a linked worktree shares the hooks")
{
    if (!test::have_git()) {
        return;
    }
    const Desk desk;
    const auto install = [&](const std::string& before = "") { return desk.sh(before + " \"$R8SCAN\" hook install"); };
    CHECK(desk.sh("git worktree add -q ../linked && cd ../linked && \"$R8SCAN\" hook install").exit_code == 0);
    CHECK(fs::exists(desk / ".git/hooks/pre-commit"));
    CHECK(desk.sh("\"$R8SCAN\" hook uninstall").exit_code == 0);

    CHECK(desk.sh("git config core.hooksPath tools/hooks && mkdir -p tools sub").exit_code == 0);
    CHECK(desk.sh("cd sub && \"$R8SCAN\" hook install").exit_code == 0);
    CHECK(fs::exists(desk / "tools/hooks/pre-commit"));
    CHECK(desk.commit_token(7).exit_code != 0);
    CHECK(desk.sh("\"$R8SCAN\" hook uninstall").exit_code == 0);
    CHECK(!fs::exists(desk / "tools/hooks"));  // made for the hook, gone with it
    // Hooks of the receiving side run in the git folder, and a relative path begins there.
    CHECK(desk.sh("mkdir .git/tools && \"$R8SCAN\" hook install --stage pre-receive && [ -e "
                  ".git/tools/hooks/pre-receive ]")
              .exit_code == 0);

    CHECK(desk.sh("git config --unset core.hooksPath && git config --global core.hooksPath '~/all'").exit_code == 0);
    const auto global = install();
    CHECK(global.exit_code == 0);
    CHECK(contains(global.err, "for all your repositories"));
    CHECK(fs::exists(desk.folder / "home/all/pre-commit"));
    CHECK(desk.sh("git rm -qrf --cached . && git add base && git commit -q --allow-empty -m y").exit_code == 0);
    CHECK(desk.sh("\"$R8SCAN\" hook uninstall && [ ! -e ~/all ]").exit_code == 0);

    // An included file, the environment, a value that switches hooks off.
    test::write_file(desk.folder / "home/.gitconfig", "[include]\n\tpath = ~/more\n");
    test::write_file(desk.folder / "home/more",
                     "[core]\n\thooksPath = " + (desk.folder / "more-hooks").string() + "\n");
    CHECK(install().exit_code == 0);
    CHECK(fs::exists(desk.folder / "more-hooks/pre-commit"));
    CHECK(install("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=\"$HOME/env\"").exit_code ==
          0);
    CHECK(fs::exists(desk.folder / "home/env/pre-commit"));
    const auto off = install("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null");
    CHECK(off.exit_code == 2);
    CHECK(contains(off.err, "git runs no hooks here"));

    // What `git -c` hands on, which beats all of these: by an alias, as git quotes it itself.
    CHECK(desk.sh("git -c core.hooksPath=\"$HOME/it's mine\" -c alias.scan=\"!'$R8SCAN'\" scan hook install").exit_code == 0);
    CHECK(fs::exists(desk.folder / "home/it's mine/pre-commit"));
    const auto told = desk.sh("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=\"$HOME/env\" git -c "
                              "CORE.hookspath=\"$HOME/it's mine\" -c alias.scan=\"!'$R8SCAN'\" scan hook status");
    CHECK(told.exit_code == 0);
    CHECK(contains(told.out, "it's mine (core.hooksPath of the environment)"));

    // That of one worktree.
    CHECK(desk.sh("rm ~/.gitconfig && git config core.repositoryFormatVersion 1 && git config "
                  "extensions.worktreeConfig true && cd ../linked && "
                  "git config --worktree core.hooksPath own && \"$R8SCAN\" hook install && [ -e own/pre-commit ]")
              .exit_code == 0);
    CHECK(desk.sh("\"$R8SCAN\" hook status").exit_code == 1);
}

TEST_CASE("hook: core.hooksPath is read from what git hands on, in both ways of quoting, and the last one counts")
{
    const auto path = [](std::string_view text) {
        const Result<std::optional<std::string>> found = hooks_path_in_parameters(text);
        return !found ? "wrong" : *found ? "<" + **found + ">" : "none";
    };
    CHECK(path("") == "none");
    CHECK(path("'user.name'='A B' 'core.pager'") == "none");
    CHECK(path("'core.hooksPath'='a b'") == "<a b>");
    CHECK(path("'core.hookspath=a=b'") == "<a=b>");
    CHECK(path(" 'core.hooksPath'='a'  'CORE.HooksPath'='b' ") == "<b>");
    CHECK(path(R"('core.hooksPath'='it'\''s'\!'')") == "<it's!>");
    CHECK(path("'core.hooksPath'=") == "<>");
    CHECK(path("'core.hooksPath'") == "<>");
    CHECK(path("core.hooksPath=a") == "wrong");
    CHECK(path("'core.hooksPath") == "wrong");
    CHECK(path("'core.hooksPath'='a") == "wrong");
    CHECK(path("'core.hooksPath'='a'b") == "wrong");
    const Desk desk;
    const auto refused = desk.sh("GIT_CONFIG_PARAMETERS=rubbish \"$R8SCAN\" hook status");
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err, "GIT_CONFIG_PARAMETERS"));
}

TEST_CASE("hook: wrong words are named, with what was probably meant")
{
    const Desk desk;
    CHECK(contains(desk.sh("\"$R8SCAN\" hook").err, "install, uninstall or status"));
    CHECK(contains(desk.sh("\"$R8SCAN\" hook instal").err, "did you mean install?"));
    CHECK(contains(desk.sh("\"$R8SCAN\" hook install --stage precommit").err, "did you mean pre-commit?"));
    CHECK(desk.sh("\"$R8SCAN\" hook install --stage precommit").exit_code == 2);
    CHECK(desk.sh("cd \"$HOME\" && \"$R8SCAN\" hook install").exit_code == 2);
    CHECK(desk.sh("mkdir -p .husky/_ && git config core.hooksPath .husky/_ && \"$R8SCAN\" hook install").exit_code ==
          2);
}
