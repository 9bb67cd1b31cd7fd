// TokenSource: reads a token again from the place where it was found.
//
// The outbox does not store tokens. An event that is resumed by another process, hours later, has its place and its
// SHA-256; who knows how to read repositories and how to match rules hands an implementation in, since lib/action knows
// neither.
#pragma once

#include <r8scan/result.h>
#include <r8scan/secret.h>

#include <cstdint>
#include <string>
#include <vector>

namespace r8scan::action {

/// Where a token stands in a repository. Never the token.
struct TokenPlace {
    std::string repository;    // absolute path, raw bytes
    std::string object;        // hex id
    std::uint64_t offset = 0;  // of the token in the object; inside a container, in the innermost file
    std::vector<std::string>
        layers;  // decoders and containers around it, outermost first; empty when it stands plainly

    friend bool operator==(const TokenPlace&, const TokenPlace&) = default;
};

class TokenSource {
public:
    virtual ~TokenSource() = default;

    /// The token with this SHA-256 (hex) at that place. not_found: the repository, the object or the token is gone. May
    /// be called from several threads.
    virtual Result<Secret> read(const TokenPlace& place, const std::string& token_sha256) = 0;
};

}  // namespace r8scan::action
