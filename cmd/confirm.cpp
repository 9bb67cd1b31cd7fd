#include "cmd/confirm.h"

#include "cmd/message.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace r8scan::cmd {

bool confirm(std::string_view question, const std::atomic<bool>& stop)
{
    say_block("r8scan: " + safe_message(question) + " [y/N] ");
    std::string answer;
    char c = 0;
    for (;;) {
        constexpr int patience_ms = 200;  // a signal may come between the look at `stop` and the wait
        pollfd ready{STDIN_FILENO, POLLIN, 0};
        const int count = ::poll(&ready, 1, patience_ms);
        if (stop) {
            say_block("\n");
            return false;
        }
        if (count == 0 || (count < 0 && errno == EINTR)) {
            continue;
        }
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || c == '\n') {
            break;
        }
        answer += c;
    }
    return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace r8scan::cmd
