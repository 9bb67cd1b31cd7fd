#include "action/exec_callback.h"
#include "tests/support/built_here.h"
#include "tests/support/fake_delivery.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using test::TempDir;

namespace {

/// A plugin made of C source, in a process of its own.
struct Plugin {
    explicit Plugin(const std::string& functions)
    {
        test::write_file(dir / "plugin.c", functions);
        const auto built = test::run_shell(
            dir.path(), "cc -I '" + test::source_dir() + "/lib/include' -fPIC -shared -o plugin.so plugin.c");
        REQUIRE_MESSAGE(built.exit_code == 0, built.err);
        callback = load(dir / "plugin.so");
    }

    static std::unique_ptr<ExecCallback> load(const fs::path& file)
    {
        ExecOptions options;
        options.name = "plugin";
        options.called = "plugin.so";
        options.needs_secret = true;
        options.program.arguments = {test::program(), "plugin-host", file};
        return std::make_unique<ExecCallback>(std::move(options));
    }

    Attempt deliver(std::uint64_t seed = 1) const
    {
        return callback->deliver(test::new_event(seed, "plugin").event,
                                 std::chrono::steady_clock::now() + std::chrono::minutes(1));
    }

    TempDir dir;
    std::unique_ptr<ExecCallback> callback;
};

std::string with_handle(const std::string& body, const std::string& version = "R8SCAN_PLUGIN_ABI_VERSION",
                        const std::string& init = "return 0;")
{
    return R"(#define _GNU_SOURCE
#include <r8scan/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
uint32_t r8scan_plugin_abi_version(void) { return )" +
           version + R"(; }
int r8scan_plugin_init(void **state) { (void)state; )" +
           init + R"( }
void r8scan_plugin_release(void *state, const char *verdict) { (void)state; free((void *)verdict); }
void r8scan_plugin_free(void *state) { (void)state; }
static const char *copy(const char *text, size_t *size) { *size = strlen(text); return strdup(text); }
int r8scan_plugin_handle(void *state, const char *event, size_t size, const char **verdict, size_t *verdict_size)
{
    (void)state; (void)event; (void)size;
    )" + body +
           R"(
    return 0;
}
)";
}

}  // namespace

TEST_CASE("plugin: a shared library gets the event and answers, whatever it prints")
{
    const Plugin plugin(with_handle(R"(printf("noise\n"); fflush(stdout);
    int found = memmem(event, size, "\"token\":\"r8_", 12) != NULL;
    *verdict = copy(found ? "{\"status\":\"revoked\",\n\"message\":\"done\"}" : "{\"status\":\"skipped\"}", verdict_size);)"));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Attempt attempt = plugin.deliver(seed);
        REQUIRE_MESSAGE(attempt.outcome == Attempt::Outcome::delivered, attempt.message);
        CHECK(attempt.verdict.status == Status::revoked);
        CHECK(attempt.verdict.message == "done");
    }
}

TEST_CASE("plugin: its crash, its exit and its hang are its own")
{
    CHECK(Plugin(with_handle("*(volatile int *)0 = 1;")).deliver().message.find("was ended by signal") !=
          std::string::npos);
    CHECK(Plugin(with_handle("_exit(7);"))
              .deliver()
              .message.starts_with("\"plugin.so\" ended with status 7 before it answered"));
    const Plugin hangs(with_handle("for (;;) pause();"));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
    CHECK(hangs.callback->deliver(test::new_event(1, "plugin").event, deadline).message ==
          "\"plugin.so\" did not answer in time");
    CHECK(Plugin(with_handle("*verdict = copy(\"nonsense\", verdict_size);")).deliver().message ==
          "\"plugin.so\" failed: the answer is not JSON");
    const Attempt says_no = Plugin(with_handle("return 1;")).deliver();
    CHECK(says_no.verdict.status == Status::failed);
    CHECK(says_no.verdict.message == "the plugin says that it failed");
}

TEST_CASE("plugin: one of another version, that does not start, or that is none, is refused with the reason")
{
    CHECK(Plugin(with_handle("", "99")).deliver().message.find("speaks version 99 of the plugin interface") !=
          std::string::npos);
    CHECK(Plugin(with_handle("", "1", "return 5;")).deliver().message.find("its start failed with 5") !=
          std::string::npos);
    CHECK(Plugin("int x;\n").deliver().message.find("is no plugin of r8scan") != std::string::npos);
    const auto gone = Plugin::load("/nowhere/plugin.so");
    CHECK(gone->deliver(test::new_event(1, "plugin").event, std::chrono::steady_clock::now() + std::chrono::minutes(1))
              .message.find("/nowhere/plugin.so") != std::string::npos);
}
