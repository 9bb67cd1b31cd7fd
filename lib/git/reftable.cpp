#include "git/reftable.h"

#include "git/reftable_table.h"
#include "util/mapped_file.h"

#include <functional>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr const char* unreadable = "unreadable table of refs";
constexpr const char* advice = "run `git refs verify` or `git fsck`, and restore the table from another clone";

struct OpenTable {
    fs::path path;
    MappedFile file;
};

struct LogEntry {
    ObjectId old_id;
    ObjectId new_id;
    std::string line;
};

// Newest first, as git shows them.
using LogEntries = std::map<std::uint64_t, LogEntry, std::greater<>>;

// As a line of a file below logs/.
std::string line_of(const ReftableLog& log)
{
    const bool is_negative = log.zone < 0;
    const auto zone = std::to_string(is_negative ? -int{log.zone} : int{log.zone});
    auto line = log.old_id.hex() + ' ' + log.new_id.hex() + ' ';
    line.append(log.person).append(" <").append(log.email).append("> ").append(std::to_string(log.time));
    line.append(is_negative ? " -" : " +").append(zone.size() < 4 ? 4 - zone.size() : 0, '0').append(zone);
    auto message = log.message;
    while (message.ends_with('\n')) {
        message.remove_suffix(1);
    }
    if (!message.empty()) {
        line.append("\t").append(message);
    }
    for (auto& c : line) {
        c = c == '\n' ? ' ' : c;
    }
    return line + '\n';
}

// What a person wrote, without the ids: these change when an entry before is deleted.
std::string_view words_of(const LogEntry& entry)
{
    return std::string_view(entry.line).substr(2 * (2 * std::size_t{entry.new_id.size} + 1));
}

class StackReader {
public:
    StackReader(const fs::path& folder, HashAlgorithm algorithm, Problems& problems)
        : m_folder(folder), m_algorithm(algorithm), m_problems(problems)
    {
    }

    ReftableStack read()
    {
        open_tables();
        for (const auto& table : m_tables) {
            const ReftableVisitor visitor{[&](const ReftableRef& ref) { take(ref); },
                                          [&](const ReftableLog& log) { take(log); }};
            if (const auto read = read_reftable(table.file.bytes(), m_algorithm, visitor); !read) {
                complain(read.error().within(quoted(table.path)).message());
            }
            if (const auto same = table.file.unchanged(); !same) {
                complain(same.error().message());
            }
        }
        for (auto& [name, log] : m_logs) {
            ReftableReflog reflog;
            reflog.name = name;
            for (const auto& [index, entry] : log.entries) {
                const bool is_mark = entry.old_id.is_zero() && entry.new_id.is_zero();  // that there is a reflog
                if (!is_mark) {
                    reflog.ids.push_back(entry.new_id);
                    reflog.lines += entry.line;
                    m_before = entry.old_id;
                }
            }
            if (!reflog.ids.empty()) {
                reflog.ids.push_back(m_before);
            }
            reflog.deleted_lines = std::move(log.deleted_lines);
            m_stack.reflogs.push_back(std::move(reflog));
        }
        return std::move(m_stack);
    }

private:
    struct Log {
        LogEntries entries;
        std::string deleted_lines;
    };

    // Whoever takes tables away has put a new list in place before: a table that is missing from a list that did not
    // change was lost.
    void open_tables()
    {
        constexpr int most_tries = 10;
        std::string before;
        for (int left = most_tries; left > 0; --left) {
            const auto list = read_small_file(m_folder / "tables.list", 1U << 20U);
            if (!list) {
                return complain(list.error().message());
            }
            m_tables.clear();
            std::vector<std::string> errors;
            const bool all_there = open_listed(*list, errors);
            if (all_there || left == 1 || *list == before) {
                for (auto& error : errors) {
                    complain(std::move(error));
                }
                return;
            }
            before = *list;
        }
    }

    // False where a table is not there.
    bool open_listed(std::string_view list, std::vector<std::string>& errors)
    {
        bool all_there = true;
        std::set<std::string_view> names;
        while (!list.empty()) {
            const auto end = std::min(list.find('\n'), list.size());
            const auto name = list.substr(0, end);
            list.remove_prefix(std::min(end + 1, list.size()));
            const auto path = m_folder / name;
            const bool is_file_name = name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
            if (name.empty() || !is_file_name) {
                errors.push_back(quoted(m_folder / "tables.list") + ": a line that names no table");
            } else if (!names.insert(name).second) {
                errors.push_back(quoted(path) + ": is listed twice");
            } else if (std::error_code error; fs::is_symlink(fs::symlink_status(path, error))) {
                errors.push_back(quoted(path) + ": not a regular file");
            } else if (auto file = MappedFile::open(path); file) {
                m_tables.push_back({path, std::move(*file)});
            } else {
                all_there = all_there && file.error().code() != ErrorCode::not_found;
                errors.push_back(file.error().message());
            }
        }
        return all_there;
    }

    void take(const ReftableRef& ref)
    {
        std::string name(ref.name);
        switch (ref.kind) {
            case ReftableRef::Kind::deleted:
                m_stack.values.erase(name);
                m_stack.deleted.insert(std::move(name));
                return;
            case ReftableRef::Kind::symbolic:
                m_stack.values[name] = "ref: " + std::string(ref.points_to);
                break;
            case ReftableRef::Kind::id:
            case ReftableRef::Kind::tag:
                m_stack.values[name] = ref.id.hex();
                break;
        }
        m_stack.deleted.erase(name);
    }

    void take(const ReftableLog& record)
    {
        auto& log = m_logs[std::string(record.name)];
        LogEntry entry;
        if (!record.deleted) {
            entry = {record.old_id, record.new_id, line_of(record)};
        }
        const auto at = log.entries.find(record.update_index);
        if (at != log.entries.end()) {
            if (record.deleted || words_of(at->second) != words_of(entry)) {
                log.deleted_lines += at->second.line;
            }
            log.entries.erase(at);
        }
        if (!record.deleted) {
            log.entries.emplace(record.update_index, std::move(entry));
        }
    }

    void complain(std::string example) { m_problems.add(unreadable, std::move(example), advice); }

    const fs::path& m_folder;
    HashAlgorithm m_algorithm;
    Problems& m_problems;
    std::vector<OpenTable> m_tables;
    ReftableStack m_stack;
    std::map<std::string, Log> m_logs;
    ObjectId m_before;
};

}  // namespace

ReftableStack read_reftable_stack(const fs::path& folder, HashAlgorithm algorithm, Problems& problems)
{
    return StackReader(folder, algorithm, problems).read();
}

}  // namespace r8scan::git
