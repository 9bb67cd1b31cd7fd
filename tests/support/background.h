// A program that runs beside a test, a server mostly, and is ended with the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace r8scan::test {

class Background {
public:
    /// Starts it with this environment ("NAME=value") alone; what it prints goes to the file, what it complains of to
    /// FILE.err. Throws std::runtime_error where it cannot be started.
    Background(std::vector<std::string> arguments, std::vector<std::string> environment,
               const std::filesystem::path& output);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// The first line of the file, once there is one: servers say there where they listen. Throws std::runtime_error,
    /// with what the program complained of, where it ends first or takes longer.
    [[nodiscard]] std::string first_line_of(const std::filesystem::path& file,
                                            std::chrono::seconds patience = std::chrono::seconds(60));

private:
    bool has_ended();

    std::string m_name;
    std::filesystem::path m_complaints;
    pid_t m_child = -1;
};

}  // namespace r8scan::test
