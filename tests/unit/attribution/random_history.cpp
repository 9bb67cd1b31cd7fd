// See random_history.h. Each history first draws how often each kind of thing happens in it, so that some are all
// merges, some all renames, some all damage.
#include "random_history.h"

#include "sketch.h"

#include <algorithm>
#include <random>
#include <string>

namespace r8scan::attribution::test {

namespace {

class Generator {
public:
    explicit Generator(std::uint32_t seed) : m_random(seed) {}

    Input make()
    {
        draw_odds();
        const Index tokens = 1 + below(3);
        for (Index i = 0, count = 1 + below(4); i < count; ++i) {
            std::vector<Index> held;
            for (Index token = 0; token < tokens; ++token) {
                if (chance(50)) {
                    held.push_back(token);
                }
            }
            if (held.empty()) {
                held.push_back(below(tokens));
            }
            m_blobs.push_back(m_sketch.blob(held));
        }
        const Index commits = 1 + below(14);
        for (Index i = 0; i < commits; ++i) {
            add_commit(i);
        }
        add_loose_ends(commits);
        return m_sketch.input();
    }

private:
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(m_random() % bound); }
    bool chance(std::uint32_t percent) { return below(100) < percent; }

    void draw_odds()
    {
        const auto odds = [this](std::uint32_t most) { return chance(50) ? below(most + 1) : 0; };
        m_merge = odds(70);
        m_root = odds(40);
        m_revert = odds(50);
        m_rename = odds(60);
        m_missing = odds(30);
        m_skew = odds(80);
        m_damage = chance(25) ? 30 : 0;
        m_commit_cycle = chance(10) ? 40 : 0;
        static const std::vector<std::string> plain{"a",   "b",     "a/b", "a/c",  "a-b",
                                                    "a.b", "a/b/c", "d/a", "d/ab", "d/e/a"};
        static const std::vector<Components> hostile{{"a/b"}, {"a", "b"}, {""}, {"", "a"}, {"a/"}, {"a"}, {"/", "b"}};
        if (chance(15)) {
            m_paths = hostile;
        } else {
            for (const std::string& path : plain) {
                if (chance(60)) {
                    m_paths.push_back(split(path));
                }
            }
            m_paths.push_back({"z"});
        }
    }

    Sketch::Files merged(const std::vector<Index>& parents)
    {
        Sketch::Files result;
        for (const Components& path : m_paths) {
            const Sketch::Files& files = m_files[parents[below(static_cast<std::uint32_t>(parents.size()))]];
            if (const auto file = files.find(path); file != files.end()) {
                result.insert(*file);
            }
        }
        return result;
    }

    void edit(Sketch::Files& files)
    {
        for (Index edits = below(4); edits > 0; --edits) {
            const Components& path = m_paths[below(static_cast<std::uint32_t>(m_paths.size()))];
            const Components& other = m_paths[below(static_cast<std::uint32_t>(m_paths.size()))];
            if (chance(m_rename) && files.count(path) != 0 && files.count(other) == 0) {
                auto file = files.extract(path);
                file.key() = other;
                files.insert(std::move(file));
            } else if (chance(40)) {
                files.erase(path);
            } else {
                files[path] = m_blobs[below(static_cast<std::uint32_t>(m_blobs.size()))];
            }
        }
    }

    /// A tree like that of `files`, with some entries written twice, some added, some leading anywhere.
    Index damaged_tree(const Sketch::Files& files)
    {
        std::vector<Entry> entries;
        if (const Index tree = m_sketch.tree_of(files); tree != none) {
            entries = m_sketch.entries(tree);
        }
        for (Index i = 1 + below(3); i > 0; --i) {
            Entry entry{m_paths[below(static_cast<std::uint32_t>(m_paths.size()))].front(), m_blobs.front(), false};
            if (m_sketch.tree_count() > 0 && chance(50)) {
                entry.is_tree = true;
                entry.target = below(m_sketch.tree_count());
            } else {
                entry.target = m_blobs[below(static_cast<std::uint32_t>(m_blobs.size()))];
            }
            entries.push_back(entry);
        }
        std::shuffle(entries.begin(), entries.end(), m_random);
        const Index tree = m_sketch.raw_tree(entries);
        if (chance(10)) {
            entries.push_back({"loop", tree, true});
            m_sketch.set_entries(tree, entries);
        }
        return tree;
    }

    void add_commit(Index number)
    {
        std::vector<Index> parents;
        if (number > 0 && !chance(m_root)) {
            parents.push_back(chance(60) ? number - 1 : below(number));
            while (chance(m_merge) && parents.size() < 4) {
                parents.push_back(below(number));
            }
        }
        Sketch::Files files = parents.empty() ? Sketch::Files{} : merged(parents);
        if (number > 0 && chance(m_revert)) {
            files = m_files[below(number)];
        }
        if (chance(70)) {
            edit(files);
        }
        m_files.push_back(files);
        const Index tree = chance(m_damage) ? damaged_tree(files) : m_sketch.tree_of(files);
        const Index commit = m_sketch.commit(tree, parents);
        m_sketch[commit].missing_parent = chance(m_missing);
        if (chance(m_skew)) {
            m_sketch[commit].time += static_cast<std::int64_t>(below(9)) - 4;
        }
    }

    void add_loose_ends(Index commits)
    {
        if (chance(m_commit_cycle)) {
            m_sketch[below(commits)].parents.push_back(below(commits));
        }
        if (chance(30)) {
            for (Index trees = 1 + below(3); trees > 0; --trees) {
                Sketch::Files files;
                edit(files);
                m_sketch.tree_of(files);
            }
        }
        if (chance(m_damage)) {
            damaged_tree({});
        }
        if (chance(85)) {
            m_sketch.head(chance(60) ? commits - 1 : below(commits));
        }
        for (Index i = below(4); i > 0; --i) {
            m_sketch.ref("refs/heads/" + std::to_string(i), below(commits));
        }
        if (chance(10)) {
            m_sketch.ref("refs/tags/tree", none);
        }
        for (Index i = below(4); i > 0; --i) {
            m_sketch.reflog("HEAD@{" + std::to_string(i) + "}", below(commits));
        }
    }

    std::mt19937 m_random;
    Sketch m_sketch;
    std::vector<Components> m_paths;
    std::vector<Index> m_blobs;
    std::vector<Sketch::Files> m_files;  // of each commit
    // Chances in percent.
    std::uint32_t m_merge = 0;
    std::uint32_t m_root = 0;
    std::uint32_t m_revert = 0;
    std::uint32_t m_rename = 0;
    std::uint32_t m_missing = 0;
    std::uint32_t m_skew = 0;
    std::uint32_t m_damage = 0;
    std::uint32_t m_commit_cycle = 0;
};

}  // namespace

Input random_history(std::uint32_t seed)
{
    return Generator(seed).make();
}

}  // namespace r8scan::attribution::test
