// One expression matched exactly, with groups, by PCRE2: https://www.pcre.org/current/doc/html/pcre2api.html
//
// Hyperscan says whether and where an expression may match; which bytes a group took it cannot say. Subjects are bytes
// (no UTF mode: a stranger's file need not be UTF-8). What a match may cost is limited; whoever meets the limit is told.
// Compiled once and then read-only: any thread may match, each with a MatchState of its own.
#pragma once

#include <r8scan/result.h>

#include "util/bytes.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace r8scan {

/// Scratch of one thread, for any number of expressions.
class MatchState {
public:
    MatchState();

private:
    friend class ExactRegex;
    struct Free {
        void operator()(pcre2_real_match_data_8* data) const;
        void operator()(pcre2_real_match_context_8* context) const;
    };
    std::unique_ptr<pcre2_real_match_data_8, Free> m_data;
    std::unique_ptr<pcre2_real_match_context_8, Free> m_context;
};

class ExactRegex {
public:
    /// The dialect is that of Go's RE2 where PCRE2 has it: `.` stops at line feeds and `$` means the end of the text,
    /// unless flags in the expression say otherwise. The error says what is wrong and at which character.
    static Result<ExactRegex> compile(std::string_view expression);

    struct Match {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t secret_begin = 0;  // of the group that was asked for
        std::size_t secret_end = 0;
    };
    enum class Outcome { found, none, gave_up };

    /// The first match that begins at `from` or behind. `group` 0 asks for the first group that took part and is not
    /// empty, or the whole match where there is none.
    Outcome next(std::string_view subject, std::size_t from, unsigned group, MatchState& state, Match& match) const;

    /// Whether it matches anywhere; an attempt that was given up counts as no.
    [[nodiscard]] bool matches(std::string_view subject, MatchState& state) const;

    [[nodiscard]] unsigned groups() const { return m_groups; }

private:
    struct Free {
        void operator()(pcre2_real_code_8* code) const;
    };
    std::unique_ptr<pcre2_real_code_8, Free> m_code;
    unsigned m_groups = 0;
};

}  // namespace r8scan
