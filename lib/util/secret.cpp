#include <r8scan/secret.h>

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace r8scan {

Secret::Secret(std::string_view bytes) : m_bytes(bytes) {}
Secret::Secret(const Secret& other) = default;

// The moved-from string may keep the bytes in its small-string buffer, so it is wiped as well.
Secret::Secret(Secret&& other) noexcept : m_bytes(std::move(other.m_bytes))
{
    other.wipe();
}

Secret& Secret::operator=(const Secret& other)
{
    if (this != &other) {
        wipe();
        m_bytes = other.m_bytes;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::move(other.m_bytes);
        other.wipe();
    }
    return *this;
}

Secret::~Secret()
{
    wipe();
}

std::string Secret::redacted() const
{
    constexpr std::size_t shown = 5;
    std::string text = m_bytes;
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(std::min(shown, text.size())), text.end(), '*');
    return text;
}

void Secret::wipe() noexcept
{
    m_bytes.resize(m_bytes.capacity());
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
    m_bytes.clear();
}

}  // namespace r8scan
