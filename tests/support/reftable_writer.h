// Writes reftables byte by byte, and turns a built repository into one whose refs are stored so: git 2.39 cannot.
//
// Records are sorted on the way out and cut into blocks; index blocks, a block of objects and padding are written where
// they are asked for. Names, types and values are taken as given, so a test may write what git would refuse.
// Format: https://git-scm.com/docs/reftable
#pragma once

#include "tests/support/repo_builder.h"

namespace r8scan::test {

struct ReftableOptions {
    Hash hash = Hash::sha1;
    unsigned version = 0;  // 0: 1 for SHA-1, 2 for SHA-256
    std::uint32_t block_size = 4096;
    bool aligned = true;  // else no padding, and 0 in the header
    std::size_t restart_interval = 16;
    bool indexes = true;   // written where there is more than one block
    bool objects = false;  // one block of the map from objects to refs
};

struct ReftableLogLine {
    Id from;
    Id to;
    std::string person = "A U Thor";
    std::string email = "author@example.com";
    std::uint64_t time = 1700000000;
    int zone = 0;
    std::string message = {};
};

class ReftableWriter {
public:
    ReftableWriter(std::uint64_t min_update_index, std::uint64_t max_update_index, ReftableOptions options = {});

    void ref(const std::string& name, const Id& id);
    void tag(const std::string& name, const Id& id, const Id& peeled);
    void symbolic_ref(const std::string& name, const std::string& target);
    void deleted_ref(const std::string& name);
    void log(const std::string& ref, std::uint64_t update_index, const ReftableLogLine& line);
    void deleted_log(const std::string& ref, std::uint64_t update_index);
    /// A record with this type and these bytes for a value.
    void raw_ref(const std::string& name, unsigned type, const std::string& value);

    [[nodiscard]] std::string bytes() const;

private:
    struct Record {
        unsigned type = 0;
        std::string value;
    };
    std::uint64_t m_min;
    std::uint64_t m_max;
    ReftableOptions m_options;
    std::map<std::string, Record> m_refs;
    std::map<std::string, Record> m_logs;
};

/// Writes the tables and tables.list into `folder` ("…/reftable"); the first is the oldest.
void write_reftable_stack(const std::filesystem::path& folder, const std::vector<std::string>& tables);

/// Moves the refs and reflogs of a repository made by RepoBuilder, linked work trees' too, from files into reftables,
/// and says so in its configuration.
void store_refs_as_reftable(RepoBuilder& repo, ReftableOptions options = {});

}  // namespace r8scan::test
