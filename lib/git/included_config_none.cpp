#include "git/config_file.h"
#include "git/included_config.h"
#include "util/file.h"

#include <algorithm>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

struct IncludedConfig::State {};

IncludedConfig::IncludedConfig(const fs::path&, const fs::path&) {}

IncludedConfig::~IncludedConfig() = default;

Result<std::optional<std::string>> IncludedConfig::value(const fs::path& file, const char* key) const
{
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return std::optional<std::string>();
    }
    const auto text = read_small_file(file);
    if (!text) {
        return text.error();
    }
    const auto values = parse_config(*text);
    if (!values) {
        return values.error().within(quoted(file));
    }
    const bool includes = std::any_of(values->begin(), values->end(), [](const auto& entry) {
        return entry.first == "include.path" || entry.first.starts_with("includeif.");
    });
    if (includes) {
        return Error(ErrorCode::unsupported, quoted(file) + ": includes other files, which the static build does not "
                                                            "follow: take the dynamic build");
    }
    const auto found = values->find(key);
    return found == values->end() ? std::optional<std::string>() : std::optional(found->second);
}

}  // namespace r8scan::git
