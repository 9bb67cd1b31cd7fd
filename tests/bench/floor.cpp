#include "bench/floor.h"

#include "git/entry_reader.h"
#include "git/repository.h"
#include "util/threads.h"

#include <atomic>

namespace r8scan::bench {

FloorResult inflate_everything(const std::filesystem::path& path, unsigned threads, bool with_trees)
{
    auto repository = git::Repository::open(path);
    if (!repository) {
        throw std::runtime_error(repository.error().message());
    }
    Problems problems;
    const auto stores = git::open_object_stores(repository->objects_dir(), repository->hash(),
                                                {repository->own_folders(), true}, problems);
    const auto table = git::ObjectTable::build(stores, threads);

    constexpr std::uint64_t batch = 256;
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> objects{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> failed{0};
    run_on_threads(threads, [&](unsigned) {
        git::EntryReader reader(table);
        git::Inflater inflater;
        git::Buffer buffer;
        FloorResult mine;
        for (std::uint64_t begin = next.fetch_add(batch); begin < table.size(); begin = next.fetch_add(batch)) {
            const auto end = std::min<std::uint64_t>(begin + batch, table.size());
            for (auto entry = static_cast<git::EntryIndex>(begin); entry < end; ++entry) {
                if (table.fault(entry) != git::EntryFault::none ||
                    (table.type(entry) == git::ObjectType::tree && !with_trees)) {
                    continue;
                }
                bool done = false;
                if (table.is_loose(entry)) {
                    const auto object = reader.open_whole(entry);
                    done = object && reader.inflate(*object, buffer);
                } else {
                    const auto header = table.pack(entry).header_at(table.offset(entry), table.end(entry));
                    const auto stream = table.pack(entry).bytes().subspan(header->data_offset,
                                                                          table.end(entry) - header->data_offset);
                    done = inflater.inflate(stream, buffer.make(header->size)).ok();
                }
                ++mine.objects;
                mine.inflated_bytes += buffer.bytes().size();
                mine.failed += done ? 0 : 1;
            }
        }
        objects += mine.objects;
        bytes += mine.inflated_bytes;
        failed += mine.failed;
    });
    return {objects, bytes, failed};
}

}  // namespace r8scan::bench
