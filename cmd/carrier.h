// How events get from the pipeline to their callbacks: by the outbox.
#pragma once

#include "action/outbox.h"
#include "action/pipeline.h"
#include "cmd/action_plan.h"

#include <atomic>
#include <memory>

namespace r8scan::cmd {

/// The outbox of --outbox, or the usual one; made where it is not there.
Result<std::unique_ptr<action::Outbox>> open_outbox(const ActionPlan& plan);

/// Opens the outbox with the first event. `plan` and `stop` must outlive it.
std::unique_ptr<action::Carrier> make_carrier(const ActionPlan& plan, std::string api_base,
                                              const std::atomic<bool>* stop);

}  // namespace r8scan::cmd
