// Archives and compressed streams made at run time by libarchive's writer and zlib, and an open_container() whose
// outcome can be looked at.
#pragma once

#include "decode/container.h"

#include <string>
#include <string_view>
#include <vector>

namespace r8scan::test {

struct ArchiveMember {
    std::string name;
    std::string content;
    std::string symlink = {};  // target; the content is then not used
    bool directory = false;
};

/// An archive in the format that libarchive calls so ("zip", "7zip", "gnutar", "pax", "arbsd", "ar", …), with its
/// options
/// ("zip:compression=store") and a password where the options ask for encryption.
[[nodiscard]] std::string archive_of(const std::vector<ArchiveMember>& members, const char* format,
                                     const char* options = nullptr, const char* password = nullptr);

/// The bytes through one of libarchive's filters: "bzip2", "xz", "zstd", "gzip".
[[nodiscard]] std::string filtered(std::string_view bytes, const char* filter);

/// A gzip member by zlib.
[[nodiscard]] std::string gzipped(std::string_view bytes);

struct Opened {
    struct Inner {
        std::string name;
        std::uint64_t outer_offset = 0;
        std::string content;
    };
    struct Problem {
        decode::Unread why = decode::Unread::corrupt;
        std::string name;
        std::string what;
    };
    decode::ContainerEnd end;
    std::vector<Inner> members;
    std::vector<Problem> problems;

    /// Content of the member with the name; a text that no member has where there is none.
    [[nodiscard]] std::string content_of(std::string_view name) const;
    [[nodiscard]] bool holds(std::string_view text) const;
    [[nodiscard]] bool is_named(decode::Unread why, std::string_view name) const;
};

[[nodiscard]] Opened opened(decode::ContainerKind kind, std::string_view content, std::uint64_t begin = 0,
                            decode::Budget budget = {});

/// The same, for what is too large to keep: counts bytes and members only, and spends the caller's budget.
struct Counted {
    decode::ContainerEnd end;
    std::uint64_t members = 0;
    std::uint64_t bytes = 0;
    std::vector<Opened::Problem> problems;
};
[[nodiscard]] Counted counted(decode::ContainerKind kind, std::string_view content, decode::Budget& budget);

}  // namespace r8scan::test
