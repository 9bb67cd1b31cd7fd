// Made-up material for tests: tokens, bytes, text, all from a seed.
//
// A token has the shape of a Replicate token ("r8_" and 37 letters and digits) and looks random, so that nothing takes
// it for a placeholder. It is put together at run time: the tree holds no whole token, so no scanner flags it.
// Text from random_text() holds only lower-case words, so never a token nor the anchor of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace r8scan::test {

/// A small generator (splitmix64) whose sequence is the same on every machine, unlike <random>'s distributions.
class Rng {
public:
    explicit Rng(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next();

    /// A number in [0, bound); bound must not be 0.
    std::size_t below(std::size_t bound);

    /// A number in [low, high].
    std::size_t between(std::size_t low, std::size_t high);

    /// True in `percent` of 100 cases.
    bool chance(unsigned percent);

private:
    std::uint64_t m_state;
};

[[nodiscard]] std::string random_token(Rng& rng);

/// The token of a seed: token(1) is always the same.
[[nodiscard]] std::string token(std::uint64_t seed);

/// What a report shows of a token: its first five characters and 35 stars.
[[nodiscard]] std::string redacted(std::string_view token);

[[nodiscard]] std::string random_bytes(Rng& rng, std::size_t size);

/// Lines of lower-case words, exactly `size` bytes.
[[nodiscard]] std::string random_text(Rng& rng, std::size_t size);

/// Up to 30 pieces: tokens, parts of tokens, anchors, bytes, lines and words.
[[nodiscard]] std::string noisy_text(Rng& rng);

/// RFC 4648 with padding, on one line.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace r8scan::test
