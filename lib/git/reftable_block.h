// Records of one block of a reftable: names of refs with their values, or entries of reflogs.
//
// Names are cut short by what they share with the one before, so a block is read from its first record to its last;
// its restart points are held against that, not used. Keys must ascend, as they do in every table that git writes: a
// block that says otherwise is damaged.
// Format: https://git-scm.com/docs/reftable ("Ref block format", "Log block format")
#pragma once

#include "git/object_id.h"

#include <r8scan/result.h>

#include <functional>

namespace r8scan::git {

/// Texts live as long as the call that hands the record out.
struct ReftableRef {
    enum class Kind : std::uint8_t { deleted = 0, id = 1, tag = 2, symbolic = 3 };
    std::string_view name;
    Kind kind = Kind::deleted;
    ObjectId id;                 // of a tag: the tag object's own, not what it stands for
    std::string_view points_to;  // of a symbolic ref
};

struct ReftableLog {
    std::string_view name;  // of the ref
    std::uint64_t update_index = 0;
    bool deleted = false;
    ObjectId old_id;
    ObjectId new_id;
    std::string_view person;
    std::string_view email;
    std::uint64_t time = 0;
    std::int16_t zone = 0;  // as git writes it: -800 for "-0800"
    std::string_view message;
};

/// Takes what a table holds, in the order of the names. An error ends the reading of the table.
struct ReftableVisitor {
    std::function<void(const ReftableRef&)> ref;
    std::function<void(const ReftableLog&)> log;
};

/// What is the same for all blocks of a table.
struct ReftableTerms {
    std::size_t id_size = 20;
    std::uint64_t min_update_index = 0;
    std::uint64_t name_bytes_left = 512ULL << 20U;  // names written out may take so much, of all blocks together
};

/// Reads the records of one block. `block` ends behind the count of restarts; its records begin at `records`, and
/// offsets in it count from its first byte. `key` is the last key of the block before, in the same section; it is
/// set to the last one of this.
Result<void> read_reftable_block(Bytes block, std::size_t records, bool is_log, ReftableTerms& terms, std::string& key,
                                 const ReftableVisitor& visitor);

}  // namespace r8scan::git
