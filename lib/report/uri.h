// Paths as URI references (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace r8scan::report {

/// A path, raw bytes, as a reference: a relative one for a relative path, file:// for an absolute one. Every byte that
/// is no letter, digit or one of -._~/!@ is percent-encoded, so that nothing in a name is taken for a scheme, a query
/// or a fragment.
[[nodiscard]] std::string uri_of_path(std::string_view path);

/// Whether the text is an http or https address of printable ASCII without spaces, quotes or angle brackets.
[[nodiscard]] bool is_web_address(std::string_view text);

}  // namespace r8scan::report
