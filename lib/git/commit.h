// Parsers of commits and tags (gitformat of `git cat-file -p`): views into the content, which must outlive them.
#pragma once

#include <r8scan/result.h>

#include "git/object_id.h"

#include <optional>
#include <vector>

namespace r8scan::git {

/// "Name <email> seconds zone", as authors, committers and taggers are written.
struct Signature {
    std::string_view name;
    std::string_view email;
    std::int64_t time = 0;  // seconds since 1970, UTC
    int zone_minutes = 0;   // east of UTC
};

Signature parse_signature(std::string_view line);

/// RFC 3339 in the signature's own zone: "2024-05-01T12:00:00+02:00".
std::string to_rfc3339(const Signature& signature);

struct Commit {
    ObjectId tree;
    std::vector<ObjectId> parents;
    Signature author;
    Signature committer;
    std::string_view message;

    /// damaged: no tree line, or an id that is none.
    static Result<Commit> parse(Bytes content);
    /// First line of the message.
    [[nodiscard]] std::string_view subject() const;
};

struct Tag {
    ObjectId target;
    ObjectType target_type = ObjectType::unknown;
    Signature tagger;
    std::string_view message;

    static Result<Tag> parse(Bytes content);
};

}  // namespace r8scan::git
