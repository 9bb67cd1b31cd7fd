#include "git/reftable_block.h"

namespace r8scan::git {

namespace {

constexpr std::size_t longest_name = 64U << 10U;  // git itself holds names to less than a block, usually 4 KiB

Error damaged(std::string what)
{
    return {ErrorCode::damaged, std::move(what)};
}

std::size_t read_be24(const std::byte* at)
{
    return std::to_integer<std::size_t>(at[0]) << 16U | std::to_integer<std::size_t>(at[1]) << 8U |
           std::to_integer<std::size_t>(at[2]);
}

// Takes pieces off the front of bytes; once something was not there, nothing is any more.
class Cursor {
public:
    explicit Cursor(Bytes bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] std::size_t at() const { return m_at; }
    [[nodiscard]] bool at_end() const { return m_at == m_bytes.size(); }

    Bytes take(std::uint64_t size)
    {
        if (!m_ok || size > m_bytes.size() - m_at) {
            m_ok = false;
            return {};
        }
        const auto piece = m_bytes.subspan(m_at, static_cast<std::size_t>(size));
        m_at += piece.size();
        return piece;
    }

    // As the offsets of deltas in packs: each further byte adds one, so that no number has two forms.
    std::uint64_t number()
    {
        constexpr std::uint64_t highest_seven_bits = ~std::uint64_t{0} << 57U;
        std::uint64_t value = 0;
        for (bool more = true, first = true; more; first = false) {
            const auto byte = take(1);
            if (byte.empty() || (!first && ((value + 1) & highest_seven_bits) != 0)) {
                m_ok = false;
                return 0;
            }
            const auto bits = std::to_integer<unsigned>(byte[0]);
            more = (bits & 0x80U) != 0;
            value = (first ? 0 : (value + 1) << 7U) | (bits & 0x7fU);
        }
        return value;
    }

    std::string_view text() { return as_text(take(number())); }

    ObjectId id(std::size_t size)
    {
        const auto raw = take(size);
        return m_ok ? ObjectId::from_raw(raw) : ObjectId();
    }

private:
    Bytes m_bytes;
    std::size_t m_at = 0;
    bool m_ok = true;
};

Result<void> read_ref(Cursor& cursor, unsigned type, std::string_view key, const ReftableTerms& terms,
                      const ReftableVisitor& visitor)
{
    ReftableRef ref;
    ref.name = key;
    const auto index = cursor.number();
    if (index > ~std::uint64_t{0} - terms.min_update_index) {
        return damaged("update index is too large");
    }
    if (type > static_cast<unsigned>(ReftableRef::Kind::symbolic)) {
        return damaged("value of an unknown type");
    }
    ref.kind = static_cast<ReftableRef::Kind>(type);
    if (ref.kind == ReftableRef::Kind::id || ref.kind == ReftableRef::Kind::tag) {
        ref.id = cursor.id(terms.id_size);
    }
    if (ref.kind == ReftableRef::Kind::tag) {
        cursor.take(terms.id_size);  // what it stands for, which the tag object says too
    } else if (ref.kind == ReftableRef::Kind::symbolic) {
        ref.points_to = cursor.text();
    }
    if (!cursor.ok()) {
        return damaged("is cut off");
    }
    visitor.ref(ref);
    return {};
}

Result<void> read_log(Cursor& cursor, unsigned type, std::string_view key, const ReftableTerms& terms,
                      const ReftableVisitor& visitor)
{
    // The ref's name, a NUL, and the update index counted downwards, so that the newest entry comes first.
    constexpr std::size_t tail = 9;
    ReftableLog log;
    if (key.size() <= tail || key.find('\0') != key.size() - tail) {
        return damaged("is no entry of a reflog");
    }
    log.name = key.substr(0, key.size() - tail);
    log.update_index = ~read_be64(as_bytes(key).data() + key.size() - 8);
    if (type > 1) {
        return damaged("entry of an unknown type");
    }
    log.deleted = type == 0;
    if (!log.deleted) {
        log.old_id = cursor.id(terms.id_size);
        log.new_id = cursor.id(terms.id_size);
        log.person = cursor.text();
        log.email = cursor.text();
        log.time = cursor.number();
        const auto zone = cursor.take(2);
        log.message = cursor.text();
        if (!cursor.ok()) {
            return damaged("is cut off");
        }
        log.zone =
            static_cast<std::int16_t>(std::to_integer<unsigned>(zone[0]) << 8U | std::to_integer<unsigned>(zone[1]));
    }
    visitor.log(log);
    return {};
}

}  // namespace

Result<void> read_reftable_block(Bytes block, std::size_t records, bool is_log, ReftableTerms& terms, std::string& key,
                                 const ReftableVisitor& visitor)
{
    if (block.size() < records + 2) {
        return damaged("is cut off");
    }
    const auto* const end = block.data() + block.size();
    const std::size_t restarts = std::to_integer<std::size_t>(end[-2]) << 8U | std::to_integer<std::size_t>(end[-1]);
    if (restarts == 0 || block.size() - records - 2 < 3 * restarts) {
        return damaged("has no room for its restart points");
    }
    const auto restarts_begin = block.size() - 2 - 3 * restarts;
    std::size_t restart = 0;
    Cursor cursor(block.first(restarts_begin));
    cursor.take(records);
    for (std::uint64_t number = 0; !cursor.at_end(); ++number) {
        const auto where = [&] { return "record " + std::to_string(number); };
        const auto begin = cursor.at();
        const auto shared = cursor.number();
        const auto size_and_type = cursor.number();
        const auto suffix = as_text(cursor.take(size_and_type >> 3U));
        if (!cursor.ok() || shared > key.size() || (number == 0 && shared != 0)) {
            return damaged("name does not fit the one before").within(where());
        }
        if (restart < restarts && read_be24(block.data() + restarts_begin + 3 * restart) == begin) {
            if (shared != 0) {
                return damaged("restart point is none").within(where());
            }
            ++restart;
        }
        const auto ascends = suffix > std::string_view(key).substr(static_cast<std::size_t>(shared));
        if (!ascends) {
            return damaged("name is not behind the one before").within(where());
        }
        key.resize(static_cast<std::size_t>(shared));
        if (suffix.size() > longest_name - std::min(longest_name, key.size())) {
            return Error(ErrorCode::limit, "name is longer than " + std::to_string(longest_name) + " bytes")
                .within(where());
        }
        key += suffix;
        if (key.size() > terms.name_bytes_left) {
            return Error(ErrorCode::limit, "names take more memory than is allowed").within(where());
        }
        terms.name_bytes_left -= key.size();
        const auto type = static_cast<unsigned>(size_and_type & 7U);
        if (auto read = (is_log ? read_log : read_ref)(cursor, type, key, terms, visitor); !read) {
            return read.error().within(where());
        }
    }
    if (restart != restarts) {
        return damaged("restart points lead to no record");
    }
    return {};
}

}  // namespace r8scan::git
