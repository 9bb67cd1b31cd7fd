// Secret: a token in memory that cannot be printed by accident and wipes itself.
//
// It has no stream operator and no conversion to string; whoever needs the bytes calls reveal() and answers for it.
// redacted() is what reports show: the first five characters and a star for each of the others.
// Not synchronised; a const Secret may be read from several threads.
#pragma once

#include <string>
#include <string_view>

namespace r8scan {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view bytes);
    Secret(const Secret& other);
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    /// The bytes in the clear. The view lives as long as this object is neither assigned nor destroyed.
    [[nodiscard]] std::string_view reveal() const { return m_bytes; }

    /// The first five characters, then a star for each further byte (`r8_4T***…`).
    [[nodiscard]] std::string redacted() const;

    [[nodiscard]] bool empty() const { return m_bytes.empty(); }
    friend bool operator==(const Secret& a, const Secret& b) { return a.m_bytes == b.m_bytes; }

private:
    void wipe() noexcept;
    std::string m_bytes;
};

}  // namespace r8scan
