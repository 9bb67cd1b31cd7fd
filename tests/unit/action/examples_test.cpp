// The examples of handlers and of a plugin, built and run as their comments say.
#include "action/exec_callback.h"
#include "tests/support/built_here.h"
#include "tests/support/fake_delivery.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using test::TempDir;

namespace {

/// Delivers two events to a program that runs in the folder, and gives what stands in its leaks.txt then.
std::string leaks_after_two_events(const fs::path& folder, const std::vector<std::string>& program)
{
    ExecOptions options;
    options.name = "example";
    options.program.arguments = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder};
    options.program.arguments.insert(options.program.arguments.end(), program.begin(), program.end());
    options.program.environment = small_environment(::getenv);
    ExecCallback callback(std::move(options));
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        Event event = test::new_event(seed, "example", Stage::notify).event;
        event.event_id = event_id(event.token_sha256, "example", Stage::notify);
        event.exposure.places.clear();
        const Attempt attempt = callback.deliver(event, std::chrono::steady_clock::now() + std::chrono::minutes(1));
        REQUIRE_MESSAGE(attempt.outcome == Attempt::Outcome::delivered, attempt.message);
        CHECK(attempt.verdict.status == Status::ok);
        CHECK(attempt.verdict.message == "written down");
    }
    return test::read_file(folder / "leaks.txt");
}

std::string hash_of(std::uint64_t seed)
{
    return test::new_event(seed, "").event.token_sha256;
}

}  // namespace

TEST_CASE("examples: the handlers in shell, Python and C write down the leaks they are told of")
{
    const fs::path handlers = fs::path(test::source_dir()) / "examples/handlers";
    {
        const TempDir dir;
        CHECK(leaks_after_two_events(dir.path(), {handlers / "handler.sh"}) ==
              "leaked: " + hash_of(1) + "\nleaked: " + hash_of(2) + "\n");
    }
    {
        const TempDir dir;
        CHECK(leaks_after_two_events(dir.path(), {handlers / "handler.py"}) ==
              "leaked: " + hash_of(1) + " https://example.com/r\nleaked: " + hash_of(2) + " https://example.com/r\n");
    }
    {
        const TempDir dir;
        const auto built = test::run_shell(
            dir.path(), "cc -Wall -Wextra -Werror -O2 -o handler '" + (handlers / "handler.c").native() + "'");
        REQUIRE_MESSAGE(built.exit_code == 0, built.err);
        CHECK(leaks_after_two_events(dir.path(), {dir / "handler"}) ==
              "leaked: " + hash_of(1) + "\nleaked: " + hash_of(2) + "\n");
    }
}

TEST_CASE("examples: the plugin is built by its CMakeLists and writes down the leaks it is told of")
{
    const TempDir dir;
    const auto built =
        test::run_shell(dir.path(), "cmake -G Ninja -DCMAKE_C_FLAGS='-Wall -Wextra -Werror' -S '" + test::source_dir() +
                                        "/examples/plugin' -B build && cmake --build build");
    REQUIRE_MESSAGE(built.exit_code == 0, built.out, built.err);
    const std::string leaks =
        leaks_after_two_events(dir.path(), {test::program(), "plugin-host", dir / "build/log_leaks.so"});
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        CHECK(leaks.find(event_id(hash_of(seed), "example", Stage::notify) + " " + hash_of(seed) + "\n") !=
              std::string::npos);
    }
}
