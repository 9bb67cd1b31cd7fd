#include "util/star_tokens.h"

namespace r8scan {
namespace {

constexpr std::size_t shown = 5;

bool is_base62(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string star_tokens(std::string_view text)
{
    constexpr std::string_view prefix = "r8_";
    constexpr std::size_t token = 40;
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

std::string star_out(std::string_view text, std::string_view secret)
{
    std::string out(text);
    if (secret.size() <= shown) {
        return out;
    }
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + secret.size())) {
        out.replace(at + shown, secret.size() - shown, secret.size() - shown, '*');
    }
    return out;
}

}  // namespace r8scan
