#include "source/file_list.h"

namespace r8scan::source {

std::string FileList::path(FolderNumber folder) const
{
    std::vector<std::string_view> names;
    for (auto at = folder; at != no_folder; at = m_folders[at].parent) {
        names.push_back(m_folders[at].name);
    }
    std::string path;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        if (!path.empty() && !path.ends_with('/')) {
            path += '/';
        }
        path += *name;
    }
    return path;
}

std::string FileList::path_in(FolderNumber folder, std::string_view name) const
{
    auto path = this->path(folder);
    if (!path.empty() && !path.ends_with('/')) {
        path += '/';
    }
    return path.append(name);
}

}  // namespace r8scan::source
