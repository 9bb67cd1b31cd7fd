#include "git/index_file.h"

#include "util/hash.h"

#include <algorithm>
#include <charconv>
#include <future>
#include <system_error>

namespace r8scan::git {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t stat_size = 40;  // times, device, inode, mode, owner, size

Error damaged(std::string what)
{
    return {ErrorCode::damaged, std::move(what)};
}

// One EWAH bitmap (git's ewah/ewok.h): bits, words, then words of 64 bits: one that tells of a run of equal words and a
// number of literal ones, then these; at the end the place of the last such word.
bool take_bitmap(Bytes& bytes, std::vector<std::uint32_t>& positions)
{
    constexpr std::uint64_t most_bits = 1U << 28U;
    if (bytes.size() < 8) {
        return false;
    }
    const std::uint64_t bits = read_be32(bytes.data());
    const std::size_t words = read_be32(bytes.data() + 4);
    if (words > bytes.size() / 8 || bytes.size() < 8 + 8 * words + 4 || bits > most_bits) {
        return false;
    }
    const auto word_at = [&](std::size_t number) { return read_be64(bytes.data() + 8 + 8 * number); };
    std::uint64_t bit = 0;
    const auto add = [&](std::uint64_t word) {
        for (unsigned i = 0; i < 64; ++i) {
            if (((word >> i) & 1U) != 0 && bit + i < bits) {
                positions.push_back(static_cast<std::uint32_t>(bit + i));
            }
        }
        bit += 64;
    };
    for (std::size_t at = 0; at < words;) {
        const auto marker = word_at(at++);
        const auto run = (marker >> 1U) & 0xffffffffU;
        const auto literals = marker >> 33U;
        if (literals > words - at) {
            return false;
        }
        if ((marker & 1U) == 0) {
            bit += 64 * run;
        } else {
            for (std::uint64_t i = 0; i < run && bit < bits; ++i) {
                add(~std::uint64_t{0});
            }
        }
        for (std::uint64_t i = 0; i < literals; ++i) {
            add(word_at(at++));
        }
    }
    bytes = bytes.subspan(8 + 8 * words + 4);
    return true;
}

// A checksum of zeros means that none was made (index.skipHash).
bool has_sound_checksum(Bytes bytes, HashAlgorithm algorithm)
{
    const auto checksum = bytes.last(hash_size(algorithm));
    if (ObjectId::from_raw(checksum).is_zero()) {
        return true;
    }
    Hasher hasher(algorithm);
    hasher.update(bytes.first(bytes.size() - checksum.size()));
    const auto digest = hasher.finish();
    return std::memcmp(digest.data(), checksum.data(), checksum.size()) == 0;
}

}  // namespace

Result<IndexFile> IndexFile::open(const std::filesystem::path& path, const std::filesystem::path& git_dir,
                                  HashAlgorithm algorithm)
{
    IndexFile index;
    auto file = MappedFile::open(path);
    if (!file) {
        return file.error().code() == ErrorCode::not_found ? Result<IndexFile>(std::move(index)) : file.error();
    }
    index.m_file = std::move(*file);
    if (auto read = index.read(index.m_file.bytes(), algorithm); !read) {
        return read.error().within(quoted(path));
    }
    if (auto joined = index.join(git_dir, algorithm); !joined) {
        return joined.error().within(quoted(path));
    }
    return index;
}

Result<void> IndexFile::unchanged() const
{
    auto same = m_file.unchanged();
    return same && m_shared ? m_shared->unchanged() : same;
}

Result<IndexFile> IndexFile::from_memory(Bytes bytes, HashAlgorithm algorithm)
{
    IndexFile index;
    if (auto read = index.read(bytes, algorithm); !read) {
        return read.error();
    }
    return index;
}

Result<void> IndexFile::read(Bytes bytes, HashAlgorithm algorithm)
{
    const auto id_size = hash_size(algorithm);
    if (bytes.size() < header_size + id_size || as_text(bytes.first(4)) != "DIRC") {
        return damaged("is no index of git");
    }
    const auto version = read_be32(bytes.data() + 4);
    if (version < 2 || version > 4) {
        return Error(ErrorCode::unsupported, "index version " + std::to_string(version) + " is not known");
    }
    // Hashing takes as long as reading the entries, and neither needs the other.
    constexpr std::size_t large = 1U << 20U;
    auto intact = std::async(bytes.size() > large ? std::launch::async : std::launch::deferred,
                             [&] { return has_sound_checksum(bytes, algorithm); });
    auto read = read_content(bytes, version, id_size);
    if (!intact.get()) {
        return damaged("checksum of the index does not match");
    }
    return read;
}

Result<void> IndexFile::read_content(Bytes bytes, std::uint32_t version, std::size_t id_size)
{
    const auto content = bytes.first(bytes.size() - id_size);
    const auto count = read_be32(bytes.data() + 8);
    const auto least = stat_size + id_size + 2;
    if (count > content.size() / least) {
        return damaged("index counts more entries than it can hold");
    }
    m_entries.reserve(count);
    std::size_t at = header_size;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto next = read_entry(content, at, version, id_size);
        if (!next) {
            return next.error().within("entry " + std::to_string(i));
        }
        at = *next;
    }
    return read_extensions(content.subspan(at), id_size);
}

Result<std::size_t> IndexFile::read_entry(Bytes bytes, std::size_t begin, std::uint32_t version, std::size_t id_size)
{
    const auto fixed = stat_size + id_size + 2;
    if (bytes.size() - begin < fixed + 2) {
        return damaged("is cut off");
    }
    IndexEntry entry;
    entry.mode = read_be32(bytes.data() + begin + 24);
    entry.id = ObjectId::from_raw(bytes.subspan(begin + stat_size, id_size));
    const auto flags = std::to_integer<unsigned>(bytes[begin + fixed - 2]);
    entry.stage = static_cast<std::uint8_t>((flags >> 4U) & 3U);
    auto at = begin + fixed;
    if ((flags & 0x40U) != 0) {
        if (version < 3 || bytes.size() - at < 4) {
            return damaged("has flags that its version does not know");
        }
        entry.intent_to_add = (std::to_integer<unsigned>(bytes[at]) & 0x20U) != 0;
        at += 2;
    }
    std::size_t dropped = 0;
    if (version == 4) {
        for (bool first = true, more = true; more; first = false) {
            if (at == bytes.size() || dropped > bytes.size()) {
                return damaged("path does not fit the one before");
            }
            const auto byte = std::to_integer<std::size_t>(bytes[at++]);
            more = (byte & 0x80U) != 0;
            dropped = ((first ? 0 : dropped + 1) << 7U) | (byte & 0x7fU);
        }
    }
    const auto rest = as_text(bytes.subspan(at));
    const auto length = rest.find('\0');
    if (length == std::string_view::npos) {
        return damaged("path does not end");
    }
    if (version == 4) {
        const auto before = m_entries.empty() ? std::string_view() : m_entries.back().path;
        if (dropped > before.size()) {
            return damaged("path does not fit the one before");
        }
        constexpr std::size_t longest = 1U << 20U;  // a few bytes could otherwise ask for any amount
        if (before.size() - dropped + length > longest) {
            return damaged("path is too long");
        }
        m_paths.push_back(std::string(before.substr(0, before.size() - dropped)) + std::string(rest.substr(0, length)));
        entry.path = m_paths.back();
        at += length + 1;
    } else {
        entry.path = rest.substr(0, length);
        // With one to eight NULs up to a multiple of eight bytes.
        at = begin + ((at + length - begin) / 8 + 1) * 8;
        if (at > bytes.size()) {
            return damaged("is cut off");
        }
    }
    m_entries.push_back(entry);
    return at;
}

Result<void> IndexFile::read_extensions(Bytes bytes, std::size_t id_size)
{
    while (!bytes.empty()) {
        if (bytes.size() < 8) {
            return damaged("extension of the index is cut off");
        }
        const auto name = as_text(bytes.first(4));
        const auto size = read_be32(bytes.data() + 4);
        if (size > bytes.size() - 8) {
            return damaged("extension of the index is cut off");
        }
        const auto content = bytes.subspan(8, size);
        if (name == "TREE") {
            read_cached_trees(content, id_size);
        } else if (name == "link") {
            if (auto read = read_link(content, id_size); !read) {
                return read;
            }
        } else if (name != "sdir" && (name[0] < 'A' || name[0] > 'Z')) {
            return Error(ErrorCode::unsupported, "index has an extension that must be understood and is not known");
        }
        bytes = bytes.subspan(8 + size);
    }
    return {};
}

Result<void> IndexFile::read_link(Bytes bytes, std::size_t id_size)
{
    if (bytes.size() < id_size) {
        return damaged("link to the shared index is cut off");
    }
    Link link;
    link.shared = ObjectId::from_raw(bytes.first(id_size));
    bytes = bytes.subspan(id_size);
    if (!bytes.empty() && (!take_bitmap(bytes, link.deleted) || !take_bitmap(bytes, link.replaced))) {
        return damaged("link to the shared index has a bitmap that makes no sense");
    }
    if (!link.shared.is_zero()) {
        m_link = std::move(link);
    }
    return {};
}

// The shared entries, without those that are gone, with those here that replace one (they have no path of their own),
// and all others here.
Result<void> IndexFile::join(const std::filesystem::path& git_dir, HashAlgorithm algorithm)
{
    if (!m_link) {
        return {};
    }
    const auto path = git_dir / ("sharedindex." + m_link->shared.hex());
    std::error_code error;
    auto shared = std::filesystem::exists(path, error) ? open(path, git_dir / "none", algorithm)
                                                       : Error(ErrorCode::not_found, quoted(path) + ": is not there");
    if (!shared) {
        return shared.error().within("shared part of a split index");
    }
    if (shared->m_link) {
        return damaged("shared part of a split index is split itself");
    }
    m_shared = std::make_unique<IndexFile>(std::move(*shared));
    auto entries = m_shared->m_entries;
    std::size_t next = 0;
    for (const auto position : m_link->replaced) {
        if (position >= entries.size() || next >= m_entries.size() || !m_entries[next].path.empty()) {
            return damaged("split index replaces an entry that is not there");
        }
        const auto path_there = entries[position].path;
        entries[position] = m_entries[next++];
        entries[position].path = path_there;
    }
    std::vector<bool> gone(entries.size(), false);
    for (const auto position : m_link->deleted) {
        if (position >= entries.size()) {
            return damaged("split index deletes an entry that is not there");
        }
        gone[position] = true;
    }
    std::vector<IndexEntry> all(m_entries.begin() + static_cast<std::ptrdiff_t>(next), m_entries.end());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!gone[i]) {
            all.push_back(entries[i]);
        }
    }
    // An entry here comes before a shared one of the same path and stage, and takes its place.
    const auto key = [](const IndexEntry& entry) { return std::pair(entry.path, entry.stage); };
    std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    all.erase(std::unique(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }), all.end());
    m_entries = std::move(all);
    return {};
}

// Only what speeds a comparison up: from where it makes no sense on, it is left out.
void IndexFile::read_cached_trees(Bytes bytes, std::size_t id_size)
{
    struct Open {
        std::string path;
        long children;
    };
    std::vector<Open> open;
    while (!bytes.empty()) {
        const auto text = as_text(bytes);
        const auto nul = text.find('\0');
        const auto space = text.find(' ', nul == std::string_view::npos ? 0 : nul);
        const auto line = text.find('\n', space == std::string_view::npos ? 0 : space);
        if (nul == std::string_view::npos || space == std::string_view::npos || line == std::string_view::npos) {
            return;
        }
        long entries = 0;
        long children = 0;
        std::from_chars(text.data() + nul + 1, text.data() + space, entries);
        std::from_chars(text.data() + space + 1, text.data() + line, children);
        while (!open.empty() && open.back().children == 0) {
            open.pop_back();
        }
        if (m_trees.empty() != open.empty() && open.empty()) {
            return;
        }
        std::string path(text.substr(0, nul));
        if (!open.empty()) {
            --open.back().children;
            path = open.back().path.empty() ? path : open.back().path + '/' + path;
        }
        bytes = bytes.subspan(line + 1);
        if (entries >= 0) {
            if (bytes.size() < id_size) {
                return;
            }
            m_trees.push_back({path, ObjectId::from_raw(bytes.first(id_size)), static_cast<std::uint32_t>(entries)});
            bytes = bytes.subspan(id_size);
        }
        if (children < 0 || path.size() > (64U << 10U)) {
            return;
        }
        open.push_back({std::move(path), children});
    }
}

}  // namespace r8scan::git
