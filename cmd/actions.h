// Actions: verification, callbacks and the pipeline of one run, made from the plan.
#pragma once

#include "action/pipeline.h"
#include "action/replicate_verifier.h"
#include "cmd/action_plan.h"
#include "cmd/terminal.h"

#include <memory>

namespace r8scan::cmd {

/// The base of the API: --api-base, else REPLICATE_BASE_URL, else the usual one.
[[nodiscard]] std::string api_base(const ActionPlan& plan);

/// How connections are made, from plan and environment.
[[nodiscard]] action::NetworkOptions network_options(const ActionPlan& plan, const std::atomic<bool>* stop);

/// The verifiers of a run, in the order in which they are asked, and what asks them.
class Verification {
public:
    /// `configured`: callbacks of the stage verify, asked before the API.
    static Result<std::unique_ptr<Verification>> make(const ActionPlan& plan,
                                                      std::vector<std::shared_ptr<action::Callback>> configured,
                                                      const std::atomic<bool>* stop);
    [[nodiscard]] action::VerifyQueue& queue() { return *m_queue; }

private:
    std::vector<std::shared_ptr<action::Callback>> m_verifiers;
    std::unique_ptr<action::VerifyQueue> m_queue;
};

/// The callbacks that configuration and --on-finding name, in that order; names are distinct.
Result<std::vector<config::CallbackSettings>> callback_settings(const ActionPlan& plan);

class Actions {
public:
    explicit Actions(Control& control) : m_control(control) {}
    /// Ends what is still being asked, of tokens that were suppressed since: nobody waits for the answers.
    ~Actions();
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    /// Null where nothing is to happen to a token. Errors are ErrorCode::usage. `plan`, `reports` and `control` must
    /// outlive it; `before_asking` is called before a question is put to a person, and may be empty. Where tokens are
    /// to be verified, `control` has them handed over as they are met.
    static Result<std::unique_ptr<Actions>> make(const ActionPlan& plan, const Terminal& terminal, Sink& reports,
                                                 Control& control, std::function<void()> before_asking = {});

    [[nodiscard]] action::Pipeline& pipeline() { return *m_pipeline; }

private:
    Control& m_control;
    std::unique_ptr<Verification> m_verification;
    std::unique_ptr<action::Carrier> m_carrier;
    std::unique_ptr<action::Pipeline> m_pipeline;
};

}  // namespace r8scan::cmd
