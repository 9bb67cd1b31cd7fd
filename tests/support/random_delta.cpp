// Random bases and deltas: a walk along the base with an edit after each stretch. See random_delta.h.
#include "tests/support/random_delta.h"

#include <algorithm>
#include <cstddef>

#include "tests/support/delta_builder.h"

namespace r8scan::test {
namespace {

CopyForm random_form(Rng& rng)
{
    switch (rng.below(6)) {
        case 0:
            return CopyForm::all_bytes;
        case 1:
            return CopyForm::zero_size;
        default:
            return CopyForm::shortest;
    }
}

/// Writes one delta; each member function is one kind of edit.
class Writer {
public:
    Writer(Rng& rng, std::string_view base, std::string_view token)
        : m_rng(rng), m_base(base), m_token(token), m_builder(base)
    {
    }

    /// The next stretch of the base as it is.
    void keep()
    {
        const std::size_t size = m_rng.below(m_base.size() - m_cursor + 1);
        copy(m_cursor, size);
        m_cursor += size;
    }

    void drop() { m_cursor += m_rng.below(std::min<std::size_t>(m_base.size() - m_cursor, 60) + 1); }

    void insert_text() { m_builder.insert(random_text(m_rng, m_rng.between(1, 200))); }

    void insert_token() { m_builder.insert(m_token, m_rng.chance(50) ? 127 : m_rng.between(1, 12)); }

    /// The token piece by piece: from wherever the base holds the piece, else inserted.
    void assemble_token()
    {
        std::size_t done = 0;
        while (done < m_token.size()) {
            const std::size_t size = m_rng.between(1, std::min<std::size_t>(m_token.size() - done, 20));
            const std::string_view piece = m_token.substr(done, size);
            const std::size_t at = m_base.find(piece, m_base.empty() ? 0 : m_rng.below(m_base.size()));
            const std::size_t anywhere = at == std::string_view::npos ? m_base.find(piece) : at;
            if (anywhere != std::string_view::npos && m_rng.chance(80)) {
                copy(anywhere, size);
            } else {
                m_builder.insert(piece);
            }
            done += size;
        }
    }

    /// Copies that repeat, overlap and come out of order.
    void jumble()
    {
        for (std::size_t n = m_rng.between(1, 5); n > 0 && !m_base.empty(); --n) {
            const std::size_t offset = m_rng.below(m_base.size());
            const std::size_t size = m_rng.between(1, std::min<std::size_t>(m_base.size() - offset, 300));
            for (std::size_t repeat = m_rng.chance(20) ? 2 : 1; repeat > 0; --repeat) {
                copy(offset, size);
            }
        }
    }

    /// Keeps up to a place where the base holds the token or a piece of it, cutting at or near its edges.
    void disturb_token()
    {
        const std::size_t length = m_rng.chance(50) ? m_token.size() : m_rng.between(2, 10);
        const std::size_t at = m_base.find(m_token.substr(0, length), m_cursor);
        if (at == std::string_view::npos) {
            return;
        }
        const std::size_t cut_before = std::min<std::size_t>(at - m_cursor, m_rng.below(3));
        copy(m_cursor, at - cut_before - m_cursor);
        if (m_rng.chance(60)) {
            m_builder.insert(random_neighbour());
        }
        copy(at, length);
        if (m_rng.chance(60)) {
            m_builder.insert(random_neighbour());
        }
        m_cursor = std::min(m_base.size(), at + length + m_rng.below(3));
    }

    /// The rest of the base but its last few bytes, and other ones instead.
    void edit_tail()
    {
        const std::size_t rest = m_base.size() - m_cursor;
        copy(m_cursor, rest - std::min<std::size_t>(rest, m_rng.below(45)));
        m_cursor = m_base.size();
        if (m_rng.chance(50)) {
            const std::size_t start = m_rng.below(m_token.size());
            m_builder.insert(m_token.substr(start), m_rng.between(1, 40));
        } else {
            m_builder.insert(random_text(m_rng, m_rng.between(1, 8)));
        }
    }

    [[nodiscard]] bool at_end() const { return m_cursor >= m_base.size(); }
    void finish_with(std::string_view bytes) { m_builder.insert(bytes); }
    [[nodiscard]] DeltaAndTarget result() const { return {m_builder.delta(), m_builder.target()}; }

private:
    void copy(std::size_t offset, std::size_t size)
    {
        while (size > 0) {  // often in several instructions, so that edges fall inside tokens
            const std::size_t part = m_rng.chance(70) ? size : m_rng.between(1, size);
            m_builder.copy(offset, part, random_form(m_rng));
            offset += part;
            size -= part;
        }
    }

    std::string random_neighbour()
    {
        constexpr std::string_view neighbours = "aZ7_- \n\"'=:/+.\\(";
        return std::string(1, neighbours[m_rng.below(neighbours.size())]);
    }

    Rng& m_rng;
    std::string_view m_base;
    std::string_view m_token;
    DeltaBuilder m_builder;
    std::size_t m_cursor = 0;
};

}  // namespace

std::string random_base(Rng& rng, std::string_view token, std::size_t size, bool whole)
{
    std::string base;
    while (base.size() < size) {
        base += random_text(rng, rng.between(1, std::max<std::size_t>(2, size / 4)));
        switch (rng.below(6)) {
            case 0:  // a front piece, often just the anchor or a part of it
                base += token.substr(0, rng.chance(60) ? rng.between(1, 4) : rng.below(token.size()));
                break;
            case 1:  // an end piece
                base += token.substr(rng.between(1, token.size() - 1));
                break;
            case 2: {  // a middle piece
                const std::size_t start = rng.below(token.size());
                base += token.substr(start, rng.between(1, 20));
                break;
            }
            case 3:
                if (whole) {
                    base += rng.chance(30) ? "x" : " ";
                    base += token;
                    base += rng.chance(30) ? "x" : " ";
                }
                break;
            default:
                break;
        }
    }
    return base;
}

DeltaAndTarget random_delta(Rng& rng, std::string_view base, std::string_view token)
{
    Writer writer(rng, base, token);
    if (rng.chance(4)) {  // nearly nothing is left
        writer.finish_with(rng.chance(50) ? "\n" : "r8");
        return writer.result();
    }
    for (std::size_t edits = rng.between(1, 8); edits > 0; --edits) {
        if (rng.chance(70)) {
            writer.keep();
        }
        switch (rng.below(8)) {
            case 0:
                writer.drop();
                break;
            case 1:
                writer.insert_text();
                break;
            case 2:
                writer.insert_token();
                break;
            case 3:
                writer.assemble_token();
                break;
            case 4:
                writer.jumble();
                break;
            case 5:
            case 6:
                writer.disturb_token();
                break;
            default:
                writer.edit_tail();
                break;
        }
        if (writer.at_end()) {
            break;
        }
    }
    writer.finish_with(rng.chance(50) ? "\n" : token.substr(token.size() - 3));
    return writer.result();
}

}  // namespace r8scan::test
