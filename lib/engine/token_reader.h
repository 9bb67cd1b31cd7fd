// Reads tokens again from the objects they were found in, for events of the outbox that an earlier run left.
//
// An object cannot change under its id, so the token is there as long as the object is; it is found by the same rules,
// through the same layers, and known by its hash. Repositories and rules are opened once, when they are first needed.
#pragma once

#include <r8scan/scan.h>

#include "action/token_source.h"
#include "engine/lookup_repository.h"
#include "match/matcher.h"

#include <map>
#include <memory>
#include <mutex>

namespace r8scan {

class TokenReader : public action::TokenSource {
public:
    /// With the rules of these options.
    explicit TokenReader(DetectionOptions options) : m_options(std::move(options)) {}

    Result<Secret> read(const action::TokenPlace& place, const std::string& token_sha256) override;

    /// The place of a finding, where a later run can read it: an object in the database of the repository at this path.
    /// Nothing for what stands elsewhere (files, streams, references, objects that are not there for good).
    std::optional<action::TokenPlace> place_of(const Finding& finding, const std::filesystem::path& repository);

private:
    Result<LookupRepository*> open(const std::string& path);
    Result<const Matcher*> matcher();
    Result<Secret> find(const git::ReadObject& object, std::size_t id_size, const std::string& token_sha256);

    DetectionOptions m_options;
    std::mutex m_mutex;  // guards what follows
    std::map<std::string, std::unique_ptr<LookupRepository>> m_repositories;
    std::unique_ptr<Matcher> m_matcher;
};

}  // namespace r8scan
