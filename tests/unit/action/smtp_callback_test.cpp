// Mails to a small SMTP server in this process.
#include "action/smtp_callback.h"
#include "action/notice.h"

#include "tests/support/http_server.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;

namespace {

/// Speaks as much SMTP (RFC 5321) as a client needs, and keeps what it heard.
struct MailServer {
    std::string extension;  // offered after EHLO
    std::string refuse;     // a command that is answered with 550
    std::mutex mutex;
    std::vector<std::string> commands;
    std::string mail;
    RawServer server{[this](int fd) { talk(fd); }};

    void talk(int fd)
    {
        RawServer::write_all(fd, "220 mail.test ready\r\n");
        for (;;) {
            const std::string line = RawServer::read_until(fd, "\r\n");
            if (line.empty()) {
                return;
            }
            {
                const std::lock_guard lock(mutex);
                commands.push_back(line);
            }
            if (!refuse.empty() && line.starts_with(refuse)) {
                RawServer::write_all(fd, "550 no\r\n");
            } else if (line.starts_with("EHLO")) {
                RawServer::write_all(fd,
                                     "250-mail.test\r\n250 " + (extension.empty() ? "8BITMIME" : extension) + "\r\n");
            } else if (line.starts_with("DATA")) {
                RawServer::write_all(fd, "354 go on\r\n");
                const std::string text = RawServer::read_until(fd, "\r\n.\r\n");
                const std::lock_guard lock(mutex);
                mail = text;
                RawServer::write_all(fd, "250 taken\r\n");
            } else if (line.starts_with("QUIT")) {
                RawServer::write_all(fd, "221 bye\r\n");
                return;
            } else if (line.starts_with("AUTH")) {
                RawServer::write_all(fd, "334 \r\n");
                const std::string answer = RawServer::read_until(fd, "\r\n");
                const std::lock_guard lock(mutex);
                commands.push_back(answer);
                RawServer::write_all(fd, "235 welcome\r\n");
            } else {
                RawServer::write_all(fd, "250 ok\r\n");
            }
        }
    }
    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const
    {
        return "smtp://" + host + ":" + std::to_string(server.port());
    }
    std::string heard()
    {
        const std::lock_guard lock(mutex);
        std::string all;
        for (const std::string& line : commands) {
            all += line;
        }
        return all;
    }
};

SmtpCallbackOptions options_for(const std::string& url)
{
    SmtpCallbackOptions options;
    options.name = "mail";
    options.url = url;
    options.from = "r8scan@example.com";
    options.to = {"owner@example.com", "security@example.com"};
    return options;
}

Event written_event()
{
    Event event;
    event.event_id = "evt_1";
    event.stage = Stage::notify;
    event.token = Secret(token(1));
    event.redacted = event.token.redacted();
    event.exposure.repository = "https://github.com/acme/d\xc3\xa9p\xc3\xb4t\r\nBcc: evil@example.com";
    Notice().write(event);
    return event;
}

std::string error_of(SmtpCallbackOptions options)
{
    const auto made = SmtpCallback::make(std::move(options), {});
    return made ? "" : made.error().message();
}

Attempt deliver(const SmtpCallbackOptions& options, const NetworkOptions& network = {})
{
    const auto made = SmtpCallback::make(options, network);
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().message()));
    return (*made)->deliver(written_event(), std::chrono::steady_clock::now() + 60s);
}

}  // namespace

TEST_CASE("mail: text and HTML go to every recipient, with an id that stays, and without the token")
{
    MailServer mail;
    const Attempt attempt = deliver(options_for(mail.url()));
    REQUIRE_MESSAGE(attempt.outcome == Attempt::Outcome::delivered, attempt.message);
    const std::string heard = mail.heard();
    CHECK(heard.find("MAIL FROM:<r8scan@example.com>") != std::string::npos);
    CHECK(heard.find("RCPT TO:<owner@example.com>") != std::string::npos);
    CHECK(heard.find("RCPT TO:<security@example.com>") != std::string::npos);
    for (const char* const part :
         {"From: r8scan@example.com\r\n", "To: owner@example.com, security@example.com\r\n", "Subject: =?UTF-8?B?",
          "Message-ID: <evt_1@example.com>\r\n", "multipart/alternative", "text/plain; charset=utf-8",
          "text/html; charset=utf-8", "What happened", "<h2>", "Date: ", " +0000\r\n"}) {
        CHECK_MESSAGE(mail.mail.find(part) != std::string::npos, part);
    }
    CHECK(mail.mail.find("\r\n2. What was done\r\n") != std::string::npos);  // lines, not their encoding
    CHECK(mail.mail.find("=0A") == std::string::npos);
    CHECK(mail.mail.find(token(1)) == std::string::npos);
    CHECK(mail.mail.find("\r\nBcc:") == std::string::npos);
}

TEST_CASE("mail: name and password are given where there are some")
{
    MailServer mail;
    mail.extension = "AUTH PLAIN";
    SmtpCallbackOptions options = options_for(mail.url());
    options.username = "me";
    options.password = Secret("hunter2");
    CHECK(deliver(options).outcome == Attempt::Outcome::delivered);
    CHECK(mail.heard().find(base64(std::string("\0me\0hunter2", 11))) != std::string::npos);
}

TEST_CASE("mail: a server that refuses or goes away is a failure that says so")
{
    MailServer mail;
    mail.refuse = "RCPT";
    const Attempt refused = deliver(options_for(mail.url()));
    CHECK(refused.outcome == Attempt::Outcome::failed);
    CHECK(refused.message == "the mail server answered with code 550");
    RawServer silent([](int) {});
    CHECK(deliver(options_for("smtp://127.0.0.1:" + std::to_string(silent.port()))).outcome ==
          Attempt::Outcome::failed);
}

TEST_CASE("mail: to another machine nothing is said before the line is encrypted")
{
    MailServer mail;  // which offers no STARTTLS
    NetworkOptions network;
    network.resolve = {"mail.test:" + std::to_string(mail.server.port()) + ":127.0.0.1"};
    SmtpCallbackOptions options = options_for(mail.url("mail.test"));
    options.allow_private = true;
    options.username = "me";
    options.password = Secret("hunter2");
    CHECK(deliver(options, network).outcome != Attempt::Outcome::delivered);
    CHECK(mail.heard().find("MAIL FROM") == std::string::npos);
    CHECK(mail.heard().find("AUTH") == std::string::npos);

    options.allow_private = false;
    CHECK(deliver(options, network).outcome == Attempt::Outcome::refused);
    options.start_tls = false;
    CHECK(error_of(options).find("without STARTTLS") != std::string::npos);
}

TEST_CASE("mail: what is no mail address or no mail server is refused when it is set up")
{
    for (const std::string address :
         {"", "owner", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b@c", "<a@b>", "a@b,c@d"}) {
        SmtpCallbackOptions options = options_for("smtps://mail.example.com");
        options.to = {address};
        CHECK_MESSAGE(!error_of(options).empty(), address);
    }
    SmtpCallbackOptions nobody = options_for("smtps://mail.example.com");
    nobody.to.clear();
    CHECK_FALSE(error_of(nobody).empty());
    CHECK_FALSE(error_of(options_for("https://mail.example.com")).empty());
    CHECK(error_of(options_for("smtps://mail.example.com")).empty());
    CHECK(encoded_header("plain text") == "plain text");
    CHECK(encoded_header("\xc3\xa9") == "=?UTF-8?B?w6k=?=");
}
