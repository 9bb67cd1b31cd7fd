#include "git/object_database.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {
// How often a chain may lead from one pack into another store.
constexpr unsigned most_detours = 16;
}  // namespace

ObjectDatabase::ObjectDatabase(const ObjectStores& stores, const ReadLimits& limits)
    : m_stores(&stores), m_limits(limits), m_hasher(stores.algorithm)
{
}

std::vector<fs::file_time_type> ObjectDatabase::pack_times() const
{
    std::vector<fs::file_time_type> times;
    for (const auto& folder : m_stores->folders) {
        std::error_code error;
        const auto time = fs::last_write_time(folder / "pack", error);
        times.push_back(error ? fs::file_time_type() : time);
    }
    return times;
}

// Not for each object that is missing: once, and then only where packs came or went.
bool ObjectDatabase::look_again()
{
    constexpr std::size_t most_times = 100;
    auto times = pack_times();
    if (m_stores->origin == nullptr || m_reopened.size() == most_times ||
        (!m_reopened.empty() && times == m_pack_times)) {
        return false;
    }
    m_pack_times = std::move(times);
    m_reopened.push_back(std::make_unique<ObjectStores>(open_again(*m_stores)));
    m_stores = m_reopened.back().get();
    return true;
}

fs::path ObjectDatabase::loose_path(std::size_t folder, const ObjectId& id) const
{
    const auto hex = id.hex();
    return m_stores->folders[folder] / hex.substr(0, 2) / hex.substr(2);
}

bool ObjectDatabase::contains(const ObjectId& id) const
{
    for (const auto& pack : m_stores->packs) {
        if (pack.index().find(id.raw())) {
            return true;
        }
    }
    for (std::size_t folder = 0; folder < m_stores->folders.size(); ++folder) {
        std::error_code error;
        if (fs::exists(fs::symlink_status(loose_path(folder, id), error))) {
            return true;
        }
    }
    return false;
}

Result<ReadObject> ObjectDatabase::read(const ObjectId& id)
{
    auto object = read_copies(id, 0);
    if (!object && object.error().code() == ErrorCode::not_found && look_again()) {
        object = read_copies(id, 0);
    }
    return object;
}

Result<ReadObject> ObjectDatabase::read_copies(const ObjectId& id, unsigned depth)
{
    Error last(ErrorCode::not_found, "object " + id.hex() + " is not there");
    if (depth > most_detours) {
        return Error(ErrorCode::damaged, "delta chain leads through too many packs");
    }
    const auto accept = [&](Result<ReadObject>& object) {
        if (object && hash_object(m_hasher, m_stores->algorithm, object->type, object->content) != id) {
            object = Error(ErrorCode::damaged, "content does not have the hash " + id.hex());
        }
        if (!object) {
            last = object.error().within("object " + id.hex());
        }
        return object.ok();
    };
    for (const auto& pack : m_stores->packs) {
        if (const auto position = pack.index().find(id.raw())) {
            if (auto object = read_packed(pack, pack.index().offset(*position), depth); accept(object)) {
                return object;
            }
        }
    }
    for (std::size_t folder = 0; folder < m_stores->folders.size(); ++folder) {
        auto object = read_loose(loose_path(folder, id));
        if (!object && object.error().code() == ErrorCode::not_found) {
            continue;
        }
        if (accept(object)) {
            return object;
        }
    }
    return last;
}

Result<ReadObject> ObjectDatabase::read_loose(const fs::path& path)
{
    const auto loose = LooseObject::open(path);
    if (!loose) {
        return loose.error();
    }
    if (loose->size > m_limits.delta_result) {
        return Error(ErrorCode::limit, "object is over the limit");
    }
    ReadObject object;
    object.type = loose->type;
    const auto room = object.buffer.make(loose->header_length + loose->size);
    if (auto done = loose->inflate(m_inflater, room); !done) {
        const auto same = loose->file.unchanged();
        return same ? done.error() : same.error();
    }
    object.content = object.buffer.bytes().subspan(loose->header_length);
    return object;
}

Result<Bytes> ObjectDatabase::inflate(const Pack& pack, const EntryHeader& header, Buffer& buffer)
{
    const auto left = pack.readable_end() - header.data_offset;
    if (header.size > m_limits.delta_result) {
        return Error(ErrorCode::limit, "object is over the limit");
    }
    if (!plausible_size(header.size, left)) {
        return Error(ErrorCode::damaged, "declares a size that its pack cannot hold");
    }
    const auto room = buffer.make(header.size);
    if (const auto done = m_inflater.inflate_front(pack.bytes().subspan(header.data_offset, left), room); !done) {
        return done.error();
    }
    return buffer.bytes();
}

Result<ReadObject> ObjectDatabase::read_packed(const Pack& pack, std::uint64_t offset, unsigned depth)
{
    // Down to an object that is whole or known, then up again. Offsets to bases lie before their deltas, so only ids
    // could make a cycle.
    struct Link {
        EntryHeader header;
        std::uint64_t offset = 0;
    };
    std::vector<Link> chain;
    std::set<std::uint64_t> seen;
    ReadObject object;
    for (;;) {
        if (!seen.insert(offset).second || chain.size() > m_limits.chain) {
            return Error(ErrorCode::damaged, "delta chain does not end");
        }
        if (const auto* const known = m_bases.find(&pack, offset)) {
            const auto content = known->content->bytes();
            const auto room = object.buffer.make(content.size());
            std::copy(content.begin(), content.end(), room.begin());
            object.type = known->type;
            object.content = object.buffer.bytes();
            break;
        }
        const auto header = pack.header_at(offset, pack.readable_end());
        if (!header) {
            return header.error();
        }
        if (header->type == ObjectType::ofs_delta) {
            chain.push_back({*header, offset});
            offset -= header->base_distance;
        } else if (header->type == ObjectType::ref_delta) {
            chain.push_back({*header, offset});
            const auto here = pack.index().find(header->base_id);
            if (!here) {
                auto base = read_copies(ObjectId::from_raw(header->base_id), depth + 1);
                if (!base) {
                    return base.error().within("delta base");
                }
                object = std::move(*base);
                break;
            }
            offset = pack.index().offset(*here);
        } else {
            object.type = header->type;
            const auto content = inflate(pack, *header, object.buffer);
            if (!content) {
                return content.error();
            }
            object.content = *content;
            m_bases.keep(&pack, offset, object.type, object.content);
            break;
        }
    }
    for (; !chain.empty(); chain.pop_back()) {
        const auto stream = inflate(pack, chain.back().header, m_delta);
        const auto size = stream ? Delta::declared_size(*stream) : stream.error();
        if (size && *size > m_limits.delta_result) {
            return Error(ErrorCode::limit, "delta result is over the limit");
        }
        const auto delta = size ? Delta::open(*stream, object.content.size()) : size.error();
        if (!delta) {
            return delta.error();
        }
        Buffer next;
        if (auto built = delta->apply(object.content, next.make(delta->result_size()).data()); !built) {
            return built.error();
        }
        object.buffer = std::move(next);
        object.content = object.buffer.bytes();
        m_bases.keep(&pack, chain.back().offset, object.type, object.content);
    }
    return object;
}

std::vector<ObjectId> ObjectDatabase::with_prefix(std::string_view hex) const
{
    constexpr std::size_t least = 4;
    std::set<ObjectId> found;
    if (hex.size() < least || hex.size() > 2 * hash_size(m_stores->algorithm)) {
        return {};
    }
    for (const auto& pack : m_stores->packs) {
        const auto [begin, end] = pack.index().find_prefix(hex);
        for (auto at = begin; at < end && found.size() < 2; ++at) {
            found.insert(ObjectId::from_raw(pack.index().id(at)));
        }
    }
    for (const auto& folder : m_stores->folders) {
        std::error_code error;
        const std::string prefix(hex.substr(0, 2));
        fs::directory_iterator at(folder / prefix, error);
        for (; !error && at != fs::directory_iterator() && found.size() < 2; at.increment(error)) {
            const auto name = prefix + at->path().filename().native();
            const auto id = ObjectId::from_hex(name);
            if (name.starts_with(hex) && id && id->size == hash_size(m_stores->algorithm)) {
                found.insert(*id);
            }
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace r8scan::git
