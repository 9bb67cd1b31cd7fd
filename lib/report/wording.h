// Numbers and counts as people read them: 1,234 objects, 12.3 MB, 1 token, 2 tokens. Shared by the text report, the
// statistics and the progress line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::report {

/// 1234567 as "1,234,567".
[[nodiscard]] std::string with_separators(std::uint64_t number);

/// "1 token", "2 tokens", "0 tokens". The plural is the singular and an s unless it is given.
[[nodiscard]] std::string count_of(std::uint64_t number, std::string_view singular, std::string_view plural = {});

/// Bytes in decimal units with three digits: "999 B", "12.3 kB", "1.04 GB".
[[nodiscard]] std::string human_bytes(double bytes);

/// "640 ms", "2.31 s", "3 min 12 s".
[[nodiscard]] std::string human_duration(double milliseconds);

/// "a, b and c".
[[nodiscard]] std::string joined(const std::vector<std::string>& items);

}  // namespace r8scan::report
