// What git's environment says of hooks: which configuration files are the person's, and what `git -c core.hooksPath=…`
// handed on. lib/git/hooks_folder answers the question that is made of it.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"
#include "git/hooks_folder.h"

#include <optional>
#include <string>
#include <string_view>

namespace r8scan::cmd {

Result<git::HooksQuestion> hooks_question(const Environment& environment, const std::string& repository);

/// The last value of core.hooksPath in GIT_CONFIG_PARAMETERS, by which git hands `-c` on to what it starts: quoted for a
/// shell, 'key'='value', or 'key=value' as git before 2.31 wrote it. Nothing where it is not there; an error where the
/// text is not quoted so, since git itself refuses that.
Result<std::optional<std::string>> hooks_path_in_parameters(std::string_view parameters);

}  // namespace r8scan::cmd
