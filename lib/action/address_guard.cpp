#include "action/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace r8scan::action {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_bits = 96;

struct Network {
    const char* address;
    unsigned bits;
};

/// Special-purpose networks that are not globally reachable.
constexpr std::array networks_4{
    Network{"0.0.0.0", 8},        // this network
    Network{"10.0.0.0", 8},       // private
    Network{"100.64.0.0", 10},    // shared by a carrier's customers
    Network{"127.0.0.0", 8},      // loopback
    Network{"169.254.0.0", 16},   // link local, where clouds have their metadata
    Network{"172.16.0.0", 12},    // private
    Network{"192.0.0.0", 24},     // protocol assignments
    Network{"192.0.2.0", 24},     // documentation
    Network{"192.88.99.0", 24},   // 6to4 relays, withdrawn
    Network{"192.168.0.0", 16},   // private
    Network{"198.18.0.0", 15},    // benchmarks
    Network{"198.51.100.0", 24},  // documentation
    Network{"203.0.113.0", 24},   // documentation
    Network{"224.0.0.0", 4},      // multicast
    Network{"240.0.0.0", 4},      // reserved, and broadcast
};

/// Of version 6 only 2000::/3 is given out, so the rest need not be listed; these are the exceptions in it.
constexpr std::array networks_6{
    Network{"2001::", 23},         // protocol assignments; Teredo is looked into first
    Network{"2001:db8::", 32},     // documentation
    Network{"3fff::", 20},         // documentation
    Network{"2620:4f:8000::", 48}  // AS112, answers for private names
};

}  // namespace

std::optional<IpAddress> IpAddress::of(const sockaddr& address)
{
    IpAddress result;
    if (address.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        std::copy(mapped_prefix.begin(), mapped_prefix.end(), result.m_bytes.begin());
        std::memcpy(result.m_bytes.data() + mapped_prefix.size(), &in.sin_addr, 4);
        return result;
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof in);
        std::memcpy(result.m_bytes.data(), &in.sin6_addr, result.m_bytes.size());
        return result;
    }
    return std::nullopt;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
    }
    const std::string address(text.substr(0, text.find('%')));
    IpAddress result;
    if (inet_pton(AF_INET6, address.c_str(), result.m_bytes.data()) == 1) {
        return result;
    }
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), result.m_bytes.begin());
    if (inet_pton(AF_INET, address.c_str(), result.m_bytes.data() + mapped_prefix.size()) == 1) {
        return result;
    }
    return std::nullopt;
}

bool IpAddress::is_version_4() const
{
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), m_bytes.begin());
}

bool IpAddress::shares_prefix(const IpAddress& other, unsigned bits) const
{
    const unsigned whole = bits / 8;
    if (!std::equal(m_bytes.begin(), m_bytes.begin() + whole, other.m_bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % 8;
    return rest == 0 || ((m_bytes.at(whole) ^ other.m_bytes.at(whole)) >> (8 - rest)) == 0;
}

IpAddress IpAddress::embedded_at(std::size_t byte, std::uint8_t invert) const
{
    IpAddress inner;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), inner.m_bytes.begin());
    for (std::size_t i = 0; i < 4; ++i) {
        inner.m_bytes[mapped_prefix.size() + i] = m_bytes[byte + i] ^ invert;
    }
    return inner;
}

bool IpAddress::is_loopback() const
{
    static const IpAddress loopback_4 = *parse("127.0.0.0");
    static const IpAddress loopback_6 = *parse("::1");
    return shares_prefix(loopback_4, mapped_bits + 8) || m_bytes == loopback_6.m_bytes;
}

bool IpAddress::is_public() const
{
    const auto is_in = [this](const char* network, unsigned bits) { return shares_prefix(*parse(network), bits); };
    if (is_version_4()) {
        return std::none_of(networks_4.begin(), networks_4.end(),
                            [&](const Network& network) { return is_in(network.address, mapped_bits + network.bits); });
    }
    if (is_in("64:ff9b::", 96)) {
        return embedded_at(12).is_public();  // NAT64, RFC 6052
    }
    if (is_in("2002::", 16)) {
        return embedded_at(2).is_public();  // 6to4, RFC 3056
    }
    if (is_in("2001::", 32)) {
        return embedded_at(4).is_public() && embedded_at(12, 0xff).is_public();  // Teredo, RFC 4380
    }
    return is_in("2000::", 3) && std::none_of(networks_6.begin(), networks_6.end(), [&](const Network& network) {
               return is_in(network.address, network.bits);
           });
}

std::string IpAddress::text() const
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    const bool is_4 = is_version_4();
    const void* const bytes = is_4 ? m_bytes.data() + mapped_prefix.size() : m_bytes.data();
    return inet_ntop(is_4 ? AF_INET : AF_INET6, bytes, buffer.data(), buffer.size()) != nullptr ? buffer.data() : "";
}

}  // namespace r8scan::action
