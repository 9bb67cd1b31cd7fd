// The distinct tokens of a scan, and which object holds which.
//
// Tokens are numbered by their hash, so that numbers, and what is sorted by them, do not depend on threads.
#pragma once

#include "engine/object_scan.h"
#include "engine/stream_tokens.h"

namespace r8scan {

struct Token {
    std::uint32_t rule = 0;
    std::shared_ptr<const Secret> secret;
    std::string sha256;
    std::string inner_path;  // "!dir/b.txt": the same token in two members of an archive stands at two places
};

struct TokenInObject {
    std::uint32_t token = 0;
    StreamToken found;  // its hit lives in the ObjectScan
};

struct ObjectTokens {
    git::EntryIndex entry = git::no_entry;
    git::ObjectType type = git::ObjectType::unknown;
    std::vector<TokenInObject> tokens;  // sorted by token
};

struct TokenTable {
    std::vector<Token> tokens;
    std::vector<ObjectTokens> objects;  // sorted by entry
    std::uint64_t placeholders = 0;     // distinct placeholders in each object, not among the tokens unless shown
    std::uint64_t below_confidence = 0;

    [[nodiscard]] const ObjectTokens* find(git::EntryIndex entry) const;
};

TokenTable collect_tokens(const ObjectScan& scan, Confidence least, bool show_placeholders);

}  // namespace r8scan
