// Damage to a pack or an index, one bit or one cut at a time: nothing crashes or hangs, nothing damaged passes as read,
// and every token that the damage does not touch is found.
//
// The pack has whole objects, chains of OFS and REF deltas, and a token in most blobs. From the writer's offsets a test
// knows what a damaged byte can reach: an object is intact where the byte lies neither in its own entry nor in an
// entry below it in its delta chain. R8SCAN_TEST_FLIPS sets how many bits are flipped, as many in the pack as in its
// index and the multi-pack-index together; a fifth of it is the number of cuts. The suite takes a sample, of the same
// bits every time; 10000 is the full run, of some minutes.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/delta_builder.h"
#include "tests/support/flip.h"
#include "tests/support/git_command.h"
#include "tests/support/pack_writer.h"
#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t default_flips = 300;
#else
constexpr std::size_t default_flips = 2000;
#endif

constexpr std::size_t header_size = 12;
constexpr std::chrono::seconds longest_scan{20};  // generous: a hang, not slowness, is what it is for

// A second of the processor, however busy the machine is; sanitizers take several times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double longest_work = 5.0;
#else
constexpr double longest_work = 1.0;
#endif

std::size_t flips()
{
    const char* asked = std::getenv("R8SCAN_TEST_FLIPS");
    return asked != nullptr ? std::stoul(asked) : default_flips;
}

std::size_t cuts()
{
    return flips() / 5;
}

/// A token and the entries of the pack that must be sound for it to be read.
struct Secret {
    std::string token;
    std::set<std::size_t> entries;
};

/// A repository of one pack, and what each byte of the pack belongs to.
class PackedRepository {
public:
    PackedRepository() : m_repo(m_temp / "repo")
    {
        Rng rng(77);
        const std::string text = random_text(rng, 1500);

        // a chain: whole, OFS on it, REF on that, OFS on that; a token of its own in each but the third
        std::string content = text + "key0 " + secret(0) + "\n";
        const std::size_t whole = m_pack.add(Type::blob, content);
        expect(0, {whole});
        DeltaBuilder one(content);
        one.copy(0, 700).insert("key1 " + secret(1) + "\n").copy(700, 600);
        const std::size_t first = m_pack.add_ofs_delta(whole, one.delta());
        expect(1, {whole, first});
        DeltaBuilder two(one.target());
        two.insert("a front\n").copy(0, one.target().size());
        const std::size_t second = m_pack.add_ref_delta(m_pack.id(first), two.delta());
        DeltaBuilder three(two.target());
        three.copy(0, 300).insert("key2 " + secret(2) + "\n", 9).copy(300, 200);
        const std::size_t third = m_pack.add_ofs_delta(second, three.delta());
        expect(2, {whole, first, second, third});

        // a token that only exists across a copy and an insert, in a delta that the delta rule may pass over
        const std::string half = random_text(rng, 800) + "\n" + secret(3).substr(0, 20);
        const std::size_t plain = m_pack.add(Type::blob, half);
        DeltaBuilder joined(half);
        joined.copy(0, half.size()).insert(secret(3).substr(20) + "\n");
        const std::size_t seam = m_pack.add_ofs_delta(plain, joined.delta());
        expect(3, {plain, seam});

        // one that stands alone, one in a commit
        const std::size_t alone = m_pack.add(Type::blob, random_bytes(rng, 300) + ' ' + secret(4) + ' ');
        expect(4, {alone});
        std::vector<TreeItem> items;
        for (const std::size_t entry : {whole, first, second, third, plain, seam, alone}) {
            items.push_back({mode_file, "file" + std::to_string(entry), m_pack.id(entry)});
        }
        add_commit(items);

        m_built = m_pack.build();
        m_base = write_pack(m_repo.objects_dir(), m_built);
    }

    /// Has git write a multi-pack-index over the one pack; empty where there is no git.
    [[nodiscard]] std::optional<std::filesystem::path> add_multi_pack_index() const
    {
        if (!have_git()) {
            MESSAGE("there is no git to write a multi-pack-index: skipped");
            return std::nullopt;
        }
        git_ok(m_repo.dir(), {"multi-pack-index", "write"});
        return m_repo.objects_dir() / "pack" / "multi-pack-index";
    }

    [[nodiscard]] std::filesystem::path pack_file() const { return m_base.string() + ".pack"; }
    [[nodiscard]] std::filesystem::path index_file() const { return m_base.string() + ".idx"; }
    [[nodiscard]] const std::vector<Secret>& secrets() const { return m_secrets; }

    /// The entry that a byte of the pack lies in; nothing for the header and the trailer.
    [[nodiscard]] std::optional<std::size_t> entry_at(std::size_t offset) const
    {
        if (offset < header_size || offset >= m_built.offsets.back()) {
            return std::nullopt;
        }
        std::size_t entry = 0;
        while (offset >= m_built.offsets[entry + 1]) {
            ++entry;
        }
        return entry;
    }

    /// Entries that end beyond a cut.
    [[nodiscard]] std::set<std::size_t> entries_cut_at(std::size_t size) const
    {
        std::set<std::size_t> cut;
        for (std::size_t entry = 0; entry < m_pack.size(); ++entry) {
            if (m_built.offsets[entry + 1] > size) {
                cut.insert(entry);
            }
        }
        return cut;
    }

    /// Scans, and checks that it says so within reason.
    [[nodiscard]] ScanResult scan() const
    {
        ScanOptions options;
        options.repository = m_repo.dir();
        const std::clock_t before = std::clock();
        ScanResult result = collect_within(longest_scan, options);
        CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < longest_work);
        return result;
    }

    /// Every token that needs none of these entries is found, and the scan says that it is incomplete.
    void check_damaged(const std::set<std::size_t>& damaged) const
    {
        const ScanResult result = scan();
        CHECK(result.summary.exit_code == 3);
        CHECK_FALSE(result.summary.skipped.empty());
        std::string lost;
        for (std::size_t number = 0; number < m_secrets.size(); ++number) {
            const Secret& secret = m_secrets[number];
            const bool intact = std::none_of(secret.entries.begin(), secret.entries.end(),
                                             [&](std::size_t entry) { return damaged.contains(entry); });
            if (intact && !found(result, secret.token)) {
                lost += " token " + std::to_string(number);
            }
        }
        CHECK_MESSAGE(lost.empty(), "intact and not found:", lost, ", ", skips(result.summary));
    }

private:
    static std::string secret(std::uint64_t number) { return token(300 + number); }

    void expect(std::uint64_t number, std::set<std::size_t> entries)
    {
        m_secrets.push_back({secret(number), std::move(entries)});
    }

    /// The commit's own bytes come from the builder; the entry goes into the pack.
    void add_commit(const std::vector<TreeItem>& items)
    {
        const Id tree = m_repo.tree(items);
        std::string tree_content;
        for (const TreeItem& item : items) {  // one digit each, so already in order
            tree_content += "100644 " + item.name;
            tree_content += '\0';
            tree_content += item.id.raw;
        }
        const std::size_t tree_entry = m_pack.add(Type::tree, tree_content);
        REQUIRE(m_pack.id(tree_entry) == tree);
        const std::size_t commit =
            m_pack.add(Type::commit, "tree " + tree.hex() +
                                         "\nauthor A U Thor <author@example.com> 1700000000 +0000"
                                         "\ncommitter A U Thor <author@example.com> 1700000000 +0000"
                                         "\n\nSet " +
                                         secret(5) + "\n");
        expect(5, {commit});
        m_repo.ref("refs/heads/main", m_pack.id(commit));
        m_repo.remove_object(tree);
    }

    TempDir m_temp;
    RepoBuilder m_repo;
    PackWriter m_pack;
    BuiltPack m_built;
    std::filesystem::path m_base;
    std::vector<Secret> m_secrets;
};

}  // namespace

TEST_CASE("a sound pack gives every token and is complete")
{
    const PackedRepository repository;
    const ScanResult result = repository.scan();
    CHECK_MESSAGE(result.summary.exit_code == 1, skips(result.summary));
    CHECK(result.summary.tokens == repository.secrets().size());
    for (const Secret& secret : repository.secrets()) {
        CHECK(found(result, secret.token));
    }
}

TEST_CASE("a flipped bit of a pack costs only what stands on it and never goes unseen")
{
    const PackedRepository repository;
    Rng rng(1);
    for_random_flips(repository.pack_file(), rng, flips(), [&](std::size_t bit) {
        CAPTURE(bit);
        const std::optional<std::size_t> entry = repository.entry_at(bit / 8);
        repository.check_damaged(entry ? std::set<std::size_t>{*entry} : std::set<std::size_t>{});
    });
}

TEST_CASE("a flipped bit in the header or trailer of a pack costs nothing and is said")
{
    const PackedRepository repository;
    FileDamage damage(repository.pack_file());
    const std::size_t trailer = damage.size() - id_size(Hash::sha1);
    for (std::size_t bit = 0; bit < damage.bits(); ++bit) {
        if (bit / 8 >= header_size && bit / 8 < trailer) {
            continue;
        }
        CAPTURE(bit);
        damage.flip_bit(bit);
        repository.check_damaged({});
    }
}

TEST_CASE("a pack that was cut short gives every token before the cut")
{
    const PackedRepository repository;
    FileDamage damage(repository.pack_file());
    Rng rng(2);
    for (std::size_t i = 0; i < cuts(); ++i) {
        const std::size_t size = i < 40 ? i : rng.below(damage.size());  // all short ones, then anywhere
        CAPTURE(size);
        damage.truncate(size);
        repository.check_damaged(repository.entries_cut_at(size));
    }
}

TEST_CASE("a flipped bit of a pack index costs nothing and is said")
{
    const PackedRepository repository;
    Rng rng(3);
    for_random_flips(repository.index_file(), rng, flips() / 2, [&](std::size_t bit) {
        CAPTURE(bit);
        repository.check_damaged({});
    });
}

TEST_CASE("a flipped bit of a multi-pack-index costs nothing and is said")
{
    const PackedRepository repository;
    const auto index = repository.add_multi_pack_index();
    if (!index) {
        return;
    }
    Rng rng(5);
    for_random_flips(*index, rng, flips() / 2, [&](std::size_t bit) {
        CAPTURE(bit);
        repository.check_damaged({});
    });
}

TEST_CASE("an index that was cut short costs nothing and is said")
{
    const PackedRepository repository;
    std::vector<std::filesystem::path> indexes = {repository.index_file()};
    if (const auto index = repository.add_multi_pack_index()) {
        indexes.push_back(*index);
    }
    Rng rng(4);
    for (const auto& file : indexes) {
        CAPTURE(file);
        FileDamage damage(file);
        for (std::size_t i = 0; i < std::min<std::size_t>(cuts() / 4, damage.size()); ++i) {
            const std::size_t size = i < 20 ? i : rng.below(damage.size());
            CAPTURE(size);
            damage.truncate(size);
            repository.check_damaged({});
        }
    }
}

}  // namespace r8scan::test
