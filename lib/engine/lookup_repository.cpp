#include "engine/lookup_repository.h"

namespace r8scan {

Result<void> LookupRepository::open(const std::filesystem::path& path, const GitPlaces& places,
                                    const DetectionOptions& options, bool allow_outside, Problems& problems,
                                    LookupRepository& out)
{
    auto repository = git::Repository::open(path, places.git_dir, allow_outside);
    if (!repository) {
        return repository.error();
    }
    out.repository = std::move(*repository);
    for (const auto& complaint : out.repository.complaints()) {
        problems.add("unreadable configuration", complaint, "correct the line, or see what git makes of it: git config --list --local");
    }
    const auto& storage = out.repository.ref_storage();
    if (!git::is_known_ref_storage(storage)) {
        return Error(ErrorCode::unsupported, "refs are stored as \"" + storage + "\", which is not read here");
    }
    out.refs = git::read_refs(out.repository.ref_places(), problems);
    // Objects of a push that waits to be let in lie in a folder of their own, with the usual one beside it.
    git::StoreOpening opening;
    opening.for_lookups = true;
    opening.more_folders = places.more_object_dirs;
    const auto usual = out.repository.objects_dir();
    if (!places.object_dir.empty()) {
        opening.more_folders.push_back(usual);
    }
    const git::AlternatesPolicy policy{out.repository.own_folders(), allow_outside};
    const auto folder = places.object_dir.empty() ? usual : places.object_dir;
    out.stores = git::open_object_stores(folder, out.repository.hash(), policy, problems, opening);
    out.limits.in_memory = options.max_object_size;
    out.limits.delta_result = 4 * options.max_object_size;
    out.objects = std::make_unique<git::ObjectDatabase>(out.stores, out.limits);
    return {};
}

}  // namespace r8scan
