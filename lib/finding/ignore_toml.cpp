// The repository's .r8scan.toml. It may say what may stay and nothing else: what is scanned, how, and whom r8scan talks
// to is never for a repository to say.
#include "finding/fingerprint.h"
#include "finding/ignore_list.h"
#include "util/suggest.h"

#include <toml++/toml.h>

#include <array>

namespace r8scan {

namespace {

std::string date_of(const toml::node& node)
{
    if (const auto date = node.value<toml::date>(); date && node.is_date()) {
        char text[16];
        const auto digit = [](unsigned value) { return static_cast<char>('0' + value % 10); };
        const unsigned year = date->year;
        std::size_t at = 0;
        for (const char c :
             {digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-', digit(date->month / 10U),
              digit(date->month), '-', digit(date->day / 10U), digit(date->day)}) {
            text[at++] = c;
        }
        return {text, at};
    }
    return node.value_or<std::string>("");
}

}  // namespace

void IgnoreList::add_toml(std::string_view text, const std::string& name)
{
    toml::table document;
    try {
        document = toml::parse(text);
    } catch (const toml::parse_error& error) {
        return mistake(name + ':' + std::to_string(error.source().begin.line),
                       "the file is not read: " + std::string(error.description()));
    }
    const auto place = [&](const toml::source_region& region) {
        return name + ':' + std::to_string(region.begin.line);
    };

    // One table: any number of subjects, which share date and reason.
    const auto add_table = [&](const toml::table& table) {
        static constexpr std::array<std::string_view, 5> known{"path", "fingerprint", "token_sha256", "until",
                                                               "reason"};
        Entry entry;
        entry.by = "repository configuration";
        entry.origin = place(table.source());
        std::vector<std::pair<std::string, std::string>> subjects;
        for (const auto& [key, value] : table) {
            const std::string word(key.str());
            if (word == "until") {
                entry.until = date_of(value);
                if (!is_date(entry.until)) {
                    return mistake(place(value.source()), "'until' must be a date as in until = 2027-01-31");
                }
            } else if (word == "reason" && value.is_string()) {
                entry.reason = value.value_or<std::string>("");
            } else if (word == "path" || word == "fingerprint" || word == "token_sha256") {
                if (value.is_string()) {
                    subjects.emplace_back(word, value.value_or<std::string>(""));
                } else if (const auto* list = value.as_array()) {
                    for (const auto& item : *list) {
                        subjects.emplace_back(word, item.value_or<std::string>(""));
                    }
                } else {
                    return mistake(place(value.source()), "'" + word + "' must be a string or a list of strings");
                }
            } else {
                const auto meant = nearest(word, known);
                return mistake(place(key.source()), "unknown key '" + word + "' in [[ignore]]" +
                                                        (meant ? ": did you mean '" + std::string(*meant) + "'?" : ""));
            }
        }
        if (subjects.empty()) {
            return mistake(entry.origin, "[[ignore]] names no path, fingerprint or token_sha256");
        }
        for (const auto& [word, subject] : subjects) {
            entry.text = subject;
            if (word == "path") {
                add_glob(entry);
            } else if (word == "fingerprint" ? is_fingerprint(subject) : is_token_hash(subject)) {
                entry.kind = word == "fingerprint" ? Kind::fingerprint : Kind::token;
                add(entry);
            } else {
                mistake(entry.origin, "what is given as " + word + " is none");
            }
        }
    };

    for (const auto& [key, value] : document) {
        const std::string word(key.str());
        const auto* list = value.as_array();
        if (word != "ignore") {
            static constexpr std::array<std::string_view, 1> known{"ignore"};
            mistake(place(key.source()), nearest(word, known)
                                             ? "unknown key '" + word + "': did you mean [[ignore]]?"
                                             : "'" + word +
                                                   "' is not for a repository to set, and says nothing here: "
                                                   "only [[ignore]] does");
        } else if (list == nullptr) {
            mistake(place(value.source()), "'ignore' must be a list of tables: write [[ignore]]");
        } else {
            for (const auto& item : *list) {
                if (const auto* table = item.as_table()) {
                    add_table(*table);
                } else {
                    mistake(place(item.source()), "'ignore' must be a list of tables: write [[ignore]]");
                }
            }
        }
    }
}

}  // namespace r8scan
