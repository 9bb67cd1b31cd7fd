// Web pages of places: what a remote's URL says about where its host shows commits and files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace r8scan {

/// A remote URL without user name, password and query: "https://host/owner/repo.git".
std::string without_credentials(std::string_view url);

/// Makes links for one repository. Known are GitHub, GitLab, Bitbucket and Codeberg (Gitea), by host name; other hosts
/// get none, since a wrong link is worse.
class LinkMaker {
public:
    explicit LinkMaker(std::string_view remote_url);

    /// The file at a commit, on its line (0: the file as a whole); percent-encoded.
    [[nodiscard]] std::optional<std::string> file(std::string_view commit, std::string_view path, std::uint64_t line) const;
    [[nodiscard]] std::optional<std::string> commit(std::string_view commit) const;

private:
    enum class Host { unknown, github, gitlab, bitbucket, gitea };
    Host m_host = Host::unknown;
    std::string m_page;  // "https://github.com/owner/repo"
};

}  // namespace r8scan
