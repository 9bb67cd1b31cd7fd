// Makes the finding records: what was found, joined with the commit, the refs and the web page it belongs to.
#pragma once

#include "engine/attribution_input.h"
#include "engine/redactor.h"
#include "finding/link.h"
#include "util/problems.h"

#include <functional>

namespace r8scan {

/// The objects that entries stand for: those of a whole repository, or the few of a range.
class ObjectSource {
public:
    virtual ~ObjectSource() = default;
    /// Raw id; valid as long as the source.
    [[nodiscard]] virtual Bytes id(git::EntryIndex entry) const = 0;
    virtual Result<git::ReadObject> read(git::EntryIndex entry) = 0;
};

/// All objects of a repository. What has gone from where it was listed is read by find_again.
class TableSource : public ObjectSource {
public:
    using FindAgain = std::function<Result<git::ReadObject>(const git::ObjectId&)>;
    TableSource(const git::ObjectTable& table, const git::ReadLimits& limits, FindAgain find_again)
        : m_table(table), m_reader(table, limits), m_find_again(std::move(find_again))
    {
    }
    [[nodiscard]] Bytes id(git::EntryIndex entry) const override { return m_table.id(entry); }
    Result<git::ReadObject> read(git::EntryIndex entry) override
    {
        auto object = m_reader.read(entry);
        return object || object.error().code() != ErrorCode::not_found
                   ? std::move(object)
                   : m_find_again(git::ObjectId::from_raw(m_table.id(entry)));
    }

private:
    const git::ObjectTable& m_table;
    git::ObjectReader m_reader;
    FindAgain m_find_again;
};

class FindingBuilder {
public:
    struct Context {
        ObjectSource& objects;
        const Matcher& matcher;
        const TokenTable& tokens;
        const CommitGraph& graph;
        std::string repository;  // for Finding::repository; redacted by the caller's choice of text
        std::string remote_url;  // may be empty
        std::map<git::ObjectId, std::string> index_paths;
        Problems& problems;  // of commits that cannot be read again for their author and subject
    };

    explicit FindingBuilder(const Context& context);

    /// Places that attribution found, in its order.
    void add_places(const AttributionInput& input, const attribution::Output& output);
    /// Hits in commits and tags, and in blobs that no tree holds or that attribution could give no place.
    void add_loose_hits(const AttributionInput& input, const attribution::Output& output);
    /// One finding for each token in each object, without history (--no-attribution).
    void add_unattributed();

    /// All findings, by token; at most places_per_token of each, the others counted.
    std::vector<Finding> take(std::uint64_t places_per_token, std::uint64_t& not_listed);

private:
    Finding start(const TokenInObject& token, const ObjectTokens& object, std::optional<std::string> path);
    void add_commit(Finding& finding, CommitNumber commit);
    /// Empty where it cannot be read; `untold` goes into the problem that is made of that.
    std::optional<git::ReadObject> read_commit(CommitNumber commit, const char* untold);
    std::optional<std::string> date_of(CommitNumber commit);
    void add_reached_by(Finding& finding, CommitNumber commit);
    [[nodiscard]] std::string commit_hex(CommitNumber commit) const;
    std::shared_ptr<const std::vector<std::string>> names_of(const std::vector<attribution::Index>& tips,
                                                             const attribution::Input& input);
    [[nodiscard]] static const TokenInObject* token_in(const ObjectTokens& object, std::uint32_t token);

    const Context& m_context;
    Redactor m_redactor;
    LinkMaker m_links;
    std::map<CommitNumber, std::optional<std::string>> m_dates;  // of commits that removed something
    std::vector<std::vector<CommitNumber>> m_children;          // of each commit; made when the first commit has a hit
    std::vector<std::pair<std::uint32_t, Finding>> m_findings;  // with their token
    std::map<std::vector<attribution::Index>, std::shared_ptr<const std::vector<std::string>>> m_tip_names;
};

}  // namespace r8scan
