// The message to the person: its five parts, hostile names in it, and templates of one's own.
#include "action/notice.h"

#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;

namespace {

Event event_for(const std::string& visibility)
{
    Event event;
    event.stage = Stage::notify;
    event.token = Secret(token(1));
    event.redacted = event.token.redacted();
    event.token_sha256 = std::string(64, 'a');
    event.exposure.visibility = visibility;
    event.exposure.repository = "https://github.com/acme/app";
    event.exposure.first_date = "2025-01-02T03:04:05Z";
    EventPlace place;
    place.kind = "blob";
    place.path = ".env";
    place.line = 7;
    place.commit = std::string(40, 'c');
    place.date = "2025-01-02T03:04:05Z";
    place.link = "https://github.com/acme/app/blob/ccc/.env#L7";
    event.exposure.places.push_back(place);
    return event;
}

Event written(Event event, const Notice& notice = {})
{
    notice.write(event);
    return event;
}

Verdict verdict(Status status, const std::string& message = "")
{
    Verdict made;
    made.status = status;
    made.message = message;
    made.at = "2026-03-04T05:06:07Z";
    return made;
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("notice: it has its five parts in order, as text and as HTML, and never the token")
{
    Event event = event_for("public");
    event.revocation = verdict(Status::revoked);
    event = written(event);
    for (const std::string& text : {event.notice_text, event.notice_html}) {
        std::size_t last = 0;
        for (const char* const part :
             {"What happened", "public repository", "https://github.com/acme/app/blob/ccc/.env#L7", "What was done",
              "disabled at 2026-03-04T05:06:07Z", "stops working at once", "What to do",
              "replicate.com/account/api-tokens", "CI", "same file or commit", "billing since 2025-01-02T03:04:05Z",
              "secret manager", "making the repository private is not enough", "Forks, clones, caches",
              "--sensitive-data-removal", "push by force", "clone anew", "How we know",
              "no link to a login page and asks for no token"}) {
            const std::size_t at = text.find(part, last);
            CHECK_MESSAGE(at != std::string::npos, part);
            last = at == std::string::npos ? last : at;
        }
        CHECK(holds(text, "line 7"));
        CHECK(holds(text, std::string(40, 'c')));
        CHECK_FALSE(holds(text, token(1)));
        CHECK(holds(text, token(1).substr(0, 5) + "…"));
        CHECK_FALSE(holds(text, "<a "));
    }
}

TEST_CASE("notice: the name of the token is told where a verdict gave one")
{
    Event event = event_for("public");
    event.verification = verdict(Status::active);
    event.verification->token_name = "production";
    event = written(event);
    CHECK(holds(event.notice_text, "\"production\""));
    CHECK(holds(event.notice_html, "&quot;production&quot;"));
}

TEST_CASE("notice: other signs than a public repository are called so")
{
    CHECK(holds(written(event_for("private")).notice_text, "other signs"));
    CHECK(holds(written(event_for("private")).notice_text, "which is not public"));
    CHECK(holds(written(event_for("unknown")).notice_text, "not known whether it is public"));
    Event stream = event_for("unknown");
    stream.exposure.repository.clear();
    CHECK(holds(written(stream).notice_text, "a scan of files or of a stream"));
}

TEST_CASE("notice: what was done says why, where the token was not disabled")
{
    Event event = event_for("public");
    CHECK(holds(written(event).notice_text, "was not disabled: nobody was asked to. It may be active"));
    event.verification = verdict(Status::active);
    event.revocation = verdict(Status::failed, "no connection");
    CHECK(holds(written(event).notice_text, "was not disabled: no connection. It was active"));
    event.revocation = verdict(Status::already_revoked);
    CHECK(holds(written(event).notice_text, "had been disabled already"));
    event.revocation.reset();
    event.verification = verdict(Status::inactive);
    CHECK(holds(written(event).notice_text, "no longer active"));
}

TEST_CASE("notice: hostile names are shown and do nothing")
{
    Event event = event_for("public");
    event.exposure.places.front().path =
        "<img src=x onerror=alert(1)>\x1b[2J\r\nBcc: x@example.com\xe2\x80\xae\"'&{token}";
    event.exposure.repository = "</p><script>alert(1)</script>";
    event.verification = verdict(Status::active);
    event.verification->token_name = "{done}<b>";
    event = written(event);
    CHECK_FALSE(holds(event.notice_html, "<img"));
    CHECK_FALSE(holds(event.notice_html, "<script"));
    CHECK_FALSE(holds(event.notice_html, "<b>{done}"));
    CHECK(holds(event.notice_html, "&lt;script&gt;"));
    for (const std::string& text : {event.notice_text, event.notice_html, Notice::subject(event)}) {
        CHECK_FALSE(holds(text, "\x1b"));
        CHECK_FALSE(holds(text, "\r"));
        CHECK_FALSE(holds(text, "\nBcc"));
        CHECK_FALSE(holds(text, "\xe2\x80\xae"));
    }
    CHECK(holds(event.notice_text, "{token}"));  // a value is no template
    CHECK_FALSE(holds(Notice::subject(event), "\n"));
}

TEST_CASE("notice: a template of one's own replaces the text, or the HTML with its values escaped")
{
    Notice text;
    REQUIRE(text.use_template("{owner}: {path} {line}", false, "t"));
    Event event = event_for("public");
    event.exposure.places.front().path = "a<b";
    event.verification = verdict(Status::active);
    event.verification->owner = "acme";
    CHECK(written(event, text).notice_text == "acme: a<b 7");
    CHECK(holds(written(event, text).notice_html, "acme: a&lt;b 7"));

    Notice html;
    REQUIRE(html.use_template("<style>p{color:red}</style><p>{path}{}{ path}</p>", true, "t"));
    CHECK(written(event, html).notice_html == "<style>p{color:red}</style><p>a&lt;b{}{ path}</p>");
    CHECK(holds(written(event, html).notice_text, "What happened"));
}

TEST_CASE("notice: a template that names what is not there is refused, and so is a file that is not there")
{
    Notice notice;
    const Result<void> wrong = notice.use_template("{owner} {tokn}", false, "my.txt");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message() == "the template \"my.txt\" names {tokn}, which stands for nothing");
    const TempDir folder;
    CHECK_FALSE(notice.use_template(folder / "none.html").ok());
    write_file(folder / "own.HTML.html", "<p>{token_sha256}</p>");
    REQUIRE(notice.use_template(folder / "own.HTML.html"));
    CHECK(holds(written(event_for("public"), notice).notice_html, "<p>" + std::string(64, 'a') + "</p>"));
}
