// gitleaks' --log-opts, which are options of `git log`: what of them chooses commits, in options of ours.
#pragma once

#include <r8scan/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace r8scan::cmd {

struct LogOptions {
    std::vector<std::string> words;  // "--range", "A..B", …; none where everything is meant
    std::vector<std::string> notes;  // what has no effect
};

/// The error is for what chooses commits in a way that no option of ours does, and says what comes near.
Result<LogOptions> translate_log_opts(std::string_view text);

}  // namespace r8scan::cmd
