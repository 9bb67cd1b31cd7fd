// A web server on a loopback port, in this process: answers by a function and remembers what it was asked.
//
// RawServer is for what no web server does: answers cut off, dripped, or in another protocol.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace r8scan::test {

struct SeenRequest {
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers;  // names in small letters
    std::string body;
    int remote_port = 0;  // tells connections apart

    [[nodiscard]] std::string header(const std::string& name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? "" : found->second;
    }
};

struct Answer {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::map<std::string, std::string> headers;
    std::chrono::milliseconds delay{0};
};

class HttpServer {
public:
    using Handler = std::function<Answer(const SeenRequest&)>;

    explicit HttpServer(Handler handler);
    /// With TLS: PEM files of the certificate (and its chain) and of its key.
    HttpServer(Handler handler, const std::filesystem::path& certificate, const std::filesystem::path& key);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] int port() const;
    /// "http://127.0.0.1:PORT" and the path.
    [[nodiscard]] std::string url(const std::string& path = "") const;
    [[nodiscard]] std::vector<SeenRequest> requests() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Hands each connection to a function on a thread of its own, and closes it afterwards.
class RawServer {
public:
    explicit RawServer(std::function<void(int)> talk);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::string url(const std::string& path = "") const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + path;
    }

    /// Reads up to and with the text, or the end.
    static std::string read_until(int fd, const std::string& text);
    /// False where the other side is gone.
    static bool write_all(int fd, const std::string& text);

private:
    std::function<void(int)> m_talk;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stop{false};
    std::mutex m_mutex;
    std::vector<int> m_open;
    std::vector<std::thread> m_talks;
    std::thread m_accept;
};

}  // namespace r8scan::test
