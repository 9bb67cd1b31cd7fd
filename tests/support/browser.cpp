#include "tests/support/browser.h"

#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace r8scan::test {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr int patience_ms = 120'000;  // on a busy machine a browser takes its time

/// The descriptors 3 and 4 are where the browser reads and writes its messages.
[[noreturn]] void become_browser(const std::string& program, const fs::path& profile, int from_us, int to_us)
{
    const int in = fcntl(from_us, F_DUPFD, 10);
    const int out = fcntl(to_us, F_DUPFD, 10);
    dup2(in, 3);
    dup2(out, 4);
    const int nowhere = ::open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    const std::string folder = "--user-data-dir=" + profile.string();
    execl(program.c_str(), program.c_str(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
          "--no-first-run", "--disable-extensions", "--hide-scrollbars", "--window-size=1280,1000",
          "--remote-debugging-pipe", folder.c_str(), "about:blank", static_cast<char*>(nullptr));
    _exit(127);
}

std::string from_base64(const std::string& text)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const std::size_t value = letters.find(c);
        if (value == std::string_view::npos) {
            break;
        }
        group = (group << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((group >> static_cast<unsigned>(bits)) & 0xFFU);
        }
    }
    return bytes;
}

}  // namespace

std::string Browser::find()
{
    if (const char* const named = std::getenv("R8SCAN_CHROMIUM")) {
        return named;
    }
    const char* const path = std::getenv("PATH");
    for (const char* const name : {"chromium", "chromium-browser", "google-chrome"}) {
        std::istringstream folders(path != nullptr ? path : "");
        for (std::string folder; std::getline(folders, folder, ':');) {
            const fs::path program = fs::path(folder) / name;
            if (access(program.c_str(), X_OK) == 0) {
                return program.string();
            }
        }
    }
    return {};
}

Browser::Browser(const std::string& program, const fs::path& folder)
{
    int to[2];
    int from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    m_child = fork();
    if (m_child == 0) {
        setpgid(0, 0);
        become_browser(program, folder, to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    m_to = to[1];
    m_from = from[0];
    const Json target = call("Target.createTarget", {{"url", "about:blank"}});
    m_session = call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}})["sessionId"];
    for (const char* const domain : {"Page.enable", "Runtime.enable", "Log.enable"}) {
        call(domain);
    }
    call("Performance.enable", {{"timeDomain", "threadTicks"}});
}

Browser::~Browser()
{
    close(m_to);
    close(m_from);
    kill(-m_child, SIGKILL);
    waitpid(m_child, nullptr, 0);
}

Json Browser::next_message()
{
    for (;;) {
        if (const std::size_t end = m_pending.find('\0'); end != std::string::npos) {
            Json message = Json::parse(m_pending.substr(0, end));
            m_pending.erase(0, end + 1);
            return message;
        }
        pollfd ready{m_from, POLLIN, 0};
        char room[65536];
        const ssize_t got = poll(&ready, 1, patience_ms) == 1 ? read(m_from, room, sizeof room) : -1;
        if (got <= 0) {
            throw std::runtime_error("the browser does not answer");
        }
        m_pending.append(room, static_cast<std::size_t>(got));
    }
}

void Browser::heed(const Json& event)
{
    const std::string method = event.value("method", "");
    if (method == "Page.loadEventFired") {
        m_loaded = true;
    } else if (method == "Runtime.exceptionThrown") {
        m_errors.push_back(event["params"]["exceptionDetails"].dump());
    } else if (method == "Runtime.consoleAPICalled") {
        m_errors.push_back(event["params"].dump());
    } else if (method == "Log.entryAdded" && event["params"]["entry"]["level"] != "verbose") {
        m_errors.push_back(event["params"]["entry"].dump());
    }
}

Json Browser::call(const std::string& method, Json parameters)
{
    Json request{{"id", ++m_calls}, {"method", method}, {"params", std::move(parameters)}};
    if (!m_session.empty()) {
        request["sessionId"] = m_session;
    }
    const std::string text = request.dump() + '\0';
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t done = write(m_to, text.data() + sent, text.size() - sent);
        if (done <= 0) {
            throw std::runtime_error("the browser takes no messages");
        }
        sent += static_cast<std::size_t>(done);
    }
    for (;;) {
        const Json message = next_message();
        if (!message.contains("id")) {
            heed(message);
        } else if (message["id"] == m_calls) {
            if (message.contains("error")) {
                throw std::runtime_error(method + ": " + message["error"].dump());
            }
            return message["result"];
        }
    }
}

void Browser::open(const fs::path& file, bool scripts)
{
    call("Emulation.setScriptExecutionDisabled", {{"value", !scripts}});
    m_errors.clear();
    m_loaded = false;
    call("Page.navigate", {{"url", "file://" + file.string()}});
    while (!m_loaded) {
        heed(next_message());
    }
}

Json Browser::evaluate(const std::string& expression)
{
    const Json answer =
        call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
    if (answer.contains("exceptionDetails")) {
        throw std::runtime_error(expression + ": " + answer["exceptionDetails"].dump());
    }
    return answer["result"].value("value", Json());
}

std::string Browser::pdf()
{
    return from_base64(call("Page.printToPDF")["data"].get<std::string>());
}

void Browser::screenshot(const fs::path& file, bool dark)
{
    call("Emulation.setEmulatedMedia",
         {{"features", Json::array({{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}})}});
    write_file(file,
               from_base64(call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", true}})["data"]
                               .get<std::string>()));
}

double Browser::processor_seconds()
{
    const Json answer = call("Performance.getMetrics");
    for (const Json& metric : answer["metrics"]) {
        if (metric["name"] == "TaskDuration") {
            return metric["value"].get<double>();
        }
    }
    throw std::runtime_error("the browser does not tell its processor time");
}

}  // namespace r8scan::test
