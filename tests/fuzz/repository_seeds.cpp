#include "tests/fuzz/repository_seeds.h"

#include "git/entry_reader.h"
#include "git/object_table.h"
#include "tests/support/git_command.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using namespace r8scan;

constexpr std::size_t largest_seed = 64U << 10U;
constexpr std::size_t objects_of_a_type = 40;

// Numbered files in the folder of one target; the head is what the target reads before the content.
class SeedFolder {
public:
    SeedFolder(const fs::path& root, const std::string& target, std::string head = {})
        : m_folder(root / target), m_head(std::move(head))
    {
        fs::create_directories(m_folder);
    }

    void add(const std::string& content)
    {
        if (content.size() <= largest_seed) {
            std::ofstream(m_folder / ("git-" + std::to_string(number()++)), std::ios::binary) << m_head << content;
        }
    }
    void add_file(const fs::path& file, std::size_t without_last = 0)
    {
        if (fs::is_regular_file(file)) {
            const auto content = test::read_file(file);
            add(content.substr(0, content.size() - std::min(content.size(), without_last)));
        }
    }

private:
    static unsigned& number()
    {
        static unsigned count = 0;
        return count;
    }
    fs::path m_folder;
    std::string m_head;
};

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

void add_objects(const fs::path& repository, const fs::path& root)
{
    SeedFolder commits(root, "commit_fuzz");
    SeedFolder tags(root, "tag_fuzz");
    SeedFolder trees(root, "tree_fuzz", std::string(1, '\0'));
    SeedFolder loose(root, "loose_fuzz", std::string(1, '\0'));
    std::map<std::string, std::size_t> seen;
    const auto list =
        test::git(repository, {"cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"}).out;
    for (const auto& line : lines_of(list)) {
        const auto id = line.substr(0, line.find(' '));
        const auto type = line.substr(line.find(' ') + 1);
        if (type == "blob" || seen[type]++ >= objects_of_a_type) {
            continue;
        }
        const auto content = test::git(repository, {"cat-file", type, id}).out;
        (type == "commit" ? commits : type == "tag" ? tags : trees).add(content);
        loose.add(type + ' ' + std::to_string(content.size()) + std::string(1, '\0') + content);
    }
}

// The newest objects in a pack of their own, deltas among them.
void add_pack(const fs::path& repository, const fs::path& root)
{
    const test::TempDir dir;
    const auto objects = test::git(repository, {"rev-list", "--objects", "--all", "-n", "12"}).out;
    std::string ids;
    for (const auto& line : lines_of(objects)) {
        ids += line.substr(0, line.find(' ')) + '\n';
    }
    fs::create_directories(dir / "pack");
    if (test::git(repository, {"pack-objects", "-q", (dir / "pack/pack").string()}, ids).exit_code != 0) {
        return;
    }
    constexpr std::size_t checksum = 20;
    SeedFolder packs(root, "pack_fuzz", std::string(1, '\0'));
    SeedFolder indexes(root, "pack_index_fuzz", std::string(1, '\0'));
    SeedFolder deltas(root, "delta_fuzz");
    for (const auto& entry : fs::directory_iterator(dir / "pack")) {
        if (entry.path().extension() == ".idx") {
            indexes.add_file(entry.path(), checksum);
        } else if (entry.path().extension() == ".pack") {
            packs.add_file(entry.path(), checksum);
            auto pack = git::Pack::open(entry.path(), HashAlgorithm::sha1);
            if (!pack) {
                continue;
            }
            git::ObjectStores stores;
            stores.packs.push_back(std::move(*pack));
            const auto table = git::ObjectTable::build(stores, 1);
            git::EntryReader reader(table);
            git::Buffer buffer;
            for (git::EntryIndex at = 0; at < table.size(); ++at) {
                const auto stream = table.is_delta(at) ? reader.inflate_delta(at, {}, buffer) : Result<Bytes>(Bytes());
                if (stream && !stream->empty()) {
                    deltas.add(std::string(2, '\0') + std::string(as_text(*stream)));
                }
            }
        }
    }
    if (test::git(repository, {"multi-pack-index", "--object-dir=" + dir.path().string(), "write"}).exit_code == 0) {
        SeedFolder(root, "multi_pack_index_fuzz", std::string(1, '\0'))
            .add_file(dir / "pack/multi-pack-index", checksum);
    }
}

void add_files(const fs::path& repository, const fs::path& root)
{
    const auto answer = lines_of(test::git(repository, {"rev-parse", "--absolute-git-dir"}).out);
    if (answer.empty()) {
        return;
    }
    const fs::path git_dir = answer.front();
    constexpr std::size_t checksum = 20;
    SeedFolder(root, "index_file_fuzz").add_file(git_dir / "index", checksum);
    SeedFolder(root, "config_fuzz").add_file(git_dir / "config");
    SeedFolder(root, "reflog_fuzz", std::string(1, '\0')).add_file(git_dir / "logs/HEAD");
    SeedFolder(root, "reflog_fuzz", std::string(1, '\2')).add_file(git_dir / "packed-refs");
    SeedFolder(root, "reflog_fuzz", std::string(1, '\4')).add_file(git_dir / "HEAD");
}

}  // namespace

void add_repository_seeds(const fs::path& repository, const fs::path& root)
{
    if (test::have_git() && test::git(repository, {"rev-parse", "--git-dir"}).exit_code == 0) {
        add_objects(repository, root);
        add_pack(repository, root);
        add_files(repository, root);
    } else {
        std::fprintf(stderr, "fuzz_seeds: no repository at %s: no seeds from there\n", repository.c_str());
    }
}

void add_made_repository_seeds(const fs::path& root)
{
    if (!test::have_git()) {
        std::fputs("fuzz_seeds: there is no git: no seeds from repositories\n", stderr);
        return;
    }
    const test::TempDir dir;
    test::git_ok(dir.path(), {"init", "-q", "."});
    std::string text;
    for (int i = 0; i < 8; ++i) {
        text += "line " + std::to_string(i) + " of a file that grows with each commit\n";
        test::write_file(dir / "folder/file.txt", text);
        test::write_file(dir / ("f" + std::to_string(i)), text);
        test::git_ok(dir.path(), {"add", "-A"});
        test::git_ok(dir.path(), {"commit", "-q", "-m", "Commit " + std::to_string(i) + "\n\nwith a body"});
    }
    test::git_ok(dir.path(), {"tag", "-a", "-m", "A tag", "v1"});
    test::git_ok(dir.path(), {"config", "remote.origin.url", "https://example.org/a b.git"});
    test::git_ok(dir.path(), {"pack-refs", "--all"});
    add_repository_seeds(dir.path(), root);
}
