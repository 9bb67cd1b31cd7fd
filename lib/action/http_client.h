// HttpClient: sends requests to one URL and says what came back. Thread-safe; connections are kept and used again.
#pragma once

#include <r8scan/secret.h>

#include "action/transfer.h"

#include <map>
#include <optional>

namespace r8scan::action {

struct HttpRequest {
    std::vector<Secret> headers;  // "Name: value"
    std::optional<Secret> body;   // POST where there is one, GET otherwise
};

struct HttpResponse {
    long status = 0;
    std::map<std::string, std::string> headers;  // names in small letters; of several the last
    std::string body;                            // the first 64 KiB
    bool cut = false;                            // there was more

    /// Empty where it is not there.
    [[nodiscard]] std::string_view header(const std::string& name) const;

    /// How long the server asks us to stay away, by Retry-After or ratelimit-reset.
    [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const;

    /// The media type in small letters, without parameters.
    [[nodiscard]] std::string media_type() const;
};

class HttpClient {
public:
    /// `user_agent` is a whole header value.
    static Result<HttpClient> to(std::string_view url, bool allow_private, const NetworkOptions& options);

    /// Errors are those of Transfer::perform.
    Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) const;

    [[nodiscard]] const std::string& url() const { return m_line->url(); }

private:
    explicit HttpClient(std::shared_ptr<Line> line) : m_line(std::move(line)) {}
    std::shared_ptr<Line> m_line;
};

/// "r8scan/VERSION (+URL of the project)".
[[nodiscard]] std::string user_agent();

}  // namespace r8scan::action
