// The name of a finding that survives rebases and reformatting: it depends on rule, token and path alone.
#pragma once

#include <r8scan/secret.h>

#include <string>
#include <string_view>

namespace r8scan {

/// rule ":" and the first 16 hex digits of SHA-256(rule NUL token NUL path); the path is empty where there is none.
std::string fingerprint_of(std::string_view rule, const Secret& token, std::string_view path);

}  // namespace r8scan
