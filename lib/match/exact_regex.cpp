#include "match/exact_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <new>

namespace r8scan {

namespace {

constexpr std::uint32_t most_groups = 64;
constexpr std::uint32_t match_limit = 5'000'000;  // steps of one attempt: about a tenth of a second
constexpr std::uint32_t heap_limit = 64U << 10U;  // KiB

std::string message_of(int code)
{
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

}  // namespace

void MatchState::Free::operator()(pcre2_match_data* data) const
{
    pcre2_match_data_free(data);
}

void MatchState::Free::operator()(pcre2_match_context* context) const
{
    pcre2_match_context_free(context);
}

void ExactRegex::Free::operator()(pcre2_code* code) const
{
    pcre2_code_free(code);
}

MatchState::MatchState()
    : m_data(pcre2_match_data_create(most_groups, nullptr)), m_context(pcre2_match_context_create(nullptr))
{
    if (!m_data || !m_context) {
        throw std::bad_alloc();
    }
    pcre2_set_match_limit(m_context.get(), match_limit);
    pcre2_set_heap_limit(m_context.get(), heap_limit);
}

Result<ExactRegex> ExactRegex::compile(std::string_view expression)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    constexpr std::uint32_t options = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;
    ExactRegex regex;
    regex.m_code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(), options,
                                     &error, &at, nullptr));
    if (!regex.m_code) {
        if (error == PCRE2_ERROR_HEAP_FAILED) {
            throw std::bad_alloc();
        }
        return Error(ErrorCode::usage, "pcre2: " + message_of(error) + " at character " + std::to_string(at + 1));
    }
    std::uint32_t groups = 0;
    pcre2_pattern_info(regex.m_code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups >= most_groups) {
        return Error(ErrorCode::usage, "pcre2: more than " + std::to_string(most_groups - 1) + " groups");
    }
    regex.m_groups = groups;
    // Without JIT (some systems forbid it) matching is slower, and right all the same.
    (void)pcre2_jit_compile(regex.m_code.get(), PCRE2_JIT_COMPLETE);
    return regex;
}

ExactRegex::Outcome ExactRegex::next(std::string_view subject, std::size_t from, unsigned group, MatchState& state,
                                     Match& match) const
{
    const auto found = pcre2_match(m_code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from, 0,
                                   state.m_data.get(), state.m_context.get());
    if (found == PCRE2_ERROR_NOMATCH) {
        return Outcome::none;
    }
    if (found < 0) {
        return Outcome::gave_up;
    }
    const auto* const offsets = pcre2_get_ovector_pointer(state.m_data.get());
    const auto taken = [&](unsigned number) {
        return number < static_cast<unsigned>(found) && offsets[2 * number] != PCRE2_UNSET;
    };
    match = {offsets[0], offsets[1], offsets[0], offsets[1]};
    unsigned chosen = group;
    for (unsigned number = 1; chosen == 0 && number <= m_groups; ++number) {
        if (taken(number) && offsets[2 * number] < offsets[2 * number + 1]) {
            chosen = number;
        }
    }
    if (chosen != 0 && taken(chosen)) {
        match.secret_begin = offsets[2 * chosen];
        match.secret_end = offsets[2 * chosen + 1];
    }
    return Outcome::found;
}

bool ExactRegex::matches(std::string_view subject, MatchState& state) const
{
    Match ignored;
    return next(subject, 0, 0, state, ignored) == Outcome::found;
}

}  // namespace r8scan
