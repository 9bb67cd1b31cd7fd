// Damage to a file, one piece at a time and always undone: single flipped bits, cut ends, replaced bytes.
//
// FileDamage keeps the sound content and writes it back when it is destroyed, so a failed check leaves no trace.
// Bits are numbered from the first byte's lowest bit on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "tests/support/tokens.h"

namespace r8scan::test {

class FileDamage {
public:
    explicit FileDamage(std::filesystem::path file);
    ~FileDamage();
    FileDamage(const FileDamage&) = delete;
    FileDamage& operator=(const FileDamage&) = delete;

    [[nodiscard]] std::size_t size() const { return m_sound.size(); }
    [[nodiscard]] std::size_t bits() const { return m_sound.size() * 8; }

    /// Each of these starts from the sound file.
    void flip_bit(std::size_t bit);
    void truncate(std::size_t size);
    void restore();

private:
    void write_byte(std::size_t offset, char byte) const;

    std::filesystem::path m_file;
    std::string m_sound;
    std::size_t m_flipped;  // offset of the byte that differs; m_sound.size() where none does
    bool m_truncated = false;
};

/// Flips `count` random bits of a file, one at a time, and calls `check` with its number while it is flipped.
void for_random_flips(const std::filesystem::path& file, Rng& rng, std::size_t count,
                      const std::function<void(std::size_t bit)>& check);

}  // namespace r8scan::test
