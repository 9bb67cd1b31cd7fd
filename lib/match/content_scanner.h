// Finds the tokens in one byte stream: candidates from the matcher, judged by their neighbours, with line and column.
//
// Content comes whole, or window by window where it is too large for memory. One scanner for each thread.
#pragma once

#include "match/hit.h"
#include "match/matcher.h"

namespace r8scan {

/// Counts lines and code points while going forward through content.
class PositionCounter {
public:
    /// Goes on to `offset` (not before the last one) of content, whose first byte is at `content_begin` in the stream.
    void advance(Bytes content, std::uint64_t content_begin, std::uint64_t offset);
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }
    [[nodiscard]] std::uint64_t line() const { return m_line; }
    [[nodiscard]] std::uint64_t column() const { return m_column; }

private:
    std::uint64_t m_offset = 0;
    std::uint64_t m_line = 1;
    std::uint64_t m_column = 1;
};

class ContentScanner {
public:
    explicit ContentScanner(const Matcher& matcher) : m_matcher(matcher), m_scratch(matcher.make_scratch()) {}

    [[nodiscard]] bool has_anchor(Bytes content) { return m_matcher.has_anchor(content, m_scratch.get()); }

    /// All tokens in the content, in order of offset. Placeholders are among them, marked.
    std::vector<Hit> scan(Bytes content);

    /// The same for a stream in windows: start(), then window() for each piece, the last with last = true.
    void start();
    void window(Bytes piece, bool last, std::vector<Hit>& out);

private:
    void judge(Bytes content, std::uint64_t content_begin, std::uint64_t from, std::uint64_t to, std::vector<Hit>& out);

    const Matcher& m_matcher;
    MatchScratch m_scratch;
    std::vector<Candidate> m_candidates;
    PositionCounter m_counter;
    std::vector<std::byte> m_carried;     // end of the earlier windows, then the current one
    std::uint64_t m_carried_begin = 0;    // offset of its first byte in the stream
    std::uint64_t m_judged_to = 0;        // candidates that begin before are done
};

}  // namespace r8scan
