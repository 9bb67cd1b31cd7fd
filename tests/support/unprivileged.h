// Runs part of a test as a user whom file permissions stop: root passes them all, so as root it needs a child.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace r8scan::test {

/// What `work` returns, run in a forked child as user 65534 where this is root, else right here. Nothing where the
/// child could not give up its rights; "exception: …" where `work` threw; "ended by signal n" where it crashed.
[[nodiscard]] std::optional<std::string> run_unprivileged(const std::function<std::string()>& work);

}  // namespace r8scan::test
