// The recall table end to end: some of its cases as files of a repository, whole and as results of deltas, scanned
// through the public interface. What a finding says of the place is what the table says.
#include "tests/recall/contexts.h"
#include "tests/support/delta_builder.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace r8scan;
using namespace r8scan::test;

namespace {

constexpr std::size_t sample_size = 400;

std::vector<Case> sample()
{
    std::vector<CasePlan> suitable;
    for (const auto& plan : plan_cases(2, 7)) {
        if (!plan.context->big && !plan.place->big) {
            suitable.push_back(plan);
        }
    }
    std::vector<Case> cases;
    for (std::size_t i = 0; i < sample_size; ++i) {
        const auto& plan = suitable[i * suitable.size() / sample_size];
        cases.push_back(make_case(*plan.context, *plan.place, plan.seed));
    }
    return cases;
}

std::string name_of(std::size_t number)
{
    return fmt::format("case {:03}.bin", number);
}

std::string expected(const Case& wanted, std::size_t number)
{
    const auto& at = wanted.position;
    return fmt::format("{}{} {}:{} offset {} {} {}", name_of(number), wanted.where.inner_path,
                       wanted.line_known ? at.line : 0, wanted.line_known ? at.column : 0, at.offset,
                       wanted.where.layers, to_string(wanted.confidence));
}

std::string told(const Case& wanted, const Finding& finding)
{
    const auto& at = finding.position;
    return fmt::format("{} {}:{} offset {} {} {}", finding.path.value_or("?"), wanted.line_known ? at.line : 0,
                       wanted.line_known ? at.column : 0, at.offset, finding.encoding, to_string(finding.confidence));
}

void check_scan(const std::filesystem::path& repository, const std::vector<Case>& cases)
{
    ScanOptions options;
    options.repository = repository;
    options.min_confidence = Confidence::low;
    const auto result = collect(options);
    CHECK_MESSAGE(result.summary.complete, skips(result.summary));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto found = findings_of(result, cases[i].token);
        CHECK_MESSAGE(found.size() == 1, cases[i].name << " found " << found.size() << " times");
        for (const auto& finding : found) {
            const auto here = told(cases[i], finding);
            CHECK_MESSAGE(here == expected(cases[i], i), cases[i].name);
        }
    }
}

}  // namespace

TEST_CASE("tokens of the recall table are found in the files of a repository where the table says")
{
    const auto cases = sample();
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::pack});
    Files files;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        files.emplace(name_of(i), cases[i].content);
    }
    repo.ref("refs/heads/main", repo.commit_files(files, {}, "all of them"));
    repo.flush();
    check_scan(repo.dir(), cases);
}

TEST_CASE("tokens of the recall table are found in the results of deltas where the table says")
{
    const auto cases = sample();
    const TempDir dir;
    RepoBuilder repo(dir.path() / "repo", {Hash::sha1, false, Storage::loose});
    PackWriter pack;
    Rng rng(9);
    std::vector<TreeItem> items;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        // The base lacks a middle part, in which the first bit of the token may or may not lie.
        const auto& content = cases[i].content;
        const auto from = rng.below(content.size());
        const auto size = rng.between(1, content.size() - from);
        const auto base_content = content.substr(0, from) + content.substr(from + size) + random_text(rng, 50);
        const auto base = pack.add(Type::blob, base_content);
        DeltaBuilder first(base_content);
        if (from > 0) {
            first.copy(0, from);
        }
        first.insert(content.substr(from, size / 2));
        if (content.size() > from + size) {
            first.copy(from, content.size() - from - size);
        }
        const auto middle = pack.add_ofs_delta(base, first.delta());
        const auto begun = from + size / 2;
        DeltaBuilder second(first.target());
        if (begun > 0) {
            second.copy(0, begun);
        }
        second.insert(content.substr(begun, from + size - begun));
        if (content.size() > from + size) {
            second.copy(begun, content.size() - from - size);
        }
        REQUIRE(second.target() == content);
        items.push_back({mode_file, name_of(i), pack.id(pack.add_ofs_delta(middle, second.delta()))});
    }
    pack.write(repo.objects_dir());
    repo.ref("refs/heads/main", repo.commit(repo.tree(items), {}, "all of them"));

    // The bases may hold the token too. No tree names them, so their findings have no such path and do not count.
    ScanOptions options;
    options.repository = repo.dir();
    options.min_confidence = Confidence::low;
    const auto result = collect(options);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::vector<std::string> places;
        for (const auto& finding : findings_of(result, cases[i].token)) {
            if (finding.path && finding.path->starts_with("case ")) {
                places.push_back(told(cases[i], finding));
            }
        }
        const std::vector<std::string> one = {expected(cases[i], i)};
        CHECK_MESSAGE(places == one, fmt::format("{}: expected {} found {}", cases[i].name, one, places));
    }
}
