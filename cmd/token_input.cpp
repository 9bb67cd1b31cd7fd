#include "cmd/token_input.h"

#include "cmd/message.h"
#include "util/file.h"

#include <openssl/crypto.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace r8scan::cmd {
namespace {

constexpr std::size_t longest_token = 1000;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view spaces = " \t\r\f\v";
    const std::size_t begin = std::min(text.find_first_not_of(spaces), text.size());
    const std::size_t end = text.find_last_not_of(spaces);
    return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

/// Lines as they come, in one buffer that is wiped.
class TokenLines {
public:
    TokenLines() { m_line.reserve(longest_token + 1); }
    ~TokenLines() { OPENSSL_cleanse(m_line.data(), m_line.capacity()); }
    TokenLines(const TokenLines&) = delete;
    TokenLines& operator=(const TokenLines&) = delete;

    Result<void> add(std::string_view bytes)
    {
        for (const char c : bytes) {
            if (c == '\n') {
                end_line();
            } else if (m_line.size() == longest_token) {
                return Error(ErrorCode::usage, "a line is too long to be a token: give one token a line");
            } else {
                m_line += c;
            }
        }
        return {};
    }

    std::vector<Secret> take()
    {
        end_line();
        return std::move(m_tokens);
    }

private:
    void end_line()
    {
        const Secret token(trimmed(m_line));
        if (!token.empty() && std::find(m_tokens.begin(), m_tokens.end(), token) == m_tokens.end()) {
            m_tokens.push_back(token);
        }
        OPENSSL_cleanse(m_line.data(), m_line.size());
        m_line.clear();
    }
    std::string m_line;
    std::vector<Secret> m_tokens;
};

}  // namespace

Result<std::vector<Secret>> read_tokens(const std::string& file)
{
    UniqueFd opened;
    int fd = STDIN_FILENO;
    if (!file.empty() && file != "-") {
        opened = UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        fd = opened.get();
        if (fd < 0) {
            return system_error(file, errno);
        }
    } else if (isatty(STDIN_FILENO) == 1) {
        say("reading tokens that you type, one a line: end them with Ctrl-D");
    }
    TokenLines lines;
    char block[4096];
    for (;;) {
        const ssize_t got = ::read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return Error(ErrorCode::usage, std::string("the tokens cannot be read: ") + std::strerror(errno));
        }
        if (got == 0) {
            break;
        }
        const Result<void> added = lines.add({block, static_cast<std::size_t>(got)});
        OPENSSL_cleanse(block, sizeof block);
        if (!added) {
            return added.error();
        }
    }
    std::vector<Secret> tokens = lines.take();
    if (tokens.empty()) {
        return Error(ErrorCode::usage,
                     "there are no tokens: give them on standard input or by --token-file, one a line");
    }
    return tokens;
}

}  // namespace r8scan::cmd
