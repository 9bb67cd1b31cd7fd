// fault_loop KIND FOLDER DENSE -- WORDS…: runs r8scan with these words over and over, and each time another call fails.
//
// KIND is io, memory or memory-from. The Nth call fails for every N up to DENSE and then for each N a tenth larger than
// the last, until a run ends without having come to its Nth call. Each run is a child of its own. Right is:
// - exit 3, and a word about what is wrong, or
// - exit 2, no report, and a word about what kept the scan from starting, or
// - the very report and exit code of a run without faults, where the call did not matter.
// Where memory fails, a process that dies is right too, as far as nobody can mend it; it is counted.
// Everything else is printed: another exit code, a signal, a run without end, silence.
#include "fail_nth.h"

#include <nlohmann/json.hpp>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

int r8scan_main(int argc, char** argv);  // cmd/main.cpp, under another name

namespace {

using namespace r8scan::fault;

constexpr std::chrono::seconds patience{60};

struct Run {
    int status = 0;
    bool timed_out = false;
    std::string out;
    std::string err;

    [[nodiscard]] std::string ending() const
    {
        return timed_out             ? "no end"
               : WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                     : "exit " + std::to_string(WEXITSTATUS(status));
    }
    [[nodiscard]] int exit_code() const { return !timed_out && WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
};

std::string take(std::FILE* file)
{
    std::string text;
    char block[65536];
    std::rewind(file);
    while (const auto got = std::fread(block, 1, sizeof block, file)) {
        text.append(block, got);
    }
    std::fclose(file);
    return text;
}

Run run(Kind kind, std::uint64_t nth, const std::string& folder, std::vector<char*>& words, Record& record)
{
    std::FILE* const out = std::tmpfile();
    std::FILE* const err = std::tmpfile();
    std::cout.flush();  // else the child would write what waits there, too
    const pid_t child = fork();
    if (child == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        arm(kind, nth, folder, record);
        const int code = r8scan_main(static_cast<int>(words.size()) - 1, words.data());
        disarm();
        std::exit(code);  // with the leak checker's own ending
    }
    Run run;
    const auto end = std::chrono::steady_clock::now() + patience;
    for (unsigned looked = 0; waitpid(child, &run.status, WNOHANG) == 0; ++looked) {
        if (std::chrono::steady_clock::now() > end) {
            run.timed_out = true;
            kill(child, SIGKILL);
            waitpid(child, &run.status, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(looked < 100 ? 200 : 2000));
    }
    run.out = take(out);
    run.err = take(err);
    return run;
}

// A report without what differs from run to run. Nothing where there is no whole report.
std::string comparable(const std::string& report)
{
    auto json = nlohmann::json::parse(report, nullptr, false);
    if (json.is_discarded() || !json.contains("summary")) {
        return {};
    }
    json["summary"].erase("elapsed_ms");
    // An ignore file that cannot be read suppresses nothing, and a note says so: more is reported, not less.
    if (json["summary"].contains("notes")) {
        auto& notes = json["summary"]["notes"];
        for (std::size_t i = notes.size(); i > 0; --i) {
            if (notes[i - 1].get<std::string>().find(": not read: ") != std::string::npos) {
                notes.erase(i - 1);
            }
        }
        if (notes.empty()) {
            json["summary"].erase("notes");
        }
    }
    return json.dump();
}

// Why the run was not right; empty where it was.
std::string objection(Kind kind, const Run& run, const Run& faultless)
{
    // Two libraries end the process where memory fails them: libstdc++ in the constructor of a directory iterator,
    // which must not throw, and OpenSSL, which goes on without the lock that it could not make. Nobody takes that for
    // clean.
    if (kind != Kind::io && !run.timed_out && WIFSIGNALED(run.status)) {
        return "";
    }
    const int code = run.exit_code();
    if (code == 3) {
        const auto json = nlohmann::json::parse(run.out, nullptr, false);
        const bool is_named = !json.is_discarded() && json.contains("summary") && !json["summary"]["skipped"].empty();
        return is_named || !run.err.empty() ? "" : "not a word about it";
    }
    if (code == 2) {
        return run.out.empty() && !run.err.empty() ? "" : "nothing scanned, and not a word about it";
    }
    if (code != faultless.exit_code()) {
        return "exit code";
    }
    return comparable(run.out) == comparable(faultless.out) ? "" : "another report";
}

// From where two reports begin to differ.
std::string difference(const std::string& expected, const std::string& got)
{
    const auto at = std::mismatch(expected.begin(), expected.end(), got.begin(), got.end()).first - expected.begin();
    const auto begin = static_cast<std::size_t>(at < 40 ? 0 : at - 40);
    constexpr std::size_t shown = 300;
    return expected == got ? std::string()
                           : "  expected …" + expected.substr(begin, shown) + "\n  got      …" +
                                 got.substr(std::min(begin, got.size()), shown) + '\n';
}

}  // namespace

int main(int argc, char** argv)
{
    const std::map<std::string, Kind> kinds{
        {"io", Kind::io}, {"memory", Kind::memory}, {"memory-from", Kind::memory_from}};
    if (argc < 6 || !kinds.contains(argv[1]) || std::string(argv[4]) != "--") {
        std::cerr << "usage: fault_loop io|memory|memory-from FOLDER DENSE -- WORDS…\n";
        return 2;
    }
    const Kind kind = kinds.at(argv[1]);
    const std::string folder = argv[2];
    const std::uint64_t dense = std::stoull(argv[3]);
    std::string name = "r8scan";
    std::vector<char*> words{name.data()};
    words.insert(words.end(), argv + 5, argv + argc);
    words.push_back(nullptr);

    void* const shared = mmap(nullptr, sizeof(Record), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto& record = *new (shared) Record;
    // Twice, as the first run may fill a cache.
    const Kind probe = kind == Kind::memory_from ? Kind::memory : kind;
    (void)run(probe, 0, folder, words, record);
    const auto faultless = run(probe, 0, folder, words, record);
    const auto calls = record.calls;
    if (comparable(faultless.out).empty() || calls == 0) {
        std::cout << "the run without faults gives no report: " << faultless.ending() << '\n' << faultless.err;
        return 2;
    }

    std::map<std::string, std::uint64_t> endings;
    std::uint64_t wrong = 0;
    for (std::uint64_t nth = 1;; nth += nth < dense ? 1 : 1 + nth / 10) {
        const auto faulty = run(kind, nth, folder, words, record);
        if (!record.fired) {
            break;
        }
        ++endings[faulty.ending()];
        if (const auto why = objection(kind, faulty, faultless); !why.empty()) {
            ++wrong;
            std::cout << nth << ": " << record.what << ": " << faulty.ending() << ": " << why << '\n'
                      << faulty.err.substr(0, 2000) << difference(comparable(faultless.out), comparable(faulty.out));
        }
    }
    std::cout << calls << " calls";
    for (const auto& [ending, count] : endings) {
        std::cout << ", " << count << " x " << ending;
    }
    std::cout << ", " << wrong << " wrong\n";
    return wrong == 0 ? 0 : 1;
}
