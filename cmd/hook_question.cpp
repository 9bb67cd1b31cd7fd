#include "cmd/hook_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>
#include <vector>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

std::string text_of(const Environment& environment, const std::string& name)
{
    const char* const value = environment(name.c_str());
    return value != nullptr ? value : "";
}

bool is_hooks_path(std::string key)
{
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return key == "core.hookspath";
}

/// Takes one quoted word off the front: '…', with '\'' and '\!' for what cannot stand between quotes. Nothing where
/// there is none.
std::optional<std::string> take_quoted(std::string_view& text)
{
    std::string word;
    while (text.starts_with('\'')) {
        const std::size_t end = text.find('\'', 1);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        word += text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (text.size() < 3 || text[0] != '\\' || (text[1] != '\'' && text[1] != '!') || text[2] != '\'') {
            return word;
        }
        word += text[1];
        text.remove_prefix(2);
    }
    return std::nullopt;
}

/// core.hooksPath as GIT_CONFIG_COUNT and its companions give it; the last one counts.
std::optional<std::string> hooks_path_of_count(const Environment& environment)
{
    const std::string typed = text_of(environment, "GIT_CONFIG_COUNT");
    unsigned count = 0;
    std::from_chars(typed.data(), typed.data() + typed.size(), count);
    constexpr unsigned most = 10000;
    std::optional<std::string> last;
    for (unsigned i = 0; i < std::min(count, most); ++i) {
        if (is_hooks_path(text_of(environment, fmt::format("GIT_CONFIG_KEY_{}", i)))) {
            last = text_of(environment, fmt::format("GIT_CONFIG_VALUE_{}", i));
        }
    }
    return last;
}

/// The files of the person's configuration, as git-config lists them.
std::vector<fs::path> person_files(const Environment& environment, const fs::path& home)
{
    std::vector<fs::path> files;
    const std::string no_system = text_of(environment, "GIT_CONFIG_NOSYSTEM");
    if (no_system.empty() || no_system == "0" || no_system == "false") {
        const std::string system = text_of(environment, "GIT_CONFIG_SYSTEM");
        files.emplace_back(system.empty() ? "/etc/gitconfig" : system);
    }
    if (const std::string global = text_of(environment, "GIT_CONFIG_GLOBAL"); !global.empty()) {
        files.emplace_back(global);
        return files;
    }
    const std::string xdg = text_of(environment, "XDG_CONFIG_HOME");
    if (!xdg.empty()) {
        files.push_back(fs::path(xdg) / "git" / "config");
    } else if (!home.empty()) {
        files.push_back(home / ".config" / "git" / "config");
    }
    if (!home.empty()) {
        files.push_back(home / ".gitconfig");
    }
    return files;
}

}  // namespace

Result<std::optional<std::string>> hooks_path_in_parameters(std::string_view parameters)
{
    const Error wrong(ErrorCode::usage, "GIT_CONFIG_PARAMETERS is not as git writes it, so git would refuse it too: unset it");
    std::optional<std::string> last;
    while (true) {
        const std::size_t begin = parameters.find_first_not_of(" \t\n");
        if (begin == std::string_view::npos) {
            return last;
        }
        parameters.remove_prefix(begin);
        std::optional<std::string> key = take_quoted(parameters);
        if (!key) {
            return wrong;
        }
        std::string value;
        if (parameters.starts_with('=')) {
            parameters.remove_prefix(1);
            if (parameters.starts_with('\'')) {
                std::optional<std::string> quoted = take_quoted(parameters);
                if (!quoted) {
                    return wrong;
                }
                value = std::move(*quoted);
            }
        } else if (const std::size_t equals = key->find('='); equals != std::string::npos) {
            value = key->substr(equals + 1);
            key->resize(equals);
        }
        if (!parameters.empty() && std::string_view(" \t\n").find(parameters.front()) == std::string_view::npos) {
            return wrong;
        }
        if (is_hooks_path(*key)) {
            last = value;
        }
    }
}

Result<git::HooksQuestion> hooks_question(const Environment& environment, const std::string& repository)
{
    git::HooksQuestion question;
    question.repository = repository;
    if (repository == ".") {
        question.git_dir = text_of(environment, "GIT_DIR");
        question.work_tree = text_of(environment, "GIT_WORK_TREE");
    }
    question.home = text_of(environment, "HOME");
    question.person_files = person_files(environment, question.home);
    // git reads the parameters last, so they win.
    Result<std::optional<std::string>> handed_on =
        hooks_path_in_parameters(text_of(environment, "GIT_CONFIG_PARAMETERS"));
    if (!handed_on) {
        return handed_on.error();
    }
    question.hooks_path_of_command = *handed_on ? std::move(*handed_on) : hooks_path_of_count(environment);
    return question;
}

}  // namespace r8scan::cmd
