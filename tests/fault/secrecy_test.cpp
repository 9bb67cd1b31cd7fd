// A token on its way through the program: in no argument, environment, log, journal or temporary file, however much the
// program is told to say; and no core file holds it.
#include "tests/support/built_here.h"
#include "tests/support/http_server.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/unprivileged.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace std::chrono_literals;
using test::token;

namespace {

constexpr std::uint64_t tokens = 6;

bool holds_token(std::string_view text)
{
    for (std::uint64_t seed = 1; seed <= tokens; ++seed) {
        if (text.find(token(seed)) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

/// Whether a traced call may carry a token: what goes to another process by a socket or a pipe.
bool goes_out(const std::string& line)
{
    const std::size_t open = line.find('(');
    const std::string to = open == std::string::npos ? "" : line.substr(open, line.find(',', open) - open);
    return line.find(" execve(") == std::string::npos &&
           (to.find("<socket:") != std::string::npos || to.find("<TCP") != std::string::npos ||
            to.find("<pipe:") != std::string::npos || to.find("<UNIX") != std::string::npos);
}

/// A child whose standard input is ours to close.
class Child {
public:
    explicit Child(std::vector<std::string> words, const fs::path& folder)
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipe");
        }
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        std::array<char*, 2> environment{const_cast<char*>("PATH=/usr/bin:/bin"), nullptr};
        m_pid = fork();
        if (m_pid == 0) {
            const rlimit any{RLIM_INFINITY, RLIM_INFINITY};
            setrlimit(RLIMIT_CORE, &any);  // as far as we may
            dup2(ends[0], 0);
            const int null = ::open("/dev/null", O_RDWR);
            dup2(null, 1);
            dup2(null, 2);
            (void)!chdir(folder.c_str());
            execve(arguments[0], arguments.data(), environment.data());
            _exit(127);
        }
        ::close(ends[0]);
        m_input = ends[1];
    }
    ~Child()
    {
        ::close(m_input);
        if (!m_is_over) {
            end(SIGKILL);
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] std::string place(const char* name) const { return "/proc/" + std::to_string(m_pid) + "/" + name; }
    void say(const std::string& text) const { (void)!::write(m_input, text.data(), text.size()); }

    int end(int signal)
    {
        int status = 0;
        kill(m_pid, signal);
        waitpid(m_pid, &status, 0);
        m_is_over = true;
        return status;
    }

private:
    pid_t m_pid = -1;
    int m_input = -1;
    bool m_is_over = false;
};

std::string limit_of_core(const Child& child)
{
    std::ifstream limits(child.place("limits"));
    for (std::string line; std::getline(limits, line);) {
        if (line.starts_with("Max core file size")) {
            std::istringstream words(line.substr(std::string("Max core file size").size()));
            std::string soft;
            std::string hard;
            words >> soft >> hard;
            return soft + " " + hard;
        }
    }
    return "";
}

std::string reading_of(const std::string& place)
{
    const int fd = ::open(place.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == EACCES || errno == EPERM ? "refused" : "error";
    }
    ::close(fd);
    return "open";
}

}  // namespace

TEST_CASE("secrecy: a trace of the program at its most talkative shows tokens nowhere but on the way to a receiver")
{
    const test::TempDir dir;
    test::write_file(dir / "probe", "");
    if (test::run_shell(dir.path(), "strace -f -y -o probe true").exit_code != 0) {
        MESSAGE("skipped: strace is not there, or may not trace here");
        return;
    }
    const auto live = [](const test::SeenRequest&) {
        return test::Answer{200, R"({"type":"user","username":"ada"})", "application/json", {}, 0ms};
    };
    test::HttpServer api(live);
    // Repeats what it was given, as a careless receiver may, and fails the first time.
    std::atomic<int> asked{0};
    test::HttpServer broker([&](const test::SeenRequest& seen) {
        return test::Answer{++asked == 1 ? 500 : 200, R"({"status":"revoked","message":"done: )" + seen.body.substr(0, 10) + "\"}",
                            "application/json", {{"X-Echo", "yes"}}, 0ms};
    });
    test::RepoBuilder repo(dir / "repo");
    std::string text;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        text += "key = " + token(seed) + "\n";
    }
    repo.ref("refs/heads/main", repo.commit_files({{"a", text}, {"dir-" + token(4) + "/b", "1\n"}}, {}, "with " + token(5)));
    test::write_file(dir / "text", "key = " + token(6) + "\n");
    test::write_file(dir / "handle", "#!/bin/sh\nwhile read -r line; do echo '{\"status\":\"revoked\"}'; done\n");
    fs::permissions(dir / "handle", fs::perms::owner_all);
    const std::string base = "HOME='" + (dir / "home").string() + "' TMPDIR='" + (dir / "tmp").string() +
                             "' strace -f -y -v -s 1000000 -e trace=execve,write,pwrite64,writev,pwritev,sendto,sendmsg ";
    fs::create_directory(dir / "tmp");
    const std::string actions = " --verify --api-base " + api.url("/v1") + " --revoke --yes --deliver-timeout 3 -v --stats" +
                                " --on-finding revoke=" + broker.url("/disable") + " --on-finding revoke=exec:./handle" +
                                " --on-finding " + broker.url("/tell");
    const std::vector<std::string> runs{
        "-o trace1 \"$R8SCAN\" git repo -f jsonl=report.jsonl -f sarif=report.sarif -f html=report.html" + actions,
        "-o trace2 \"$R8SCAN\" stdin" + actions + " <text",
        "-o trace3 \"$R8SCAN\" outbox deliver -v --on-finding revoke=" + broker.url("/disable"),
        "-o trace4 \"$R8SCAN\" verify -f json --api-base " + api.url("/v1") + " <text",
    };
    std::size_t carried = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        CAPTURE(runs[i]);
        const test::Ran ran = test::run_shell(dir.path(), base + runs[i]);
        CHECK(ran.exit_code != 2);
        CHECK_FALSE(holds_token(ran.out));
        CHECK_FALSE(holds_token(ran.err));
        std::ifstream trace(dir / ("trace" + std::to_string(i + 1)));
        std::size_t lines = 0;
        for (std::string line; std::getline(trace, line); ++lines) {
            if (holds_token(line)) {
                CHECK_MESSAGE(goes_out(line), line.substr(0, 200));
                ++carried;
            }
        }
        CHECK(lines > 2);
    }
    CHECK(carried >= 12);  // six tokens to two receivers at the least, else the trace would prove nothing
    const std::set<std::string> ours{"text", "repo"};
    for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
        const std::string top = fs::relative(entry.path(), dir.path()).begin()->string();
        if (entry.is_regular_file() && !ours.contains(top) && !top.starts_with("trace")) {
            CHECK_MESSAGE(!holds_token(test::read_file(entry.path())), entry.path());
        }
    }
    CHECK(fs::exists(dir / "home/.local/state/r8scan/outbox.db"));
    CHECK(fs::is_empty(dir / "tmp"));
}

TEST_CASE("secrecy: the program leaves no core file, and nobody of the same user looks into it")
{
    const test::TempDir dir;
    fs::permissions(dir.path(), fs::perms::all);
    const auto answer = test::run_unprivileged([&]() -> std::string {
        Child other({"/bin/sleep", "60"}, dir.path());
        Child program({test::program(), "stdin"}, dir.path());
        program.say("key = " + token(1) + "\n");
        for (int i = 0; i < 1000 && limit_of_core(program) != "0 0"; ++i) {
            if (!fs::exists(program.place("limits"))) {
                return "cannot be started";
            }
            std::this_thread::sleep_for(10ms);
        }
        std::this_thread::sleep_for(100ms);  // the next call after the limit
        std::string text = "limit " + limit_of_core(program) + ", other " + reading_of(other.place("environ")) + ", program " +
                           reading_of(program.place("environ")) + " " + reading_of(program.place("mem"));
        const int status = program.end(SIGSEGV);
        text += WIFSIGNALED(status) && !WCOREDUMP(status) ? ", no core" : ", status " + std::to_string(status);
        return text;
    });
    if (!answer || *answer == "cannot be started") {
        MESSAGE("skipped: the program cannot be run as another user here");
        return;
    }
    CAPTURE(*answer);
    CHECK(answer->starts_with("limit 0 0, other open"));
    CHECK(answer->ends_with(", no core"));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(answer->find("program refused refused") != std::string::npos);
#endif
    CHECK(fs::is_empty(dir.path()));
}
