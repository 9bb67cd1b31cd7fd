// Which tokens stand where at HEAD or in the index, as the findings of a repository's objects tell it: what is found
// again at the same path in the working tree, or in the names of the index, is the same place and not told twice.
#pragma once

#include <r8scan/finding.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace r8scan {

class ToldPlaces {
public:
    explicit ToldPlaces(const std::vector<Finding>& findings)
    {
        for (const auto& finding : findings) {
            if (finding.at_head && finding.head_path) {
                m_places.emplace(finding.token_sha256, *finding.head_path);
            }
            // A blob with a path and without a commit is one that only the index names.
            if (finding.kind == "blob" && !finding.object.empty() && finding.path && !finding.commit) {
                m_places.emplace(finding.token_sha256, *finding.path);
            }
        }
    }

    [[nodiscard]] bool hold(const Finding& finding) const
    {
        return m_places.contains({finding.token_sha256, finding.path.value_or("")});
    }

private:
    std::set<std::pair<std::string, std::string>> m_places;  // SHA-256 of the token, path
};

}  // namespace r8scan
