// Where the outbox and its key lie when nobody says: the state and the data folder of the XDG base directories
// (https://specifications.freedesktop.org/basedir-spec/latest/), two different ones on purpose.
#include "action/outbox.h"

namespace r8scan::action {
namespace {

Result<std::filesystem::path> place(const char* folder, const char* home, const char* below_home, const char* file)
{
    if (folder != nullptr && folder[0] == '/') {
        return std::filesystem::path(folder) / "r8scan" / file;
    }
    if (home != nullptr && home[0] == '/') {
        return std::filesystem::path(home) / below_home / "r8scan" / file;
    }
    return Error(ErrorCode::usage,
                 "HOME is not set, so nothing says where the outbox lies: name its file with --outbox");
}

}  // namespace

Result<std::filesystem::path> default_outbox_file(const char* xdg_state_home, const char* home)
{
    return place(xdg_state_home, home, ".local/state", "outbox.db");
}

Result<std::filesystem::path> default_key_file(const char* xdg_data_home, const char* home)
{
    return place(xdg_data_home, home, ".local/share", "outbox.key");
}

}  // namespace r8scan::action
