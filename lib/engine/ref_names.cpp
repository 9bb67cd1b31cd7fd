#include "engine/ref_names.h"

#include "util/hash.h"

#include <algorithm>

namespace r8scan {

namespace {

// Whether `part`, which holds the token at `token_at`, stands around [begin, end) of the text, and nothing of a name
// right before or behind it; before it a slash may stand, as it does in longer forms of the name.
bool stands_around(std::string_view text, std::size_t begin, std::size_t end, std::string_view part,
                   std::size_t token_at)
{
    const auto is_mark = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' ||
               std::string_view("'\"`~^:?*[\\").find(c) != std::string_view::npos;
    };
    if (begin < token_at || end - begin + token_at > part.size()) {
        return false;
    }
    const auto from = begin - token_at;
    const bool begins = from == 0 || text[from - 1] == '/' || is_mark(text[from - 1]);
    const auto to = from + part.size();
    return begins && text.substr(from, part.size()) == part && (to == text.size() || is_mark(text[to]));
}

}  // namespace

void RefNames::add(std::string_view token, const std::string& ref)
{
    auto& names = m_names[sha256_hex(as_bytes(token))];
    if (names.empty() || names.back() != ref) {
        names.push_back(ref);
    }
}

bool RefNames::contains(std::string_view token) const
{
    return !m_names.empty() && m_names.contains(sha256_hex(as_bytes(token)));
}

bool RefNames::is_named_in(std::string_view text, const Hit& hit) const
{
    const bool is_plain = hit.encoding.empty() && hit.inner_path.empty();
    if (!is_plain || m_names.empty() || hit.end_offset > text.size() || hit.position.offset > hit.end_offset) {
        return false;
    }
    const std::string_view token = hit.secret.reveal();
    const auto names = m_names.find(sha256_hex(as_bytes(token)));
    return names != m_names.end() &&
           std::any_of(names->second.begin(), names->second.end(), [&](const std::string& name) {
               const auto at = name.find(token);
               const auto slash = at == std::string::npos ? at : name.rfind('/', at);
               const auto part =
                   slash == std::string::npos ? std::string_view(name) : std::string_view(name).substr(slash + 1);
               const auto token_at = part.find(token);
               return token_at != std::string_view::npos &&
                      stands_around(text, hit.position.offset, hit.end_offset, part, token_at);
           });
}

bool RefNames::is_named_in_log(std::string_view text, const Hit& hit) const
{
    const auto offset = static_cast<std::size_t>(hit.position.offset);
    if (offset > text.size()) {
        return false;
    }
    const auto before = text.substr(0, offset);
    const auto line = before.substr(before.rfind('\n') + 1);
    const auto tab = line.find('\t');
    const bool is_of_commit = tab != std::string_view::npos && line.substr(tab + 1).starts_with("commit");
    return !is_of_commit && is_named_in(text, hit);
}

}  // namespace r8scan
