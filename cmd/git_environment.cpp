#include "cmd/git_environment.h"

namespace r8scan::cmd {
namespace {

/// Takes one path off the front of the list, and the colon behind it.
std::string take_path(std::string_view& list)
{
    std::string path;
    if (list.empty() || list.front() != '"') {
        const std::size_t colon = std::min(list.find(':'), list.size());
        path = list.substr(0, colon);
        list.remove_prefix(std::min(colon + 1, list.size()));
        return path;
    }
    std::size_t at = 1;
    for (; at < list.size() && list[at] != '"'; ++at) {
        if (list[at] != '\\' || at + 1 == list.size()) {
            path += list[at];
            continue;
        }
        const char escaped = list[++at];
        if (escaped >= '0' && escaped <= '3' && at + 2 < list.size()) {
            const int value = (escaped - '0') * 64 + (list[at + 1] - '0') * 8 + (list[at + 2] - '0');
            path += static_cast<char>(value);
            at += 2;
            continue;
        }
        constexpr std::string_view letters = "abfnrtv";
        constexpr std::string_view meanings = "\a\b\f\n\r\t\v";
        const std::size_t letter = letters.find(escaped);
        path += letter == std::string_view::npos ? escaped : meanings[letter];
    }
    list.remove_prefix(std::min(list.find(':', std::min(at, list.size())), list.size() - 1) + 1);
    return path;
}

}  // namespace

GitPlaces git_places(const Environment& environment)
{
    const auto text = [&](const char* name) {
        const char* const value = environment(name);
        return std::string(value != nullptr ? value : "");
    };
    GitPlaces places;
    places.git_dir = text("GIT_DIR");
    places.index_file = text("GIT_INDEX_FILE");
    places.object_dir = text("GIT_OBJECT_DIRECTORY");
    if (const std::string quarantine = text("GIT_QUARANTINE_PATH"); !quarantine.empty()) {
        if (places.object_dir.empty()) {
            places.object_dir = quarantine;
        } else if (places.object_dir != quarantine) {
            places.more_object_dirs.emplace_back(quarantine);
        }
    }
    const std::string alternates = text("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    for (std::string_view list = alternates; !list.empty();) {
        if (const std::string path = take_path(list); !path.empty()) {
            places.more_object_dirs.emplace_back(path);
        }
    }
    return places;
}

}  // namespace r8scan::cmd
