// Transfer: one exchange by libcurl (https://curl.se/libcurl/c/), HTTP or SMTP, with the rules that hold for all of
// them.
//
// A Line leads to one address that a user gave and keeps its connections for the next exchange. The certificate is
// checked, no redirect is followed, and each address is judged (address_guard.h) at the moment when a socket to it is
// opened. libcurl is not initialised before the first transfer.
#pragma once

#include <r8scan/result.h>

#include "action/proxy.h"

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::action {

using Deadline = std::chrono::steady_clock::time_point;

/// How connections are made, whatever they are for.
struct NetworkOptions {
    bool allow_plain_http = false;  // http:// and smtp:// without encryption to other machines too
    ProxySettings proxy;
    std::string ca_file;  // certificates trusted instead of the system's; empty: the system's
    std::string ca_dir;
    const std::atomic<bool>* stop = nullptr;  // set: the exchange ends soon
    std::vector<std::string> resolve;         // "HOST:PORT:ADDRESS", in place of the name server, for tests
};

/// What the environment says: proxies, and CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR.
[[nodiscard]] NetworkOptions network_options_from(const EnvironmentReader& environment);

class Line {
public:
    enum class Kind { http, smtp };

    /// The error says what is wrong with the address: not a URL, another scheme, a user in it, no encryption.
    static Result<std::shared_ptr<Line>> to(std::string_view url, Kind kind, bool allow_private,
                                            const NetworkOptions& options);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    [[nodiscard]] const std::string& url() const { return m_url; }
    [[nodiscard]] const std::string& host() const { return m_host; }

    /// Of this machine alone: a loopback address or "localhost".
    [[nodiscard]] bool is_local() const { return m_is_local; }

private:
    friend class Transfer;
    Line(NetworkOptions options, bool allow_private) : m_options(std::move(options)), m_allow_private(allow_private) {}
    CURL* take();
    void give_back(CURL* handle);

    NetworkOptions m_options;
    bool m_allow_private;
    std::string m_url;
    std::string m_scheme;
    std::string m_host;
    std::string m_proxy;
    bool m_is_literal = false;  // an address, or localhost: its own permission
    bool m_is_local = false;
    std::mutex m_mutex;
    std::vector<CURL*> m_idle;  // each keeps its connections
};

class Transfer {
public:
    explicit Transfer(std::shared_ptr<Line> line);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// For what is particular to a protocol. Lives as long as this.
    [[nodiscard]] CURL* handle() const { return m_handle; }

    /// At most until the deadline. `permission`: it was not sent, since an address or a certificate forbids it;
    /// `interrupted`: `stop` was set; `io`: anything else.
    Result<void> perform(Deadline deadline);

private:
    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static int watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    void set_common_options();
    [[nodiscard]] Error error_of(CURLcode code) const;

    std::shared_ptr<Line> m_line;
    CURL* m_handle;
    std::string m_refusal;  // why an address was refused
    std::array<char, CURL_ERROR_SIZE> m_error{};
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> m_resolve{nullptr, curl_slist_free_all};
};

}  // namespace r8scan::action
