// The question before tokens are revoked, at a terminal: a pair of pseudo-terminals, with a person at the other end.
#include "tests/support/built_here.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <poll.h>

using namespace r8scan;
using namespace std::chrono_literals;
using test::token;

namespace {

struct Talk {
    std::string screen;
    int exit_code = -1;
    bool was_asked = false;
};

/// Runs the program at a terminal of its own, and types `answer` when it asks.
Talk at_terminal(const std::filesystem::path& folder, std::vector<std::string> words, const std::string& answer)
{
    const int person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (person < 0 || grantpt(person) != 0 || unlockpt(person) != 0) {
        throw std::runtime_error("no terminal");
    }
    const std::string name = ptsname(person);
    words.insert(words.begin(), test::program());
    std::vector<std::string> variables{"HOME=" + (folder / "home").string(), "PATH=/usr/bin:/bin", "TERM=xterm"};
    const auto pointers = [](std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (std::string& text : texts) {
            out.push_back(text.data());
        }
        out.push_back(nullptr);
        return out;
    };
    const auto arguments = pointers(words);
    const auto environment = pointers(variables);
    const pid_t child = fork();
    if (child == 0) {
        setsid();
        const int terminal = ::open(name.c_str(), O_RDWR);
        ioctl(terminal, TIOCSCTTY, 0);
        for (const int fd : {0, 1, 2}) {
            dup2(terminal, fd);
        }
        if (chdir(folder.c_str()) == 0) {
            execve(arguments[0], arguments.data(), environment.data());
        }
        _exit(127);
    }
    Talk talk;
    const auto until = std::chrono::steady_clock::now() + 60s;
    for (;;) {
        pollfd ready{person, POLLIN, 0};
        std::array<char, 4096> block{};
        const int count = ::poll(&ready, 1, 100);
        const ssize_t got = count > 0 ? ::read(person, block.data(), block.size()) : 0;
        if (got < 0 || (count > 0 && got == 0) || std::chrono::steady_clock::now() > until) {
            break;  // the program has gone, and with it the terminal
        }
        talk.screen.append(block.data(), static_cast<std::size_t>(got));
        if (!talk.was_asked && talk.screen.find("[y/N] ") != std::string::npos) {
            talk.was_asked = true;
            (void)!::write(person, answer.data(), answer.size());
        }
    }
    int status = 0;
    if (std::chrono::steady_clock::now() > until) {
        kill(child, SIGKILL);
    }
    waitpid(child, &status, 0);
    ::close(person);
    talk.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return talk;
}

/// Tokens in a file, and a receiver that takes them.
struct Desk {
    Desk() : broker([](const test::SeenRequest&) {
        return test::Answer{200, R"({"status":"revoked"})", "application/json", {}, 0ms};
    })
    {
        test::write_file(folder / "tokens", token(1) + "\n" + token(2) + "\n");
    }
    [[nodiscard]] Talk revoke(const std::string& answer, std::vector<std::string> more = {}) const
    {
        std::vector<std::string> words{"revoke", "--token-file", "tokens", "--on-finding", broker.url("/disable")};
        words.insert(words.end(), more.begin(), more.end());
        return checked(at_terminal(folder.path(), std::move(words), answer));
    }
    [[nodiscard]] Talk scan(const std::string& answer) const
    {
        return checked(at_terminal(folder.path(),
                                   {"dir", "tokens", "--revoke", "--on-finding", "revoke=" + broker.url("/disable")},
                                   answer));
    }
    static Talk checked(Talk talk)
    {
        CHECK(talk.screen.find(token(1)) == std::string::npos);
        CHECK(talk.screen.find(token(2)) == std::string::npos);
        return talk;
    }

    test::TempDir folder;
    test::HttpServer broker;
};

}  // namespace

TEST_CASE("question at a terminal: who says yes revokes, and was told how many tokens go where")
{
    for (const std::string yes : {"y\n", "yes\n", "Y\n"}) {
        const Desk desk;
        const Talk talk = desk.revoke(yes);
        CAPTURE(talk.screen);
        CHECK(talk.was_asked);
        CHECK(talk.screen.find("send 2 tokens to revoke=" + desk.broker.url("/disable") + " to be revoked?") != std::string::npos);
        CHECK(talk.screen.find("  revoked") != std::string::npos);
        CHECK(talk.exit_code == 0);
        CHECK(desk.broker.requests().size() == 2);
    }
}

TEST_CASE("question at a terminal: anything else than yes, no answer too, sends nothing")
{
    for (const std::string no : {"n\n", "\n", "\x04", "yess\n", "no\n", "Yes, but\n"}) {
        const Desk desk;
        const Talk talk = desk.revoke(no);
        CAPTURE(talk.screen);
        CHECK(talk.was_asked);
        CHECK(talk.screen.find("it was not confirmed") != std::string::npos);
        CHECK(desk.broker.requests().empty());
    }
}

TEST_CASE("question at a terminal: an interrupt at the question ends the program, and nothing was sent")
{
    const Desk desk;
    const Talk talk = desk.revoke("\x03");
    CAPTURE(talk.screen);
    CHECK(talk.was_asked);
    CHECK(talk.exit_code == 130);
    CHECK(desk.broker.requests().empty());
}

TEST_CASE("question at a terminal: --yes is not asked, a scan that revokes is")
{
    const Desk said;
    CHECK_FALSE(said.revoke("", {"--yes"}).was_asked);
    CHECK(said.broker.requests().size() == 2);

    const Desk desk;
    const Talk refused = desk.scan("n\n");
    CHECK(refused.was_asked);
    CHECK(refused.exit_code == 1);
    CHECK(desk.broker.requests().empty());
    const Talk taken = desk.scan("y\n");
    CHECK(taken.was_asked);
    CHECK(taken.exit_code == 1);
    CHECK(desk.broker.requests().size() == 2);
}
