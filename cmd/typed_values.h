// What a typed value means: a flag, one word of a few, a size. Shared by whatever makes plans of typed options
// (cmd/plan.h, cmd/plan_outputs.h). Every error is ErrorCode::usage and names the option or the variable.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"
#include "util/suggest.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace r8scan::cmd {

/// `--jobs: "x" is no number`: where the value came from, the value, and what is wrong with it.
[[nodiscard]] Error wrong_value(const TypedValue& value, std::string_view what);

/// A word that stands for a value.
template <typename T>
struct Word {
    std::string_view word;
    T value;
};

/// The value that the typed word stands for.
template <typename T, std::size_t N>
Result<T> choice(const TypedValue& typed, const std::array<Word<T>, N>& words)
{
    std::vector<std::string_view> known;
    std::string list;
    for (const Word<T>& word : words) {
        if (word.word == typed.text) {
            return word.value;
        }
        known.push_back(word.word);
        list += (list.empty() ? "" : known.size() == N ? " or " : ", ") + std::string(word.word);
    }
    if (const auto meant = nearest(typed.text, known)) {
        return wrong_value(typed, fmt::format("is not known: did you mean {}?", *meant));
    }
    return wrong_value(typed, "is not known: give " + list);
}

/// Whether a flag was given, and not switched off; false where it was not given.
Result<bool> flag(const TypedOptions& typed, std::string_view name);

using Flag = std::pair<std::string_view, bool*>;

/// Sets each flag's target; false where the flag was not given.
Result<void> read_flags(const TypedOptions& typed, std::initializer_list<Flag> flags);

/// Every value of a list, without its origin.
[[nodiscard]] std::vector<std::string> texts_of(const TypedOptions& typed, std::string_view name);

/// "256M", "1G", "64KiB", "1000": bytes, with units of 1024. Nothing where it is no size, is zero or does not fit.
[[nodiscard]] Result<std::uint64_t> parse_size(const std::string& text);

}  // namespace r8scan::cmd
