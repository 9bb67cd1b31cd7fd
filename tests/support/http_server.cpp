#include "tests/support/http_server.h"

#include <httplib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace r8scan::test {
namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

struct HttpServer::State {
    std::unique_ptr<httplib::Server> server;
    Handler handler;
    mutable std::mutex mutex;
    std::vector<SeenRequest> requests;
    int port = 0;
    bool tls = false;
    std::thread thread;

    void start()
    {
        constexpr std::size_t workers = 64;
        server->new_task_queue = [] { return new httplib::ThreadPool(workers); };
        server->set_keep_alive_max_count(100'000);
        server->set_tcp_nodelay(true);
        const auto answer = [this](const httplib::Request& asked, httplib::Response& response) {
            SeenRequest seen;
            seen.method = asked.method;
            seen.path = asked.target;
            seen.body = asked.body;
            seen.remote_port = asked.remote_port;
            for (const auto& [name, value] : asked.headers) {
                seen.headers[lower(name)] = value;
            }
            {
                const std::lock_guard lock(mutex);
                requests.push_back(seen);
            }
            const Answer given = handler(seen);
            if (given.delay.count() > 0) {
                std::this_thread::sleep_for(given.delay);
            }
            response.status = given.status;
            for (const auto& [name, value] : given.headers) {
                response.set_header(name.c_str(), value);
            }
            response.set_content(given.body, given.type.c_str());
        };
        server->Get(".*", answer);
        server->Post(".*", answer);
        port = server->bind_to_any_port("127.0.0.1");
        if (port <= 0) {
            throw std::runtime_error("no port for a test server");
        }
        thread = std::thread([this] { server->listen_after_bind(); });
        while (!server->is_running()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
};

HttpServer::HttpServer(Handler handler) : m_state(std::make_unique<State>())
{
    m_state->handler = std::move(handler);
    m_state->server = std::make_unique<httplib::Server>();
    m_state->start();
}

HttpServer::HttpServer(Handler handler, const std::filesystem::path& certificate, const std::filesystem::path& key)
    : m_state(std::make_unique<State>())
{
    m_state->handler = std::move(handler);
    m_state->tls = true;
    m_state->server = std::make_unique<httplib::SSLServer>(certificate.c_str(), key.c_str());
    if (!m_state->server->is_valid()) {
        throw std::runtime_error("the certificate of a test server is not taken");
    }
    m_state->start();
}

HttpServer::~HttpServer()
{
    m_state->server->stop();
    m_state->thread.join();
}

int HttpServer::port() const
{
    return m_state->port;
}

std::string HttpServer::url(const std::string& path) const
{
    return std::string(m_state->tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(m_state->port) + path;
}

std::vector<SeenRequest> HttpServer::requests() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->requests;
}

RawServer::RawServer(std::function<void(int)> talk) : m_talk(std::move(talk))
{
    m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (m_listener < 0 || ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(m_listener, 64) != 0 || ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no port for a test server");
    }
    m_port = ntohs(address.sin_port);
    m_accept = std::thread([this] {
        for (;;) {
            const int fd = ::accept(m_listener, nullptr, nullptr);
            if (fd < 0 || m_stop) {
                if (fd >= 0) {
                    ::close(fd);
                }
                return;
            }
            const std::lock_guard lock(m_mutex);
            m_open.push_back(fd);
            m_talks.emplace_back([this, fd] {
                m_talk(fd);
                const std::lock_guard closing(m_mutex);
                std::erase(m_open, fd);
                ::close(fd);
            });
        }
    });
}

RawServer::~RawServer()
{
    m_stop = true;
    ::shutdown(m_listener, SHUT_RDWR);
    m_accept.join();
    ::close(m_listener);
    {
        const std::lock_guard lock(m_mutex);
        for (const int fd : m_open) {
            ::shutdown(fd, SHUT_RDWR);
        }
    }
    for (std::thread& talk : m_talks) {
        talk.join();
    }
}

std::string RawServer::read_until(int fd, const std::string& text)
{
    std::string read;
    char c = 0;
    while (!read.ends_with(text) && ::recv(fd, &c, 1, 0) == 1) {
        read += c;
    }
    return read;
}

bool RawServer::write_all(int fd, const std::string& text)
{
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t wrote = ::send(fd, text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (wrote <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(wrote);
    }
    return true;
}

}  // namespace r8scan::test
