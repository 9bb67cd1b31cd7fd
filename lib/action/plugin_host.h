// The process that a plugin lives in: loads the shared library (r8scan/plugin.h) and speaks the lines of an exec
// callback for it, so that to r8scan a plugin is a program like any other and its crash ends this process alone.
//
// It is the same program started anew with a hidden command, not a fork of the running scan: that has threads, whose
// locks a fork would copy as they happen to stand.
#pragma once

#include <r8scan/result.h>

#include <filesystem>

namespace r8scan::action {

/// Loads the plugin and serves events from one descriptor to the other until the input ends. What the plugin itself
/// prints to standard output goes to standard error, where it cannot be taken for a verdict.
Result<void> host_plugin(const std::filesystem::path& plugin, int input, int output);

}  // namespace r8scan::action
