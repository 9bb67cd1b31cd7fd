#include "action/plugin_host.h"

#include <r8scan/plugin.h>

#include "util/child_process.h"
#include "util/file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>

namespace r8scan::action {
namespace {

struct CloseLibrary {
    void operator()(void* library) const { ::dlclose(library); }
};

struct Functions {
    decltype(&r8scan_plugin_abi_version) abi_version = nullptr;
    decltype(&r8scan_plugin_init) init = nullptr;
    decltype(&r8scan_plugin_handle) handle = nullptr;
    decltype(&r8scan_plugin_release) release = nullptr;
    decltype(&r8scan_plugin_free) free = nullptr;
};

template <typename Function>
Result<void> find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr ? Result<void>() : Error(ErrorCode::unsupported, std::string("has no function ") + name);
}

Result<Functions> functions_of(void* library)
{
    Functions functions;
    if (auto found = find(library, "r8scan_plugin_abi_version", functions.abi_version); !found) {
        return Error(ErrorCode::unsupported, "is no plugin of r8scan: it " + found.error().message());
    }
    if (const auto version = functions.abi_version(); version != R8SCAN_PLUGIN_ABI_VERSION) {
        return Error(ErrorCode::unsupported, "speaks version " + std::to_string(version) +
                                                 " of the plugin interface, and this r8scan version " +
                                                 std::to_string(R8SCAN_PLUGIN_ABI_VERSION) + ": compile it anew");
    }
    for (const auto& found :
         {find(library, "r8scan_plugin_init", functions.init), find(library, "r8scan_plugin_handle", functions.handle),
          find(library, "r8scan_plugin_release", functions.release),
          find(library, "r8scan_plugin_free", functions.free)}) {
        if (!found) {
            return found.error();
        }
    }
    return functions;
}

Result<void> write_line(int output, std::string line)
{
    std::replace(line.begin(), line.end(), '\n', ' ');
    line += '\n';
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t count = write_to_pipe(output, line.data() + sent, line.size() - sent);
        if (count < 0 && errno != EINTR) {
            return Error(ErrorCode::io, "nobody takes its verdict");
        }
        sent += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    return {};
}

Result<void> serve(const Functions& functions, void* state, std::string_view event, int output)
{
    const char* verdict = nullptr;
    std::size_t size = 0;
    if (functions.handle(state, event.data(), event.size(), &verdict, &size) != 0) {
        return write_line(output, R"({"status":"failed","message":"the plugin says that it failed"})");
    }
    std::string line = verdict == nullptr ? std::string() : std::string(verdict, size);
    functions.release(state, verdict);
    return write_line(output, std::move(line));
}

/// Calls `take` for each line; what was read is wiped, as it may hold tokens.
Result<void> for_each_line(int input, const std::function<Result<void>(std::string_view)>& take)
{
    std::array<char, 16384> buffer;
    std::string held;
    Result<void> done;
    while (done.ok()) {
        const ssize_t count = ::read(input, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
        for (std::size_t end = 0; done.ok() && (end = piece.find('\n')) != std::string_view::npos;) {
            held += piece.substr(0, end);
            done = take(held);
            OPENSSL_cleanse(held.data(), held.size());
            held.clear();
            piece.remove_prefix(end + 1);
        }
        held += piece;
    }
    OPENSSL_cleanse(held.data(), held.size());
    OPENSSL_cleanse(buffer.data(), buffer.size());
    return done;
}

}  // namespace

Result<void> host_plugin(const std::filesystem::path& plugin, int input, int output)
{
    const UniqueFd answers(::fcntl(output, F_DUPFD_CLOEXEC, 3));
    if (answers.get() < 0 || ::dup2(STDERR_FILENO, output) < 0) {
        return system_error("standard output", errno);
    }
    const std::unique_ptr<void, CloseLibrary> library(::dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (library == nullptr) {
        const char* const why = ::dlerror();
        return Error(ErrorCode::not_found, "plugin: " + std::string(why != nullptr ? why : "cannot be loaded"));
    }
    const auto functions = functions_of(library.get());
    if (!functions) {
        return functions.error().within("plugin " + quoted(plugin));
    }
    void* state = nullptr;
    if (const int why = functions->init(&state); why != 0) {
        return Error(ErrorCode::unsupported,
                     "plugin " + quoted(plugin) + ": its start failed with " + std::to_string(why));
    }
    auto served =
        for_each_line(input, [&](std::string_view event) { return serve(*functions, state, event, answers.get()); });
    functions->free(state);
    return served;
}

}  // namespace r8scan::action
