#include "cmd/confirm.h"

#include "cmd/message.h"

#include <unistd.h>

#include <cerrno>
#include <string>

namespace r8scan::cmd {

bool confirm(std::string_view question)
{
    say_block("r8scan: " + safe_message(question) + " [y/N] ");
    std::string answer;
    char c = 0;
    for (;;) {
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
