#include "util/problems.h"

namespace r8scan {

void Problems::add(const std::string& reason, std::string example, const std::string& way_out, std::uint64_t count)
{
    constexpr std::size_t examples_kept = 10;
    const std::lock_guard lock(m_mutex);
    for (const auto& object : m_accepted) {
        if (count == 1 && example.find(object) != std::string::npos) {
            m_met_accepted.insert(object);
            return;
        }
    }
    auto& entry = m_reasons[reason];
    entry.count += count;
    if (entry.way_out.empty()) {
        entry.way_out = way_out;
    }
    entry.examples.insert(std::move(example));
    if (entry.examples.size() > examples_kept) {
        entry.examples.erase(std::prev(entry.examples.end()));
    }
}

std::vector<Skip> Problems::list() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Skip> skips;
    for (const auto& [reason, entry] : m_reasons) {
        skips.push_back({reason, entry.count, {entry.examples.begin(), entry.examples.end()}, entry.way_out});
    }
    return skips;
}

std::set<std::string> Problems::met_accepted() const
{
    const std::lock_guard lock(m_mutex);
    return m_met_accepted;
}

bool Problems::empty() const
{
    const std::lock_guard lock(m_mutex);
    return m_reasons.empty();
}

}  // namespace r8scan
