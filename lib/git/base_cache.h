// Keeps packed objects that were built lately, so that a delta of one of them need not build it again.
//
// Neighbours in history are deltas of each other: reading a range commit by commit builds the same bases over and over.
// Two generations: what is used moves to the young one, and when that is full the old one goes.
// One thread.
#pragma once

#include "git/buffer.h"
#include "git/object_table.h"

#include <cstring>
#include <memory>
#include <unordered_map>

namespace r8scan::git {

class BaseCache {
public:
    struct Base {
        ObjectType type = ObjectType::unknown;
        std::shared_ptr<const Buffer> content;
    };

    /// `capacity` in bytes of content.
    explicit BaseCache(std::uint64_t capacity) : m_capacity(capacity) {}

    /// Null where it is not kept; valid until the next call.
    const Base* find(const void* pack, std::uint64_t offset)
    {
        const Key key{pack, offset};
        if (const auto at = m_young.find(key); at != m_young.end()) {
            return &at->second;
        }
        const auto at = m_old.find(key);
        if (at == m_old.end()) {
            return nullptr;
        }
        Base base = std::move(at->second);
        m_old.erase(at);
        return &put(key, std::move(base));
    }

    void keep(const void* pack, std::uint64_t offset, ObjectType type, Bytes content)
    {
        // One object must not push out all the others.
        if (content.size() > m_capacity / 8) {
            return;
        }
        auto copy = std::make_shared<Buffer>();
        const auto room = copy->make(content.size());
        if (!content.empty()) {
            std::memcpy(room.data(), content.data(), content.size());
        }
        put({pack, offset}, {type, std::move(copy)});
    }

private:
    struct Key {
        const void* pack = nullptr;
        std::uint64_t offset = 0;
        friend bool operator==(const Key& a, const Key& b) = default;
    };
    struct HashKey {
        std::size_t operator()(const Key& key) const
        {
            return std::hash<const void*>()(key.pack) ^ std::hash<std::uint64_t>()(key.offset * 0x9E3779B97F4A7C15ULL);
        }
    };
    using Generation = std::unordered_map<Key, Base, HashKey>;

    const Base& put(const Key& key, Base base)
    {
        const auto size = base.content->bytes().size();
        if (m_young_bytes + size > m_capacity / 2) {
            m_old = std::move(m_young);
            m_young = Generation();
            m_young_bytes = 0;
        }
        m_young_bytes += size;
        return m_young.insert_or_assign(key, std::move(base)).first->second;
    }

    std::uint64_t m_capacity;
    std::uint64_t m_young_bytes = 0;
    Generation m_young;
    Generation m_old;
};

}  // namespace r8scan::git
