#include "match/placeholder.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <iterator>
#include <string>

namespace r8scan {

namespace {

using namespace std::string_view_literals;

// The chances below are those of 37 random characters of 62, letter case aside. In longer texts more is asked for.
constexpr std::size_t usual_size = 37;
constexpr std::size_t longest_prefix = 6;

// What people type without thinking, forwards and backwards; some of it round and round.
struct Sequence {
    std::string_view characters;
    bool circular;
};
constexpr std::array sequences = {
    Sequence{"abcdefghijklmnopqrstuvwxyz", true},
    Sequence{"0123456789", true},
    Sequence{"qwertyuiop", false},
    Sequence{"asdfghjkl", false},
    Sequence{"zxcvbnm", false},
    Sequence{"1qaz2wsx3edc4rfv5tgb6yhn7ujm", false},
    Sequence{"qazwsxedcrfvtgbyhnujmikolp", false},
};

// Runs along one sequence or of one character: a long one is enough (31 * 0.03^6 = 2e-8 for the alphabet), or several.
constexpr std::size_t long_run = 7;
constexpr std::size_t short_run = 4;
constexpr std::size_t covered_by_runs = 13;

// Characters that follow from the one `lag` places before by the same step: (36 over 12) * 0.03^12 = 7e-10.
constexpr std::size_t longest_lag = 24;
constexpr std::size_t least_steps = 12;

// Words, sorted. One of seven letters is enough (31 * 0.03^7 = 1e-9 each), or several, fewer where no gap is between
// them.
constexpr std::size_t long_word = 7;
constexpr std::size_t joined_words = 8;
constexpr std::size_t covered_by_words = 12;
// clang-format off
constexpr std::array words = {
    "access"sv, "account"sv, "actual"sv, "api"sv, "app"sv, "aqui"sv, "auth"sv, "bar"sv, "baz"sv, "beef"sv, "cafe"sv,
    "change"sv, "changeme"sv, "code"sv, "copy"sv, "dead"sv, "default"sv, "demo"sv, "docs"sv, "dolor"sv, "dummy"sv,
    "enter"sv, "example"sv, "fake"sv, "feed"sv, "fill"sv, "foo"sv, "from"sv, "generated"sv, "goes"sv, "hello"sv,
    "here"sv, "hidden"sv, "insert"sv, "invalid"sv, "ipsum"sv, "just"sv, "key"sv, "live"sv, "lorem"sv, "mock"sv,
    "must"sv, "name"sv, "never"sv, "not"sv, "notareal"sv, "notreal"sv, "only"sv, "password"sv, "paste"sv, "placeholder"sv,
    "please"sv, "prod"sv, "production"sv, "put"sv, "qux"sv, "random"sv, "real"sv, "redacted"sv, "remove"sv, "replace"sv,
    "replicate"sv, "sample"sv, "secret"sv, "some"sv, "string"sv, "super"sv, "tbd"sv, "test"sv, "testing"sv,
    "that"sv, "the"sv, "this"sv, "todo"sv, "token"sv, "use"sv, "user"sv, "value"sv, "very"sv, "votre"sv, "with"sv,
    "world"sv, "your"sv,
};
// clang-format on
static_assert(std::is_sorted(words.begin(), words.end()));

std::string in_lower_case(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

// What is a tell in `usual_size` characters, for so many.
std::size_t in_proportion(std::size_t tell, std::size_t size)
{
    return size <= usual_size ? tell : tell * size / usual_size;
}

bool has_few_different(std::string_view body)
{
    std::bitset<256> seen;
    for (const char c : body) {
        seen.set(static_cast<unsigned char>(c));
    }
    return seen.count() * 7 < std::min(body.size(), usual_size) * 2;  // random ones are 28 of 37, and never 10
}

// 0 to 35 for the digits and small letters, 36 for the rest.
constexpr std::size_t kinds = 37;

constexpr std::size_t kind_of(char c)
{
    return c >= '0' && c <= '9'   ? static_cast<std::size_t>(c - '0')
           : c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a' + 10)
                                  : kinds - 1;
}

// For each pair of kinds the sequences in which the second comes next: a bit for each direction, and one for
// repetition.
using Followed = std::array<std::array<std::uint16_t, kinds>, kinds>;

constexpr Followed make_followed()
{
    static_assert(2 * sequences.size() < 16);
    Followed followed{};
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        const auto text = sequences[s].characters;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const std::size_t next = (i + 1) % text.size();
            if (next != 0 || sequences[s].circular) {
                const std::size_t a = kind_of(text[i]);
                const std::size_t b = kind_of(text[next]);
                followed[a][b] = static_cast<std::uint16_t>(followed[a][b] | (1U << (2 * s)));
                followed[b][a] = static_cast<std::uint16_t>(followed[b][a] | (1U << (2 * s + 1)));
            }
        }
    }
    for (std::size_t kind = 0; kind + 1 < kinds; ++kind) {
        followed[kind][kind] = 1U << 15U;
    }
    return followed;
}

constexpr Followed followed = make_followed();

// The length of the run at the beginning of the text along one of the sequences, at least 1.
std::size_t run_at_begin(std::string_view text)
{
    unsigned along = 0xffffU;
    std::size_t length = 1;
    while (length < text.size()) {
        along &= followed[kind_of(text[length - 1])][kind_of(text[length])];
        if (along == 0) {
            break;
        }
        ++length;
    }
    return length;
}

bool runs_along_sequences(std::string_view lower, std::size_t size)
{
    std::size_t covered = 0;
    while (!lower.empty()) {
        const auto run = run_at_begin(lower);
        covered += run >= short_run ? run : 0;
        if (run >= in_proportion(long_run, size) || covered >= in_proportion(covered_by_runs, size)) {
            return true;
        }
        lower.remove_prefix(run >= short_run ? run : 1);
    }
    return false;
}

// Periods (abc123abc123) and ladders (a1b2c3, aabbcc, 3abc2def1ghi): every character follows from an earlier one.
bool steps_evenly(std::string_view lower, std::size_t size)
{
    const auto least = in_proportion(least_steps, size);
    for (std::size_t lag = 1; lag <= longest_lag && lag + least <= lower.size(); ++lag) {
        std::size_t down = 0;
        std::size_t none = 0;
        std::size_t up = 0;
        for (std::size_t i = lag; i < lower.size(); ++i) {  // no branches: this is the dear part
            const int step = lower[i] - lower[i - lag];
            down += static_cast<std::size_t>(step == -1);
            none += static_cast<std::size_t>(step == 0);
            up += static_cast<std::size_t>(step == 1);
        }
        if (std::max({down, none, up}) >= least) {
            return true;
        }
    }
    return false;
}

// The longest of the words at the beginning of the text; 0 where there is none.
std::size_t word_at_begin(std::string_view text)
{
    const auto first = std::lower_bound(words.begin(), words.end(), text.substr(0, 1));
    std::size_t longest = 0;
    for (auto word = first; word != words.end() && word->front() == text.front(); ++word) {
        longest = text.starts_with(*word) ? std::max(longest, word->size()) : longest;
    }
    return longest;
}

bool is_made_of_words(std::string_view lower, std::size_t size)
{
    std::size_t covered = 0;
    std::size_t joined = 0;
    while (!lower.empty()) {
        const auto word = word_at_begin(lower);
        covered += word;
        joined = word == 0 ? 0 : joined + word;
        if (word >= in_proportion(long_word, size) || joined >= in_proportion(joined_words, size) ||
            covered >= in_proportion(covered_by_words, size)) {
            return true;
        }
        lower.remove_prefix(std::max<std::size_t>(word, 1));
    }
    return false;
}

}  // namespace

bool is_placeholder(std::string_view token)
{
    const auto underscore = token.substr(0, longest_prefix).find('_');
    const auto body = underscore == std::string_view::npos ? token : token.substr(underscore + 1);
    const auto lower = in_lower_case(body);
    std::string letters;
    std::copy_if(lower.begin(), lower.end(), std::back_inserter(letters), [](char c) { return c >= 'a' && c <= 'z'; });
    const auto size = body.size();
    return has_few_different(body) || runs_along_sequences(lower, size) || runs_along_sequences(letters, size) ||
           steps_evenly(lower, size) || steps_evenly(letters, size) || is_made_of_words(lower, size);
}

}  // namespace r8scan
