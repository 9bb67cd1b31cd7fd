// Collects what could not be read, by reason, from any thread.
//
// Nothing unread may go unseen: whoever skips an object says so here. Of each reason the count is exact and the ten
// smallest examples are kept, so that the list does not depend on which thread came first.
#pragma once

#include <r8scan/finding.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace r8scan {

class Problems {
public:
    /// What names one of these objects (whole ids, hex) does not count from now on. Before anything is added.
    void accept(std::vector<std::string> objects) { m_accepted = std::move(objects); }
    /// `example` names the thing and what is wrong with it; `way_out` is advice for this reason, the first one stays.
    void add(const std::string& reason, std::string example, const std::string& way_out = {}, std::uint64_t count = 1);

    /// In the order of their reasons.
    [[nodiscard]] std::vector<Skip> list() const;
    [[nodiscard]] bool empty() const;
    /// Of the accepted objects those that something was wrong with, each once.
    [[nodiscard]] std::set<std::string> met_accepted() const;

private:
    struct Reason {
        std::uint64_t count = 0;
        std::set<std::string> examples;
        std::string way_out;
    };
    mutable std::mutex m_mutex;
    std::map<std::string, Reason> m_reasons;
    std::vector<std::string> m_accepted;
    std::set<std::string> m_met_accepted;
};

}  // namespace r8scan
