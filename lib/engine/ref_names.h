// Names of refs that hold a token, and whether a token in a file of refs stands there as such a name.
//
// git writes names whole ("refs/heads/a/b") and cut short ("a/b", "b"), so a name stands where its last part does, from
// a mark that no name has to the next.
#pragma once

#include "match/hit.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan {

class RefNames {
public:
    void add(std::string_view token, const std::string& ref);

    [[nodiscard]] bool contains(std::string_view token) const;

    /// Whether the hit is part of such a name in `text`, whose offsets it counts in.
    [[nodiscard]] bool is_named_in(std::string_view text, const Hit& hit) const;

    /// The same for lines of a reflog; what was written as the message of a commit is no name.
    [[nodiscard]] bool is_named_in_log(std::string_view text, const Hit& hit) const;

private:
    std::map<std::string, std::vector<std::string>> m_names;  // by the hash of the token
};

}  // namespace r8scan
