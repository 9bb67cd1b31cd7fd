// Tee: hands what a scan finds to several reports, so that one scan can write several files.
#pragma once

#include <r8scan/scan.h>

#include <memory>
#include <utility>
#include <vector>

namespace r8scan::report {

class Tee : public Sink {
public:
    void add(std::unique_ptr<Sink> sink) { m_sinks.push_back(std::move(sink)); }

    /// Stops at the first sink that fails.
    Result<void> finding(const Finding& finding) override
    {
        for (const auto& sink : m_sinks) {
            if (Result<void> done = sink->finding(finding); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> summary(const Summary& summary) override
    {
        for (const auto& sink : m_sinks) {
            if (Result<void> done = sink->summary(summary); !done) {
                return done;
            }
        }
        return {};
    }

private:
    std::vector<std::unique_ptr<Sink>> m_sinks;
};

}  // namespace r8scan::report
