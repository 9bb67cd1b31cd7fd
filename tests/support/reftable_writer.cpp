#include "tests/support/reftable_writer.h"

#include "tests/support/temp_dir.h"
#include "tests/support/zlib_stream.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <sstream>

namespace r8scan::test {

namespace fs = std::filesystem;

namespace {

std::string big_endian(std::uint64_t value, unsigned bytes)
{
    std::string out;
    for (unsigned i = bytes; i > 0; --i) {
        out += static_cast<char>((value >> (8 * (i - 1))) & 0xffU);
    }
    return out;
}

std::string varint(std::uint64_t value)
{
    std::string out(1, static_cast<char>(value & 0x7fU));
    while ((value >>= 7U) != 0) {
        --value;
        out.insert(out.begin(), static_cast<char>(0x80U | (value & 0x7fU)));
    }
    return out;
}

std::string sized(const std::string& text)
{
    return varint(text.size()) + text;
}

// The records of one block and its restart points.
struct Block {
    std::string bytes;  // behind the header
    std::vector<std::size_t> restarts;
    std::string last_key;
    std::size_t records = 0;
};

struct Placed {
    std::string last_key;
    std::size_t position;
};

class FileWriter {
public:
    FileWriter(std::string header, const ReftableOptions& options) : m_out(std::move(header)), m_options(options) {}

    template <typename Records>
    void section(char type, const Records& records)
    {
        std::vector<Placed> placed;
        Block block;
        const auto full = [&](std::size_t more) {
            return block.bytes.size() + more + 3 * (block.restarts.size() + 1) + 2 + header_of_block() >
                   m_options.block_size;
        };
        for (const auto& [key, record] : records) {
            if (block.records != 0 && full(key.size() + record.value.size() + 10)) {
                placed.push_back({block.last_key, finish(type, block)});
                block = {};
            }
            add(block, key, record.type, record.value);
        }
        if (block.records != 0) {
            placed.push_back({block.last_key, finish(type, block)});
        }
        if (m_options.indexes && placed.size() > 1) {
            Block index;
            for (const auto& [key, position] : placed) {
                add(index, key, 0, varint(position));
            }
            (type == 'r' ? ref_index : log_index) = finish('i', index);
        }
    }

    // One key that no ref has.
    void objects()
    {
        Block block;
        add(block, "\x01\x02", 1, varint(0));
        object_block = finish('o', block);
    }

    [[nodiscard]] std::string finish_file(const std::string& header) const
    {
        const auto footer = header + big_endian(ref_index, 8) +
                            big_endian(object_block == 0 ? 0 : object_block << 5U | 2U, 8) + big_endian(0, 8) +
                            big_endian(log_block, 8) + big_endian(log_index, 8);
        const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(footer.data()), static_cast<uInt>(footer.size()));
        return m_out + footer + big_endian(crc, 4);
    }

    std::size_t ref_index = 0;
    std::size_t object_block = 0;
    std::size_t log_block = 0;
    std::size_t log_index = 0;

private:
    [[nodiscard]] bool is_first() const { return m_blocks == 0; }
    [[nodiscard]] std::size_t header_of_block() const { return (is_first() ? m_out.size() : 0) + 4; }

    void add(Block& block, const std::string& key, unsigned type, const std::string& value) const
    {
        std::size_t shared = 0;
        if (block.records % m_options.restart_interval == 0) {
            block.restarts.push_back(header_of_block() + block.bytes.size());
        } else {
            shared = static_cast<std::size_t>(
                std::mismatch(key.begin(), key.end(), block.last_key.begin(), block.last_key.end()).first -
                key.begin());
        }
        block.bytes += varint(shared) + varint((key.size() - shared) << 3U | type) + key.substr(shared) + value;
        block.last_key = key;
        ++block.records;
    }

    std::size_t finish(char type, Block& block)
    {
        if (m_options.aligned && !is_first() && type != 'g') {
            pad();
        }
        const auto start = is_first() ? 0 : m_out.size();
        const auto header = header_of_block();
        for (const auto restart : block.restarts) {
            block.bytes += big_endian(restart, 3);
        }
        block.bytes += big_endian(block.restarts.size(), 2);
        if (type == 'g' && log_block == 0) {
            log_block = start;
        }
        m_out +=
            type + big_endian(header + block.bytes.size(), 3) + (type == 'g' ? deflated(block.bytes) : block.bytes);
        ++m_blocks;
        return start;
    }

    void pad()
    {
        m_out.resize((m_out.size() + m_options.block_size - 1) / m_options.block_size * m_options.block_size);
    }

    std::string m_out;
    const ReftableOptions& m_options;
    std::size_t m_blocks = 0;
};

Id id_at(const std::string& line, std::size_t begin, std::size_t digits)
{
    return id_from_hex(std::string_view(line).substr(begin, digits));
}

// All that a folder of refs holds, into one table; the files go.
class Mover {
public:
    Mover(Hash hash, ReftableOptions options) : m_digits(2 * id_size(hash)), m_options(options) {}

    void move(const fs::path& folder)
    {
        std::vector<fs::path> files;
        for (const auto* const below : {"refs", "logs"}) {
            if (fs::exists(folder / below)) {
                for (const auto& entry : fs::recursive_directory_iterator(folder / below)) {
                    if (entry.is_regular_file()) {
                        files.push_back(entry.path());
                    }
                }
            }
        }
        std::uint64_t most_lines = 1;
        for (const auto& file : files) {
            const auto text = read_file(file);
            most_lines = std::max<std::uint64_t>(
                most_lines, static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
        }
        ReftableWriter table(1, most_lines, m_options);
        if (fs::exists(folder / "packed-refs")) {
            std::istringstream lines(read_file(folder / "packed-refs"));
            for (std::string line; std::getline(lines, line);) {
                if (line[0] != '#' && line[0] != '^') {
                    table.ref(line.substr(m_digits + 1), id_at(line, 0, m_digits));
                }
            }
            fs::remove(folder / "packed-refs");
        }
        add_ref(table, folder / "HEAD", "HEAD");
        for (const auto& file : files) {
            const auto name = file.lexically_relative(folder).string();
            if (name.starts_with("logs/")) {
                add_log(table, file, name.substr(5));
            } else {
                add_ref(table, file, name);
            }
        }
        fs::remove_all(folder / "logs");
        fs::remove_all(folder / "refs");
        write_file(folder / "refs" / "heads", "this repository uses the reftable format\n");
        write_file(folder / "HEAD", "ref: refs/heads/.invalid\n");
        write_reftable_stack(folder / "reftable", {table.bytes()});
    }

private:
    void add_ref(ReftableWriter& table, const fs::path& file, const std::string& name) const
    {
        auto text = read_file(file);
        text.pop_back();
        if (text.starts_with("ref: ")) {
            table.symbolic_ref(name, text.substr(5));
        } else {
            table.ref(name, id_at(text, 0, m_digits));
        }
    }

    // "from to Name <email> time +zone\tmessage"
    void add_log(ReftableWriter& table, const fs::path& file, const std::string& ref) const
    {
        std::istringstream lines(read_file(file));
        std::uint64_t index = 0;
        for (std::string line; std::getline(lines, line);) {
            ReftableLogLine entry;
            entry.from = id_at(line, 0, m_digits);
            entry.to = id_at(line, m_digits + 1, m_digits);
            const auto person = 2 * (m_digits + 1);
            const auto email = line.find(" <", person);
            const auto time = line.find("> ", email);
            entry.person = line.substr(person, email - person);
            entry.email = line.substr(email + 2, time - email - 2);
            std::istringstream numbers(line.substr(time + 2));
            numbers >> entry.time >> entry.zone;
            const auto tab = line.find('\t');
            entry.message = tab == std::string::npos ? "" : line.substr(tab + 1) + '\n';
            table.log(ref, ++index, entry);
        }
    }

    std::size_t m_digits;
    ReftableOptions m_options;
};

}  // namespace

ReftableWriter::ReftableWriter(std::uint64_t min_update_index, std::uint64_t max_update_index, ReftableOptions options)
    : m_min(min_update_index), m_max(max_update_index), m_options(options)
{
    if (m_options.version == 0) {
        m_options.version = m_options.hash == Hash::sha1 ? 1 : 2;
    }
}

void ReftableWriter::ref(const std::string& name, const Id& id)
{
    raw_ref(name, 1, id.raw);
}

void ReftableWriter::tag(const std::string& name, const Id& id, const Id& peeled)
{
    raw_ref(name, 2, id.raw + peeled.raw);
}

void ReftableWriter::symbolic_ref(const std::string& name, const std::string& target)
{
    raw_ref(name, 3, sized(target));
}

void ReftableWriter::deleted_ref(const std::string& name)
{
    raw_ref(name, 0, "");
}

void ReftableWriter::raw_ref(const std::string& name, unsigned type, const std::string& value)
{
    m_refs[name] = {type, varint(m_max - m_min) + value};
}

void ReftableWriter::log(const std::string& ref, std::uint64_t update_index, const ReftableLogLine& line)
{
    m_logs[ref + '\0' + big_endian(~update_index, 8)] = {
        1, line.from.raw + line.to.raw + sized(line.person) + sized(line.email) + varint(line.time) +
               big_endian(static_cast<std::uint16_t>(line.zone), 2) + sized(line.message)};
}

void ReftableWriter::deleted_log(const std::string& ref, std::uint64_t update_index)
{
    m_logs[ref + '\0' + big_endian(~update_index, 8)] = {0, ""};
}

std::string ReftableWriter::bytes() const
{
    auto header = "REFT" + std::string(1, static_cast<char>(m_options.version)) +
                  big_endian(m_options.aligned ? m_options.block_size : 0, 3) + big_endian(m_min, 8) +
                  big_endian(m_max, 8);
    if (m_options.version == 2) {
        header += m_options.hash == Hash::sha1 ? "sha1" : "s256";
    }
    FileWriter file(header, m_options);
    file.section('r', m_refs);
    if (m_options.objects) {
        file.objects();
    }
    file.section('g', m_logs);
    return file.finish_file(header);
}

void write_reftable_stack(const fs::path& folder, const std::vector<std::string>& tables)
{
    fs::create_directories(folder);
    std::string list;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto name = fmt::format("0x{0:012x}-0x{0:012x}-{1:08x}.ref", i + 1, 0x5eedU + i);
        write_file(folder / name, tables[i]);
        list += name + '\n';
    }
    write_file(folder / "tables.list", list);
}

void store_refs_as_reftable(RepoBuilder& repo, ReftableOptions options)
{
    options.hash = repo.hash();
    Mover mover(repo.hash(), options);
    if (fs::exists(repo.git_dir() / "worktrees")) {
        for (const auto& worktree : fs::directory_iterator(repo.git_dir() / "worktrees")) {
            mover.move(worktree.path());
        }
    }
    mover.move(repo.git_dir());
    repo.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
}

}  // namespace r8scan::test
