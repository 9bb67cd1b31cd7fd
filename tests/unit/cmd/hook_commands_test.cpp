// staged, message, push and receive as git's hooks run them: with the real git where there is one.
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

class Work {
public:
    Work()
    {
        test::git_ok(folder.path(), {"init", "-q", "-b", "main", "repo"});
        write("base", "1\n");
        commit("base");
    }
    [[nodiscard]] fs::path dir() const { return folder / "repo"; }
    void write(const std::string& name, const std::string& text) const
    {
        fs::create_directories((dir() / name).parent_path());
        std::ofstream(dir() / name, std::ios::binary) << text;
    }
    std::string git(const std::vector<std::string>& words, std::string_view input = {}) const
    {
        return test::git_ok(dir(), words, input);
    }
    void commit(const std::string& message) const
    {
        (void)git({"add", "-A"});
        (void)git({"commit", "-q", "-m", message});
    }
    [[nodiscard]] test::Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        return test::run_shell(dir(), before + " \"$R8SCAN\" " + arguments);
    }
    std::string head() const
    {
        auto id = git({"rev-parse", "HEAD"});
        id.pop_back();
        return id;
    }

    test::TempDir folder;
};

}  // namespace

TEST_CASE("staged reports what is staged, not what lies in the working tree")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    CHECK(work.run("staged").exit_code == 0);
    work.write("dir/a", "k=" + test::token(1) + "\n");
    CHECK(work.run("staged").exit_code == 0);  // untracked
    (void)work.git({"add", "dir/a"});
    work.write("dir/a", "k=nothing\n");  // the staged one counts
    const auto ran = work.run("staged --color never");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "dir/a:1:3"));
    CHECK(!contains(ran.out + ran.err, test::token(1)));
}

TEST_CASE("staged passes an edit beside a token, and a commit that takes one out says so")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    work.write("a", "k=" + test::token(2) + "\n");
    work.commit("leak");
    work.write("a", "k=" + test::token(2) + "\nmore\n");
    (void)work.git({"add", "a"});
    CHECK(work.run("staged").exit_code == 0);
    (void)work.git({"rm", "-qf", "a"});
    const auto ran = work.run("staged");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "takes out 1 token"));
}

TEST_CASE("staged reads the first commit, a merge, an intent to add, and an index named by GIT_INDEX_FILE")
{
    if (!test::have_git()) {
        return;
    }
    test::TempDir empty;
    test::git_ok(empty.path(), {"init", "-q"});
    std::ofstream(empty / "a") << "k " << test::token(3);
    CHECK(test::run_shell(empty.path(), "\"$R8SCAN\" staged").exit_code == 0);
    test::git_ok(empty.path(), {"add", "-N", "a"});
    CHECK(test::run_shell(empty.path(), "\"$R8SCAN\" staged").exit_code == 0);
    test::git_ok(empty.path(), {"add", "a"});
    CHECK(test::run_shell(empty.path(), "\"$R8SCAN\" staged").exit_code == 1);

    const Work work;
    (void)work.git({"checkout", "-q", "-b", "side"});
    work.write("s", "k " + test::token(4) + "\n");
    work.commit("side");
    (void)work.git({"checkout", "-q", "main"});
    work.write("m", "1\n");
    work.commit("main");
    (void)work.git({"merge", "-q", "--no-commit", "--no-ff", "side"});
    CHECK(work.run("staged").exit_code == 0);  // the other parent holds it
    (void)work.git({"commit", "-q", "-m", "merge"});

    fs::copy_file(work.dir() / ".git/index", work.folder / "other");
    work.write("n", "k " + test::token(5) + "\n");
    (void)work.git({"add", "n"});
    CHECK(work.run("staged").exit_code == 1);
    CHECK(work.run("staged", "GIT_INDEX_FILE=../other").exit_code == 0);
    CHECK(work.run("staged", "cd / && GIT_DIR=" + (work.dir() / ".git").string()).exit_code == 1);
}

TEST_CASE("staged reads indexes of versions 2 to 4, of sparse checkouts, and split ones")
{
    if (!test::have_git()) {
        return;
    }
    for (const auto* const version : {"2", "3", "4"}) {
        const Work work;
        for (int i = 0; i < 30; ++i) {
            work.write("dir" + std::to_string(i % 3) + "/file" + std::to_string(i), std::to_string(i));
        }
        work.commit("files");
        (void)work.git({"update-index", "--index-version", version});
        work.write("dir1/new", "k " + test::token(6) + "\n");
        (void)work.git({"add", "dir1/new"});
        const auto ran = work.run("staged --color never");
        CHECK(ran.exit_code == 1);
        CHECK(contains(ran.out, "dir1/new:1:3"));
        (void)work.git({"commit", "-q", "-m", "in"});
        CHECK(work.run("staged").exit_code == 0);
    }
    const Work work;
    work.write("in/a", "1\n");
    work.write("out/b", "2\n");
    work.write("out/deep/c", "3\n");
    work.commit("files");
    (void)work.git({"sparse-checkout", "set", "--cone", "--sparse-index", "in"});
    CHECK(work.run("staged").exit_code == 0);
    work.write("in/a", "k " + test::token(7) + "\n");
    (void)work.git({"add", "in/a"});
    CHECK(work.run("staged").exit_code == 1);
}

TEST_CASE("staged works in a linked worktree and in a SHA-256 repository")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    (void)work.git({"worktree", "add", "-q", "../linked"});
    std::ofstream(work.folder / "linked/w") << "k " << test::token(8);
    test::git_ok(work.folder / "linked", {"add", "w"});
    CHECK(test::run_shell(work.folder / "linked", "\"$R8SCAN\" staged").exit_code == 1);
    CHECK(work.run("staged").exit_code == 0);

    test::TempDir other;
    test::git_ok(other.path(), {"init", "-q", "--object-format=sha256"});
    std::ofstream(other / "a") << "k " << test::token(8);
    test::git_ok(other.path(), {"add", "a"});
    CHECK(test::run_shell(other.path(), "\"$R8SCAN\" staged").exit_code == 1);
}

TEST_CASE("message reads what will be recorded, and not the diff below the scissors")
{
    const test::TempDir folder;
    std::ofstream(folder / "m") << "Use the key\n\n" << test::token(9) << "\n";
    const auto bad = test::run_shell(folder.path(), "\"$R8SCAN\" message m --color never");
    CHECK(bad.exit_code == 1);
    CHECK(contains(bad.out, "m:3:1"));
    std::ofstream(folder / "n") << "Take it out\n# ------------------------ >8 ------------------------\n-k "
                                << test::token(9) << "\n";
    CHECK(test::run_shell(folder.path(), "\"$R8SCAN\" message n").exit_code == 0);
    CHECK(test::run_shell(folder.path(), "\"$R8SCAN\" message gone").exit_code == 2);
    CHECK(test::run_shell(folder.path(), "\"$R8SCAN\" message").exit_code == 2);
}

TEST_CASE("push reads what the other side does not have: first, following, forced, deleted")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    const auto base = work.head();
    work.write("a", "k " + test::token(10) + "\n");
    work.commit("leak");
    const auto leak = work.head();
    work.write("b", "1\n");
    work.commit("after");
    const auto tip = work.head();
    const std::string none(40, '0');
    const auto push = [&](const std::string& line, const std::string& arguments = "origin") {
        return work.run("push " + arguments, "printf '%s\\n' '" + line + "' |").exit_code;
    };
    CHECK(push("refs/heads/main " + tip + " refs/heads/main " + none) == 1);
    CHECK(push("refs/heads/main " + tip + " refs/heads/main " + base) == 1);
    CHECK(push("refs/heads/main " + tip + " refs/heads/main " + leak) == 0);
    CHECK(push("refs/heads/main " + base + " refs/heads/main " + tip) == 0);        // forced back
    CHECK(push("(delete) " + none + " refs/heads/main " + tip) == 0);               // deleted
    CHECK(push("refs/heads/main " + tip + " refs/heads/main " + std::string(40, '1')) == 1);  // theirs is not here
    CHECK(push("HEAD~1 with spaces " + tip + " refs/heads/main " + leak) == 0);
    CHECK(push("rubbish") == 2);
    (void)work.git({"update-ref", "refs/remotes/origin/main", leak});
    CHECK(push("refs/heads/new " + tip + " refs/heads/new " + none) == 0);
    CHECK(push("refs/heads/new " + tip + " refs/heads/new " + none, "elsewhere") == 1);
    CHECK(work.run("push", "PRE_COMMIT_FROM_REF=" + base + " PRE_COMMIT_TO_REF=" + tip).exit_code == 1);
    CHECK(work.run("push", "PRE_COMMIT_FROM_REF=" + leak + " PRE_COMMIT_TO_REF=" + tip).exit_code == 0);
}

TEST_CASE("push and receive read the names of new refs, and say nothing of those that are there already")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    const auto tip = work.head();
    const std::string none(40, '0');
    const auto name = "refs/heads/fix-" + test::token(12);
    const auto run = [&](const std::string& command, const std::string& line) {
        return work.run(command + " -f jsonl", "printf '%s\\n' '" + line + "' |");
    };
    const auto pushed = run("push origin", "refs/heads/main " + tip + " " + name + " " + none);
    CHECK(pushed.exit_code == 1);
    CHECK(contains(pushed.out, "\"kind\":\"ref\""));
    CHECK(!contains(pushed.out + pushed.err, test::token(12)));
    CHECK(run("push origin", "refs/heads/main " + tip + " " + name + " " + tip).exit_code == 0);
    CHECK(run("push origin", "(delete) " + none + " " + name + " " + tip).exit_code == 0);
    CHECK(run("push origin", name + " " + tip + " refs/heads/other " + none).exit_code == 0);  // a name that stays here
    CHECK(run("receive", none + " " + tip + " " + name).exit_code == 1);
    CHECK(run("receive", tip + " " + tip + " " + name).exit_code == 0);
}

TEST_CASE("receive stops a push that brings a token, and reads the quarantine for it")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    (void)test::git_ok(work.folder.path(), {"init", "-q", "--bare", "server"});
    const auto hook = work.folder / "server/hooks/pre-receive";
    fs::create_directories(hook.parent_path());
    const auto program = test::run_shell(work.folder.path(), "printf %s \"$R8SCAN\"").out;
    std::ofstream(hook) << "#!/bin/sh\nexec '" << program << "' receive --color never\n";
    fs::permissions(hook, fs::perms::owner_all);
    (void)work.git({"remote", "add", "origin", "../server"});
    (void)work.git({"push", "-q", "origin", "main"});
    work.write("a", "k " + test::token(11) + "\n");
    work.commit("leak");
    const auto refused = test::git(work.dir(), {"push", "-q", "origin", "main"});
    CHECK(refused.exit_code != 0);
    CHECK(contains(refused.err, "a:1:3"));
    CHECK(!contains(refused.err, test::token(11)));
    (void)work.git({"reset", "-q", "--hard", "HEAD~1"});
    work.write("b", "2\n");
    work.commit("clean");
    CHECK(test::git(work.dir(), {"push", "-q", "origin", "main"}).exit_code == 0);
    CHECK(test::git(work.dir(), {"push", "-q", "origin", "main:other"}).exit_code == 0);
    CHECK(test::git(work.dir(), {"push", "-q", "origin", ":other"}).exit_code == 0);
}

TEST_CASE("git reads a range, a branch, or what refs reach, when asked")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    (void)work.git({"checkout", "-q", "-b", "side"});
    work.write("s", "k " + test::token(12) + "\n");
    work.commit("side");
    (void)work.git({"checkout", "-q", "main"});
    work.write("m", "k " + test::token(13) + "\n");
    work.commit("main");
    (void)work.git({"commit", "-q", "--amend", "-m", "again"});
    CHECK(work.run("git --range main~1..main").exit_code == 1);
    CHECK(work.run("git --range side..side").exit_code == 0);
    CHECK(work.run("git --since-commit HEAD~1").exit_code == 1);
    CHECK(contains(work.run("git --branch side -f jsonl").out, "\"path\":\"s\""));
    CHECK(!contains(work.run("git --branch side -f jsonl").out, "\"path\":\"m\""));
    CHECK(work.run("git --branch nothing").exit_code == 2);
    (void)work.git({"branch", "-D", "side"});
    CHECK(contains(work.run("git -f jsonl").out, "\"path\":\"s\""));
    CHECK(!contains(work.run("git --no-unreachable -f jsonl").out, "\"path\":\"s\""));
    CHECK(work.run("git --range main~1..main --branch main").exit_code == 2);
    CHECK(work.run("dir . --range a..b").exit_code == 2);
}

TEST_CASE("staged reads both sides of a conflict, and says that none can be committed yet")
{
    if (!test::have_git()) {
        return;
    }
    const Work work;
    work.write("f", "base\n");
    work.commit("base of the file");
    (void)work.git({"checkout", "-q", "-b", "side"});
    work.write("f", "k " + test::token(14) + "\n");
    work.commit("theirs");
    (void)work.git({"checkout", "-q", "main"});
    work.write("f", "ours\n");
    work.commit("ours");
    (void)test::git(work.dir(), {"merge", "-q", "side"});
    const auto merge = work.run("staged --color never");
    CHECK(merge.exit_code == 0);  // what is merged holds it already
    CHECK(contains(merge.out, "in conflict"));
    (void)work.git({"merge", "--abort"});
    (void)test::git(work.dir(), {"cherry-pick", "side"});
    const auto pick = work.run("staged --color never");
    CHECK(pick.exit_code == 1);
    CHECK(contains(pick.out, "f:1:3"));
    CHECK(contains(pick.out, "1 path is in conflict"));
}
