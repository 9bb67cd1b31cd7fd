// Starts the program, and turns what nobody expected into a message and an exit code.
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/run.h"
#include "cmd/signals.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace {

// Asks for no memory, which may be what is missing.
void say_plainly(const char* text)
{
    (void)!write(STDERR_FILENO, text, std::strlen(text));
}

// What was thrown, as a message.
void say_thrown()
{
    try {
        throw;
    } catch (const std::bad_alloc&) {
        say_plainly("r8scan: not enough memory: not everything was scanned\n");
    } catch (const std::exception& error) {
        r8scan::cmd::say(std::string("this should not happen, please report it: ") + error.what());
    } catch (...) {
        r8scan::cmd::say("this should not happen, please report it: an unknown exception");
    }
}

}  // namespace

int main(int argc, char** argv)
{
    r8scan::cmd::harden_process();
    try {
        return r8scan::cmd::run({argv + (argc > 0 ? 1 : 0), argv + argc},
                                [](const char* name) { return getenv(name); });
    } catch (...) {
        try {
            say_thrown();
        } catch (...) {
            say_plainly("r8scan: not enough memory: not everything was scanned\n");
        }
    }
    return r8scan::cmd::exit_incomplete;
}
