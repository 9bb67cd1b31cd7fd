#include "action/transfer.h"

#include "action/abilities.h"
#include "action/address_guard.h"
#include "util/escape.h"
#include "util/star_tokens.h"

#include <fmt/format.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace r8scan::action {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// Once in a process, and not before something is sent; never undone, since other parts of the program may use it too.
void initialise_once()
{
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        throw std::runtime_error("libcurl cannot be initialised");
    }
}

/// A part of the URL, empty where it has none.
std::string part_of(CURLU* url, CURLUPart part)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) {
        return {};
    }
    std::string copy(text);
    curl_free(text);
    return copy;
}

/// A header or option is a typed value behind an ellipsis; what does not take is a mistake of ours.
template <typename Value>
void set(CURL* handle, CURLoption option, Value value)
{
    if (const CURLcode code = curl_easy_setopt(handle, option, value); code != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
    }
}

bool is_certificate_trouble(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CACERT_BADFILE;
}

std::string first_set(const EnvironmentReader& environment, std::initializer_list<const char*> names)
{
    for (const char* const name : names) {
        if (const char* const value = environment(name); value != nullptr && *value != 0) {
            return value;
        }
    }
    return {};
}

}  // namespace

NetworkOptions network_options_from(const EnvironmentReader& environment)
{
    NetworkOptions options;
    options.proxy = ProxySettings::from(environment);
    options.ca_file = first_set(environment, {"CURL_CA_BUNDLE", "SSL_CERT_FILE"});
    options.ca_dir = first_set(environment, {"SSL_CERT_DIR"});
    return options;
}

Result<std::shared_ptr<Line>> Line::to(std::string_view url, Kind kind, bool allow_private,
                                       const NetworkOptions& options)
{
    const auto wrong = [&](std::string_view what) {
        return Error(ErrorCode::usage,
                     fmt::format("\"{}\" {}", escape_for_terminal(star_tokens(url.substr(0, url.find('?')))), what));
    };
    if (const Result<void> able = can_send(); !able) {
        return able.error();
    }
    const Url parsed(curl_url(), curl_url_cleanup);
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK) {
        return wrong("is no address: give one that begins with " +
                     std::string(kind == Kind::http ? "https://" : "smtps:// or smtp://"));
    }
    std::shared_ptr<Line> line(new Line(options, allow_private));
    line->m_scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    line->m_host = part_of(parsed.get(), CURLUPART_HOST);
    if (line->m_host.size() > 2 && line->m_host.front() == '[') {
        line->m_host = line->m_host.substr(1, line->m_host.size() - 2);
    }
    line->m_url = url;
    const bool encrypted = line->m_scheme == "https" || line->m_scheme == "smtps";
    const std::string_view plain = kind == Kind::http ? "http" : "smtp";
    if (line->m_host.empty() || (line->m_scheme != plain && line->m_scheme != std::string(plain) + "s")) {
        return wrong(fmt::format("is no address for {0}: give one that begins with {0}s://", plain));
    }
    if (!part_of(parsed.get(), CURLUPART_USER).empty() || !part_of(parsed.get(), CURLUPART_PASSWORD).empty()) {
        return Error(ErrorCode::usage,
                     fmt::format("a user or password stands in the address of \"{}\": take it out there",
                                 escape_for_terminal(line->m_host)));
    }
    std::string lower = line->m_host;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto literal = IpAddress::parse(line->m_host);
    line->m_is_literal = literal.has_value() || lower == "localhost";
    line->m_is_local = lower == "localhost" || (literal && literal->is_loopback());
    if (kind == Kind::http && !encrypted && !line->m_is_local && !options.allow_plain_http) {
        return wrong("sends without encryption: give an https:// address, or allow it with --allow-plain-http");
    }
    if (kind == Kind::http) {
        line->m_proxy = proxy_for(options.proxy, line->m_scheme, line->m_host);
    }
    return line;
}

Line::~Line()
{
    std::for_each(m_idle.begin(), m_idle.end(), curl_easy_cleanup);
}

CURL* Line::take()
{
    initialise_once();
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            CURL* const handle = m_idle.back();
            m_idle.pop_back();
            return handle;
        }
    }
    CURL* const handle = curl_easy_init();
    if (handle == nullptr) {
        throw std::bad_alloc();
    }
    return handle;
}

void Line::give_back(CURL* handle)
{
    curl_easy_reset(handle);  // keeps its connections, forgets what it sent
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(handle);
}

Transfer::Transfer(std::shared_ptr<Line> line) : m_line(std::move(line)), m_handle(m_line->take())
{
    set_common_options();
}

Transfer::~Transfer()
{
    m_line->give_back(m_handle);
}

void Transfer::set_common_options()
{
    const NetworkOptions& options = m_line->m_options;
    set(m_handle, CURLOPT_URL, m_line->m_url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
    set(m_handle, CURLOPT_PROTOCOLS_STR, m_line->m_scheme.c_str());
#else
    set(m_handle, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_SMTP | CURLPROTO_SMTPS);
#endif
    set(m_handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(m_handle, CURLOPT_NOSIGNAL, 1L);
    set(m_handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(m_handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(m_handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(m_handle, CURLOPT_PROXY, m_line->m_proxy.c_str());  // empty: none, whatever the environment says
    set(m_handle, CURLOPT_NOPROXY, "");
    if (!options.ca_file.empty()) {
        set(m_handle, CURLOPT_CAINFO, options.ca_file.c_str());
    }
    if (!options.ca_dir.empty()) {
        set(m_handle, CURLOPT_CAPATH, options.ca_dir.c_str());
    }
    for (const std::string& entry : options.resolve) {
        curl_slist* const longer = curl_slist_append(m_resolve.get(), entry.c_str());
        if (longer == nullptr) {
            throw std::bad_alloc();
        }
        (void)m_resolve.release();
        m_resolve.reset(longer);
    }
    if (m_resolve) {
        set(m_handle, CURLOPT_RESOLVE, m_resolve.get());
    }
    set(m_handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(m_handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(m_handle, CURLOPT_NOPROGRESS, 0L);
    set(m_handle, CURLOPT_XFERINFOFUNCTION, &Transfer::watch);
    set(m_handle, CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(m_handle, CURLOPT_ERRORBUFFER, m_error.data());
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address)
{
    auto& transfer = *static_cast<Transfer*>(self);
    const Line& line = *transfer.m_line;
    const auto ip = IpAddress::of(address->addr);
    // A proxy is the user's own choice, wherever it stands; what it connects to is its business.
    if (line.m_proxy.empty()) {
        if (!ip || (line.m_is_local && !ip->is_loopback())) {
            transfer.m_refusal = fmt::format("\"{}\" leads to another machine", escape_for_terminal(line.m_host));
            return CURL_SOCKET_BAD;
        }
        if (!line.m_is_literal && !line.m_allow_private && !ip->is_public()) {
            transfer.m_refusal = fmt::format(
                "\"{}\" leads to {}, which is no public address: allow_private = true in the callback's settings "
                "allows it",
                escape_for_terminal(line.m_host), ip->text());
            return CURL_SOCKET_BAD;
        }
    }
    int type = address->socktype;
#ifdef SOCK_CLOEXEC
    type |= SOCK_CLOEXEC;  // not for the handlers that we start
#endif
    return ::socket(address->family, type, address->protocol);
}

int Transfer::watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    const std::atomic<bool>* const stop = static_cast<Transfer*>(self)->m_line->m_options.stop;
    return stop != nullptr && *stop ? 1 : 0;
}

Error Transfer::error_of(CURLcode code) const
{
    if (!m_refusal.empty()) {
        return {ErrorCode::permission, m_refusal};
    }
    const char* const detail = m_error.front() != 0 ? m_error.data() : curl_easy_strerror(code);
    const std::string what = escape_for_terminal(star_tokens(detail));
    // OpenSSL's result. 0 is X509_V_OK; 1 is what libcurl begins with, before a certificate has come.
    long verified = 0;
    curl_easy_getinfo(m_handle, CURLINFO_SSL_VERIFYRESULT, &verified);
    if (is_certificate_trouble(code) || verified > 1) {
        return Error(ErrorCode::permission, what)
            .within(fmt::format("the certificate of \"{}\" does not hold", escape_for_terminal(m_line->m_host)));
    }
    // OpenSSL quotes its own errors, as of a signature that is wrong or of no TLS at all; a connection that broke has none.
    if (code == CURLE_SSL_CONNECT_ERROR && what.find("error:") != std::string::npos) {
        return Error(ErrorCode::permission, what)
            .within(fmt::format("no secure connection to \"{}\"", escape_for_terminal(m_line->m_host)));
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        return {ErrorCode::interrupted, "interrupted"};
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return {ErrorCode::io, "no answer in time"};
    }
    return {ErrorCode::io, what};
}

Result<void> Transfer::perform(Deadline deadline)
{
    using std::chrono::milliseconds;
    constexpr milliseconds longest_to_connect(10'000);
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds::zero()) {
        return Error(ErrorCode::io, "no answer in time");
    }
    const auto clipped = [](milliseconds time) {
        return static_cast<long>(std::min<milliseconds::rep>(time.count(), 86'400'000));
    };
    set(m_handle, CURLOPT_TIMEOUT_MS, clipped(left));
    set(m_handle, CURLOPT_CONNECTTIMEOUT_MS, clipped(std::min(left, longest_to_connect)));
    const CURLcode code = curl_easy_perform(m_handle);
    if (code != CURLE_OK) {
        return error_of(code);
    }
    return {};
}

}  // namespace r8scan::action
