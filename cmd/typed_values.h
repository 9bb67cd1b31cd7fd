// From typed text to values: flags, and words that stand for a value. Every error names the option and what it takes.
#pragma once

#include <r8scan/result.h>

#include "cmd/suggest.h"
#include "cmd/typed_options.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace r8scan::cmd {

inline Error wrong_value(const TypedValue& value, std::string_view what)
{
    return {ErrorCode::usage, fmt::format("{}: \"{}\" {}", value.origin, value.text, what)};
}

/// A word that stands for a value.
template <typename T>
struct Word {
    std::string_view word;
    T value;
};

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

/// False where it was not given.
Result<bool> flag(const TypedOptions& typed, std::string_view name);

using Flag = std::pair<std::string_view, bool*>;

Result<void> read_flags(const TypedOptions& typed, std::initializer_list<Flag> flags);

}  // namespace r8scan::cmd
