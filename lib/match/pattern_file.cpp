#include "match/pattern_file.h"

#include "match/embedded.h"
#include "util/file.h"

#include <toml++/toml.h>


#include <algorithm>
#include <optional>

namespace r8scan {

namespace fs = std::filesystem;

namespace {

Error mistake(const std::string& origin, const toml::source_region& where, const std::string& what)
{
    return {ErrorCode::usage, origin + ":" + std::to_string(where.begin.line) + ": " + what};
}

// Reads the keys of one [[rules]] table; keeps the first mistake.
class RuleReader {
public:
    RuleReader(const toml::table& table, const std::string& origin) : m_table(table), m_origin(origin) {}

    Result<Rule> read()
    {
        Rule rule;
        rule.origin = m_origin;
        for (const auto& [key, value] : m_table) {
            const std::string name(key.str());
            if (name == "id") {
                text(value, name, rule.id);
            } else if (name == "description") {
                text(value, name, rule.description);
            } else if (name == "regex") {
                text(value, name, rule.regex);
            } else if (name == "anchors") {
                list(value, name, rule.anchors);
            } else if (name == "examples") {
                list(value, name, rule.examples);
            } else if (name == "negative_examples") {
                list(value, name, rule.negative_examples);
            } else if (name == "encodings") {
                list(value, name, rule.encodings);
            } else if (name == "boundary") {
                boundary(value, rule.boundary);
            } else {
                fail(value, "unknown key '" + name + "'; known are id, description, regex, anchors, boundary, examples, "
                            "negative_examples");
            }
        }
        if (rule.id.empty() || rule.regex.empty()) {
            fail(m_table, "a rule needs an id and a regex");
        }
        if (m_error) {
            return *m_error;
        }
        return rule;
    }

private:
    void fail(const toml::node& node, const std::string& what)
    {
        if (!m_error) {
            m_error = mistake(m_origin, node.source(), what);
        }
    }
    void text(const toml::node& node, const std::string& name, std::string& out)
    {
        if (const auto value = node.value<std::string>(); value && node.is_string()) {
            out = *value;
        } else {
            fail(node, "'" + name + "' must be a string");
        }
    }
    void list(const toml::node& node, const std::string& name, std::vector<std::string>& out)
    {
        const auto* array = node.as_array();
        if (array == nullptr) {
            return fail(node, "'" + name + "' must be a list of strings");
        }
        for (const auto& element : *array) {
            text(element, name + "' in its list '", out.emplace_back());
        }
    }
    void boundary(const toml::node& node, BoundaryKind& out)
    {
        std::string name;
        text(node, "boundary", name);
        if (name == "token") {
            out = BoundaryKind::token;
        } else if (name == "none") {
            out = BoundaryKind::none;
        } else {
            fail(node, "'boundary' must be \"token\" or \"none\"");
        }
    }

    const toml::table& m_table;
    const std::string& m_origin;
    std::optional<Error> m_error;
};

Result<std::vector<fs::path>> pattern_files_in(const fs::path& path)
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

void add_rules(std::vector<Rule>& rules, std::vector<Rule> more)
{
    for (auto& rule : more) {
        const auto same = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == rule.id; });
        if (same != rules.end()) {
            *same = std::move(rule);
        } else {
            rules.push_back(std::move(rule));
        }
    }
}

}  // namespace

Result<std::vector<Rule>> parse_pattern_file(std::string_view text, const std::string& origin)
{
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return mistake(origin, error.source(), std::string(error.description()));
    }
    std::vector<Rule> rules;
    for (const auto& [key, value] : document) {
        const auto* tables = value.as_array();
        if (key.str() != "rules" || tables == nullptr) {
            return mistake(origin, value.source(), "unknown key '" + std::string(key.str()) + "'; only [[rules]] is known");
        }
        for (const auto& element : *tables) {
            const auto* table = element.as_table();
            if (table == nullptr) {
                return mistake(origin, element.source(), "'rules' must be a list of tables: write [[rules]]");
            }
            auto rule = RuleReader(*table, origin).read();
            if (!rule) {
                return rule.error();
            }
            rules.push_back(std::move(*rule));
        }
    }
    if (rules.empty()) {
        return Error(ErrorCode::usage, origin + ": holds no [[rules]]");
    }
    return rules;
}

Result<std::vector<Rule>> load_rules(const std::vector<fs::path>& files)
{
    auto rules = parse_pattern_file(embedded_patterns, "built in");
    if (!rules) {
        return rules.error();
    }
    for (const auto& given : files) {
        const auto paths = pattern_files_in(given);
        if (!paths) {
            return paths.error();
        }
        for (const auto& path : *paths) {
            const auto text = read_small_file(path);
            if (!text) {
                return Error(ErrorCode::usage, text.error().message()).within("pattern file");
            }
            auto more = parse_pattern_file(*text, path.string());
            if (!more) {
                return more.error().within("pattern file");
            }
            add_rules(*rules, std::move(*more));
        }
    }
    return rules;
}

}  // namespace r8scan
