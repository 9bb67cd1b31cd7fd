// Writer: where a report's bytes go.
//
// Reports know nothing of files and terminals: whoever makes one hands in a Writer. Not synchronised: one report, one
// writer, one thread.
#pragma once

#include <r8scan/result.h>

#include <string>
#include <string_view>

namespace r8scan::report {

class Writer {
public:
    virtual ~Writer() = default;

    /// Takes all of the bytes or fails. A reader that went away (a closed pipe) is no failure: the bytes are dropped.
    virtual Result<void> write(std::string_view bytes) = 0;
};

/// Keeps what is written, for tests and for programs that want a report as a string.
class StringWriter : public Writer {
public:
    Result<void> write(std::string_view bytes) override
    {
        m_text += bytes;
        return {};
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

}  // namespace r8scan::report
