#include "git/clone.h"

#include "git/libgit2.h"
#include "util/escape.h"

namespace r8scan::git {

namespace {

struct Attempt {
    Control& control;
    bool offered_key = false;
};

int on_progress(const git_indexer_progress* progress, void* payload)
{
    auto& control = static_cast<Attempt*>(payload)->control;
    control.objects_total = progress->total_objects;
    control.objects_done = progress->received_objects;
    control.bytes_done = progress->received_bytes;
    return control.stop ? GIT_EUSER : 0;
}

int on_message(const char*, int, void* payload)
{
    return static_cast<Attempt*>(payload)->control.stop ? GIT_EUSER : 0;
}

// The keys of an agent are the only credentials that need no question; they are offered once.
int on_credentials(git_credential** out, const char*, const char* user, unsigned allowed, void* payload)
{
    auto& attempt = *static_cast<Attempt*>(payload);
    if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0 && user != nullptr && !attempt.offered_key) {
        attempt.offered_key = true;
        return git_credential_ssh_key_from_agent(out, user);
    }
    git_error_set_str(GIT_ERROR_NET, "the server asks who you are");
    return GIT_EAUTH;
}

std::string libgit2_message(const std::string& address)
{
    const auto* error = git_error_last();
    std::string text = error != nullptr && error->message != nullptr ? error->message : "unknown error";
    // There may be a password in it.
    for (auto at = text.find(address); at != std::string::npos; at = text.find(address)) {
        text.replace(at, address.size(), "the address");
    }
    return escape_for_terminal(text);
}

Result<void> outcome(int code, const std::string& address, const Attempt& attempt)
{
    if (code == 0) {
        return {};
    }
    if (attempt.control.stop) {
        return Error(ErrorCode::interrupted, "stopped while fetching");
    }
    const auto kind = code == GIT_ENOTFOUND ? ErrorCode::not_found
                      : code == GIT_EAUTH   ? ErrorCode::permission
                                            : ErrorCode::io;
    const auto* const way_out = code == GIT_EAUTH ? " (clone it with `git clone --mirror` and scan the folder)" : "";
    return Error(kind, libgit2_message(address) + way_out);
}

int fetch(git_repository* repository, const std::string& address, Attempt& attempt)
{
    git_remote* raw = nullptr;
    int code = git_remote_create_with_fetchspec(&raw, repository, "origin", address.c_str(), "+refs/*:refs/*");
    const RemoteHandle remote(raw);
    if (code != 0) {
        return code;
    }
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.transfer_progress = on_progress;
    callbacks.sideband_progress = on_message;
    callbacks.credentials = on_credentials;
    callbacks.payload = &attempt;
    git_proxy_options proxy = GIT_PROXY_OPTIONS_INIT;
    proxy.type = GIT_PROXY_AUTO;
    code = git_remote_connect(raw, GIT_DIRECTION_FETCH, &callbacks, &proxy, nullptr);
    if (code != 0) {
        return code;
    }
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacks;
    options.proxy_opts = proxy;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;  // the refspec names them already
    code = git_remote_download(raw, nullptr, &options);
    if (code != 0) {
        return code;
    }
    code = git_remote_update_tips(raw, &callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, nullptr);
    if (code != 0) {
        return code;
    }
    git_buf branch = GIT_BUF_INIT;
    if (git_remote_default_branch(&branch, raw) == 0) {  // an empty repository, or a detached HEAD, has none
        code = git_repository_set_head(repository, branch.ptr);
    }
    git_buf_dispose(&branch);
    return code;
}

}  // namespace

Result<void> clone_mirror(const std::string& address, const std::filesystem::path& folder, Control& control)
{
    const Libgit2 libgit2;
    for (const auto level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL}) {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    Attempt attempt{control};
    git_repository* raw = nullptr;
    const int made = git_repository_init(&raw, folder.c_str(), 1);
    const RepositoryHandle repository(raw);
    if (auto done = outcome(made, address, attempt); !done) {
        return done.error().within("a folder for the clone, \"" + folder.native() + '"');
    }
    return outcome(fetch(raw, address, attempt), address, attempt);
}

}  // namespace r8scan::git
