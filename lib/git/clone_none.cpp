// The static build fetches nothing: Debian's libgit2 cannot be linked into a static program.
#include "git/clone.h"

namespace r8scan::git {

Result<void> clone_mirror(const std::string&, const std::filesystem::path&, Control&)
{
    return Error(ErrorCode::usage, "this is the static build: it cannot fetch a repository from its address; clone it with "
                                   "`git clone --mirror` and scan the folder, or take the dynamic build");
}

}  // namespace r8scan::git
