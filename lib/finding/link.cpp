#include "finding/link.h"

namespace r8scan {

namespace {

struct RemoteParts {
    std::string_view host;
    std::string_view path;  // without slashes at the ends
};

// Takes https://user:pass@host:443/path, ssh://git@host/path and git@host:path apart.
std::optional<RemoteParts> split_remote(std::string_view url)
{
    RemoteParts parts;
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) {
        const auto name = url.substr(0, scheme);
        if (name != "https" && name != "http" && name != "ssh" && name != "git") {
            return std::nullopt;
        }
        url.remove_prefix(scheme + 3);
        const auto slash = url.find('/');
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        parts.host = url.substr(0, slash);
        parts.path = url.substr(slash + 1);
    } else {
        const auto colon = url.find(':');
        if (colon == std::string_view::npos || url.substr(0, colon).find('/') != std::string_view::npos) {
            return std::nullopt;
        }
        parts.host = url.substr(0, colon);
        parts.path = url.substr(colon + 1);
    }
    if (const auto at = parts.host.rfind('@'); at != std::string_view::npos) {
        parts.host.remove_prefix(at + 1);
    }
    parts.host = parts.host.substr(0, parts.host.find(':'));
    parts.path = parts.path.substr(0, parts.path.find_first_of("?#"));
    while (parts.path.ends_with('/')) {
        parts.path.remove_suffix(1);
    }
    if (parts.path.ends_with(".git")) {
        parts.path.remove_suffix(4);
    }
    return parts;
}

std::string percent_encoded(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 15U];
        }
    }
    return encoded;
}

}  // namespace

std::string without_credentials(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return std::string(url);
    }
    const auto authority = scheme + 3;
    const auto end = std::min(url.find('/', authority), url.size());
    const auto at = url.substr(0, end).rfind('@');
    std::string plain(url.substr(0, authority));
    plain += url.substr(at == std::string_view::npos || at < authority ? authority : at + 1);
    return plain.substr(0, plain.find_first_of("?#"));
}

LinkMaker::LinkMaker(std::string_view remote_url)
{
    const auto parts = split_remote(remote_url);
    if (!parts) {
        return;
    }
    const auto is_host = [&](std::string_view name) {
        return parts->host == name || parts->host.starts_with(std::string(name.substr(0, name.find('.'))) + '.');
    };
    if (is_host("github.com")) {
        m_host = Host::github;
    } else if (is_host("gitlab.com")) {
        m_host = Host::gitlab;
    } else if (is_host("bitbucket.org")) {
        m_host = Host::bitbucket;
    } else if (is_host("codeberg.org") || is_host("gitea.com")) {
        m_host = Host::gitea;
    }
    m_page = "https://" + std::string(parts->host) + '/' + percent_encoded(parts->path);
}

std::optional<std::string> LinkMaker::file(std::string_view commit, std::string_view path, std::uint64_t line) const
{
    const auto id = std::string(commit);
    const auto name = percent_encoded(path);
    const auto at_line = [&](const char* mark) { return line == 0 ? std::string() : mark + std::to_string(line); };
    switch (m_host) {
        case Host::github: return m_page + "/blob/" + id + '/' + name + at_line("#L");
        case Host::gitlab: return m_page + "/-/blob/" + id + '/' + name + at_line("#L");
        case Host::bitbucket: return m_page + "/src/" + id + '/' + name + at_line("#lines-");
        case Host::gitea: return m_page + "/src/commit/" + id + '/' + name + at_line("#L");
        case Host::unknown: break;
    }
    return std::nullopt;
}

std::optional<std::string> LinkMaker::commit(std::string_view commit) const
{
    switch (m_host) {
        case Host::github:
        case Host::gitea: return m_page + "/commit/" + std::string(commit);
        case Host::gitlab: return m_page + "/-/commit/" + std::string(commit);
        case Host::bitbucket: return m_page + "/commits/" + std::string(commit);
        case Host::unknown: break;
    }
    return std::nullopt;
}

}  // namespace r8scan
