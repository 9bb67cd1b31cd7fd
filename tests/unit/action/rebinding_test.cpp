// Names that lead to where nobody outside may send us, at the first look-up and at a later one (DNS rebinding). In a
// network and with a file of hosts of our own, so that the system's own resolver answers.
#include "action/http_client.h"

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

using namespace r8scan;
using namespace r8scan::action;
using namespace std::chrono_literals;

namespace {

constexpr const char* public_address = "93.184.216.34";
constexpr int not_allowed = 77;

/// Brings up the loopback interface of a new network and gives it an address that counts as public.
bool make_network()
{
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto address = [](const char* text) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        inet_pton(AF_INET, text, &in.sin_addr);
        sockaddr out{};
        std::memcpy(&out, &in, sizeof in);
        return out;
    };
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    bool done = ::ioctl(fd, SIOCSIFFLAGS, &loopback) == 0;
    ifreq alias{};
    std::strcpy(alias.ifr_name, "lo:1");
    alias.ifr_addr = address(public_address);
    done = done && ::ioctl(fd, SIOCSIFADDR, &alias) == 0;
    alias.ifr_netmask = address("255.255.255.255");
    done = done && ::ioctl(fd, SIOCSIFNETMASK, &alias) == 0;
    ::close(fd);
    return done;
}

/// What `work` returns, in a child with a network of its own, where /etc/hosts is the file; nothing where that may not
/// be had.
std::optional<std::string> run_in_own_network(const std::filesystem::path& hosts, std::string (*work)(const std::string&))
{
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (unshare(CLONE_NEWNS | CLONE_NEWNET) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount(hosts.c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) != 0 || !make_network()) {
            _exit(not_allowed);
        }
        std::string text;
        try {
            text = work(hosts.string());
        } catch (const std::exception& error) {
            text = std::string("exception: ") + error.what();
        }
        (void)!::write(ends[1], text.data(), text.size());
        _exit(0);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == not_allowed) {
        return std::nullopt;
    }
    return WIFEXITED(status) ? text : "ended by a signal";
}

/// Takes one connection on any address of this network, and answers when it is told to.
class Server {
public:
    Server()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        socklen_t size = sizeof any;
        if (::bind(m_listener, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 || ::listen(m_listener, 16) != 0 ||
            ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&any), &size) != 0) {
            throw std::runtime_error("no port");
        }
        port = ntohs(any.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~Server()
    {
        may_answer = true;
        m_thread.join();
        ::close(m_listener);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Whether another connection waits to be taken.
    [[nodiscard]] bool has_more() const
    {
        pollfd waiting{m_listener, POLLIN, 0};
        return ::poll(&waiting, 1, 300) > 0;
    }

    int port = 0;
    std::atomic<bool> was_asked{false};
    std::atomic<bool> may_answer{false};
    std::string asked_at;  // once it was asked

private:
    void serve()
    {
        sockaddr_in local{};
        socklen_t size = sizeof local;
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        std::string request;
        char c = 0;
        while (!request.ends_with("\r\n\r\n") && ::recv(fd, &c, 1, 0) == 1) {
            request += c;
        }
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size);
        asked_at = inet_ntoa(local.sin_addr);
        was_asked = true;
        while (!may_answer) {
            std::this_thread::sleep_for(10ms);
        }
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(fd);
    }

    int m_listener = -1;
    std::thread m_thread;
};

std::string outcome_of(const Result<HttpResponse>& response)
{
    if (response) {
        return "status " + std::to_string(response->status);
    }
    return (response.error().code() == ErrorCode::permission ? "refused: " : "failed: ") + response.error().message();
}

/// A line for each look-up of the name: what came of it.
std::string look_up_again_and_again(const std::string& hosts)
{
    Server server;
    NetworkOptions options;
    options.allow_plain_http = true;
    const std::string url = "http://keys.test:" + std::to_string(server.port) + "/";
    const auto lead_to = [&](const std::string& address) { test::write_file(hosts, address + " keys.test\n"); };
    const auto ask = [&](const HttpClient& client) {
        return outcome_of(client.send({}, std::chrono::steady_clock::now() + 20s));
    };
    auto client = HttpClient::to(url, false, options);
    if (!client) {
        return client.error().message();
    }
    lead_to(public_address);
    std::string first;
    std::thread asking([&] { first = ask(*client); });
    while (!server.was_asked) {
        std::this_thread::sleep_for(10ms);
    }
    // Now the name leads elsewhere. The same client has to look it up again: its connection is in use.
    std::string lines;
    lead_to("127.0.0.1");
    lines += "again " + ask(*client) + "\n";
    for (const char* const address : {"127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "::ffff:10.0.0.1",
                                      "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::1",
                                      "2002:7f00:1::1", "fd00::1", "fe80::1"}) {
        lead_to(address);
        const auto fresh = HttpClient::to(url, false, options);
        lines += std::string(address) + " " + ask(*fresh) + "\n";
    }
    const bool more = server.has_more();
    server.may_answer = true;
    asking.join();
    return "first " + first + " at " + server.asked_at + "\n" + lines + (more ? "somebody connected\n" : "");
}

}  // namespace

TEST_CASE("rebinding: a name that leads to a private place is refused, at the first look-up and at a later one")
{
    const test::TempDir dir;
    test::write_file(dir / "hosts", "\n");
    const auto answer = run_in_own_network(dir / "hosts", look_up_again_and_again);
    if (!answer) {
        MESSAGE("skipped: no right to a network of one's own");
        return;
    }
    CAPTURE(*answer);
    CHECK(answer->starts_with("first status 200 at " + std::string(public_address) + "\nagain refused: "));
    CHECK(answer->find("somebody connected") == std::string::npos);
    std::size_t refused = 0;
    for (std::size_t at = answer->find(" refused: \"keys.test\" leads to "); at != std::string::npos;
         at = answer->find(" refused: \"keys.test\" leads to ", at + 1)) {
        ++refused;
    }
    CHECK(refused == 13);
    CHECK(std::count(answer->begin(), answer->end(), '\n') == 14);
}
