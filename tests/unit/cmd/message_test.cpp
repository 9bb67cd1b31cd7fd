#include "cmd/message.h"

#include "cmd/temporary_clone.h"
#include "cmd/terminal.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::cmd;

TEST_CASE("messages: a token that was typed by mistake is not repeated, and nothing moves the cursor")
{
    const std::string token = test::token(1);
    CHECK(safe_message("unknown command \"" + token + "\"") == "unknown command \"" + test::redacted(token) + "\"");
    CHECK(safe_message(token + ' ' + token) == test::redacted(token) + ' ' + test::redacted(token));
    CHECK(safe_message("r8_" + token).find(token.substr(10)) == std::string::npos);
    CHECK(safe_message("r8_short and r8_") == "r8_short and r8_");
    CHECK(safe_message("a\n\x1b[2Jb") == "a\\n\\x1b[2Jb");
}

TEST_CASE("messages: an address is shown without user and password")
{
    CHECK(without_user("https://user:word@example.org/a@b") == "https://example.org/a@b");
    CHECK(without_user("https://user:p@ss@example.org/a") == "https://example.org/a");
    CHECK(without_user("https://example.org/a@b") == "https://example.org/a@b");
    CHECK(without_user("git@example.org:a/b") == "git@example.org:a/b");
    CHECK(without_user("https://x@") == "https://");
}

TEST_CASE("addresses: what git clone would fetch is told from a path")
{
    for (const char* address :
         {"https://example.org/a", "ssh://git@example.org/a", "file:///a", "git@example.org:a/b"}) {
        CAPTURE(address);
        CHECK(is_address(address));
    }
    for (const char* path : {".", "/a/b", "a/b", "../a", "a:b", "dir/user@host:x", "./git@example.org:a", "a@b", "@a:b",
                             "a@:b", "", "dir/https://x"}) {
        CAPTURE(path);
        CHECK_FALSE(is_address(path));
    }
}

TEST_CASE("colours: only on a terminal by themselves, always and never as asked")
{
    Terminal terminal;
    terminal.output = true;
    CHECK(use_colour(Colour::automatic, true, terminal));
    CHECK_FALSE(use_colour(Colour::automatic, false, terminal));
    CHECK_FALSE(use_colour(Colour::never, true, terminal));
    terminal.no_color = true;
    CHECK_FALSE(use_colour(Colour::automatic, true, terminal));
    CHECK(use_colour(Colour::always, true, terminal));
    terminal.no_color = false;
    terminal.dumb = true;
    CHECK_FALSE(use_colour(Colour::automatic, true, terminal));
    terminal = Terminal{};
    CHECK_FALSE(use_colour(Colour::automatic, true, terminal));
    CHECK(use_colour(Colour::always, false, terminal));
}

TEST_CASE("terminal: NO_COLOR counts when it is not empty, and no TERM is a dumb one")
{
    const auto with = [](const char* term, const char* no_color) {
        return look_at_terminal([=](const char* name) { return std::string_view(name) == "TERM" ? term : no_color; });
    };
    CHECK(with(nullptr, nullptr).dumb);
    CHECK(with("dumb", nullptr).dumb);
    CHECK_FALSE(with("xterm", nullptr).dumb);
    CHECK_FALSE(with("xterm", "").no_color);
    CHECK(with("xterm", "1").no_color);
}
