#include "engine/stream_scan.h"

#include <algorithm>
#include <new>

namespace r8scan {

namespace {

constexpr std::size_t window_size = 8U << 20U;
constexpr std::size_t first_room = 64U << 10U;
constexpr std::uint64_t largest_limit = 1ULL << 62U;  // leaves room to count one byte more
// More than this is given back after a stream, for the many small ones to come.
constexpr std::size_t kept_room = 16U << 20U;

}  // namespace

StreamScan::StreamScan(const Matcher& matcher, const DetectionOptions& options, Control& control)
    : m_control(control),
      m_scanner(matcher, layer_limits_of(options, control)),
      m_in_memory(std::min(options.max_object_size, largest_limit))
{
}

ScannedStream StreamScan::scan(Bytes content)
{
    ScannedStream out;
    scan_whole(content, out);
    return out;
}

ScannedStream StreamScan::scan(const StreamReader& read, std::uint64_t expected)
{
    ScannedStream out;
    m_held = 0;
    // What is known not to fit need not be gathered first. Of the rest one byte more than fits tells which it is.
    const bool too_large = expected > m_in_memory;
    auto room = static_cast<std::size_t>(
        too_large ? window_size : std::min(std::max(expected + 1, std::uint64_t{first_room}), m_in_memory + 1));
    bool more = fill(read, room, out);
    while (more && !too_large && m_held <= m_in_memory) {
        room = static_cast<std::size_t>(std::min<std::uint64_t>(2 * std::uint64_t{room}, m_in_memory + 1));
        more = fill(read, room, out);
    }
    if (!more && m_held <= m_in_memory) {
        scan_whole(held(), out);
    } else {
        scan_in_windows(
            more ? read : [](std::span<std::byte>) { return Result<std::size_t>(0); }, out);
    }
    trim();
    return out;
}

// Reads until so many bytes are held. False at the end of the stream, an error or a stop.
bool StreamScan::fill(const StreamReader& read, std::size_t room, ScannedStream& out)
{
    make_room(room);
    while (m_held < room) {
        if (m_control.stop) {
            out.stopped = true;
            return false;
        }
        const auto got = read(std::span(m_buffer.get() + m_held, room - m_held));
        if (!got) {
            out.stopped = got.error().code() == ErrorCode::interrupted;
            if (!out.stopped) {
                out.error = got.error();
            }
            return false;
        }
        if (*got == 0) {
            return false;
        }
        m_held += *got;
        out.bytes += *got;
        m_control.bytes_done += *got;
    }
    return true;
}

void StreamScan::make_room(std::size_t room)
{
    if (m_room < room) {
        auto* const grown = static_cast<std::byte*>(std::realloc(m_buffer.get(), room));
        if (grown == nullptr) {
            throw std::bad_alloc();
        }
        (void)m_buffer.release();
        m_buffer.reset(grown);
        m_room = room;
    }
}

void StreamScan::trim()
{
    if (m_room > kept_room) {
        m_buffer.reset();
        m_room = m_held = 0;
    }
}

void StreamScan::scan_whole(Bytes content, ScannedStream& out)
{
    if (m_scanner.has_anchor(content)) {
        out.hits = m_scanner.scan(content);
        out.unread = m_scanner.take_unread();
    }
}

void StreamScan::scan_in_windows(const StreamReader& read, ScannedStream& out)
{
    m_scanner.start();
    for (auto rest = held(); !rest.empty(); rest = rest.subspan(std::min(rest.size(), window_size))) {
        m_scanner.window(rest.first(std::min(rest.size(), window_size)), false, out.hits);
    }
    trim();
    for (bool more = true; more;) {
        m_held = 0;
        more = fill(read, window_size, out);
        m_scanner.window(held(), !more, out.hits);
    }
    out.unread = m_scanner.take_unread();
}

}  // namespace r8scan
