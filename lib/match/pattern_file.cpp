#include "match/pattern_file.h"

#include "match/embedded.h"
#include "util/file.h"

#include <algorithm>

namespace r8scan {

namespace fs = std::filesystem;

namespace {

void add_rules(std::vector<Rule>& rules, PatternFile more)
{
    for (const auto& allowlist : more.for_earlier_rules) {
        allowlist.add_to(rules);
    }
    std::erase_if(rules, [&](const Rule& rule) {
        return std::find(more.disabled.begin(), more.disabled.end(), rule.id) != more.disabled.end();
    });
    for (auto& rule : more.rules) {
        const auto same = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == rule.id; });
        if (same != rules.end()) {
            *same = std::move(rule);
        } else {
            rules.push_back(std::move(rule));
        }
    }
}

}  // namespace

void GlobalAllowlist::add_to(std::vector<Rule>& rules) const
{
    for (auto& rule : rules) {
        if (target_rules.empty() || std::find(target_rules.begin(), target_rules.end(), rule.id) != target_rules.end()) {
            rule.allowlists.push_back(list);
        }
    }
}

Result<std::vector<fs::path>> pattern_files_at(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        return std::vector{path};
    }
    std::vector<fs::path> files;
    for (fs::directory_iterator at(path, error); !error && at != fs::directory_iterator(); at.increment(error)) {
        if (at->path().extension() == ".toml") {
            files.push_back(at->path());
        }
    }
    if (error) {
        return Error(ErrorCode::usage, quoted(path) + ": " + error.message());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        return Error(ErrorCode::usage, quoted(path) + ": holds no .toml file");
    }
    return files;
}

Result<PatternFile> read_pattern_file(const fs::path& path)
{
    const auto text = read_small_file(path);
    if (!text) {
        return Error(ErrorCode::usage, text.error().message()).within("pattern file");
    }
    auto file = parse_pattern_file(*text, path.string());
    if (!file) {
        return file.error().within("pattern file");
    }
    return file;
}

Result<std::vector<Rule>> load_rules(const std::vector<fs::path>& files, std::vector<std::string>* notes)
{
    auto built_in = parse_pattern_file(embedded_patterns, "built in");
    if (!built_in) {
        return built_in.error();
    }
    auto rules = std::move(built_in->rules);
    for (const auto& given : files) {
        const auto paths = pattern_files_at(given);
        if (!paths) {
            return paths.error();
        }
        for (const auto& path : *paths) {
            auto more = read_pattern_file(path);
            if (!more) {
                return more.error();
            }
            if (notes != nullptr) {
                notes->insert(notes->end(), more->notes.begin(), more->notes.end());
            }
            add_rules(rules, std::move(*more));
        }
    }
    return rules;
}

}  // namespace r8scan
