#include "cmd/progress.h"

#include "cmd/progress_line.h"
#include "cmd/signals.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace r8scan;
using namespace r8scan::cmd;

TEST_CASE("progress: a bar, the objects, the rate and the time left")
{
    const ProgressSample half{"reading", 424507, 849014, 2, 812e6};
    CHECK(progress_bar(half, 120) ==
          "[###############---------------]  50%  reading: 424,507 of 849,014 objects, 812 MB/s, 3 s left");
    CHECK(progress_words(half) == "reading: 424,507 of 849,014 objects, 812 MB/s, 3 s left");
    CHECK(progress_words({"reading", 100, 400, 100, 1e6}) == "reading: 100 of 400 objects, 1.00 MB/s, 6 min left");
}

TEST_CASE("progress: what is not counted only has a name, and the first moments no forecast")
{
    CHECK(progress_bar({"trees", 849014, 849014, 9, 0}, 80) == "trees ...");
    CHECK(progress_bar({"opening", 0, 0, 1, 0}, 80) == "opening ...");
    CHECK(progress_words({"reading", 10, 849014, 0.1, 1e6}) == "reading: 10 of 849,014 objects, 1.00 MB/s");
}

TEST_CASE("progress: the line fits every terminal")
{
    const ProgressSample sample{"reading", 424507, 849014, 2000, 812e6};
    for (unsigned width = 0; width < 200; ++width) {
        CHECK(progress_bar(sample, width).size() <= width);
    }
    CHECK(progress_bar(sample, 30).find('[') == std::string::npos);
}

TEST_CASE("progress: it can be stopped at once and twice, in any style")
{
    const Control control;
    for (const ProgressStyle style : {ProgressStyle::none, ProgressStyle::bar, ProgressStyle::lines}) {
        Progress progress(control, style);
        progress.stop();
        progress.stop();
    }
}

TEST_CASE("signals: the first Ctrl-C asks the scan to stop, and the old handler comes back")
{
    const auto old = std::signal(SIGTERM, SIG_IGN);
    Control control;
    {
        const StopOnSignal guard(control);
        raise(SIGTERM);
        CHECK_FALSE(control.stop);  // was ignored, stays ignored
        raise(SIGINT);
        CHECK(control.stop);
    }
    std::signal(SIGTERM, old);
}

TEST_CASE("signals: the second Ctrl-C ends the program with 130")
{
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Control control;
        const StopOnSignal guard(control);
        raise(SIGINT);
        raise(SIGINT);
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
}
