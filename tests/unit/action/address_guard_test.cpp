// Which addresses belong to everybody, which proxies are asked, and how long a server's pause is.
#include "action/address_guard.h"
#include "action/proxy.h"
#include "action/retry_after.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace r8scan::action;
using namespace std::chrono_literals;

namespace {

bool is_public(const char* address)
{
    const auto parsed = IpAddress::parse(address);
    REQUIRE_MESSAGE(parsed.has_value(), address);
    return parsed->is_public();
}

}  // namespace

TEST_CASE("address guard: addresses of a machine, a house or a carrier are not public, nor is what is reserved")
{
    for (const char* const address : {"0.0.0.0",
                                      "0.1.2.3",
                                      "10.0.0.1",
                                      "10.255.255.255",
                                      "100.64.0.1",
                                      "100.127.255.255",
                                      "127.0.0.1",
                                      "127.255.255.254",
                                      "169.254.169.254",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.0.0.1",
                                      "192.0.2.1",
                                      "192.168.0.1",
                                      "192.168.255.255",
                                      "198.18.0.1",
                                      "198.19.255.255",
                                      "198.51.100.7",
                                      "203.0.113.9",
                                      "224.0.0.1",
                                      "240.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "fc00::1",
                                      "fdff::1",
                                      "fe80::1",
                                      "fe80::1%eth0",
                                      "fec0::1",
                                      "ff02::1",
                                      "2001:db8::1",
                                      "100::1",
                                      "64:ff9b:1::1",
                                      "3fff::1",
                                      "5f00::1"}) {
        CHECK_MESSAGE(!is_public(address), address);
    }
}

TEST_CASE("address guard: addresses that anybody reaches are public, up to the edges of those that are not")
{
    for (const char* const address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
          "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
          "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"}) {
        CHECK_MESSAGE(is_public(address), address);
    }
}

TEST_CASE("address guard: an address of version 6 that hides one of version 4 is as public as that one")
{
    for (const char* const address :
         {"::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
          "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::1",
          "2002:a9fe:a9fe::", "2001:0:102:304:0:0:f5ff:fffe", "2001:0:a00:1:0:0:fefe:fefe"}) {
        CHECK_MESSAGE(!is_public(address), address);
    }
    for (const char* const address :
         {"::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1", "2001:0:102:304:0:0:fefe:fefe"}) {
        CHECK_MESSAGE(is_public(address), address);
    }
}

TEST_CASE("address guard: loopback is known in both versions, and a name is no address")
{
    for (const char* const address : {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1"}) {
        CHECK_MESSAGE(IpAddress::parse(address)->is_loopback(), address);
    }
    for (const char* const address : {"128.0.0.1", "::2", "::", "1.1.1.1"}) {
        CHECK_MESSAGE(!IpAddress::parse(address)->is_loopback(), address);
    }
    for (const char* const name : {"", "localhost", "1.2.3", "1.2.3.4.5", "0x7f.1", "example.com", "[", "::g"}) {
        CHECK_MESSAGE(!IpAddress::parse(name).has_value(), name);
    }
    CHECK(IpAddress::parse("::ffff:10.1.2.3")->text() == "10.1.2.3");
    CHECK(IpAddress::parse("2001:DB8::1")->text() == "2001:db8::1");
}

TEST_CASE("proxy: the variables of curl decide, and exceptions are names, all below them, addresses and networks")
{
    std::map<std::string, std::string> variables{
        {"https_proxy", "http://proxy:3128"},
        {"HTTP_PROXY", "http://never:1"},
        {"no_proxy", "internal.example, .corp.example,10.0.0.0/8,192.0.2.7,2001:db8::/32"}};
    const EnvironmentReader environment = [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    };
    ProxySettings settings = ProxySettings::from(environment);
    CHECK(proxy_for(settings, "https", "api.replicate.com") == "http://proxy:3128");
    CHECK(proxy_for(settings, "http", "api.replicate.com").empty());
    for (const char* const host :
         {"internal.example", "INTERNAL.example.", "a.internal.example", "corp.example", "x.corp.example", "10.9.8.7",
          "192.0.2.7", "2001:db8::5", "localhost", "127.0.0.1", "::1"}) {
        CHECK_MESSAGE(proxy_for(settings, "https", host).empty(), host);
    }
    for (const char* const host : {"notinternal.example", "11.0.0.1", "192.0.2.8", "2001:db9::5", "example"}) {
        CHECK_MESSAGE(!proxy_for(settings, "https", host).empty(), host);
    }

    variables = {{"ALL_PROXY", "socks5h://p:1"}, {"NO_PROXY", "*"}};
    settings = ProxySettings::from(environment);
    CHECK(proxy_for(settings, "http", "example.com").empty());
    settings.no_proxy.clear();
    CHECK(proxy_for(settings, "http", "example.com") == "socks5h://p:1");
    CHECK(proxy_for(settings, "https", "example.com") == "socks5h://p:1");
}

TEST_CASE("retry after: seconds and dates in all three forms are understood, and rubbish is not")
{
    const auto now = std::chrono::system_clock::from_time_t(1'700'000'000);  // Tue, 14 Nov 2023 22:13:20 GMT
    CHECK(parse_retry_after("0", now) == 0s);
    CHECK(parse_retry_after(" 120 ", now) == 120s);
    CHECK(parse_retry_after("Tue, 14 Nov 2023 22:15:20 GMT", now) == 120s);
    CHECK(parse_retry_after("Tuesday, 14-Nov-23 22:15:20 GMT", now) == 120s);
    CHECK(parse_retry_after("Tue Nov 14 22:15:20 2023", now) == 120s);
    CHECK(parse_retry_after("Mon, 13 Nov 2023 22:15:20 GMT", now) == 0s);
    CHECK(parse_retry_after("Tue, 14 Nov 2033 22:15:20 GMT", now) == 24h);
    CHECK(parse_retry_after("99999999999999999999999999", now) == 24h);
    for (const char* const rubbish :
         {"", " ", "-5", "+5", "1.5", "5s", "soon", "tomorrow", "Tue", "\xff\xfe", "xx, 99 Foo 2023 99:99:99 GMT"}) {
        CHECK_MESSAGE(!parse_retry_after(rubbish, now).has_value(), rubbish);
    }
    CHECK(parse_rate_limit_reset("42", now) == 42s);
    CHECK(parse_rate_limit_reset("1700000042", now) == 42s);
    CHECK(parse_rate_limit_reset("1600000000", now) == 0s);
    CHECK_FALSE(parse_rate_limit_reset("x", now).has_value());
}
