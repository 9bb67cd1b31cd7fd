// Which addresses of the Internet Protocol are open to all, and which belong to a machine or to a house.
//
// A callback's name may resolve to anything: a receiver that is "https://keys.example.com" today may be the metadata
// service of a cloud tomorrow. What is asked here is the address of a connection that is about to be made, not of a
// look-up before it, so a second answer of the name server changes nothing.
// Registries: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace r8scan::action {

/// An address as 16 bytes in network order; version 4 is held as ::ffff:a.b.c.d.
class IpAddress {
public:
    /// Of a socket address; nothing where its family is neither IPv4 nor IPv6.
    static std::optional<IpAddress> of(const sockaddr& address);

    /// "192.0.2.1", "2001:db8::1", "[::1]", "fe80::1%eth0"; nothing for a name.
    static std::optional<IpAddress> parse(std::string_view text);

    /// Only of this machine: 127/8 and ::1, also as IPv6.
    [[nodiscard]] bool is_loopback() const;

    /// Reached by anybody on the Internet. Whatever hides a version 4 address (mapped, compatible, 6to4, NAT64, Teredo)
    /// is as public as that address.
    [[nodiscard]] bool is_public() const;

    [[nodiscard]] std::string text() const;

    /// Whether the first `bits` of the two agree; both in the 16-byte form.
    [[nodiscard]] bool shares_prefix(const IpAddress& other, unsigned bits) const;

    [[nodiscard]] bool is_version_4() const;

private:
    /// The version 4 address that stands in this one at a byte.
    [[nodiscard]] IpAddress embedded_at(std::size_t byte, std::uint8_t invert = 0) const;

    std::array<std::uint8_t, 16> m_bytes{};
};

}  // namespace r8scan::action
