// A program that runs beside us, talked to by its standard input, output and error.
//
// It is started without a shell, in a process group of its own, with the environment that it is given and no descriptor
// but those three. Whoever holds the object ends it: closing its input asks it to go, and its whole group is killed if
// it does not. All ends of the pipes here are non-blocking. One thread at a time.
#pragma once

#include <r8scan/result.h>

#include "util/file.h"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace r8scan {

struct ChildOptions {
    std::vector<std::string> arguments;    // the program first: a path, or a name that is looked for in PATH
    std::vector<std::string> environment;  // "NAME=value", and nothing else
};

class ChildProcess {
public:
    static Result<ChildProcess> start(const ChildOptions& options);

    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();  // kills what is left

    [[nodiscard]] int input() const { return m_input.get(); }  // -1 once it is closed
    [[nodiscard]] int output() const { return m_output.get(); }
    [[nodiscard]] int error() const { return m_error.get(); }
    void close_input() { m_input = UniqueFd(); }

    /// How it ended, "ended with status 3", or nothing while it runs.
    [[nodiscard]] std::optional<std::string> ended() const;

    /// Closes its input, waits that long for it to end by itself, and kills its group.
    void end(std::chrono::milliseconds grace);

private:
    ChildProcess() = default;
    void kill_group();

    pid_t m_pid = -1;  // also the number of its group; -1 once it is reaped
    UniqueFd m_input;
    UniqueFd m_output;
    UniqueFd m_error;
};

/// Writes without ever being killed by SIGPIPE, whatever the process has set: like write(2), with EPIPE.
ssize_t write_to_pipe(int descriptor, const char* bytes, std::size_t size);

}  // namespace r8scan
