#include "engine/scanned_objects.h"

#include "engine/lfs_reader.h"
#include "engine/unread.h"
#include "util/threads.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <new>

namespace r8scan {

using git::EntryIndex;

// What one thread reads and scans with, and what it found.
struct ScannedObjects::Worker {
    Worker(git::ObjectDatabase& database, const ScannedObjects& all)
        : objects(database),
          scanner(all.m_matcher, layer_limits_of(all.m_options, all.m_control)),
          lfs(all.m_repository.repository.common_dir(), all.m_matcher, all.m_options, all.m_control, all.m_problems,
              all.m_unopened)
    {
    }

    git::ObjectDatabase& objects;
    LayerScanner scanner;
    LfsReader lfs;
    ObjectScan scan;
};

namespace {

// Moves what a thread found behind what the others did.
void append(ObjectScan& to, ObjectScan from)
{
    std::move(from.hits.begin(), from.hits.end(), std::back_inserter(to.hits));
    to.counts.listed += from.counts.listed;
    to.counts.scanned += from.counts.scanned;
    to.counts.blobs += from.counts.blobs;
    to.counts.commits += from.counts.commits;
    to.counts.tags += from.counts.tags;
    to.counts.unknown += from.counts.unknown;
    to.bytes += from.bytes;
}

}  // namespace

ScannedObjects::ScannedObjects(LookupRepository& repository, const Matcher& matcher, const DetectionOptions& options,
                               Control& control, Problems& problems, Problems& unopened)
    : m_repository(repository),
      m_matcher(matcher),
      m_options(options),
      m_control(control),
      m_problems(problems),
      m_unopened(unopened),
      m_first(std::make_unique<Worker>(*repository.objects, *this))
{
}

ScannedObjects::~ScannedObjects() = default;

EntryIndex ScannedObjects::number_of(const git::ObjectId& id)
{
    const auto [at, is_new] = m_numbers.try_emplace(id, static_cast<EntryIndex>(m_ids.size()));
    if (is_new) {
        m_ids.push_back(id);
        m_states.push_back(State::unread);
    }
    return at->second;
}

EntryIndex ScannedObjects::number_for_name(const git::ObjectId& tree)
{
    m_ids.push_back(tree);
    m_states.push_back(State::unread);
    return static_cast<EntryIndex>(m_ids.size() - 1);
}

bool ScannedObjects::scan(EntryIndex entry, const std::string& place)
{
    if (m_states[entry] == State::unread) {
        m_states[entry] = State::clean;
        read_and_scan(*m_first, entry, place);
    }
    return has_hits(entry);
}

void ScannedObjects::scan_all(const std::vector<Wanted>& wanted, unsigned threads, Control& control)
{
    std::vector<const Wanted*> work;
    for (const auto& one : wanted) {
        if (m_states[one.entry] == State::unread) {
            m_states[one.entry] = State::clean;
            work.push_back(&one);
        }
    }
    control.objects_total = work.size();
    control.objects_done = 0;

    constexpr std::size_t objects_at_once = 16;
    const auto pieces = (work.size() + objects_at_once - 1) / objects_at_once;
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    const auto scan_pieces = [&](Worker& worker) {
        for (std::size_t piece = next++; piece < pieces; piece = next++) {
            const auto end = std::min(work.size(), (piece + 1) * objects_at_once);
            for (std::size_t at = piece * objects_at_once; at < end && !control.stop; ++at) {
                read_and_scan(worker, work[at]->entry, work[at]->place);
                ++control.objects_done;
            }
        }
    };
    const auto useful = static_cast<unsigned>(std::clamp<std::size_t>(pieces, 1, std::max(threads, 1U)));
    run_on_threads(useful, [&](unsigned thread) {
        if (thread == 0) {
            return scan_pieces(*m_first);
        }
        git::ObjectDatabase objects(m_repository.stores, m_repository.limits);
        Worker worker(objects, *this);
        scan_pieces(worker);
        const std::lock_guard lock(mutex);
        append(m_scan, std::move(worker.scan));
    });
}

bool ScannedObjects::read_and_scan(Worker& worker, EntryIndex entry, const std::string& place)
{
    const auto& id = m_ids[entry];
    auto& scan = worker.scan;
    ++scan.counts.listed;
    try {
        const auto object = worker.objects.read(id);
        if (!object) {
            const auto code = object.error().code();
            const auto* const reason = code == ErrorCode::not_found ? "missing object"
                                       : code == ErrorCode::limit   ? "object over a limit"
                                                                    : "damaged object";
            m_problems.add(reason, (place.empty() ? "" : place + ": ") + object.error().message());
            ++scan.counts.unknown;
            return false;
        }
        ++scan.counts.scanned;
        scan.counts.blobs += object->type == git::ObjectType::blob ? 1U : 0U;
        scan.counts.commits += object->type == git::ObjectType::commit ? 1U : 0U;
        scan.counts.tags += object->type == git::ObjectType::tag ? 1U : 0U;
        scan.bytes += object->content.size();
        auto hits = worker.scanner.scan(object->content);
        for (const auto& part : worker.scanner.take_unread()) {
            account_for_unread(
                std::string(to_string(object->type)) + ' ' + id.hex() + (place.empty() ? "" : " (" + place + ')'), part,
                m_problems, m_unopened);
        }
        if (object->type == git::ObjectType::blob && hits.empty()) {
            hits = worker.lfs.scan(object->content, place.empty() ? "blob " + id.hex() : place, scan.bytes);
        }
        return keep(worker, entry, object->type, std::move(hits));
    } catch (const std::bad_alloc&) {
        m_problems.add("object over a limit", "object " + id.hex() + ": not enough memory");
        return false;
    }
}

bool ScannedObjects::scan_name(EntryIndex entry, std::string_view name)
{
    auto& scanner = m_first->scanner;
    auto hits = scanner.has_anchor(as_bytes(name)) ? scanner.scan(as_bytes(name)) : std::vector<Hit>();
    for (auto& hit : hits) {
        hit.mark.reset();  // a name has no lines
    }
    (void)scanner.take_unread();  // a name holds no containers, only what looks like their beginning
    return keep(*m_first, entry, git::ObjectType::tree, std::move(hits));
}

bool ScannedObjects::keep(Worker& worker, EntryIndex entry, git::ObjectType type, std::vector<Hit> hits)
{
    if (hits.empty()) {
        return false;
    }
    m_states[entry] = State::hit;
    worker.scan.hits.push_back({entry, type, std::move(hits)});
    return true;
}

ObjectScan ScannedObjects::take()
{
    append(m_scan, std::move(m_first->scan));
    std::sort(m_scan.hits.begin(), m_scan.hits.end(),
              [](const ObjectHits& a, const ObjectHits& b) { return a.entry < b.entry; });
    return std::move(m_scan);
}

}  // namespace r8scan
