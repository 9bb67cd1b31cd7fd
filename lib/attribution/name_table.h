// Numbers for names, handed out to several threads at once.
//
// The numbers depend on which thread came first; nothing that is printed may depend on them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace r8scan::attribution {

class NameTable {
public:
    std::uint32_t number_of(std::string_view name)
    {
        auto& shard = m_shards[std::hash<std::string_view>()(name) % m_shards.size()];
        const std::lock_guard lock(shard.mutex);
        const auto at = shard.numbers.find(name);
        if (at != shard.numbers.end()) {
            return at->second;
        }
        return shard.numbers.emplace(std::string(name), m_next.fetch_add(1)).first->second;
    }

    /// All names, at their numbers. Once, when the threads are done.
    std::vector<std::string> names() const
    {
        std::vector<std::string> names(m_next.load());
        for (const auto& shard : m_shards) {
            for (const auto& [name, number] : shard.numbers) {
                names[number] = name;
            }
        }
        return names;
    }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers;
    };
    std::array<Shard, 64> m_shards;
    std::atomic<std::uint32_t> m_next{0};
};

}  // namespace r8scan::attribution
