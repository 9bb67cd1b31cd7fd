#include "cmd/message.h"

#include "util/escape.h"
#include "util/star_tokens.h"

#include <cstdio>

namespace r8scan::cmd {

std::string safe_message(std::string_view text)
{
    return escape_for_terminal(star_tokens(text));
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
