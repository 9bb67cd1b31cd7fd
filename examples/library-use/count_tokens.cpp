// count_tokens REPO: scans a repository through the library and prints how many findings each kind of object has.
//
// The whole of a program on r8scan: a Sink that takes findings as they come, a Control that another thread could use
// to watch or to stop the scan, and one call.
#include <r8scan/scan.h>

#include <cstdio>
#include <map>
#include <string>

class Counter : public r8scan::Sink {
public:
    r8scan::Result<void> finding(const r8scan::Finding& finding) override
    {
        ++m_by_kind[finding.kind];
        return {};
    }

    r8scan::Result<void> summary(const r8scan::Summary& summary) override
    {
        for (const auto& [kind, count] : m_by_kind) {
            std::printf("%s: %llu\n", kind.c_str(), count);
        }
        std::printf("%s scan\n", summary.complete ? "complete" : "incomplete");
        return {};
    }

private:
    std::map<std::string, unsigned long long> m_by_kind;
};

int main(int argc, char** argv)
{
    r8scan::ScanOptions options;
    options.repository = argc > 1 ? argv[1] : ".";
    Counter counter;
    r8scan::Control control;
    const auto result = r8scan::scan_repository(options, counter, control);
    if (!result) {
        std::fprintf(stderr, "count_tokens: %s\n", result.error().message().c_str());
        return 2;
    }
    return result.value().exit_code;
}
