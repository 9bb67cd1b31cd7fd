// A real browser, headless, driven by its DevTools protocol over two pipes
// (https://chromedevtools.github.io/devtools-protocol/). For tests that look at pages.
//
// Which: $R8SCAN_CHROMIUM, or chromium, chromium-browser or google-chrome on the PATH.
#pragma once

#include <nlohmann/json.hpp>

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace r8scan::test {

class Browser {
public:
    /// Where the program is; empty where there is none.
    static std::string find();

    /// Starts it with a profile of its own in `folder`. Throws std::runtime_error where it does not come up.
    Browser(const std::string& program, const std::filesystem::path& folder);
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// Loads a file and waits until it has loaded. Processor time and errors are counted from here.
    void open(const std::filesystem::path& file, bool scripts = true);

    /// The value of an expression of JavaScript in the page; throws where it throws.
    nlohmann::json evaluate(const std::string& expression);

    /// The page as PDF.
    std::string pdf();

    /// Saves what is seen, as PNG.
    void screenshot(const std::filesystem::path& file, bool dark);

    /// Seconds of processor time that the page's main thread has used since open().
    double processor_seconds();

    /// Errors and warnings that the page has logged, and exceptions that nothing caught.
    [[nodiscard]] const std::vector<std::string>& errors() const { return m_errors; }

private:
    nlohmann::json call(const std::string& method, nlohmann::json parameters = nlohmann::json::object());
    nlohmann::json next_message();
    void heed(const nlohmann::json& event);

    pid_t m_child = -1;
    int m_to = -1;
    int m_from = -1;
    std::string m_pending;  // bytes read that make no whole message yet
    std::string m_session;
    int m_calls = 0;
    bool m_loaded = false;
    std::vector<std::string> m_errors;
};

}  // namespace r8scan::test
