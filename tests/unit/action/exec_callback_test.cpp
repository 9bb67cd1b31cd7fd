#include "action/exec_callback.h"

#include "tests/support/fake_delivery.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using namespace std::chrono_literals;
using test::TempDir;

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

SteadyTime in(std::chrono::milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

Event event_of(std::uint64_t seed)
{
    Event event = test::new_event(seed, "handler").event;
    event.event_id = "evt_" + std::to_string(seed);
    return event;
}

/// A handler that is a shell script, in a folder of its own.
struct Handler {
    explicit Handler(const std::string& script, bool needs_secret = false)
    {
        test::write_file(dir / "handler", "#!/bin/sh\ncd '" + dir.path().string() + "'\n" + script + '\n');
        fs::permissions(dir / "handler", fs::perms::owner_all);
        ExecOptions options;
        options.name = "handler";
        options.stage = Stage::revoke;
        options.needs_secret = needs_secret;
        options.called = "./handler";
        options.program.arguments = {dir / "handler"};
        options.program.environment = {"PATH=/usr/bin:/bin"};
        callback = std::make_unique<ExecCallback>(std::move(options));
    }

    Attempt deliver(std::uint64_t seed, std::chrono::milliseconds time = 60s)
    {
        return callback->deliver(event_of(seed), in(time));
    }

    std::string text(const std::string& file) const { return test::read_file(dir / file); }

    TempDir dir;
    std::unique_ptr<ExecCallback> callback;
};

bool failed(const Attempt& attempt, const std::string& message)
{
    CHECK(attempt.message == message);
    return attempt.outcome == Attempt::Outcome::failed && attempt.message == message;
}

bool ends_soon(pid_t pid)
{
    for (int i = 0; i < 600 && kill(pid, 0) == 0; ++i) {
        std::this_thread::sleep_for(50ms);
    }
    return kill(pid, 0) != 0;
}

constexpr const char* answer_ok = R"(while read -r line; do echo '{"status":"ok"}'; done)";

}  // namespace

TEST_CASE("exec: one program takes every event, a line each, and answers in order")
{
    Handler handler(R"(echo start >>starts
while read -r line; do printf '%s\n' "$line" >>events; echo '{"status":"revoked","message":"done","owner":"me"}'; done)");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Attempt attempt = handler.deliver(seed);
        REQUIRE_MESSAGE(attempt.outcome == Attempt::Outcome::delivered, attempt.message);
        CHECK(attempt.verdict.status == Status::revoked);
        CHECK(attempt.verdict.message == "done");
        CHECK(attempt.verdict.owner == "me");
    }
    CHECK(handler.text("starts") == "start\n");
    const std::string events = handler.text("events");
    CHECK(std::count(events.begin(), events.end(), '\n') == 3);
    const auto first = nlohmann::json::parse(events.substr(0, events.find('\n')));
    CHECK(first.at("event_id") == "evt_1");
    CHECK_FALSE(first.contains("token"));
    CHECK(events.find(test::token(1)) == std::string::npos);
}

TEST_CASE("exec: the token comes by standard input where it is asked for, and nowhere else")
{
    Handler handler(
        R"(read -r line; printf '%s\n' "$line" >event; env >environment; tr '\0' ' ' </proc/$$/cmdline >arguments
ls -l /proc/$$/fd >descriptors; echo '{"status":"ok"}'; sleep 60)",
        true);
    // A descriptor that a careless library left open to its children.
    const UniqueFd stray(::open("/dev/null", O_RDONLY));
    REQUIRE(handler.deliver(1).outcome == Attempt::Outcome::delivered);
    CHECK(nlohmann::json::parse(handler.text("event")).at("token") == test::token(1));
    CHECK(handler.text("environment").find(test::token(1)) == std::string::npos);
    CHECK(handler.text("environment").find("PATH=/usr/bin:/bin\n") != std::string::npos);
    CHECK(handler.text("environment").find("HOME=") == std::string::npos);
    CHECK(handler.text("arguments").find(test::token(1)) == std::string::npos);
    CHECK(handler.text("descriptors").find("/dev/null") == std::string::npos);
}

TEST_CASE("exec: a program that breaks has failed the one event, and the next gets a new one")
{
    // Ends without an answer at each second event.
    Handler handler(R"(read -r line; echo '{"status":"ok"}'; read -r line; echo 'out of paper' >&2; exit 3)");
    CHECK(handler.deliver(1).outcome == Attempt::Outcome::delivered);
    CHECK(failed(handler.deliver(2), "\"./handler\" ended with status 3 before it answered: out of paper"));
    CHECK(handler.deliver(3).outcome == Attempt::Outcome::delivered);
}

TEST_CASE("exec: a program that crashes is told by its signal")
{
    Handler handler("read -r line; kill -SEGV $$; sleep 60");
    CHECK(failed(handler.deliver(1), "\"./handler\" was ended by signal 11 before it answered"));
}

TEST_CASE("exec: a program that ends after a good answer has lost nothing")
{
    Handler handler(R"(echo start >>starts; read -r line; echo '{"status":"ok"}')");
    CHECK(handler.deliver(1).outcome == Attempt::Outcome::delivered);
    std::this_thread::sleep_for(100ms);
    CHECK(handler.deliver(2).outcome == Attempt::Outcome::delivered);
    CHECK(handler.text("starts") == "start\nstart\n");
}

TEST_CASE("exec: a program that hangs is ended at the deadline with all it started")
{
    Handler handler("sleep 1000 & echo $! >child; echo $$ >pid; read -r line; sleep 1000");
    CHECK(failed(handler.deliver(1, 1500ms), "\"./handler\" did not answer in time"));
    CHECK(ends_soon(std::stoi(handler.text("pid"))));
    CHECK(ends_soon(std::stoi(handler.text("child"))));
}

TEST_CASE("exec: a program that does not read, or stops its own input, kills nobody")
{
    Handler closed("exec <&-; echo $$ >pid; sleep 1000");
    std::signal(SIGPIPE, SIG_DFL);
    Event large = event_of(1);
    large.notice_text = std::string(300'000, 'x');
    CHECK(closed.callback->deliver(large, in(1500ms)).outcome == Attempt::Outcome::failed);
    Handler answers(R"(exec <&-; echo '{"status":"ok"}'; sleep 1000)");
    const Attempt attempt = answers.callback->deliver(large, in(60s));
    CHECK(attempt.outcome == Attempt::Outcome::failed);
    CHECK(attempt.message.find("before it had read the event") != std::string::npos);
    Handler gone("exit 0");
    const Attempt third = gone.callback->deliver(large, in(60s));
    CHECK(third.message == "\"./handler\" ended with status 0 before it answered");
    std::signal(SIGPIPE, SIG_IGN);
}

TEST_CASE("exec: rubbish, long lines and floods are failures with a reason")
{
    CHECK(failed(Handler("read -r line; echo hello").deliver(1), "\"./handler\" failed: the answer is not JSON"));
    CHECK(failed(Handler("read -r line; echo").deliver(1), "\"./handler\" failed: the answer is empty"));
    CHECK(failed(Handler(R"(read -r line; echo '{"status":"splendid"}')").deliver(1),
                 "\"./handler\" failed: the answer has a status that is not known"));
    CHECK(failed(Handler("read -r line; tr '\\0' x </dev/zero").deliver(1),
                 "\"./handler\" answered with a line of more than 64 KiB"));
    const Attempt flood = Handler("read -r line; tr '\\0' x </dev/zero >&2").deliver(1, 1500ms);
    CHECK(flood.message.starts_with("\"./handler\" did not answer in time: xxxx"));
    CHECK(flood.message.size() < 400);
}

TEST_CASE("exec: what is written behind an answer is not taken for the next one")
{
    Handler handler(R"(while read -r line; do printf '{"status":"ok"}\n{"status":"revoked"}\n'; done)");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Attempt attempt = handler.deliver(seed);
        REQUIRE_MESSAGE(attempt.outcome == Attempt::Outcome::delivered, attempt.message);
        CHECK(attempt.verdict.status == Status::ok);
    }
}

TEST_CASE("exec: what a program complains about is shown without tokens and harmless")
{
    Handler handler(R"(read -r line; printf 'bad \033[31m%s\nmore\n' "$line" >&2; exit 1)", true);
    const Attempt attempt = handler.deliver(1);
    CHECK(attempt.message.find(test::token(1).substr(0, 12)) == std::string::npos);
    CHECK(attempt.message.find("ended with status 1 before it answered: bad \\x1b[31m{") != std::string::npos);
    CHECK(attempt.message.find("more") == std::string::npos);

    // Cut in the middle of the token by the limit on what is kept.
    Handler cut(R"(read -r line; token=${line#*\"token\":\"}; token=${token%%\"*}
head -c 8180 /dev/zero | tr '\0' '\n' >&2; echo "$token" >&2; exit 1)",
                true);
    CHECK(cut.deliver(1).message.find(test::token(1).substr(0, 6)) == std::string::npos);
}

TEST_CASE("exec: a program that is not there is a failure that names it")
{
    ExecOptions options;
    options.name = "handler";
    options.program.arguments = {"/nowhere/handler"};
    ExecCallback callback(std::move(options));
    CHECK(failed(callback.deliver(event_of(1), in(60s)), "start: \"/nowhere/handler\": No such file or directory"));
}

TEST_CASE("exec: arguments are handed over as they are, without a shell")
{
    const TempDir dir;
    ExecOptions options;
    options.program.arguments = {
        "sh",  "-c", R"(read -r line; printf '%s\n' "$@" >"$0"; echo '{"status":"ok"}')", dir / "seen", "$(touch gone)",
        "a b", "*"};
    options.program.environment = {"PATH=relative:/usr/bin:/bin"};
    ExecCallback callback(std::move(options));
    REQUIRE(callback.deliver(event_of(1), in(60s)).outcome == Attempt::Outcome::delivered);
    CHECK(test::read_file(dir / "seen") == "$(touch gone)\na b\n*\n");
}

TEST_CASE("exec: at the end a program is let finish, and killed with its group when it does not")
{
    const TempDir dir;
    for (const bool obeys : {true, false}) {
        ExecOptions options;
        options.grace = obeys ? std::chrono::milliseconds(60s) : 100ms;
        options.program.arguments = {
            "/bin/sh", "-c",
            std::string("echo $$ >\"$0\"; ") + answer_ok + (obeys ? "; echo bye >>\"$0\"" : "; sleep 1000"),
            dir / "pid"};
        options.program.environment = {"PATH=/usr/bin:/bin"};
        {
            ExecCallback callback(std::move(options));
            REQUIRE(callback.deliver(event_of(1), in(60s)).outcome == Attempt::Outcome::delivered);
        }
        const std::string text = test::read_file(dir / "pid");
        CHECK(kill(std::stoi(text), 0) != 0);
        CHECK((text.find("bye") != std::string::npos) == obeys);
    }
}

TEST_CASE("exec: many threads are served one after the other")
{
    Handler handler(answer_ok);
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            threads.emplace_back([&, seed] {
                good +=
                    handler.callback->deliver(event_of(seed), in(60s)).outcome == Attempt::Outcome::delivered ? 1 : 0;
            });
        }
    }
    CHECK(good.load() == 6);
}

TEST_CASE("exec: the environment of a program holds nothing but where things are")
{
    const auto environment = small_environment([](const char* name) -> const char* {
        const std::string asked = name;
        return asked == "PATH" ? "/bin" : asked == "HOME" ? "/home/me" : nullptr;
    });
    CHECK(environment == std::vector<std::string>{"PATH=/bin", "HOME=/home/me"});
}
