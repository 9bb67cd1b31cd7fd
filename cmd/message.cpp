#include "cmd/message.h"

#include "util/escape.h"

#include <cstdio>

namespace r8scan::cmd {
namespace {

bool is_base62(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string starred(std::string_view text)
{
    constexpr std::string_view prefix = "r8_";
    constexpr std::size_t token = 40;
    constexpr std::size_t shown = 5;
    std::string out(text);
    for (std::size_t at = out.find(prefix); at != std::string::npos; at = out.find(prefix, at + 1)) {
        std::size_t end = at + prefix.size();
        while (end < out.size() && is_base62(out[end])) {
            ++end;
        }
        if (end - at >= token) {
            out.replace(at + shown, end - at - shown, end - at - shown, '*');
        }
    }
    return out;
}

}  // namespace

std::string safe_message(std::string_view text)
{
    return escape_for_terminal(starred(text));
}

std::string without_user(std::string_view address)
{
    const std::size_t scheme = address.find("://");
    if (scheme == std::string_view::npos) {
        return std::string(address);
    }
    const std::size_t host = scheme + 3;
    const std::size_t path = std::min(address.find_first_of("/?#", host), address.size());
    const std::size_t at = address.substr(0, path).rfind('@');
    if (at == std::string_view::npos || at < host) {
        return std::string(address);
    }
    return std::string(address.substr(0, host)) + std::string(address.substr(at + 1));
}

void say(std::string_view text)
{
    say_block("r8scan: " + safe_message(text) + '\n');
}

void say_block(std::string_view text)
{
    // Nobody is left to tell when this fails.
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
}

}  // namespace r8scan::cmd
