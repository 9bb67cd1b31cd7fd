// Starts the program, and turns what nobody expected into a message and an exit code.
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/run.h"
#include "cmd/signals.h"

#include <cstdlib>
#include <exception>

int main(int argc, char** argv)
{
    r8scan::cmd::harden_process();
    try {
        return r8scan::cmd::run({argv + (argc > 0 ? 1 : 0), argv + argc},
                                [](const char* name) { return getenv(name); });
    } catch (const std::exception& error) {
        r8scan::cmd::say(std::string("this should not happen, please report it: ") + error.what());
    } catch (...) {
        r8scan::cmd::say("this should not happen, please report it: an unknown exception");
    }
    return r8scan::cmd::exit_incomplete;
}
