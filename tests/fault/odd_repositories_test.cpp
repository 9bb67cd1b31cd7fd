// A table of repositories as git can make them: each row says what scans of all of it, of a range and of the index find
// there, whether they are complete, and how they end.
//
// Every row starts from the same history: a commit that all have, one that brings a token, one that takes it out
// (HEAD), and a staged file with another token.
#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/support/git_command.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

const std::string history_token = token(601);
const std::string staged_token = token(602);

struct Odd {
    explicit Odd(RepoOptions options = {}) : repo(temp / "repo", options), scanned(temp / "repo")
    {
        const Files base_files = {{"a.txt", "1\n"}, {"in/b.txt", "2\n"}, {"out/c.txt", "3\n"}};
        Files with = base_files;
        with.insert({"key", "key = " + history_token + "\n"});
        base = repo.commit_files(base_files, {}, "Base");
        leak = repo.commit_files(with, {base}, "Bring");
        tip = repo.commit_files(base_files, {leak}, "Take");
        repo.ref("refs/heads/main", tip);
        if (!options.bare) {
            std::map<std::string, Id> entries;
            for (const auto& [path, file] : base_files) {
                entries.emplace(path, object_id(options.hash, Type::blob, file.content));
                repo.file(path, file.content);
            }
            entries.emplace("in/staged.env", repo.blob("key = " + staged_token + "\n"));
            repo.index(entries);
            repo.file("in/staged.env", "key = " + staged_token + "\n");
        }
        range = base.hex() + "..main";
    }

    std::string git(const std::vector<std::string>& words, std::string_view input = {}) const
    {
        return git_ok(repo.dir(), words, input);
    }
    void extension(const std::string& name, const std::string& value)
    {
        repo.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\t" + name + " = " + value + "\n");
    }
    [[nodiscard]] std::vector<fs::path> pack_files(const std::string& ending) const
    {
        std::vector<fs::path> found;
        for (const auto& file : fs::directory_iterator(repo.objects_dir() / "pack")) {
            if (file.path().extension() == ending) {
                found.push_back(file.path());
            }
        }
        return found;
    }
    /// Everything in packs, as `git repack` with these words makes them.
    void pack(const std::vector<std::string>& settings = {}, std::vector<std::string> words = {"-adq"}) const
    {
        std::vector<std::string> all = settings;
        all.emplace_back("repack");
        all.insert(all.end(), words.begin(), words.end());
        git(all);
        git({"prune-packed", "-q"});
        REQUIRE(!pack_files(".pack").empty());
    }

    TempDir temp;
    RepoBuilder repo;
    fs::path scanned;
    std::string range;
    Id base;
    Id leak;
    Id tip;
};

/// What one scan says: which of the two tokens it finds, and how it ends.
struct Says {
    bool history = false;
    bool staged = false;
    int exit_code = 1;
};

constexpr Says finds_both{true, true, 1};
constexpr Says finds_history{true, false, 1};
constexpr Says finds_staged{false, true, 1};
constexpr Says finds_nothing{false, false, 0};

struct Row {
    const char* name;
    RepoOptions options = {};
    void (*make)(Odd&);
    Says all = finds_both;
    Says range = finds_history;
    Says staged = finds_staged;
    bool needs_git = true;
};

constexpr Says incomplete(Says says)
{
    says.exit_code = 3;
    return says;
}

const std::vector<Row> rows = {
    {.name = "loose objects", .make = [](Odd&) {}, .needs_git = false},
    {.name = "SHA-256", .options = {.hash = Hash::sha256}, .make = [](Odd& o) { o.pack(); }},
    {.name = "bare",
     .options = {.bare = true},
     .make = [](Odd&) {},
     .all = finds_history,
     .staged = finds_nothing,
     .needs_git = false},
    {.name = "a .git file",
     .make =
         [](Odd& o) {
             fs::rename(o.repo.git_dir(), o.repo.dir() / "kept.git");
             write_gitfile(o.repo.dir(), o.repo.dir() / "kept.git");
         },
     .needs_git = false},
    {.name = "detached HEAD", .make = [](Odd& o) { o.repo.detach_head(o.tip); }, .needs_git = false},
    {.name = "HEAD on a branch not yet born",
     .make = [](Odd& o) { o.repo.symbolic_ref("HEAD", "refs/heads/new"); },
     .needs_git = false},
    {.name = "packed refs",
     .make =
         [](Odd& o) {
             o.git({"pack-refs", "--all"});
         }},
    {.name = "config of a worktree of its own",
     .make =
         [](Odd& o) {
             o.extension("worktreeConfig", "true");
             write_file(o.repo.git_dir() / "config.worktree", "[core]\n\tbare = false\n\tsparseCheckout = false\n");
         },
     .needs_git = false},
    {.name = "bare by config, with a working tree by config.worktree",
     .make =
         [](Odd& o) {
             o.extension("worktreeConfig", "true");
             o.repo.config("[core]\n\tbare = true\n");
             write_file(o.repo.git_dir() / "config.worktree", "[core]\n\tbare = false\n");
         },
     .needs_git = false},
    {.name = "linked worktree with relative paths",
     .make =
         [](Odd& o) {
             o.extension("relativeWorktrees", "true");
             o.repo.linked_worktree("side", o.temp / "side", o.tip);
             write_file(o.repo.git_dir() / "worktrees/side/gitdir", "../../../../side/.git\n");
             write_file(o.temp / "side/.git", "gitdir: ../repo/.git/worktrees/side\n");
             fs::rename(o.repo.git_dir() / "index", o.repo.git_dir() / "worktrees/side/index");
             o.scanned = o.temp / "side";
         },
     .needs_git = false},
    {.name = "precious objects", .make = [](Odd& o) { o.extension("preciousObjects", "true"); }, .needs_git = false},
    {.name = "shallow",
     .make =
         [](Odd& o) {
             o.repo.shallow({o.leak});
             o.repo.remove_object(o.base);
             o.range = o.leak.hex() + "..main";
         },
     .all = incomplete(finds_both),
     .range = finds_nothing,
     .needs_git = false},
    {.name = "partial clone that lacks a blob",
     .make =
         [](Odd& o) {
             o.pack();
             o.repo.partial_clone(o.pack_files(".pack").at(0).replace_extension());
             const Id lost = o.repo.blob("not fetched\n");
             const Id more = o.repo.commit_files({{"lost", "not fetched\n"}}, {o.tip}, "More");
             o.repo.ref("refs/heads/more", more);
             o.repo.remove_object(lost);
         },
     .all = incomplete(finds_both)},
    {.name = "partial clone that lacks nothing",
     .make =
         [](Odd& o) {
             o.pack();
             o.repo.partial_clone(o.pack_files(".pack").at(0).replace_extension());
         }},
    {.name = "grafts",
     .make = [](Odd& o) { write_file(o.repo.git_dir() / "info/grafts", o.tip.hex() + " " + o.base.hex() + "\n"); },
     .needs_git = false},
    {.name = "a replace ref over the commit with the token",
     .make =
         [](Odd& o) {
             const Id clean = o.repo.commit_files({{"a.txt", "1\n"}}, {o.base}, "Nothing was here");
             o.repo.ref("refs/replace/" + o.leak.hex(), clean);
         },
     .needs_git = false},
    {.name = "namespaces",
     .make =
         [](Odd& o) {
             o.repo.ref("refs/namespaces/a/refs/heads/main", o.tip);
             o.repo.symbolic_ref("refs/namespaces/a/HEAD", "refs/namespaces/a/refs/heads/main");
             o.repo.ref("refs/namespaces/a/refs/namespaces/b/refs/heads/main", o.leak);
         },
     .needs_git = false},
    {.name = "index of version 3",
     .make =
         [](Odd& o) {
             o.git({"update-index", "--skip-worktree", "a.txt"});
             REQUIRE(read_file(o.repo.git_dir() / "index").at(7) == 3);
         }},
    {.name = "index of version 4",
     .make =
         [](Odd& o) {
             o.git({"update-index", "--index-version", "4"});
             REQUIRE(read_file(o.repo.git_dir() / "index").at(7) == 4);
         }},
    {.name = "split index",
     .make =
         [](Odd& o) {
             o.git({"update-index", "--split-index"});
             o.git({"update-index", "--add", "--cacheinfo",
                    "100644," + object_id(Hash::sha1, Type::blob, "1\n").hex() + ",more.txt"});
             REQUIRE(read_file(o.repo.git_dir() / "index").find("link") != std::string::npos);
         }},
    {.name = "sparse index",
     .make =
         [](Odd& o) {
             o.git({"sparse-checkout", "set", "--cone", "--sparse-index", "in"});
             REQUIRE(read_file(o.repo.git_dir() / "index").find("sdir") != std::string::npos);
         }},
    {.name = "one pack", .make = [](Odd& o) { o.pack(); }},
    {.name = "pack index of version 1",
     .make =
         [](Odd& o) {
             o.pack({"-c", "pack.indexVersion=1"});
             REQUIRE(read_file(o.pack_files(".idx").at(0)).substr(0, 4) != "\377tOc");
         }},
    {.name = "multi-pack-index",
     .make =
         [](Odd& o) {
             o.pack();
             o.repo.commit_files({{"more", "more\n"}}, {o.tip}, "More");
             o.git({"repack", "-dq"});
             o.git({"multi-pack-index", "write"});
             REQUIRE(fs::exists(o.repo.objects_dir() / "pack/multi-pack-index"));
         }},
    {.name = "cruft pack",
     .make =
         [](Odd& o) {
             o.repo.commit_files({{"lost", "lost\n"}}, {o.tip}, "Lost");
             o.pack({}, {"--cruft", "--cruft-expiration=never", "-dq"});
             REQUIRE(o.pack_files(".mtimes").size() == 1);
         }},
    {.name = "bitmap",
     .make =
         [](Odd& o) {
             o.pack({"-c", "repack.writeBitmaps=true"}, {"-abdq"});
         }},
    {.name = "pack that is kept",
     .make =
         [](Odd& o) {
             o.pack();
             write_file(o.pack_files(".pack").at(0).replace_extension(".keep"), "kept\n");
         }},
    {.name = "pack of a promisor",
     .make =
         [](Odd& o) {
             o.pack();
             write_file(o.pack_files(".pack").at(0).replace_extension(".promisor"), "");
         }},
    {.name = "pack without an index",
     .make =
         [](Odd& o) {
             o.pack();
             fs::remove(o.pack_files(".idx").at(0));
         },
     .all = incomplete(finds_both),
     .range = incomplete(finds_history),
     .staged = incomplete(finds_staged)},
    {.name = "index without its pack",
     .make =
         [](Odd& o) {
             const Id stale = o.repo.blob("stale\n");
             o.pack();
             fs::copy_file(o.pack_files(".idx").at(0), o.repo.objects_dir() / ("pack/pack-" + stale.hex() + ".idx"));
         },
     .all = incomplete(finds_both),
     .range = incomplete(finds_history),
     .staged = incomplete(finds_staged)},
    {.name = "what a repack that was killed left behind",
     .make =
         [](Odd& o) {
             o.pack();
             write_file(o.repo.objects_dir() / "pack/.tmp-123-pack-0123.pack", "PACK");
             write_file(o.repo.objects_dir() / "pack/tmp_pack_abc", "PACK");
         }},
    {.name = "chain of commit-graphs",
     .make =
         [](Odd& o) {
             o.git({"commit-graph", "write", "--reachable", "--split=no-merge"});
             o.repo.ref("refs/heads/more", o.repo.commit_files({{"more", "more\n"}}, {o.tip}, "More"));
             o.git({"commit-graph", "write", "--reachable", "--split=no-merge"});
             REQUIRE(fs::exists(o.repo.objects_dir() / "info/commit-graphs/commit-graph-chain"));
         }},
};

void check_says(const ScanResult& result, const Says& says)
{
    CHECK(found(result, history_token) == says.history);
    CHECK(found(result, staged_token) == says.staged);
    CHECK_MESSAGE(result.summary.exit_code == says.exit_code, skips(result.summary));
    CHECK(result.summary.complete == (says.exit_code != 3));
    CHECK(result.findings.size() == (says.history ? 1U : 0U) + (says.staged ? 1U : 0U));
}

RangeScanOptions range_options(const fs::path& repository, const std::string& range)
{
    RangeScanOptions options;
    options.repository = repository;
    options.ranges = {range};
    return options;
}

StagedScanOptions staged_options(const fs::path& repository)
{
    StagedScanOptions options;
    options.repository = repository;
    return options;
}

}  // namespace

TEST_CASE("every odd but sound repository is read in full, and what is cut or damaged says so, by every command")
{
    for (const Row& row : rows) {
        if (row.needs_git && !have_git()) {
            MESSAGE("skipped, as there is no git: " << row.name);
            continue;
        }
        INFO(row.name);
        Odd odd(row.options);
        row.make(odd);
        check_says(collect(odd.scanned), row.all);
        check_says(collect(range_options(odd.scanned, odd.range)), row.range);
        check_says(collect(staged_options(odd.scanned)), row.staged);
    }
}

TEST_CASE("an empty repository is clean, and says that there was nothing")
{
    const TempDir temp;
    RepoBuilder repo(temp / "repo");
    const ScanResult result = collect(repo.dir());
    CHECK(result.summary.exit_code == 0);
    CHECK(result.summary.notes.size() == 1);
    CHECK(collect(staged_options(repo.dir())).summary.exit_code == 0);
}

TEST_CASE(
    "a replaced object and the one in its place are both told, with the replace ref, and the history is the true one")
{
    Odd odd;
    const Id other = odd.repo.commit_files({{"key", "key = " + token(603) + "\n"}}, {odd.base}, "In its place");
    odd.repo.ref("refs/replace/" + odd.leak.hex(), other);
    const ScanResult result = collect(odd.scanned);
    const std::string ref = "refs/replace/" + odd.leak.hex();
    const auto replaced = findings_of(result, history_token);
    REQUIRE(replaced.size() == 1);
    CHECK(replaced[0].commit == odd.leak.hex());
    CHECK(replaced[0].removed_in == odd.tip.hex());
    CHECK(refs_of(replaced[0]) == std::vector<std::string>{ref});
    const auto replacing = findings_of(result, token(603));
    REQUIRE(replacing.size() == 1);
    CHECK(replacing[0].commit == other.hex());
    CHECK(replacing[0].reachable);
    CHECK(refs_of(replacing[0]) == std::vector<std::string>{ref});
    REQUIRE(!result.summary.notes.empty());
    CHECK(result.summary.notes[0].find("refs/replace") != std::string::npos);
}

TEST_CASE("while the repository is repacked again and again no scan loses a token or calls it clean")
{
    if (!have_git()) {
        MESSAGE("skipped: there is no git to repack with");
        return;
    }
    Odd odd;
    for (int i = 0; i < 30; ++i) {
        odd.tip = odd.repo.commit_files({{"a.txt", std::to_string(i) + "\n"}}, {odd.tip}, "Commit");
    }
    odd.repo.ref("refs/heads/main", odd.tip);
    std::atomic<bool> stop{false};
    std::string failure;
    std::thread repacking([&] {
        // A new blob each time, or the pack would keep its name; and back to loose ones now and then.
        try {
            for (int i = 0; !stop; ++i) {
                const std::string name = "refs/tags/t" + std::to_string(i);
                auto id = odd.git({"hash-object", "-w", "--stdin"}, "blob " + std::to_string(i));
                odd.git({"update-ref", name, id.substr(0, id.find('\n'))});
                odd.git({"repack", i % 4 == 3 ? "-Adq" : "-adq"});
                odd.git({"pack-refs", "--all"});
                if (i % 2 == 1) {
                    odd.git({"update-ref", "-d", name});
                }
            }
        } catch (const std::exception& error) {
            failure = error.what();
        }
    });
    int complete = 0;
    constexpr int rounds = 25;
    for (int round = 0; round < rounds; ++round) {
        const ScanResult all = collect(odd.scanned);
        const ScanResult range = collect(range_options(odd.scanned, odd.range));
        const ScanResult staged = collect(staged_options(odd.scanned));
        for (const auto* const result : {&all, &range, &staged}) {
            INFO(skips(result->summary));
            CHECK((result->summary.exit_code == 1 || result->summary.exit_code == 3));
            CHECK(found(*result, result == &staged ? staged_token : history_token));
            complete += result->summary.complete ? 1 : 0;
        }
        CHECK(found(all, staged_token));
    }
    stop = true;
    repacking.join();
    CHECK(failure.empty());
    MESSAGE(complete << " of " << 3 * rounds << " scans were complete");
    CHECK(complete > 0);
}

}  // namespace r8scan::test
