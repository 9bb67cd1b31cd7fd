// A callback that is a program of the user's: one event a line on its standard input, one verdict a line on its
// standard output, for as many events as there are.
//
// The program is started for the first event and lives until the callback ends. One that crashes, hangs, floods, closes
// its input or answers rubbish has failed that one delivery, with its whole process group ended; the next event gets a
// new one. It sees a small environment and no descriptor of ours. Plugins are run the same way (action/plugin_host.h).
#pragma once

#include "action/callback.h"
#include "util/child_process.h"

#include <functional>
#include <mutex>

namespace r8scan::action {

struct ExecOptions {
    std::string name;
    Stage stage = Stage::notify;
    bool needs_secret = false;
    std::string called;  // in messages; empty: the program as it is named
    ChildOptions program;
    std::optional<std::chrono::milliseconds> timeout;  // of one event, start of the program included
    std::chrono::milliseconds grace{2000};             // to end by itself when there is nothing more
};

class ExecCallback : public Callback {
public:
    explicit ExecCallback(ExecOptions options) : m_options(std::move(options)) {}
    ~ExecCallback() override;

    [[nodiscard]] const std::string& name() const override { return m_options.name; }
    [[nodiscard]] Stage stage() const override { return m_options.stage; }
    [[nodiscard]] bool needs_secret() const override { return m_options.needs_secret; }
    [[nodiscard]] unsigned at_once() const override { return 1; }
    Attempt deliver(const Event& event, std::chrono::steady_clock::time_point deadline) override;

private:
    ExecOptions m_options;
    std::timed_mutex m_mutex;  // one event at a time
    std::optional<ChildProcess> m_child;
};

/// What a program gets of our environment: where programs and the user's files are, the language and the time zone.
/// Nothing that may hold a secret. `lookup` is getenv or a table.
[[nodiscard]] std::vector<std::string> small_environment(const std::function<const char*(const char*)>& lookup);

}  // namespace r8scan::action
