#include "action/http_client.h"

#include "action/retry_after.h"
#include "util/bytes.h"

#include <algorithm>
#include <array>

namespace r8scan::action {
namespace {

constexpr std::size_t most_of_a_body = 64U << 10U;
constexpr std::size_t most_headers = 200;
constexpr std::size_t most_of_headers = 256U << 10U;  // bytes, those of interim answers among them

/// A response while it comes in.
struct Incoming {
    HttpResponse response;
    std::size_t header_bytes = 0;
    bool headers_ended = false;
};

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into)
{
    auto& incoming = *static_cast<Incoming*>(into);
    HttpResponse& response = incoming.response;
    const std::string_view line(data, size * count);
    incoming.header_bytes += line.size();
    if (incoming.header_bytes > most_of_headers) {
        return 0;  // ends the exchange
    }
    incoming.headers_ended = trimmed(line).empty();
    if (line.starts_with("HTTP/")) {
        response.headers.clear();  // those of an interim answer
        return size * count;
    }
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && response.headers.size() < most_headers) {
        response.headers[lower(trimmed(line.substr(0, colon)))] = trimmed(line.substr(colon + 1));
    }
    return size * count;
}

/// Takes what fits and ends the exchange there.
std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into)
{
    HttpResponse& response = static_cast<Incoming*>(into)->response;
    const std::size_t room = most_of_a_body - response.body.size();
    const std::size_t offered = size * count;
    response.body.append(data, std::min(room, offered));
    response.cut = offered > room;
    return std::min(room, offered);
}

/// A header list that points to the request's own bytes, so that libcurl's copies need not be wiped.
class HeaderList {
public:
    explicit HeaderList(const std::vector<Secret>& headers)
    {
        m_nodes.reserve(headers.size() + 1);
        for (const Secret& header : headers) {
            add(header.reveal().data());
        }
        add("Expect:");  // do not wait for permission to send the body
    }
    [[nodiscard]] curl_slist* get() { return m_nodes.data(); }

private:
    void add(const char* text)
    {
        m_nodes.push_back({const_cast<char*>(text), nullptr});
        if (m_nodes.size() > 1) {
            m_nodes[m_nodes.size() - 2].next = &m_nodes.back();
        }
    }
    std::vector<curl_slist> m_nodes;
};

}  // namespace

std::string_view HttpResponse::header(const std::string& name) const
{
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::chrono::seconds> HttpResponse::retry_after() const
{
    const auto now = std::chrono::system_clock::now();
    if (const auto wait = parse_retry_after(header("retry-after"), now)) {
        return wait;
    }
    return parse_rate_limit_reset(header("ratelimit-reset"), now);
}

std::string HttpResponse::media_type() const
{
    const std::string_view value = header("content-type");
    return lower(trimmed(value.substr(0, value.find(';'))));
}

Result<HttpClient> HttpClient::to(std::string_view url, bool allow_private, const NetworkOptions& options)
{
    Result<std::shared_ptr<Line>> line = Line::to(url, Line::Kind::http, allow_private, options);
    if (!line) {
        return line.error();
    }
    return HttpClient(std::move(*line));
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request, Deadline deadline) const
{
    Transfer transfer(m_line);
    CURL* const handle = transfer.handle();
    Incoming incoming;
    HttpResponse& response = incoming.response;
    HeaderList headers(request.headers);
    const std::string agent = user_agent();
    curl_easy_setopt(handle, CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    if (request.body) {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->reveal().size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body->reveal().data());
    }
    if (const Result<void> done = transfer.perform(deadline); !done && !response.cut) {
        return incoming.header_bytes > most_of_headers ? Error(ErrorCode::io, "the answer has too many headers")
                                                       : done.error();
    }
    if (!incoming.headers_ended) {
        return Error(ErrorCode::io, "the answer ended within its headers");
    }
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response.status);
    return std::move(response);
}

std::string user_agent()
{
    return "r8scan/" R8SCAN_VERSION " (+" R8SCAN_URL ")";
}

}  // namespace r8scan::action
