// A repository that changes while it is read: a pack or an index that is cut in the middle of a scan costs what it
// held, is named, and ends nothing.
#include "engine/object_scan.h"
#include "engine/scan_steps.h"
#include "git/object_stores.h"
#include "git/object_table.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

using namespace r8scan;
using namespace r8scan::test;

namespace fs = std::filesystem;

namespace {

/// Two packs: one with a token, and one of several megabytes that a test cuts, with a token at its end.
struct TwoPacks {
    explicit TwoPacks(std::size_t blobs = 3000) : repo(dir / "repo", {Hash::sha1, false, Storage::pack})
    {
        Rng rng(31);
        Files files;
        for (std::size_t i = 0; i < blobs; ++i) {
            files.emplace("file" + std::to_string(i), random_bytes(rng, 2000));
        }
        files.emplace("last", "key = \"" + cut_token + "\"\n");
        const Id first = repo.commit_files(files, {}, "many");
        cut = repo.flush().string();
        repo.ref("refs/heads/main", repo.commit_files({{"key", "key = \"" + whole_token + "\"\n"}}, {first}, "one"));
        repo.flush();
    }

    const std::string whole_token = token(81);
    const std::string cut_token = token(82);
    TempDir dir;
    RepoBuilder repo;
    std::string cut;  // path of the pack without its ending
};

/// What a scan of the objects alone says, when the file is cut after everything was opened.
struct CutScan {
    std::size_t hits = 0;
    std::vector<Skip> skipped;
};

CutScan scan_cut(const TwoPacks& packs, const std::string& ending, std::size_t left, bool after_table)
{
    Problems problems;
    Problems unopened;
    Control control;
    ScanOptions options;
    auto compiled = compile_rules(options);
    REQUIRE(compiled.ok());
    const git::AlternatesPolicy policy{{packs.repo.git_dir()}, false};
    const auto stores = git::open_object_stores(packs.repo.objects_dir(), HashAlgorithm::sha1, policy, problems);
    REQUIRE(problems.empty());
    if (!after_table) {
        fs::resize_file(packs.cut + ending, left);
    }
    const auto table = git::ObjectTable::build(stores, 2);
    if (after_table) {
        fs::resize_file(packs.cut + ending, left);
    }
    ObjectScanOptions scan;
    scan.threads = 2;
    const auto scanned = scan_objects(table, compiled->matcher, scan, control, problems, unopened);
    stores.name_changed(problems);
    CutScan result;
    for (const auto& object : scanned.hits) {
        result.hits += object.hits.size();
    }
    result.skipped = problems.list();
    return result;
}

const Skip* reason(const CutScan& scan, const std::string& name)
{
    for (const auto& skip : scan.skipped) {
        if (skip.reason == name) {
            return &skip;
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("a pack that is cut after it was opened loses what was cut, names it, and the other pack is read")
{
    for (const bool after_table : {false, true}) {
        for (const std::size_t left : {std::size_t{0}, std::size_t{1}, std::size_t{3000000}}) {
            CAPTURE(after_table);
            CAPTURE(left);
            const TwoPacks packs;
            const auto scan = scan_cut(packs, ".pack", left, after_table);
            CHECK(scan.hits == 1);
            const auto* const changed = reason(scan, "changed while read");
            REQUIRE(changed != nullptr);
            CHECK(changed->examples[0] == '"' + packs.cut + ".pack\": changed while it was read");
            CHECK(reason(scan, "damaged object") != nullptr);
        }
    }
}

TEST_CASE("a pack index that is cut after it was opened is named, and the other pack is read")
{
    for (const bool after_table : {false, true}) {
        CAPTURE(after_table);
        const TwoPacks packs;
        const auto scan = scan_cut(packs, ".idx", 5000, after_table);
        CHECK(scan.hits >= 1);
        CHECK(reason(scan, "changed while read") != nullptr);
    }
}

TEST_CASE("a pack that is cut at any moment of a scan ends it with exit code 3, or came too late to matter")
{
    int too_late = 0;
    for (int moment = 0; moment < 12; ++moment) {
        CAPTURE(moment);
        const TwoPacks packs(1500);
        Ran ran;
        {
            const std::jthread scanning([&] { ran = run_shell(packs.dir.path(), "\"$R8SCAN\" git repo -f jsonl"); });
            std::this_thread::sleep_for(std::chrono::milliseconds(3 * moment));
            fs::resize_file(packs.cut + ".pack", 20000);
        }
        CHECK_MESSAGE((ran.exit_code == 3 || ran.exit_code == 1), ran.exit_code, ran.err);
        CHECK(ran.out.find("\"key\"") != std::string::npos);
        if (ran.exit_code == 1) {
            ++too_late;
            CHECK(ran.out.find("\"last\"") != std::string::npos);
        }
    }
    CHECK(too_late < 12);
}
