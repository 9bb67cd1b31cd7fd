// Flips and truncations in place: a flip writes one byte, so ten thousand of them cost little. See flip.h.
#include "tests/support/flip.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tests/support/temp_dir.h"

namespace r8scan::test {

FileDamage::FileDamage(std::filesystem::path file)
    : m_file(std::move(file)), m_sound(read_file(m_file)), m_flipped(m_sound.size())
{
}

FileDamage::~FileDamage()
{
    try {
        restore();
    } catch (const std::exception&) {  // the test's folder goes away anyway
    }
}

void FileDamage::flip_bit(std::size_t bit)
{
    restore();
    m_flipped = bit / 8;
    write_byte(m_flipped, static_cast<char>(static_cast<unsigned char>(m_sound.at(m_flipped)) ^ (1U << (bit % 8))));
}

void FileDamage::truncate(std::size_t size)
{
    restore();
    m_truncated = true;
    std::filesystem::resize_file(m_file, size);
}

void FileDamage::restore()
{
    if (m_flipped < m_sound.size()) {
        write_byte(m_flipped, m_sound[m_flipped]);
        m_flipped = m_sound.size();
    }
    if (m_truncated) {
        write_file(m_file, m_sound);
        m_truncated = false;
    }
}

void FileDamage::write_byte(std::size_t offset, char byte) const
{
    const int fd = open(m_file.c_str(), O_WRONLY | O_CLOEXEC);
    const bool written = fd >= 0 && pwrite(fd, &byte, 1, static_cast<off_t>(offset)) == 1;
    const int error = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (!written) {
        throw std::system_error(error, std::generic_category(), "flip a bit of " + m_file.string());
    }
}

void for_random_flips(const std::filesystem::path& file, Rng& rng, std::size_t count,
                      const std::function<void(std::size_t bit)>& check)
{
    FileDamage damage(file);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t bit = rng.below(damage.bits());
        damage.flip_bit(bit);
        check(bit);
    }
}

}  // namespace r8scan::test
