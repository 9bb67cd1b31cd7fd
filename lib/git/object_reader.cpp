#include "git/object_reader.h"

namespace r8scan::git {

namespace {
// How often one read may turn aside to another copy of something in its chain.
constexpr unsigned most_detours = 16;
}  // namespace

Result<ReadObject> ObjectReader::read(Bytes id)
{
    std::set<EntryIndex> tried;
    return read_any_copy(id, tried, 0);
}

Result<ReadObject> ObjectReader::read(EntryIndex entry)
{
    return read(m_table.id(entry));
}

Result<ReadObject> ObjectReader::read_any_copy(Bytes id, std::set<EntryIndex>& tried, unsigned depth)
{
    Error last(ErrorCode::not_found, "object " + to_hex(id) + " is not there");
    for (const auto copy : m_table.find_all(id)) {
        if (depth > most_detours || !tried.insert(copy).second) {
            continue;
        }
        auto object = read_chain(copy, tried, depth);
        if (object) {
            return object;
        }
        last = object.error();
    }
    return last;
}

Result<ReadObject> ObjectReader::read_chain(EntryIndex entry, std::set<EntryIndex>& tried, unsigned depth)
{
    // Down to the whole object, or to the first base that has to come from elsewhere.
    std::vector<EntryIndex> chain;
    std::set<EntryIndex> seen;
    ReadObject object;
    Result<void> reached = Error(ErrorCode::damaged, "delta chain does not end");
    for (auto at = entry; chain.size() <= m_limits.chain; at = m_table.base(at)) {
        if (at == no_entry) {
            return Error(ErrorCode::damaged, "delta base is missing");
        }
        if (!seen.insert(at).second) {
            break;
        }
        if (!m_table.is_delta(at)) {
            const auto whole = m_reader.open_whole(at);
            const auto content = whole && whole->size <= m_limits.delta_result
                                     ? m_reader.inflate(*whole, object.buffer)
                                     : (whole ? Error(ErrorCode::limit, "object is over the limit") : whole.error());
            if (content) {
                object.type = whole->type;
                object.content = *content;
            } else {
                auto other = read_any_copy(m_table.id(at), tried, depth + 1);
                if (!other) {
                    return content.error();
                }
                object = std::move(*other);
            }
            reached = {};
            break;
        }
        chain.push_back(at);
    }
    if (!reached) {
        return reached.error();
    }
    for (; !chain.empty(); chain.pop_back()) {
        const auto at = chain.back();
        const auto stream = m_reader.inflate_delta(at, m_limits, m_delta);
        const auto size = stream ? Delta::declared_size(*stream) : stream.error();
        if (size && *size > m_limits.delta_result) {
            return Error(ErrorCode::limit, "delta result is over the limit");
        }
        const auto delta = size ? Delta::open(*stream, object.content.size()) : size.error();
        Buffer next;
        const auto built = delta ? delta->apply(object.content, next.make(delta->result_size()).data()) : delta.error();
        if (built) {
            object.buffer = std::move(next);
            object.content = object.buffer.bytes();
        } else {
            auto other = at == entry ? Result<ReadObject>(built.error()) : read_any_copy(m_table.id(at), tried, depth + 1);
            if (!other) {
                return built.error();
            }
            object = std::move(*other);
        }
    }
    return object;
}

}  // namespace r8scan::git
