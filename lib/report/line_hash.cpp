#include "report/line_hash.h"

#include "util/escape.h"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

namespace r8scan::report {
namespace {

constexpr std::size_t window_size = 100;
constexpr std::uint64_t factor = 37;

/// factor to the power of window_size, modulo 2^64: what the oldest character of a window weighs.
constexpr std::uint64_t oldest_weight()
{
    std::uint64_t weight = 1;
    for (std::size_t i = 0; i < window_size; ++i) {
        weight *= factor;
    }
    return weight;
}

/// The last 100 units, their polynomial, and which of them begin a line whose hash is still to come.
class Window {
public:
    void add(std::uint16_t unit, bool begins_line)
    {
        tell_line();
        m_begins_line[m_at] = begins_line;
        push(unit);
    }

    /// The lines that begin within the last 100 units, as if zeros followed.
    std::vector<std::string> finish()
    {
        for (std::size_t i = 0; i < window_size; ++i) {
            tell_line();
            push(0);
        }
        return std::move(m_hashes);
    }

private:
    /// Once a line's first unit is about to leave the window, the window holds the 100 units from there on.
    void tell_line()
    {
        if (m_begins_line[m_at]) {
            m_begins_line[m_at] = false;
            m_hashes.push_back(fmt::format("{:x}:{}", m_hash, ++m_seen[m_hash]));
        }
    }
    void push(std::uint16_t unit)
    {
        m_hash = m_hash * factor + unit - oldest_weight() * m_units[m_at];
        m_units[m_at] = unit;
        m_at = (m_at + 1) % window_size;
    }

    std::array<std::uint16_t, window_size> m_units{};
    std::array<bool, window_size> m_begins_line{};
    std::size_t m_at = 0;
    std::uint64_t m_hash = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> m_seen;
    std::vector<std::string> m_hashes;
};

}  // namespace

std::vector<std::string> line_hashes(std::string_view content)
{
    constexpr std::uint16_t end_mark = 0xFFFF;
    Window window;
    bool line_begins = true;
    bool after_return = false;
    const auto take = [&](std::uint16_t unit) {
        const bool ends_pair = after_return && unit == '\n';
        after_return = false;
        if (unit == ' ' || unit == '\t' || ends_pair) {
            return;
        }
        if (unit == '\r') {
            unit = '\n';
            after_return = true;
        }
        window.add(unit, line_begins);
        line_begins = unit == '\n';
    };
    while (!content.empty()) {
        const DecodedCharacter character = decode_utf8(content);
        content.remove_prefix(character.length);
        const auto code_point = static_cast<std::uint32_t>(character.valid ? character.code_point : 0xFFFDU);
        if (code_point < 0x10000) {
            take(static_cast<std::uint16_t>(code_point));
        } else {
            take(static_cast<std::uint16_t>(0xD800U + ((code_point - 0x10000U) >> 10U)));
            take(static_cast<std::uint16_t>(0xDC00U + ((code_point - 0x10000U) & 0x3FFU)));
        }
    }
    take(end_mark);
    return window.finish();
}

}  // namespace r8scan::report
