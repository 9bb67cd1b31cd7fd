// The name of a finding that survives rebases and reformatting: it depends on rule, token and path alone.
#pragma once

#include <r8scan/secret.h>

#include <string>
#include <string_view>

namespace r8scan {

/// rule ":" and the first 16 hex digits of SHA-256(rule NUL token NUL path); the path is empty where there is none.
std::string fingerprint_of(std::string_view rule, const Secret& token, std::string_view path);

/// What stands before the hex digits.
[[nodiscard]] std::string rule_of_fingerprint(std::string_view fingerprint);

/// Whether a text has the form of a fingerprint, or of a token_sha256.
[[nodiscard]] bool is_fingerprint(std::string_view text);
[[nodiscard]] bool is_token_hash(std::string_view text);

}  // namespace r8scan
