// Who was told that a token is not disabled is told anew when it is: what the outbox records for that, and when.
#include "action/notice.h"
#include "action/outbox.h"

#include "tests/support/fake_delivery.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::action;
using test::new_event;
using test::TempDir;

namespace {

Verdict verdict_of(Status status)
{
    Verdict verdict;
    verdict.status = status;
    return verdict;
}

/// An outbox with a callback "disable" that revokes, and notices.
class Desk {
    TempDir m_dir;

public:
    Desk() { open(); }

    void open()
    {
        OutboxOptions options;
        options.file = m_dir / "state/outbox.db";
        options.key_file = m_dir / "data/outbox.key";
        outbox.reset();
        auto opened = Outbox::open(options);
        REQUIRE_MESSAGE(opened.ok(), opened.error().message());
        outbox = std::move(*opened);
    }

    Entry record(const NewEvent& event)
    {
        const auto entries = outbox->record({event});
        REQUIRE_MESSAGE(entries.ok(), entries.error().message());
        return entries->front();
    }

    /// A notice that says what `revocation` says.
    Entry notice(std::optional<Status> revocation, const std::string& repository = "https://example.com/r",
                 const std::string& callback = "mail")
    {
        NewEvent event = new_event(1, callback, Stage::notify, false, repository);
        if (revocation) {
            event.event.revocation = verdict_of(*revocation);
        }
        Notice().write(event.event);
        return record(event);
    }

    Entry settle(const Entry& entry, Status status)
    {
        const auto settled = outbox->settle_delivered(entry.event.event_id, verdict_of(status));
        REQUIRE(settled.ok());
        return *settled;
    }

    void revoke(Status status = Status::revoked) { settle(record(new_event(1, "disable")), status); }

    std::vector<Entry> correct()
    {
        auto entries = outbox->correct_notices([](const std::string&, Event& event) { Notice().write(event); });
        REQUIRE_MESSAGE(entries.ok(), entries.error().message());
        return std::move(*entries);
    }

    Entry find(const Entry& entry)
    {
        auto found = outbox->find(entry.event.event_id);
        REQUIRE(found.ok());
        return *found;
    }

    std::unique_ptr<Outbox> outbox;
};

bool says(const Entry& entry, const std::string& part)
{
    return entry.event.notice_text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("outbox notices: who was told that a token is not disabled is told once when it is")
{
    Desk desk;
    const Entry told = desk.settle(desk.notice(Status::failed), Status::ok);
    CHECK(says(told, "The token was not disabled"));
    CHECK(desk.correct().empty());  // nothing came of it yet
    desk.revoke();
    const auto corrections = desk.correct();
    REQUIRE(corrections.size() == 1);
    const Entry& correction = corrections.front();
    CHECK(correction.event.event_id != told.event.event_id);
    CHECK(correction.state == EntryState::pending);
    CHECK(correction.event.stage == Stage::notify);
    CHECK(correction.callback == "mail");
    CHECK(correction.event.exposure.repository == "https://example.com/r");
    CHECK(correction.event.exposure.places.size() == 1);
    CHECK(correction.event.revocation->status == Status::revoked);
    CHECK(correction.event.revocation->at.size() == std::string("2026-01-01T00:00:00Z").size());
    CHECK(says(correction, "The token was disabled at 20"));
    CHECK(desk.find(told).state == EntryState::delivered);

    desk.open();  // another process finds nothing more to do
    CHECK(desk.correct().empty());
    desk.settle(correction, Status::ok);
    CHECK(desk.correct().empty());
}

TEST_CASE("outbox notices: a notice that still waits gives way to the one that says what is true now")
{
    Desk desk;
    const Entry waiting = desk.notice(Status::failed);
    desk.revoke(Status::already_revoked);
    const auto corrections = desk.correct();
    REQUIRE(corrections.size() == 1);
    const Entry gone = desk.find(waiting);
    CHECK(gone.state == EntryState::dropped);
    CHECK(gone.message == "told by " + corrections.front().event.event_id + " instead");
    CHECK(desk.outbox->list(EntryState::pending)->size() == 1);
}

TEST_CASE("outbox notices: one that is being sent goes out as it is, and is followed by the correction")
{
    Desk desk;
    const Entry waiting = desk.notice(Status::failed);
    REQUIRE(desk.outbox->claim(waiting.event.event_id)->taken);
    desk.revoke();
    CHECK(desk.correct().size() == 1);
    CHECK(desk.find(waiting).state == EntryState::pending);
}

TEST_CASE("outbox notices: nobody is told anew without a reason")
{
    for (const Status answer : {Status::skipped, Status::unknown}) {  // it was acknowledged and ended nothing
        Desk desk;
        desk.settle(desk.notice(Status::failed), Status::ok);
        desk.revoke(answer);
        CHECK(desk.correct().empty());
    }
    Desk knows;
    knows.settle(knows.notice(Status::revoked), Status::ok);
    knows.revoke();
    CHECK(knows.correct().empty());
    Desk given_up;
    REQUIRE(given_up.outbox->drop(given_up.notice(Status::failed).event.event_id).ok());
    given_up.revoke();
    CHECK(given_up.correct().empty());
}

TEST_CASE("outbox notices: each repository and each callback that was told wrongly is told anew")
{
    Desk desk;
    desk.settle(desk.notice(std::nullopt, "https://example.com/a"), Status::ok);
    desk.settle(desk.notice(Status::skipped, "https://example.com/b"), Status::ok);
    desk.settle(desk.notice(Status::failed, "https://example.com/b", "chat"), Status::ok);
    desk.revoke();
    CHECK(desk.correct().size() == 3);
}

TEST_CASE("outbox notices: a later scan that knows of the end records the correction itself, once")
{
    Desk desk;
    const Entry told = desk.settle(desk.notice(Status::failed), Status::ok);
    CHECK(desk.notice(Status::failed).event.event_id == told.event.event_id);
    const Entry correction = desk.notice(Status::revoked);
    CHECK(correction.event.event_id != told.event.event_id);
    CHECK(correction.state == EntryState::pending);
    desk.revoke();
    CHECK(desk.correct().empty());
    CHECK(desk.notice(Status::revoked).event.event_id == correction.event.event_id);
    CHECK(desk.notice(std::nullopt).event.event_id == correction.event.event_id);  // what was told last stands

    // A repository that was not named before has a notice of its own, which needs none.
    const Entry other = desk.notice(Status::revoked, "https://example.com/other");
    CHECK(other.event.event_id != correction.event.event_id);
    CHECK(desk.correct().empty());
}

TEST_CASE("outbox notices: a correction by a later scan takes the place of a notice that waits")
{
    Desk desk;
    const Entry waiting = desk.notice(Status::failed);
    const Entry correction = desk.notice(Status::revoked);
    CHECK(desk.find(waiting).state == EntryState::dropped);
    CHECK(correction.state == EntryState::pending);
}
