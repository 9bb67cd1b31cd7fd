// Little input that asks for a lot: memory stays within the limit, time within seconds, and what was not read is said.
//
// The program runs with a bound on its address space, so that memory set aside before bytes arrive ends the test.
#include "engine/object_scan.h"
#include "engine/scan_steps.h"
#include "git/object_stores.h"
#include "git/object_table.h"
#include "tests/support/delta_builder.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>

using namespace r8scan;
using namespace r8scan::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_bounded = false;  // the sanitizers reserve terabytes of addresses
#else
constexpr bool is_bounded = true;
#endif

constexpr std::chrono::seconds patience{60};  // of a busy machine; seconds on an idle one

std::string line_with(std::uint64_t seed)
{
    return "key = \"" + token(seed) + "\"\n";
}

/// A repository with a live token, and room for a bomb.
struct Place {
    Place() : repo(dir / "repo") { repo.ref("refs/heads/main", repo.commit_files({{"a", line_with(1)}}, {}, "first")); }

    /// The program's report; the live token is in it.
    Ran scan(const std::string& options = "")
    {
        const std::string bound = is_bounded ? "ulimit -v 1500000 && " : "";
        auto ran = run_shell(dir.path(), bound + "\"$R8SCAN\" git repo -j 2 -f json " + options);
        CHECK_MESSAGE(ran.out.find("\"path\":\"a\"") != std::string::npos, ran.exit_code, ran.out, ran.err);
        return ran;
    }

    TempDir dir;
    RepoBuilder repo;
};

/// A delta of copies of 64 KiB, as many as asked for, each of one byte.
std::string copies(std::uint64_t count)
{
    DeltaBuilder delta(std::string(0x10000, '\0'));
    delta.raw(std::string(count, '\x80'));
    delta.declare_result_size(count * 0x10000);
    return delta.delta();
}

/// A zlib stream of so many blocks of 32 MiB of zeros and a text behind them, made without ever holding it whole.
std::string zeros_and(std::string_view text, unsigned blocks)
{
    constexpr std::size_t block_size = 32U << 20U;
    z_stream zlib{};
    if (deflateInit(&zlib, Z_BEST_COMPRESSION) != Z_OK) {
        throw std::runtime_error("zlib could not start");
    }
    const std::string zeros(block_size, '\0');
    const auto deflate_piece = [&](std::string_view piece, int flush) {
        std::string out(piece.size() / 100 + 1024, '\0');
        zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        zlib.avail_in = static_cast<uInt>(piece.size());
        zlib.next_out = reinterpret_cast<Bytef*>(out.data());
        zlib.avail_out = static_cast<uInt>(out.size());
        if (deflate(&zlib, flush) == Z_STREAM_ERROR || zlib.avail_in != 0) {
            throw std::runtime_error("zlib could not compress");
        }
        out.resize(out.size() - zlib.avail_out);
        return out;
    };
    // After a full flush each block stands for itself, so one of them can be written over and over.
    std::string stream = deflate_piece(zeros, Z_FULL_FLUSH);
    const std::string again = deflate_piece(zeros, Z_FULL_FLUSH);
    for (unsigned i = 1; i < blocks; ++i) {
        stream += again;
    }
    std::string end = deflate_piece(text, Z_FINISH);
    deflateEnd(&zlib);
    const auto of_zeros = adler32(1, reinterpret_cast<const Bytef*>(zeros.data()), block_size);
    auto sum = of_zeros;
    for (unsigned i = 1; i < blocks; ++i) {
        sum = adler32_combine(sum, of_zeros, block_size);
    }
    sum = adler32_combine(sum, adler32(1, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())),
                          static_cast<z_off_t>(text.size()));
    for (unsigned i = 0; i < 4; ++i) {
        end[end.size() - 1 - i] = static_cast<char>((sum >> (8 * i)) & 0xffU);
    }
    return stream + end;
}

// A delta whose result is not worked out here, as it would not fit.
void add_bomb(PackWriter& writer, std::size_t base, const std::string& delta)
{
    PackEntry entry;
    entry.type_bits = ofs_delta_type;
    entry.declared_size = delta.size();
    entry.compressed = deflated(delta, Level::best);
    entry.ofs_base = base;
    entry.id = made_up_id(Hash::sha1, 1);
    writer.add_raw(std::move(entry));
}

}  // namespace

TEST_CASE("a pack of a few kilobytes whose delta makes a gibibyte is scanned in bounded memory")
{
    Place place;
    PackWriter writer;
    const auto base = writer.add(Type::blob, std::string(0x10000, '\0'));
    add_bomb(writer, base, copies(16384));
    CHECK(writer.build().pack.size() < 16U << 10U);
    writer.write(place.repo.objects_dir());
    const auto ran = place.scan();
    CHECK_MESSAGE(ran.exit_code == 1, ran.out, ran.err);
}

TEST_CASE("a pack of sixteen kilobytes whose delta makes a tebibyte is skipped, and said")
{
    Place place;
    PackWriter writer;
    const auto base = writer.add(Type::blob, std::string(0x10000, '\0'));
    add_bomb(writer, base, copies(std::uint64_t{1} << 24U));
    CHECK(writer.build().pack.size() < 17U << 10U);
    writer.write(place.repo.objects_dir());
    const auto ran = place.scan();
    CHECK_MESSAGE(ran.exit_code == 3, ran.out, ran.err);
    CHECK_MESSAGE(ran.out.find("delta result of 1099511627776 bytes is over the limit") != std::string::npos, ran.out);
}

TEST_CASE("a blob of two gibibytes in two megabytes is read in bounded memory, and the token at its end is found")
{
    Place place;
    constexpr unsigned blocks = 64;
    const std::string end = "\n" + line_with(2);
    PackWriter writer;
    PackEntry bomb;
    bomb.type_bits = 3;
    bomb.declared_size = (std::uint64_t{blocks} << 25U) + end.size();
    bomb.compressed = zeros_and(end, blocks);
    bomb.id = made_up_id(Hash::sha1, 2);
    CHECK(bomb.compressed.size() < 3U << 20U);
    writer.add_raw(bomb);
    writer.write(place.repo.objects_dir());
    const auto ran = place.scan();
    CHECK_MESSAGE(ran.exit_code == 1, ran.out, ran.err);
    CHECK_MESSAGE(ran.out.find("\"offset\":" + std::to_string((std::uint64_t{blocks} << 25U) + 8)) != std::string::npos,
                  ran.out);
}

TEST_CASE("thousands of large deltas whose base holds an anchor are built up to the limit and no further")
{
    Place place;
    PackWriter writer;
    constexpr std::size_t size = 1U << 20U;
    constexpr std::uint64_t count = 3000;
    std::string content(size, 'x');
    content.replace(100, 3, "r8_");
    const auto base = writer.add(Type::blob, content);
    for (std::uint64_t i = 0; i < count; ++i) {
        DeltaBuilder delta("");
        delta.declare_base_size(size);
        delta.raw_copy(0, size);
        delta.declare_result_size(size);
        writer.add_ofs_delta(base, delta.delta(), made_up_id(Hash::sha1, i));
    }
    writer.write(place.repo.objects_dir());

    Problems problems;
    Problems unopened;
    Control control;
    const auto compiled = compile_rules(DetectionOptions{});
    REQUIRE(compiled.ok());
    const auto stores = git::open_object_stores(place.repo.objects_dir(), HashAlgorithm::sha1, {{}, false}, problems);
    const auto table = git::ObjectTable::build(stores, 2);
    ObjectScanOptions options;
    options.threads = 2;
    options.limits.rebuilt = 100 * size;
    const auto scanned = scan_objects(table, compiled->matcher, options, control, problems, unopened);
    CHECK(scanned.hits.size() == 1);
    CHECK(scanned.built_bytes >= 100 * size);
    CHECK(scanned.built_bytes <= 104 * size);  // each thread may be at one when the limit is met
    const auto skipped = problems.list();
    REQUIRE(skipped.size() == 1);
    CHECK(skipped[0].count >= count - 104);
    CHECK(skipped[0].examples[0].find("deltas of this repository produce more than the limit") != std::string::npos);
}

TEST_CASE("a chain of a hundred thousand deltas gives the token at its end")
{
    Place place;
    PackWriter writer;
    const std::string content = "r8_ " + std::string(200, 'c') + "\n";
    DeltaBuilder same(content);
    same.copy(0, content.size());
    auto last = writer.add(Type::blob, content);
    for (std::uint64_t i = 0; i < 99998; ++i) {
        last = writer.add_ofs_delta(last, same.delta(), made_up_id(Hash::sha1, i));
    }
    DeltaBuilder tip(content);
    tip.copy(0, content.size()).insert(line_with(3));
    writer.add_ofs_delta(last, tip.delta(), made_up_id(Hash::sha1, 100000));
    writer.write(place.repo.objects_dir());
    ScanOptions options;
    options.repository = place.repo.dir();
    const auto result = collect_within(patience, options);
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(found(result, token(1)));
    CHECK(found(result, token(3)));
}

TEST_CASE("a tree of a million entries gives a thousand places and a count")
{
    const TempDir dir;
    RepoBuilder repo(dir / "repo", {Hash::sha1, false, Storage::pack});
    const Id blob = repo.blob(line_with(4));
    std::vector<TreeItem> items;
    for (int i = 0; i < 1000000; ++i) {
        items.push_back({mode_file, "file" + std::to_string(1000000 + i), blob});
    }
    repo.ref("refs/heads/main", repo.commit(repo.tree(std::move(items)), {}, "wide"));
    repo.flush();
    ScanOptions options;
    options.repository = repo.dir();
    const auto result = collect_within(patience, options);
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(result.findings.size() == 1000);
    CHECK(result.summary.places_not_listed == 999000);
}

TEST_CASE("of ten to the tenth places a person sees ten and a count")
{
    const TempDir dir;
    RepoBuilder repo(dir / "repo", {Hash::sha1, false, Storage::pack});
    Id id = repo.blob(line_with(5));
    auto mode = mode_file;
    for (int level = 0; level < 10; ++level) {
        std::vector<TreeItem> items;
        for (char name = 'a'; name < 'k'; ++name) {
            items.push_back({mode, std::string(1, name), id});
        }
        id = repo.tree(items);
        mode = mode_tree;
    }
    repo.ref("refs/heads/main", repo.commit(id, {}, "boom"));
    repo.flush();
    const auto ran = run_shell(dir.path(), "\"$R8SCAN\" git repo");
    CHECK(ran.exit_code == 1);
    const auto lines = std::count(ran.out.begin(), ran.out.end(), '\n');
    CHECK_MESSAGE(lines < 80, ran.out);
    CHECK_MESSAGE(ran.out.find("more (-v lists them)") != std::string::npos, ran.out);
    CHECK_MESSAGE(ran.out.find("9,999,999,000") != std::string::npos, ran.out);
}
