// From TOML to rules. Loading files and merging them is in pattern_file.cpp.
#include "match/encoded_anchors.h"
#include "match/pattern_file.h"
#include "util/toml_reader.h"

#include <algorithm>

namespace r8scan {

namespace {

const std::vector<std::string> encodings = {"utf-16", "base64", "hex", "escapes", "joined", "containers"};
constexpr std::size_t least_literal = 4;

bool is_one_of(const std::string& name, std::initializer_list<const char*> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

class PatternReader {
public:
    explicit PatternReader(const std::string& origin) : m_origin(origin), m_toml(origin) {}

    Result<PatternFile> read(const toml::table& document)
    {
        for (const auto& [key, value] : document) {
            top_level(std::string(key.str()), value);
        }
        for (const auto& allowlist : m_global) {
            allowlist.add_to(m_file.rules);
        }
        if (m_toml.error()) {
            return *m_toml.error();
        }
        if (m_extends_default) {
            m_file.for_earlier_rules = std::move(m_global);
        } else if (m_file.rules.empty() && !m_global.empty()) {
            return Error(ErrorCode::usage, m_origin + ": holds an allowlist and no [[rules]]: for the built-in rules write "
                                                      "[extend] and useDefault = true");
        } else if (m_file.rules.empty() && m_file.disabled.empty()) {
            return Error(ErrorCode::usage, m_origin + ": holds no [[rules]]");
        }
        return std::move(m_file);
    }

private:
    void top_level(const std::string& name, const toml::node& value)
    {
        if (name == "rules") {
            each_table(value, "[[rules]]", [&](const toml::table& table) { rule(table); });
        } else if (name == "allowlist" || name == "allowlists") {
            each_table(value, "[[allowlists]]", [&](const toml::table& table) {
                std::vector<std::string> targets;
                auto list = allowlist(table, &targets);
                m_global.push_back({std::move(list), std::move(targets)});
            });
        } else if (name == "extend") {
            extend(value);
        } else if (!is_one_of(name, {"title", "description", "minVersion"})) {
            m_toml.fail(value, "unknown key '" + name +
                                   "'; known are [[rules]], [[allowlists]], [extend], title, description, minVersion");
        }
    }

    // A list of tables, or one table.
    template <typename OnTable>
    void each_table(const toml::node& node, const char* name, OnTable&& on_table)
    {
        if (const auto* table = node.as_table()) {
            return on_table(*table);
        }
        const auto* array = node.as_array();
        if (array == nullptr) {
            return m_toml.fail(node, std::string("must be a list of tables: write ") + name);
        }
        for (const auto& element : *array) {
            if (const auto* table = element.as_table()) {
                on_table(*table);
            } else {
                m_toml.fail(element, std::string("must be a list of tables: write ") + name);
            }
        }
    }

    void note(const toml::node& node, const std::string& what) { m_file.notes.push_back(m_toml.place(node) + ": " + what); }

    void extend(const toml::node& node)
    {
        const auto* table = node.as_table();
        if (table == nullptr) {
            return m_toml.fail(node, "'extend' must be a table");
        }
        for (const auto& [key, value] : *table) {
            const std::string name(key.str());
            if (name == "disabledRules") {
                m_toml.texts(value, name, m_file.disabled);
            } else if (name == "useDefault") {
                use_default(value);
            } else if (is_one_of(name, {"path", "url"})) {
                note(value, "'extend." + name + "' is not followed: give that file to --patterns too");
            } else {
                m_toml.fail(value, "unknown key '" + name + "' in [extend]");
            }
        }
    }

    // The built-in rules are always used; with useDefault the allowlists here are theirs too.
    void use_default(const toml::node& node)
    {
        if (!node.is_boolean()) {
            return m_toml.fail(node, "'extend.useDefault' must be true or false");
        }
        m_extends_default = *node.value<bool>();
        if (!m_extends_default) {
            note(node, "the built-in rules are used all the same: [extend] disabledRules takes them away");
        }
    }

    void rule(const toml::table& table)
    {
        Rule rule;
        rule.origin = m_origin;
        rule.line = table.source().begin.line;
        bool has_encodings = false;
        for (const auto& [key, value] : table) {
            const std::string name(key.str());
            has_encodings = has_encodings || name == "encodings";
            rule_key(name, value, rule);
        }
        if (rule.id.empty() || (rule.regex.empty() && rule.path.empty())) {
            m_toml.fail(table, "a rule needs an id and a regex");
        }
        if (!has_encodings) {
            rule.encodings = {"utf-16"};
        } else {
            check_encodings(table, rule);
        }
        m_file.rules.push_back(std::move(rule));
    }

    void rule_key(const std::string& name, const toml::node& value, Rule& rule)
    {
        std::size_t choice = 0;
        if (name == "id") {
            m_toml.text(value, name, rule.id);
        } else if (name == "description") {
            m_toml.text(value, name, rule.description);
        } else if (name == "regex") {
            m_toml.text(value, name, rule.regex);
        } else if (name == "path") {
            m_toml.text(value, name, rule.path);
        } else if (name == "why") {
            m_toml.text(value, name, rule.why);
        } else if (name == "secretGroup") {
            double group = 0;
            m_toml.number(value, name, group);
            rule.secret_group = static_cast<unsigned>(group);
        } else if (name == "entropy") {
            m_toml.number(value, name, rule.entropy);
        } else if (name == "keywords") {
            m_toml.texts(value, name, rule.keywords);
            std::erase(rule.keywords, "");
        } else if (name == "tags") {
            m_toml.texts(value, name, rule.tags);
        } else if (name == "anchors") {
            m_toml.texts(value, name, rule.anchors);
        } else if (name == "examples") {
            m_toml.texts(value, name, rule.examples);
        } else if (name == "negative_examples") {
            m_toml.texts(value, name, rule.negative_examples);
        } else if (name == "encodings") {
            m_toml.texts(value, name, rule.encodings);
        } else if (name == "boundary") {
            m_toml.choice(value, name, {"token", "none"}, choice);
            rule.boundary = choice == 0 ? BoundaryKind::token : BoundaryKind::none;
        } else if (name == "confidence") {
            m_toml.choice(value, name, {"low", "medium", "high"}, choice);
            rule.confidence = static_cast<Confidence>(choice);
        } else if (name == "allowlist" || name == "allowlists") {
            each_table(value, "[[rules.allowlists]]",
                       [&](const toml::table& table) { rule.allowlists.push_back(allowlist(table, nullptr)); });
        } else if (is_one_of(name, {"required", "skipReport", "report", "verify", "severity"})) {
            note(value, "'" + name + "' of a rule is not heeded");
        } else {
            m_toml.fail(value, "unknown key '" + name + "'; known are id, description, regex, path, secretGroup, entropy, "
                               "keywords, tags, allowlists, anchors, boundary, confidence, why, encodings, examples, "
                               "negative_examples");
        }
    }

    Allowlist allowlist(const toml::table& table, std::vector<std::string>* target_rules)
    {
        Allowlist list;
        std::size_t choice = 0;
        for (const auto& [key, value] : table) {
            const std::string name(key.str());
            if (name == "description") {
                m_toml.text(value, name, list.description);
            } else if (name == "condition") {
                m_toml.choice(value, name, {"OR", "AND", "or", "and", "||", "&&"}, choice);
                list.all = choice % 2 == 1;
            } else if (name == "commits") {
                m_toml.texts(value, name, list.commits);
            } else if (name == "paths") {
                m_toml.texts(value, name, list.paths);
            } else if (name == "regexes") {
                m_toml.texts(value, name, list.regexes);
            } else if (name == "stopwords") {
                m_toml.texts(value, name, list.stopwords);
            } else if (name == "regexTarget") {
                m_toml.choice(value, name, {"secret", "match", "line"}, choice);
                list.target = static_cast<Allowlist::Target>(choice);
            } else if (name == "targetRules" && target_rules != nullptr) {
                m_toml.texts(value, name, *target_rules);
            } else {
                m_toml.fail(value, "unknown key '" + name + "' in an allowlist; known are description, condition, commits, "
                                   "paths, regexes, regexTarget, stopwords, and in a global one targetRules");
            }
        }
        return list;
    }

    void check_encodings(const toml::table& table, const Rule& rule)
    {
        const auto& node = *table.get("encodings");
        const auto head = head_of(rule.regex);
        // Three characters will do where the next one is known to be of a class.
        const auto known = head.literal.size() + (head.next.all() ? 0U : 1U);
        for (const auto& name : rule.encodings) {
            if (std::find(encodings.begin(), encodings.end(), name) == encodings.end()) {
                std::string list;
                for (const auto& encoding : encodings) {
                    list += (list.empty() ? "\"" : ", \"") + encoding + '"';
                }
                m_toml.fail(node, "unknown encoding \"" + name + "\"; known are " + list);
            } else if (name != "utf-16" && name != "containers" && known < least_literal) {
                m_toml.fail(node, "\"" + name + "\" needs a regex that begins with at least four plain characters");
            }
        }
    }

    const std::string& m_origin;
    TomlReader m_toml;
    PatternFile m_file;
    std::vector<GlobalAllowlist> m_global;
    bool m_extends_default = false;
};

}  // namespace

Result<PatternFile> parse_pattern_file(std::string_view text, const std::string& origin)
{
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return Error(ErrorCode::usage, origin + ":" + std::to_string(error.source().begin.line) + ": " +
                                           std::string(error.description()));
    }
    return PatternReader(origin).read(document);
}

}  // namespace r8scan
