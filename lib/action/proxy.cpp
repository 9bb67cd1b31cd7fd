#include "action/proxy.h"

#include "action/address_guard.h"

#include <algorithm>
#include <charconv>

namespace r8scan::action {
namespace {

std::string first_of(const EnvironmentReader& environment, std::initializer_list<const char*> names)
{
    for (const char* const name : names) {
        if (const char* const value = environment(name); value != nullptr && *value != 0) {
            return value;
        }
    }
    return {};
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

/// "10.0.0.0/8", "fe80::/10", "192.0.2.7".
bool covers(std::string_view network, const IpAddress& address)
{
    const std::size_t slash = network.find('/');
    const auto base = IpAddress::parse(network.substr(0, slash));
    if (!base || base->is_version_4() != address.is_version_4()) {
        return false;
    }
    const unsigned longest = base->is_version_4() ? 32 : 128;
    unsigned bits = longest;
    if (slash != std::string_view::npos) {
        const std::string_view number = network.substr(slash + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
        if (error != std::errc() || end != number.data() + number.size() || bits > longest) {
            return false;
        }
    }
    return address.shares_prefix(*base, bits + 128 - longest);
}

/// "example.com" and ".example.com" stand for the name and all below it.
bool is_below(std::string_view host, std::string_view domain)
{
    if (domain.starts_with('.')) {
        domain.remove_prefix(1);
    }
    return !domain.empty() && host.ends_with(domain) &&
           (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

bool is_excepted(const std::string& list, std::string_view host)
{
    const auto address = IpAddress::parse(host);
    std::string name = lower(host);
    if (name.ends_with('.')) {
        name.pop_back();
    }
    const std::string known = lower(list);
    for (std::string_view rest = known; !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(", \t"), rest.size());
        const std::string_view entry = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (entry == "*" || (address ? covers(entry, *address) : is_below(name, entry))) {
            return true;
        }
    }
    return false;
}

}  // namespace

ProxySettings ProxySettings::from(const EnvironmentReader& environment)
{
    ProxySettings settings;
    settings.http = first_of(environment, {"http_proxy"});
    settings.https = first_of(environment, {"https_proxy", "HTTPS_PROXY"});
    settings.all = first_of(environment, {"all_proxy", "ALL_PROXY"});
    settings.no_proxy = first_of(environment, {"no_proxy", "NO_PROXY"});
    return settings;
}

std::string proxy_for(const ProxySettings& settings, std::string_view scheme, std::string_view host)
{
    const auto address = IpAddress::parse(host);
    if (lower(host) == "localhost" || (address && address->is_loopback()) || is_excepted(settings.no_proxy, host)) {
        return {};
    }
    const std::string& own = scheme == "https" ? settings.https : scheme == "http" ? settings.http : settings.all;
    return own.empty() ? settings.all : own;
}

}  // namespace r8scan::action
