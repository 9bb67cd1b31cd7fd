// Made-up tokens and other material from a seed. See tokens.h.
// Sequence: splitmix64, https://prng.di.unimi.it/splitmix64.c
#include "tests/support/tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace r8scan::test {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t token_body = 37;

bool contains(std::string_view haystack, std::string_view needle)
{
    return haystack.find(needle) != std::string_view::npos;
}

/// Whether a person would call it random: every class of character, no runs, no word that placeholders use.
bool looks_random(std::string_view body)
{
    const auto count = [&](auto in_class) {
        return std::count_if(body.begin(), body.end(), [&](char c) { return in_class(static_cast<unsigned char>(c)); });
    };
    if (count([](int c) { return std::isdigit(c); }) < 3 || count([](int c) { return std::isupper(c); }) < 8 ||
        count([](int c) { return std::islower(c); }) < 8) {
        return false;
    }
    std::array<bool, 256> seen{};
    for (const char c : body) {
        seen[static_cast<unsigned char>(c)] = true;
    }
    if (std::count(seen.begin(), seen.end(), true) < 20) {
        return false;
    }
    for (std::size_t i = 2; i < body.size(); ++i) {
        const bool run = body[i] == body[i - 1] && body[i] == body[i - 2];
        const bool ladder = body[i] - body[i - 1] == body[i - 1] - body[i - 2] && std::abs(body[i] - body[i - 1]) <= 1;
        if (run || ladder) {
            return false;
        }
    }
    std::string lower(body);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string_view word : {"test", "fake", "your", "token", "demo", "dummy", "key", "null", "todo", "api",
                                        "here", "sample", "secret", "none", "foo", "bar", "r8"}) {
        if (contains(lower, word)) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::uint64_t Rng::next()
{
    m_state += 0x9e3779b97f4a7c15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

std::size_t Rng::below(std::size_t bound)
{
    if (bound == 0) {
        throw std::invalid_argument("Rng::below(0)");
    }
    return static_cast<std::size_t>(next() % bound);
}

std::size_t Rng::between(std::size_t low, std::size_t high)
{
    return low + below(high - low + 1);
}

bool Rng::chance(unsigned percent)
{
    return below(100) < percent;
}

std::string random_token(Rng& rng)
{
    for (;;) {
        std::string body;
        while (body.size() < token_body) {
            body += base62[rng.below(base62.size())];
        }
        if (looks_random(body)) {
            return std::string("r8") + '_' + body;
        }
    }
}

std::string token(std::uint64_t seed)
{
    Rng rng(seed ^ 0x7265706c69636174U);
    return random_token(rng);
}

std::string redacted(std::string_view token)
{
    return std::string(token.substr(0, 5)) + std::string(token.size() - 5, '*');
}

std::string random_bytes(Rng& rng, std::size_t size)
{
    std::string bytes;
    bytes.reserve(size);
    while (bytes.size() < size) {
        bytes += static_cast<char>(rng.next() >> 56U);
    }
    return bytes;
}

std::string random_text(Rng& rng, std::size_t size)
{
    std::string text;
    while (text.size() < size) {
        const std::size_t letters = rng.between(1, 9);
        for (std::size_t i = 0; i < letters; ++i) {
            text += static_cast<char>('a' + rng.below(26));
        }
        text += rng.chance(15) ? '\n' : ' ';
    }
    text.resize(size);
    return text;
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = (group << 8U) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= count ? alphabet[(group >> (18 - 6 * k)) & 63U] : '=';
        }
    }
    return out;
}

std::string noisy_text(Rng& rng)
{
    std::string text;
    for (std::size_t pieces = rng.below(30); pieces != 0; --pieces) {
        switch (rng.below(6)) {
            case 0: text += random_token(rng); break;
            case 1: text += random_token(rng).substr(0, rng.below(41)); break;
            case 2: text += random_bytes(rng, rng.below(60)); break;
            case 3: text += "r8_"; break;
            case 4: text += '\n'; break;
            default: text += random_text(rng, rng.below(100)); break;
        }
    }
    return text;
}

}  // namespace r8scan::test
