#include "tests/support/background.h"

#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstring>
#include <stdexcept>
#include <thread>

namespace r8scan::test {
namespace {

std::vector<char*> pointers_of(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    for (std::string& string : strings) {
        out.push_back(string.data());
    }
    out.push_back(nullptr);
    return out;
}

}  // namespace

Background::Background(std::vector<std::string> arguments, std::vector<std::string> environment,
                       const std::filesystem::path& output)
    : m_name(arguments.at(0)), m_complaints(output.string() + ".err")
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, m_complaints.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int error = posix_spawnp(&m_child, m_name.c_str(), &actions, nullptr, pointers_of(arguments).data(),
                                   pointers_of(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error(fmt::format("cannot run {}: {}", m_name, std::strerror(error)));
    }
}

Background::~Background()
{
    if (!has_ended()) {
        ::kill(m_child, SIGKILL);
        ::waitpid(m_child, nullptr, 0);
    }
}

bool Background::has_ended()
{
    if (m_child > 0 && ::waitpid(m_child, nullptr, WNOHANG) == m_child) {
        m_child = -1;
    }
    return m_child <= 0;
}

std::string Background::first_line_of(const std::filesystem::path& file, std::chrono::seconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const std::string text = std::filesystem::exists(file) ? read_file(file) : "";
        if (const std::size_t end = text.find('\n'); end != std::string::npos) {
            return text.substr(0, end);
        }
        if (has_ended() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error(fmt::format("{} does not get ready: {}", m_name, read_file(m_complaints)));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

}  // namespace r8scan::test
