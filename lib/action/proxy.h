// Which proxy a connection goes through: what the environment says, decided by us, since who checks addresses has to
// know.
//
// The variables are curl's (https://curl.se/docs/manpage.html#ENVIRONMENT): http_proxy in small letters alone, since a
// web server sets HTTP_PROXY from a request; https_proxy, all_proxy and no_proxy in both. A name is then resolved by
// the proxy, and what it connects to is seen by it alone: whoever sets a proxy trusts it. This machine itself is never
// asked for by way of a proxy.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace r8scan::action {

/// Reads one variable: getenv, or a table in tests. Null where it is not set.
using EnvironmentReader = std::function<const char*(const char*)>;

struct ProxySettings {
    std::string http;
    std::string https;
    std::string all;
    std::string no_proxy;

    static ProxySettings from(const EnvironmentReader& environment);
};

/// The proxy for a host (a name or an address, without brackets); empty: none.
[[nodiscard]] std::string proxy_for(const ProxySettings& settings, std::string_view scheme, std::string_view host);

}  // namespace r8scan::action
