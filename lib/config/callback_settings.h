// What a user's file says of verification and of callbacks: its [verify] and [[callback]] tables, checked as far as a
// text can be checked. Whoever runs callbacks makes them from these plain values; nothing here is ever read from a
// scanned repository. Keys: README.md, "Configuration".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace r8scan::config {

enum class CallbackStage : std::uint8_t { verify, revoke, notify };
enum class CallbackKind : std::uint8_t { exec, http, plugin, smtp };
enum class BodyFormat : std::uint8_t { r8scan, partner };

struct VerifySettings {
    bool enabled = false;
};

/// One [[callback]] table. Keys that its kind has no use for are refused when the file is read, so what is empty here
/// was not given. No secret stands in it: those are named by the environment variable that holds them.
struct CallbackSettings {
    std::string name;  // one of each
    CallbackStage stage = CallbackStage::notify;
    CallbackKind kind = CallbackKind::http;
    std::string origin;  // "FILE:LINE", for messages

    std::vector<std::string> only;                     // states in which a token was found that reach it; empty: all
    bool needs_secret = false;                         // the token itself goes to it
    std::optional<std::chrono::milliseconds> timeout;  // of one attempt

    // exec
    std::vector<std::string> command;  // program and arguments; a single string is a program alone
    // plugin
    std::string path;  // of the shared library; made absolute
    // http: https://… or http://…; smtp: smtps://host[:port] or smtp://host[:port]
    std::string url;
    bool allow_private = false;  // the name may resolve to a private or loopback address
    // http
    BodyFormat format = BodyFormat::r8scan;
    std::string secret_env;  // variable that holds the signing secret ("whsec_…", "whsk_…")
    // smtp
    std::string from;             // mail addresses
    std::vector<std::string> to;  // at least one
    std::string username;
    std::string password_env;  // variable that holds the password
    bool start_tls = true;     // of smtp://: refuse to go on without
    // smtp and what gets `notice`
    std::string template_file;  // own text of the notice; made absolute; empty: the built-in one
};

}  // namespace r8scan::config
