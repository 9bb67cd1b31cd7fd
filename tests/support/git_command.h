// Runs the real git, as the other side of differential tests and as the judge of built repositories.
//
// No shell. The environment is git's minimum: no GIT_* of the caller, no system or user configuration, a home folder
// that is empty, a fixed identity and date. See child.h for how it is run.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child.h"

namespace r8scan::test {

/// Whether there is a git to run. Tests that need it say so and return where there is none.
[[nodiscard]] bool have_git();

/// `git -C dir arguments…`. Throws std::runtime_error where git cannot be started. Ended where it takes longer than
/// `patience`; zero is as long as it takes.
CommandResult git(const std::filesystem::path& dir, const std::vector<std::string>& arguments,
                  std::string_view input = {}, std::chrono::seconds patience = {});

/// As git(), but throws std::runtime_error with git's own words where it fails; returns what git printed.
std::string git_ok(const std::filesystem::path& dir, const std::vector<std::string>& arguments,
                   std::string_view input = {});

}  // namespace r8scan::test
