#include "engine/replaced_objects.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace r8scan {

namespace {

constexpr std::string_view prefix = "refs/replace/";

void add_ref(Finding& finding, const std::string& name)
{
    auto names = finding.refs ? *finding.refs : std::vector<std::string>();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
        finding.refs = std::make_shared<const std::vector<std::string>>(std::move(names));
    }
}

}  // namespace

void name_replaced(const git::Refs& refs, const std::filesystem::path& common_dir, std::vector<Finding>& findings,
                   std::vector<std::string>& notes)
{
    std::set<std::string> replaced;
    for (const auto& ref : refs.refs) {
        if (ref.name.starts_with(prefix)) {
            replaced.insert(ref.name.substr(prefix.size()));
        }
    }
    if (!replaced.empty()) {
        for (auto& finding : findings) {
            for (const auto& id : {finding.object, finding.commit.value_or("")}) {
                if (replaced.contains(id)) {
                    add_ref(finding, std::string(prefix) + id);
                }
            }
        }
        notes.push_back(std::to_string(replaced.size()) + (replaced.size() == 1 ? " object is" : " objects are") +
                        " replaced for git (refs/replace): both were read, and history is told as it was before; "
                        "`git --no-replace-objects` shows it");
    }
    std::error_code error;
    if (std::filesystem::exists(common_dir / "info" / "grafts", error)) {
        notes.emplace_back("info/grafts gives commits other parents for git: history is told by their own");
    }
}

}  // namespace r8scan
