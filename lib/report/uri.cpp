#include "report/uri.h"

#include <algorithm>

namespace r8scan::report {

std::string uri_of_path(std::string_view path)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = path.starts_with('/') ? "file://" : "";
    uri.reserve(path.size());
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/!@").find(c) != std::string_view::npos;
        if (plain) {
            uri += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            uri += '%';
            uri += digits[byte >> 4U];
            uri += digits[byte & 15U];
        }
    }
    return uri;
}

bool is_web_address(std::string_view text)
{
    const std::string_view rest = text.starts_with("https://")  ? text.substr(8)
                                  : text.starts_with("http://") ? text.substr(7)
                                                                : std::string_view();
    return !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
        return c > ' ' && c <= '~' && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    });
}

}  // namespace r8scan::report
