// Events, verdicts and places as the outbox stores them: JSON, read back into the same values. Unlike the event that
// a callback gets (action/event.h) it never holds the token, and its form is nobody's business but the outbox's.
#pragma once

#include "action/event.h"
#include "action/token_source.h"

namespace r8scan::action {

[[nodiscard]] std::string store_event(const Event& event);
Result<Event> load_event(std::string_view json);

[[nodiscard]] std::string store_verdict(const Verdict& verdict);
Result<Verdict> load_verdict(std::string_view json);

[[nodiscard]] std::string store_place(const TokenPlace& place);
Result<TokenPlace> load_place(std::string_view json);

}  // namespace r8scan::action
