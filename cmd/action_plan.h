// What is to happen to tokens that were found: the options --verify, --on-finding, --revoke and their kin, checked.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"
#include "config/callback_settings.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace r8scan::cmd {

struct ActionPlan {
    bool verify = false;
    bool revoke = false;
    bool yes = false;  // do not ask before revoking
    bool dry_run = false;
    bool fail_on_active = false;
    bool allow_plain_http = false;
    std::vector<std::string> on_finding;              // as typed
    std::vector<config::CallbackSettings> callbacks;  // of the user's own file
    std::string api_base;                             // empty: the environment, else the usual one
    std::string outbox;                               // empty: the usual file
    std::chrono::seconds deliver_timeout{30};
    std::string repository;     // absolute; where tokens can be read again later. Empty: nowhere
    bool is_hook = false;       // of git: it never revokes
    bool revoke_alone = false;  // an order to revoke, not a scan: nobody is notified
    Environment environment;  // for what is named there: secrets, proxies, certificates
};

/// Errors are ErrorCode::usage and name the option or the variable.
Result<ActionPlan> read_action_plan(const TypedOptions& typed);

}  // namespace r8scan::cmd
