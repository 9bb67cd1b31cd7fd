// What a repository names outside itself is not read, and said; with --allow-outside it is. And what stands in a place
// where a file belongs, and is none, holds nobody up.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{30};  // a wait without end is what it is for

ScanOptions options_for(const fs::path& repository, bool allow_outside = false)
{
    ScanOptions options;
    options.repository = repository;
    options.allow_outside = allow_outside;
    return options;
}

/// A repository with one token, and beside it another one with another.
struct Neighbours {
    Neighbours() : repo(temp / "mine"), other(temp / "other")
    {
        repo.ref("refs/heads/main", repo.commit_files({{"a", own + "\n"}}, {}, "Mine"));
        other.ref("refs/heads/main", other.commit_files({{"a", foreign + "\n"}}, {}, "Theirs"));
    }

    /// The scan ends with an error that names the way out, and reads the other one where that is allowed.
    void check_refused(const fs::path& path) const
    {
        const Error error = collect_error(options_for(path));
        CHECK(error.code() == ErrorCode::permission);
        CHECK_MESSAGE(error.message().find("--allow-outside") != std::string::npos, error.message());
        CHECK_MESSAGE(error.message().find((temp / "other").string()) != std::string::npos, error.message());
        CHECK(found(collect(options_for(path, true)), foreign));
    }

    const std::string own = token(501);
    const std::string foreign = token(502);
    TempDir temp;
    RepoBuilder repo;
    RepoBuilder other;
};

}  // namespace

TEST_CASE("outside: a commondir of somebody else's repository is not followed")
{
    const Neighbours place;
    write_file(place.repo.git_dir() / "commondir", place.other.git_dir().string() + "\n");
    place.check_refused(place.repo.dir());
    write_file(place.repo.git_dir() / "commondir", "../../other/.git\n");
    place.check_refused(place.repo.dir());
}

TEST_CASE("outside: a gitfile that names somebody else's repository is not followed")
{
    const Neighbours place;
    write_gitfile(place.temp / "tree", place.other.git_dir());
    place.check_refused(place.temp / "tree");
    fs::create_directories(place.temp / "tree/below");
    place.check_refused(place.temp / "tree/below");
}

TEST_CASE("outside: a gitfile that names a linked worktree of somebody else is not followed")
{
    Neighbours place;
    place.other.linked_worktree("side", place.temp / "side", place.other.commit_files({}, {}, "x"));
    write_gitfile(place.temp / "tree", place.other.git_dir() / "worktrees/side");
    place.check_refused(place.temp / "tree");
    CHECK(found(collect(place.temp / "side"), place.foreign));
}

TEST_CASE("outside: links in place of the git folder and of its parts are not followed")
{
    for (const std::string part : {"objects", "refs", "packed-refs", "objects/pack", "logs"}) {
        CAPTURE(part);
        const Neighbours place;
        fs::create_directories(place.other.git_dir() / part);
        fs::remove_all(place.repo.git_dir() / part);
        fs::create_directory_symlink(place.other.git_dir() / part, place.repo.git_dir() / part);
        const Error error = collect_error(options_for(place.repo.dir()));
        CHECK_MESSAGE(error.message().find("--allow-outside") != std::string::npos, error.message());
    }
    const Neighbours place;
    fs::create_directories(place.temp / "tree");
    fs::create_directory_symlink(place.other.git_dir(), place.temp / "tree/.git");
    place.check_refused(place.temp / "tree");
}

TEST_CASE("outside: a pack, a folder of objects and a ref that are links to elsewhere are skipped and named")
{
    const Neighbours place;
    PackWriter pack;
    pack.add(Type::blob, place.foreign + "\n");
    const std::string base = pack.write(place.other.objects_dir()).string();
    fs::create_directories(place.repo.objects_dir() / "pack");
    for (const std::string ending : {".pack", ".idx"}) {
        fs::create_symlink(base + ending, place.repo.objects_dir() / "pack" / fs::path(base + ending).filename());
    }
    const Id blob = object_id(Hash::sha1, Type::blob, place.foreign + "\n");
    const fs::path prefix = blob.hex().substr(0, 2);
    if (!fs::exists(place.repo.objects_dir() / prefix)) {
        fs::create_directory_symlink(place.other.objects_dir() / prefix, place.repo.objects_dir() / prefix);
    }
    fs::create_symlink(place.other.git_dir() / "refs/heads/main", place.repo.git_dir() / "refs/heads/link");

    const ScanResult refused = collect(place.repo.dir());
    CHECK(refused.summary.exit_code == 3);
    CHECK(found(refused, place.own));
    CHECK_FALSE(found(refused, place.foreign));
    REQUIRE(skip_of(refused, "link outside the repository") != nullptr);
    CHECK(skip_of(refused, "link outside the repository")->way_out.find("--allow-outside") != std::string::npos);
    CHECK(skip_of(refused, "unreadable ref") != nullptr);
    CHECK(found(collect(options_for(place.repo.dir(), true)), place.foreign));
}

TEST_CASE("outside: core.worktree does not make everything inside")
{
    Neighbours place;
    place.repo.config("[core]\n\tworktree = /\n");
    place.repo.alternates({place.other.objects_dir()});
    const ScanResult refused = collect(place.repo.dir());
    CHECK(refused.summary.exit_code == 3);
    CHECK_FALSE(found(refused, place.foreign));
    CHECK(skip_of(refused, "alternate outside the repository") != nullptr);
}

TEST_CASE("outside: included configuration is neither read nor waited for, and that is noted")
{
    Neighbours place;
    make_pipe(place.temp / "pipe");
    write_file(place.temp / "outside", "[extensions]\n\tobjectformat = sha256\n");
    for (const std::string file : {"pipe", "outside"}) {
        place.repo.config("[include]\n\tpath = " + (place.temp / file).string() +
                          "\n[includeIf \"gitdir:/\"]\n\tpath = " + (place.temp / file).string() + "\n");
    }
    const ScanResult result = collect_within(patience, options_for(place.repo.dir()));
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(found(result, place.own));
    std::size_t noted = 0;
    for (const std::string& note : result.summary.notes) {
        noted += note.find("which is not read") != std::string::npos ? 1U : 0U;
    }
    CHECK(noted == 2);
}

TEST_CASE("inside: a submodule's working tree leads to its git folder below the superproject's")
{
    Neighbours place;
    const fs::path module = place.repo.git_dir() / "modules/sub";
    fs::create_directories(module.parent_path());
    fs::copy(place.other.git_dir(), module, fs::copy_options::recursive);
    write_file(module / "config", "[core]\n\tworktree = ../../../sub\n");
    write_file(place.repo.dir() / "sub/.git", "gitdir: ../.git/modules/sub\n");
    const ScanResult result = collect(place.repo.dir() / "sub");
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(found(result, place.foreign));
}

TEST_CASE("inside: worktrees and submodules that git itself made, moved ones too")
{
    if (!have_git()) {
        MESSAGE("skipped: no git");
        return;
    }
    const Neighbours place;
    git_ok(place.repo.dir(), {"worktree", "add", "-q", "--detach", "../side", "main"});
    CHECK(found(collect(place.temp / "side"), place.own));
    git_ok(place.repo.dir(), {"worktree", "move", "../side", "../moved"});
    CHECK(found(collect(place.temp / "moved"), place.own));
    CHECK(found(collect(place.repo.git_dir() / "worktrees/side"), place.own));
    git_ok(place.repo.dir(),
           {"-c", "protocol.file.allow=always", "submodule", "add", "-q", place.other.dir().string(), "sub"});
    CHECK(found(collect(place.repo.dir() / "sub"), place.foreign));
}

TEST_CASE("a pipe, a device or a link to itself where a file belongs is neither waited for nor read")
{
    const auto check = [](const std::string& kind, const std::string& name) {
        CAPTURE(kind);
        CAPTURE(name);
        const Neighbours place;
        const fs::path path = place.repo.git_dir() / name;
        fs::create_directories(path.parent_path());
        fs::remove_all(path);
        if (kind == "pipe") {
            make_pipe(path);
        } else if (kind == "socket") {
            make_socket(path);
        } else if (kind == "loop") {
            fs::create_symlink(path.filename(), path);
        } else if (mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 5)) != 0) {  // like /dev/zero
            MESSAGE("skipped: no right to make a device");
            return;
        }
        try {
            const ScanResult result = collect_within(patience, options_for(place.repo.dir()));
            CHECK_MESSAGE(result.summary.exit_code == 3, skips(result.summary));
            CHECK(found(result, place.own));
        } catch (const std::runtime_error& error) {
            // Without these there is no repository that git would open.
            const bool is_vital = name == "refs" || name == "objects" || name == "commondir";
            CHECK_MESSAGE(is_vital, error.what());
        }
    };
    for (const std::string kind : {"pipe", "device", "loop"}) {
        for (const std::string name : {"packed-refs", "config", "objects/info/alternates", "refs/heads/odd",
                                       "objects/pack/pack-0.pack", "objects/00/11111111111111111111111111111111111111",
                                       "index", "shallow", "HEAD", "logs/HEAD", "refs", "objects", "commondir"}) {
            check(kind, name);
        }
    }
    check("socket", "packed-refs");
}

TEST_CASE("configuration that git would refuse is named, and every object is read")
{
    Neighbours place;
    place.repo.config("[core\n\tno good\n\tbad = \"open\n");
    const ScanResult result = collect(place.repo.dir());
    CHECK(result.summary.exit_code == 3);
    CHECK(found(result, place.own));
    REQUIRE(skip_of(result, "unreadable configuration") != nullptr);
    CHECK(skip_of(result, "unreadable configuration")->examples[0].find("line ") != std::string::npos);
}

}  // namespace r8scan::test
