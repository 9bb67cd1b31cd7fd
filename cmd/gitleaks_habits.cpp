#include "cmd/gitleaks_habits.h"

#include "cmd/gitleaks_log_opts.h"
#include "cmd/gitleaks_table.h"
#include "cmd/option_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace r8scan::cmd {
namespace {

Error usage(std::string message)
{
    return {ErrorCode::usage, std::move(message)};
}

const OptionSpec* our_option(std::string_view name, char letter)
{
    const auto table = option_table();
    const auto found = std::find_if(table.begin(), table.end(), [&](const OptionSpec& option) {
        return letter != 0 ? option.letter == letter : option.name == name;
    });
    return found == table.end() ? nullptr : &*found;
}

const Habit* habit_of(std::string_view name, char letter)
{
    const auto found = std::find_if(gitleaks_habits.begin(), gitleaks_habits.end(), [&](const Habit& habit) {
        return letter != 0 ? habit.letter == letter : habit.name == name;
    });
    return found == gitleaks_habits.end() ? nullptr : &*found;
}

/// The format that gitleaks takes for the name of a report.
std::string_view format_of(std::string_view file)
{
    using Ending = std::pair<std::string_view, std::string_view>;
    for (const auto& [ending, format] : std::to_array<Ending>(
             {{".json", "json"}, {".csv", "csv"}, {".sarif", "sarif"}, {".xml", "junit"}})) {
        if (file.ends_with(ending)) {
            return format;
        }
    }
    return {};
}

class Translator {
public:
    explicit Translator(const std::vector<std::string>& words) : m_words(words) {}

    Result<Translated> translate()
    {
        while (m_at < m_words.size()) {
            const std::string& word = m_words[m_at++];
            if (word == "--") {
                m_out.words.push_back(word);
                m_out.words.insert(m_out.words.end(), m_words.begin() + static_cast<std::ptrdiff_t>(m_at), m_words.end());
                break;
            }
            if (Result<void> taken = take(word); !taken) {
                return taken.error();
            }
        }
        if (Result<void> done = complete(); !done) {
            return done.error();
        }
        return std::move(m_out);
    }

private:
    Result<void> take(const std::string& word)
    {
        if (word.size() < 2 || word.front() != '-') {
            return take_argument(word);
        }
        const bool is_long = word[1] == '-';
        const std::size_t equals = word.find('=');
        const std::string name = is_long ? word.substr(2, equals == std::string::npos ? equals : equals - 2) : "";
        const char letter = is_long ? '\0' : word[1];
        const bool is_joined = is_long ? equals != std::string::npos : word.size() > 2;
        if (const OptionSpec* const option = our_option(name, letter)) {
            m_has_format = m_has_format || option->name == "format";
            m_out.words.push_back(word);
            if (option->arity != Arity::flag && !is_joined && m_at < m_words.size()) {
                m_out.words.push_back(m_words[m_at++]);
            }
            return {};
        }
        const Habit* const habit = habit_of(name, letter);
        if (habit == nullptr) {
            m_out.words.push_back(word);  // the parser says what is wrong with it
            return {};
        }
        if (habit->takes == Takes::nothing && is_long && is_joined && word.ends_with("=false")) {
            return {};
        }
        m_origin = is_long ? "--" + name : word.substr(0, 2);
        std::optional<std::string> value;
        if (is_joined && habit->takes != Takes::nothing) {
            value = is_long ? word.substr(equals + 1) : word.substr(word[2] == '=' ? 3 : 2);
        } else if (habit->takes == Takes::value) {
            if (m_at == m_words.size()) {
                return usage(fmt::format("{} needs a value", m_origin));
            }
            value = m_words[m_at++];
        }
        return take_habit(*habit, value);
    }

    Result<void> take_argument(const std::string& word)
    {
        if (!m_command) {
            if (word == "detect" || word == "protect") {
                return old_command(word);
            }
            if (word == "version" || word == "help") {
                m_out.words.emplace_back(word == "help" ? "-h" : "--version");
                return {};
            }
            m_command = m_out.words.size();
            m_out.words.push_back(word == "file" || word == "directory" ? "dir" : word);
            return {};
        }
        m_arguments.push_back(m_out.words.size());
        m_out.words.push_back(word);
        return {};
    }

    Result<void> take_habit(const Habit& habit, const std::optional<std::string>& value)
    {
        switch (habit.becomes) {
            case Becomes::ours:
                m_out.words.emplace_back(habit.words);
                if (value) {
                    m_out.words.push_back(*value);
                    m_report = *value;
                }
                note(fmt::format("is {} here", habit.words));
                return {};
            case Becomes::nothing:
                note(fmt::format("has no effect: {}", habit.words));
                return {};
            case Becomes::refused:
                return refused(habit.words);
            case Becomes::own_way:
                break;
        }
        return take_own_way(habit.name, value.value_or(""));
    }

    Result<void> take_own_way(std::string_view name, const std::string& value)
    {
        if (name == "report-format") {
            return report_format(value);
        }
        if (name == "exit-code") {
            return exit_code(value);
        }
        if (name == "log-opts") {
            return log_opts(value);
        }
        if (name == "gitleaks-ignore-path") {
            return ignore_path(value);
        }
        if (name == "staged" || name == "pre-commit") {
            (name == "staged" ? m_staged : m_pre_commit) = true;
        } else if (name == "source") {
            m_source = value;
            note(fmt::format("is an argument here: r8scan git {}", value));
        } else if (value == "0") {
            m_out.warnings.emplace_back("--redact=0 has no effect: tokens are redacted, and --show-secrets writes them");
        } else {
            note("has no effect: tokens are always redacted whole");
        }
        return {};
    }

    Result<void> report_format(const std::string& value)
    {
        if (value == "template") {
            return refused("there are no templates: -f csv and -f jsonl are easily turned into anything");
        }
        m_has_format = true;
        m_out.words.insert(m_out.words.end(), {"--format", value});
        note(value == "json" ? "is --format here, whose json has records of its own; --format gitleaks has those of gitleaks"
                             : "is --format here");
        return {};
    }

    Result<void> exit_code(const std::string& value)
    {
        if (value == "0") {
            m_out.words.emplace_back("--exit-zero");
            note("is --exit-zero here");
        } else if (value != "1") {
            return refused("exit codes are fixed, 1 where something was found and 3 where not everything was read: "
                           "--exit-zero makes 0 of 1");
        } else {
            note("has no effect: 1 is the exit code where something was found");
        }
        return {};
    }

    Result<void> log_opts(const std::string& value)
    {
        Result<LogOptions> options = translate_log_opts(value);
        if (!options) {
            return options.error();
        }
        m_out.words.insert(m_out.words.end(), options->words.begin(), options->words.end());
        m_out.notes.insert(m_out.notes.end(), options->notes.begin(), options->notes.end());
        for (std::size_t i = 0; i + 1 < options->words.size(); i += 2) {
            note(fmt::format("is {} {} here", options->words[i], options->words[i + 1]));
        }
        return {};
    }

    Result<void> ignore_path(const std::string& value)
    {
        for (const std::string_view usual : {".", "./", ".gitleaksignore", "./.gitleaksignore"}) {
            if (value == usual) {
                note("has no effect: .gitleaksignore at the root of what is scanned is read anyway, as HEAD has it");
                return {};
            }
        }
        return refused(".gitleaksignore at the root of the repository is read as HEAD has it; --no-repo-config heeds none, "
                       "and --baseline-path FILE leaves out what an earlier report has");
    }

    /// What gitleaks' commands of before 8.19 are called here, for this very line.
    [[nodiscard]] Error old_command(const std::string& command) const
    {
        const auto has = [&](std::string_view word) {
            return std::find(m_words.begin(), m_words.end(), word) != m_words.end();
        };
        std::string source;
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            const std::string& word = m_words[i];
            if ((word == "-s" || word == "--source") && i + 1 < m_words.size()) {
                source = m_words[i + 1];
            } else if (word.starts_with("--source=") || word.starts_with("-s=")) {
                source = word.substr(word.find('=') + 1);
            }
        }
        const bool elsewhere = !source.empty() && source != ".";
        if (command == "protect") {
            return usage(fmt::format("gitleaks' \"protect\" is `r8scan staged` here{}{}",
                                     elsewhere ? fmt::format(", in the folder {}", source) : "",
                                     has("--staged") ? "" : "; what is not staged yet is read by `r8scan git --worktree`"));
        }
        if (has("--pipe")) {
            return usage("gitleaks' \"detect --pipe\" is `r8scan stdin` here");
        }
        if (has("--no-git")) {
            return usage(fmt::format("gitleaks' \"detect --no-git\" is `r8scan dir {}` here", elsewhere ? source : "."));
        }
        return usage(fmt::format("gitleaks' \"detect\" is `r8scan git{}` here", elsewhere ? " " + source : ""));
    }

    Result<void> complete()
    {
        if (!m_source.empty()) {
            m_arguments.push_back(m_out.words.size());
            m_out.words.push_back(m_source);
        }
        if (!m_report.empty() && !m_has_format) {
            if (const std::string_view format = format_of(m_report); !format.empty()) {
                m_out.words.insert(m_out.words.begin(), {"--format", std::string(format)});
                m_out.notes.push_back(fmt::format("the name of the report means --format {}", format));
                m_command = m_command ? std::optional(*m_command + 2) : m_command;
                std::for_each(m_arguments.begin(), m_arguments.end(), [](std::size_t& at) { at += 2; });
            }
        }
        return m_staged || m_pre_commit ? staged() : Result<void>();
    }

    /// `git --staged [REPO]` is a command of its own here.
    Result<void> staged()
    {
        m_origin = m_staged ? "--staged" : "--pre-commit";
        if (!m_staged) {
            return refused("what is not staged yet is read by `r8scan git --worktree`, what a commit would record by "
                           "`r8scan staged`");
        }
        if (!m_command || m_out.words[*m_command] != "git") {
            return refused("`r8scan staged` reads what a commit would record");
        }
        if (m_arguments.size() > 1 || (m_arguments.size() == 1 && m_out.words[m_arguments.front()] != ".")) {
            return refused("`r8scan staged` reads the repository you are in: go to the folder first");
        }
        m_out.words[*m_command] = "staged";
        if (!m_arguments.empty()) {
            m_out.words.erase(m_out.words.begin() + static_cast<std::ptrdiff_t>(m_arguments.front()));
        }
        m_out.notes.emplace_back("git --staged is `r8scan staged` here");
        return {};
    }

    void note(std::string_view what) { m_out.notes.push_back(fmt::format("{} {}", m_origin, what)); }
    [[nodiscard]] Error refused(std::string_view words) const
    {
        return usage(fmt::format("{} is gitleaks': {}", m_origin, words));
    }

    const std::vector<std::string>& m_words;
    std::size_t m_at = 0;
    Translated m_out;
    std::string m_origin;                  // of the option that is being taken, as typed
    std::optional<std::size_t> m_command;  // where it stands in the words
    std::vector<std::size_t> m_arguments;  // where they stand
    std::string m_source;                  // the value of --source
    std::string m_report;                  // the file of --report-path
    bool m_has_format = false;
    bool m_staged = false;
    bool m_pre_commit = false;
};

}  // namespace

Result<Translated> translate_gitleaks(const std::vector<std::string>& words)
{
    return Translator(words).translate();
}

}  // namespace r8scan::cmd
