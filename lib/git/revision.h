// Revisions as a person types them (gitrevisions), as far as naming a commit or a range needs it:
// ids whole or cut short, names of refs, HEAD, @, each followed by any of ~N, ^N, ^{commit}, ^{}.
#pragma once

#include "git/object_database.h"
#include "git/refs.h"

namespace r8scan::git {

/// usage: it names nothing here, or more than one thing; the message says what would be understood.
Result<ObjectId> resolve_revision(std::string_view text, const Refs& refs, ObjectDatabase& objects);

/// Follows tags from an object to what they stand for.
Result<ObjectId> peel_tags(ObjectId id, ObjectDatabase& objects);

struct RevisionRange {
    std::string from;        // "HEAD" where nothing was typed
    std::string to;
    bool symmetric = false;  // A...B
};

/// "A..B", "A..", "..B", "A...B". usage: no two dots in it.
Result<RevisionRange> parse_range(std::string_view text);

}  // namespace r8scan::git
