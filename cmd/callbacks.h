// From settings to callbacks that work: what a user's file or --on-finding says, made into what lib/action runs.
#pragma once

#include "action/pipeline.h"
#include "action/transfer.h"
#include "cmd/typed_options.h"
#include "config/callback_settings.h"

#include <string_view>

namespace r8scan::cmd {

/// What `--on-finding [STAGE=]SPEC` says: "exec:./handle", "https://…", "plugin:./handle.so"; a callback of another stage
/// than notify gets the token. Its name is the spec itself with absolute paths, so that a later run knows it again.
Result<config::CallbackSettings> parse_on_finding(std::string_view spec,
                                                  config::CallbackStage unless_named = config::CallbackStage::notify);

/// The error says what is wrong with the settings, and where they stand.
Result<action::Receiver> make_receiver(const config::CallbackSettings& settings, const action::NetworkOptions& network,
                                       const Environment& environment);

/// Where it sends, for people: an address without what might be secret in it, a program, a file.
[[nodiscard]] std::string destination_of(const config::CallbackSettings& settings);

}  // namespace r8scan::cmd
