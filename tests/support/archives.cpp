#include "tests/support/archives.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace r8scan::test {

namespace {

struct FreeArchive {
    void operator()(archive* writer) const { archive_write_free(writer); }
};
using UniqueArchive = std::unique_ptr<archive, FreeArchive>;

struct FreeEntry {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using UniqueEntry = std::unique_ptr<archive_entry, FreeEntry>;

void check(archive* writer, int status)
{
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
        const char* what = archive_error_string(writer);
        throw std::runtime_error(what != nullptr ? what : "libarchive failed");
    }
}

la_ssize_t collect(archive*, void* to, const void* bytes, size_t size)
{
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void begin(archive* writer, std::string& to)
{
    archive_write_set_bytes_in_last_block(writer, 1);
    check(writer, archive_write_open(writer, &to, nullptr, collect, nullptr));
}

void add(archive* writer, const ArchiveMember& member)
{
    const UniqueEntry entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_mtime(entry.get(), 1'700'000'000, 0);
    archive_entry_set_perm(entry.get(), 0644);
    if (member.directory) {
        archive_entry_set_filetype(entry.get(), AE_IFDIR);
    } else if (!member.symlink.empty()) {
        archive_entry_set_filetype(entry.get(), AE_IFLNK);
        archive_entry_set_symlink(entry.get(), member.symlink.c_str());
    } else {
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
    }
    check(writer, archive_write_header(writer, entry.get()));
    if (!member.directory && member.symlink.empty() && !member.content.empty() &&
        archive_write_data(writer, member.content.data(), member.content.size()) < 0) {
        check(writer, ARCHIVE_FATAL);
    }
}

}  // namespace

std::string archive_of(const std::vector<ArchiveMember>& members, const char* format, const char* options,
                       const char* password)
{
    std::string bytes;
    const UniqueArchive writer(archive_write_new());
    check(writer.get(), archive_write_set_format_by_name(writer.get(), format));
    if (options != nullptr) {
        check(writer.get(), archive_write_set_options(writer.get(), options));
    }
    if (password != nullptr) {
        check(writer.get(), archive_write_set_passphrase(writer.get(), password));
    }
    begin(writer.get(), bytes);
    for (const auto& member : members) {
        add(writer.get(), member);
    }
    check(writer.get(), archive_write_close(writer.get()));
    return bytes;
}

std::string filtered(std::string_view bytes, const char* filter)
{
    std::string result;
    const UniqueArchive writer(archive_write_new());
    check(writer.get(), archive_write_set_format_raw(writer.get()));
    check(writer.get(), archive_write_add_filter_by_name(writer.get(), filter));
    begin(writer.get(), result);
    add(writer.get(), {"raw", std::string(bytes)});
    check(writer.get(), archive_write_close(writer.get()));
    return result;
}

std::string gzipped(std::string_view bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib failed");
    }
    std::string result(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 32, '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    const int status = deflate(&stream, Z_FINISH);
    result.resize(result.size() - stream.avail_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) {
        throw std::runtime_error("zlib failed");
    }
    return result;
}

std::string Opened::content_of(std::string_view name) const
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const Inner& m) { return m.name == name; });
    return found == members.end() ? "(no such member)" : found->content;
}

bool Opened::holds(std::string_view text) const
{
    return std::any_of(members.begin(), members.end(),
                       [&](const Inner& m) { return m.content.find(text) != std::string::npos; });
}

bool Opened::is_named(decode::Unread why, std::string_view name) const
{
    return std::any_of(problems.begin(), problems.end(),
                       [&](const Problem& p) { return p.why == why && p.name == name; });
}

Opened opened(decode::ContainerKind kind, std::string_view content, std::uint64_t begin, decode::Budget budget)
{
    Opened result;
    decode::ContainerCallbacks callbacks;
    callbacks.member = [&](const decode::Member& member) {
        result.members.push_back({member.name, member.outer_offset, std::string(as_text(member.content))});
        return true;
    };
    callbacks.unread = [&](decode::Unread why, const std::string& name, const std::string& what) {
        result.problems.push_back({why, name, what});
    };
    result.end = decode::open_container(kind, as_bytes(content), begin, budget, callbacks);
    return result;
}

Counted counted(decode::ContainerKind kind, std::string_view content, decode::Budget& budget)
{
    Counted result;
    decode::ContainerCallbacks callbacks;
    callbacks.member = [&](const decode::Member& member) {
        ++result.members;
        result.bytes += member.content.size();
        return true;
    };
    callbacks.unread = [&](decode::Unread why, const std::string& name, const std::string& what) {
        result.problems.push_back({why, name, what});
    };
    result.end = decode::open_container(kind, as_bytes(content), 0, budget, callbacks);
    return result;
}

}  // namespace r8scan::test
