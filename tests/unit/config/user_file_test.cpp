#include "config/user_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <array>

using namespace r8scan;
using namespace r8scan::config;

namespace {

constexpr std::array<KnownOption, 8> options{{{"jobs", KnownOption::Kind::value},
                                              {"min-confidence", KnownOption::Kind::value},
                                              {"exit-zero", KnownOption::Kind::flag},
                                              {"verify", KnownOption::Kind::flag},
                                              {"format", KnownOption::Kind::list},
                                              {"patterns", KnownOption::Kind::list, true},
                                              {"outbox", KnownOption::Kind::value, true},
                                              {"show-secrets", KnownOption::Kind::only_typed}}};

Result<UserFile> parsed(std::string_view text)
{
    return parse_user_file(text, "/home/me/.config/r8scan/config.toml", options);
}

std::string mistake_in(std::string_view text)
{
    const auto file = parsed(text);
    REQUIRE_FALSE(file.ok());
    CHECK(file.error().code() == ErrorCode::usage);
    const std::string_view prefix = "/home/me/.config/r8scan/config.toml:";
    REQUIRE(file.error().message().starts_with(prefix));
    return file.error().message().substr(prefix.size());
}

std::string callback_with(std::string_view lines)
{
    return "[[callback]]\nname = \"a\"\n" + std::string(lines);
}

CallbackSettings callback_of(std::string_view lines)
{
    const auto file = parsed(callback_with(lines));
    REQUIRE_MESSAGE(file.ok(), file.error().message());
    REQUIRE(file->callbacks.size() == 1);
    return file->callbacks.front();
}

std::string mistake_in_callback(std::string_view lines)
{
    return mistake_in(callback_with(lines));
}

}  // namespace

TEST_CASE("user file: each option keeps its values and the line that it stands on")
{
    const auto file =
        parsed("min-confidence = \"high\"\n\njobs = 4\nexit-zero = true\nformat = [\"text\", \"json=r.json\"]\n");
    REQUIRE(file.ok());
    REQUIRE(file->options.size() == 4);
    const auto value_of = [&](std::string_view name) {
        for (const auto& option : file->options) {
            if (option.name == name) {
                return option;
            }
        }
        return OptionSetting{};
    };
    CHECK(value_of("min-confidence").values == std::vector<std::string>{"high"});
    CHECK(value_of("min-confidence").origin == "/home/me/.config/r8scan/config.toml:1");
    CHECK(value_of("jobs").values == std::vector<std::string>{"4"});
    CHECK(value_of("jobs").origin == "/home/me/.config/r8scan/config.toml:3");
    CHECK(value_of("exit-zero").values == std::vector<std::string>{"true"});
    CHECK(value_of("format").values == std::vector<std::string>{"text", "json=r.json"});
}

TEST_CASE("user file: a list may be one string")
{
    const auto file = parsed("format = \"jsonl\"\n");
    REQUIRE(file.ok());
    CHECK(file->options.front().values == std::vector<std::string>{"jsonl"});
}

TEST_CASE("user file: relative paths start in the folder of the file")
{
    const auto file = parsed("patterns = [\"mine.toml\", \"/etc/rules.toml\", \"../x\"]\n");
    REQUIRE(file.ok());
    CHECK(file->options.front().values ==
          std::vector<std::string>{"/home/me/.config/r8scan/mine.toml", "/etc/rules.toml", "/home/me/.config/x"});
}

TEST_CASE("user file: an empty file says nothing")
{
    const auto file = parsed("# nothing yet\n");
    REQUIRE(file.ok());
    CHECK(file->options.empty());
    CHECK(file->callbacks.empty());
    CHECK_FALSE(file->holds_patterns);
}

TEST_CASE("user file: an unknown key is an error with its line and the key that was probably meant")
{
    CHECK(mistake_in("jobs = 1\nmin_confidence = \"low\"\n") ==
          "2: unknown key 'min_confidence': did you mean 'min-confidence'?");
    CHECK(mistake_in("calback = 1\n") == "1: unknown key 'calback': did you mean 'callback'?");
    CHECK(mistake_in("zzzzzzzz = 1\n")
              .starts_with("1: unknown key 'zzzzzzzz'; known are verify, callback, accept, jobs"));
    CHECK(mistake_in("[verify]\nenable = true\n") == "2: unknown key 'enable' in [verify]: did you mean 'enabled'?");
}

TEST_CASE("user file: what must be typed is not taken from a file, and not suggested")
{
    CHECK(mistake_in("show-secrets = true\n") == "1: 'show-secrets' is never read from a file: it must be typed");
    CHECK(mistake_in("show-secret = true\n").find("did you mean") == std::string::npos);
}

TEST_CASE("user file: a value of the wrong type is an error with its line")
{
    CHECK(mistake_in("jobs = true\n") == "1: 'jobs' must be a string or a whole number");
    CHECK(mistake_in("jobs = 1.5\n") == "1: 'jobs' must be a string or a whole number");
    CHECK(mistake_in("exit-zero = \"yes\"\n") == "1: 'exit-zero' must be true or false");
    CHECK(mistake_in("format = 3\n") == "1: 'format' must be a string or a list of strings");
    CHECK(mistake_in("verify = 3\n") == "1: 'verify' must be true or false");
    CHECK(mistake_in("callback = 3\n").starts_with("1: must be a list of tables"));
    CHECK(mistake_in("callback = [3]\n").starts_with("1: must be a list of tables"));
}

TEST_CASE("user file: what is no TOML is an error with its line")
{
    CHECK(mistake_in("jobs = 1\njobs = 2\n").starts_with("2: "));
    CHECK(mistake_in("jobs = \n").starts_with("1: "));
}

TEST_CASE("user file: verify is a table or one word, and is told as an option too")
{
    for (const char* text : {"[verify]\nenabled = true\n", "\nverify = true\n"}) {
        const auto file = parsed(text);
        REQUIRE(file.ok());
        CHECK(file->verify.enabled);
        REQUIRE(file->options.size() == 1);
        CHECK(file->options.front().name == "verify");
        CHECK(file->options.front().values == std::vector<std::string>{"true"});
        CHECK(file->options.front().origin == "/home/me/.config/r8scan/config.toml:2");
    }
}

TEST_CASE("user file: an accepted object needs its whole id and a reason")
{
    const std::string id(40, 'a');
    const auto file = parsed("accept = [{ object = \"" + id + "\", reason = \"a broken test archive\" }]\n");
    REQUIRE(file.ok());
    REQUIRE(file->accepted.size() == 1);
    CHECK(file->accepted.front().object == id);
    CHECK(file->accepted.front().reason == "a broken test archive");
    CHECK(file->accepted.front().origin == "/home/me/.config/r8scan/config.toml:1");
    CHECK(mistake_in("accept = [{ object = \"" + id + "\" }]\n") == "1: an accepted object needs a reason");
    CHECK(mistake_in("accept = [{ object = \"abc\", reason = \"x\" }]\n") ==
          "1: 'object' must be the whole id of an object: 40 or 64 hex digits");
    CHECK(mistake_in("accept = [{ object = \"" + id + "\", why = \"x\" }]\n")
              .starts_with("1: unknown key 'why' in accept"));
}

TEST_CASE("user file: an http callback has all of its settings")
{
    const auto callback = callback_of(
        "stage = \"revoke\"\nkind = \"http\"\nurl = \"https://keys.example.com/disable\"\nsecret_env = "
        "\"HOOK_SECRET\"\n"
        "only = [\"active\", \"unknown\"]\nneeds_secret = true\nformat = \"partner\"\nallow_private = true\ntimeout = "
        "2.5\n");
    CHECK(callback.name == "a");
    CHECK(callback.stage == CallbackStage::revoke);
    CHECK(callback.kind == CallbackKind::http);
    CHECK(callback.url == "https://keys.example.com/disable");
    CHECK(callback.secret_env == "HOOK_SECRET");
    CHECK(callback.only == std::vector<std::string>{"active", "unknown"});
    CHECK(callback.needs_secret);
    CHECK(callback.format == BodyFormat::partner);
    CHECK(callback.allow_private);
    CHECK(callback.timeout == std::chrono::milliseconds(2500));
    CHECK(callback.origin == "/home/me/.config/r8scan/config.toml:1");
}

TEST_CASE("user file: a program with a slash is meant from the folder of the file, one without from PATH")
{
    const std::string head = "stage = \"notify\"\nkind = \"exec\"\ncommand = ";
    CHECK(callback_of(head + "[\"./handle\", \"-v\"]\n").command ==
          std::vector<std::string>{"/home/me/.config/r8scan/handle", "-v"});
    CHECK(callback_of(head + "\"handle\"\n").command == std::vector<std::string>{"handle"});
    CHECK(callback_of(head + "\"/usr/bin/handle\"\n").command == std::vector<std::string>{"/usr/bin/handle"});
}

TEST_CASE("user file: plugins and mail have settings of their own")
{
    CHECK(callback_of("stage = \"verify\"\nkind = \"plugin\"\npath = \"handle.so\"\n").path ==
          "/home/me/.config/r8scan/handle.so");
    const auto mail = callback_of(
        "stage = \"notify\"\nkind = \"smtp\"\nurl = \"smtp://mail.example.com:587\"\nfrom = \"r8scan@example.com\"\n"
        "to = \"security@example.com\"\nusername = \"me\"\npassword_env = \"MAIL_PASSWORD\"\nstart_tls = false\n"
        "template = \"notice.txt\"\n");
    CHECK(mail.to == std::vector<std::string>{"security@example.com"});
    CHECK(mail.password_env == "MAIL_PASSWORD");
    CHECK_FALSE(mail.start_tls);
    CHECK(mail.template_file == "/home/me/.config/r8scan/notice.txt");
}

TEST_CASE("user file: what a callback lacks is named")
{
    CHECK(mistake_in_callback("kind = \"exec\"\ncommand = \"x\"\n") == "1: a callback needs a 'stage'");
    CHECK(mistake_in_callback("stage = \"notify\"\n") == "1: a callback needs a 'kind'");
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"exec\"\n") ==
          "1: a callback of kind \"exec\" needs a 'command'");
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"http\"\n") ==
          "1: a callback of kind \"http\" needs a 'url'");
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"plugin\"\n") ==
          "1: a callback of kind \"plugin\" needs a 'path'");
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"smtp\"\nurl = \"smtp://h\"\nto = \"a@b\"\n") ==
          "1: a callback of kind \"smtp\" needs a 'from'");
    CHECK(mistake_in("[[callback]]\nstage = \"notify\"\nkind = \"exec\"\ncommand = \"x\"\n")
              .starts_with("1: a callback needs a 'name'"));
}

TEST_CASE("user file: what a callback must not say is named with its line")
{
    const std::string http = "stage = \"notify\"\nkind = \"http\"\nurl = \"https://h\"\n";
    CHECK(mistake_in_callback(http + "command = \"x\"\n") ==
          "6: 'command' says nothing to a callback of kind \"http\"");
    CHECK(mistake_in_callback(http + "urll = \"x\"\n") == "6: unknown key 'urll' in [[callback]]: did you mean 'url'?");
    CHECK(mistake_in_callback(http + "only = [\"dead\"]\n").starts_with("6: 'only' lists verification states"));
    CHECK(mistake_in_callback(http + "only = []\n").starts_with("6: 'only' lists no state"));
    CHECK(mistake_in_callback(http + "timeout = 0\n").starts_with("6: 'timeout' is in seconds"));
    CHECK(mistake_in_callback(http + "timeout = nan\n").starts_with("6: 'timeout' "));
    CHECK(mistake_in_callback(http + "format = \"partner\"\n")
              .starts_with("1: the format \"partner\" carries the token"));
    CHECK(mistake_in_callback(http + "secret_env = \"whsec_abc=\"\n")
              .starts_with("6: 'secret_env' names an environment variable"));
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"http\"\nurl = \"ftp://h\"\n")
              .starts_with("5: 'url' must begin with https://"));
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"http\"\nurl = \"https:///x\"\n") ==
          "5: 'url' names no host");
    CHECK(mistake_in_callback("stage = \"notify\"\nkind = \"http\"\nurl = \"https://a:b@h\"\n")
              .starts_with("5: 'url' must not hold a user"));
    CHECK(mistake_in_callback(
              "stage = \"revoke\"\nkind = \"smtp\"\nurl = \"smtp://h\"\nfrom = \"a@b\"\nto = \"a@b\"\n") ==
          "1: a callback of kind \"smtp\" can only notify");
    CHECK(mistake_in_callback("stage = \"verify\"\nkind = \"exec\"\ncommand = \"x\"\nonly = [\"active\"]\n")
              .starts_with("6: 'only' says nothing to a callback that verifies"));
}

TEST_CASE("user file: two callbacks cannot have one name")
{
    const std::string one = callback_with("stage = \"notify\"\nkind = \"exec\"\ncommand = \"x\"\n");
    CHECK(mistake_in(one + one) ==
          "6: the name \"a\" is taken by the callback at /home/me/.config/r8scan/config.toml:1");
}

TEST_CASE("user file: a configuration of gitleaks is told from ours")
{
    CHECK(parsed("title = \"x\"\n[[rules]]\nid = \"a\"\nregex = \"b\"\n")->holds_patterns);
    CHECK(parsed("[extend]\nuseDefault = true\n[allowlist]\npaths = [\"x\"]\n")->holds_patterns);
    CHECK(mistake_in("jobs = 1\n[[rules]]\nid = \"a\"\n").starts_with("2: unknown key 'rules'"));
}

TEST_CASE("user file: it lies where XDG_CONFIG_HOME or HOME says, and nowhere without them")
{
    CHECK(default_user_file("/x", "/home/me") == "/x/r8scan/config.toml");
    CHECK(default_user_file(nullptr, "/home/me") == "/home/me/.config/r8scan/config.toml");
    CHECK(default_user_file("", "/home/me") == "/home/me/.config/r8scan/config.toml");
    CHECK(default_user_file("relative", "/home/me") == "/home/me/.config/r8scan/config.toml");
    CHECK(default_user_file(nullptr, nullptr).empty());
    CHECK(default_user_file(nullptr, "relative").empty());
}

TEST_CASE("user file: a file of more than a mebibyte is refused, and one that is not there is told apart")
{
    const test::TempDir folder;
    test::write_file(folder / "config.toml", std::string((1U << 20U) + 1, '\n'));
    CHECK(read_user_file(folder / "config.toml", options).error().code() == ErrorCode::limit);
    CHECK(read_user_file(folder / "none.toml", options).error().code() == ErrorCode::not_found);
}
