// Repacks one history in eight ways, and makes sure that each is what it claims. See history_variants.h.
#include "tests/support/history_variants.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "tests/support/git_command.h"
#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

/// Files of objects/pack whose name ends so.
std::vector<fs::path> pack_files(const fs::path& dir, const std::string& ending)
{
    std::vector<fs::path> found;
    for (const fs::directory_entry& file : fs::directory_iterator(dir / ".git" / "objects" / "pack")) {
        const std::string name = file.path().filename().string();
        if (name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
            found.push_back(file.path());
        }
    }
    return found;
}

void demand(bool condition, const fs::path& dir, const char* what)
{
    if (!condition) {
        throw std::runtime_error(fmt::format("{}: git made no {}", dir.string(), what));
    }
}

/// Whether a pack has a delta entry of this type (6 or 7), by what git says of where its entries start.
bool has_delta_of_type(const fs::path& dir, unsigned type)
{
    for (const fs::path& index : pack_files(dir, ".idx")) {
        const std::string pack = read_file(fs::path(index).replace_extension(".pack"));
        std::istringstream lines(git_ok(dir, {"show-index"}, read_file(index)));
        std::string line;
        while (std::getline(lines, line)) {
            const std::size_t offset = std::stoul(line);
            if (((static_cast<unsigned char>(pack.at(offset)) >> 4U) & 7U) == type) {
                return true;
            }
        }
    }
    return false;
}

void repack(const fs::path& dir, const std::vector<std::string>& settings, const std::vector<std::string>& options)
{
    std::vector<std::string> arguments = settings;
    arguments.insert(arguments.end(), {"repack", "-q"});
    arguments.insert(arguments.end(), options.begin(), options.end());
    git_ok(dir, arguments);
}

/// Every fourth object in one pack, so that histories and deltas cross packs.
void pack_in_four(const fs::path& dir)
{
    std::istringstream lines(
        git_ok(dir, {"cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered"}));
    std::vector<std::string> groups(4);
    std::string line;
    for (std::size_t i = 0; std::getline(lines, line); ++i) {
        groups[i % groups.size()] += line + "\n";
    }
    for (const std::string& group : groups) {
        git_ok(dir, {"pack-objects", "-q", ".git/objects/pack/pack"}, group);
    }
    git_ok(dir, {"prune-packed", "-q"});
    git_ok(dir, {"multi-pack-index", "write", "--no-progress"});
    demand(fs::exists(dir / ".git/objects/pack/multi-pack-index") && pack_files(dir, ".pack").size() == 4, dir,
           "multi-pack-index over four packs");
}

void store(const std::string& name, const fs::path& dir)
{
    if (name == "ofs deltas") {
        repack(dir, {}, {"-adfk"});
        demand(has_delta_of_type(dir, 6) && !has_delta_of_type(dir, 7), dir, "pack of OFS deltas alone");
    } else if (name == "ref deltas") {
        repack(dir, {"-c", "repack.useDeltaBaseOffset=false"}, {"-adfk"});
        demand(has_delta_of_type(dir, 7) && !has_delta_of_type(dir, 6), dir, "pack of REF deltas alone");
    } else if (name == "idx v1") {
        repack(dir, {"-c", "pack.indexVersion=1"}, {"-adfk"});
        demand(read_file(pack_files(dir, ".idx").at(0)).substr(0, 4) != "\377tOc", dir, "index of version 1");
    } else if (name == "multi-pack-index") {
        pack_in_four(dir);
    } else if (name == "cruft pack") {
        repack(dir, {}, {"--cruft", "--cruft-expiration=never", "-d"});
        demand(pack_files(dir, ".mtimes").size() == 1, dir, "cruft pack");
    } else if (name == "bitmap") {
        repack(dir, {"-c", "repack.writeBitmaps=true"}, {"-abf"});
        git_ok(dir, {"prune-packed", "-q"});
        demand(pack_files(dir, ".bitmap").size() == 1, dir, "bitmap");
    }
}

}  // namespace

std::vector<HistoryVariant> store_eight_ways(const fs::path& dir, const std::function<void(RepoBuilder&)>& build)
{
    std::vector<HistoryVariant> variants;
    for (const char* name :
         {"loose", "ofs deltas", "ref deltas", "idx v1", "multi-pack-index", "cruft pack", "bitmap", "sha256"}) {
        HistoryVariant variant{name, dir / name, std::string_view(name) == "sha256" ? Hash::sha256 : Hash::sha1};
        RepoBuilder repo(variant.dir, {.hash = variant.hash});
        build(repo);
        store(variant.name, variant.dir);
        variants.push_back(std::move(variant));
    }
    return variants;
}

}  // namespace r8scan::test
