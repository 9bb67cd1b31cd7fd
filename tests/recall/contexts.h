// Contexts: what a token stands in, and in which encodings and containers. Every row of "Where tokens stand" and of
// "Encodings" in the description of detection is at least one context.
//
// A context makes a snippet; a place (places.h) puts it into a stream; a context with `hold` then packs that stream up
// (wide characters, archives). Positions count in the stream that the place made.
#pragma once

#include "tests/recall/case.h"
#include "tests/recall/places.h"

#include <functional>
#include <optional>
#include <span>

namespace r8scan::test {

enum class Fits {
    anywhere,
    text,    // in places that are UTF-8
    stream,  // is a whole stream: only alone
};

/// What a context made of a stream.
struct Held {
    std::string content;
    Whereabouts where;
    std::optional<Snippet> moved;  // the extent in content, where content itself is the stream that positions count in
    bool line_known = true;
};

struct Context {
    std::string name;
    std::string group;
    std::vector<std::string> layers;  // inside what hold() makes
    std::function<Snippet(std::string_view token, Rng&)> make;
    Confidence confidence = Confidence::high;
    Fits fits = Fits::anywhere;
    std::function<Held(const Snippet& placed, Rng&)> hold = {};
    bool big = false;  // a megabyte or slow to make: few cases
};

/// The groups, in the order of reports.
inline constexpr const char* plain_group = "plain boundaries";
inline constexpr const char* escape_group = "escapes beside";
inline constexpr const char* encoding_group = "encodings";
inline constexpr const char* container_group = "containers";
inline constexpr const char* prefix_group = "length-prefixed";
inline constexpr const char* packed_group = "packed in binary data";
inline constexpr const char* groups[] = {plain_group,     escape_group, encoding_group,
                                         container_group, prefix_group, packed_group};

[[nodiscard]] const std::vector<Context>& all_contexts();

/// The case of a context in a place with this seed.
[[nodiscard]] Case make_case(const Context& context, const Place& place, std::uint64_t seed);

struct CasePlan {
    const Context* context = nullptr;
    const Place* place = nullptr;
    std::uint64_t seed = 0;
};

/// Every context in every place that suits it, `repeat` times with seeds of their own; big ones once, and big places
/// with one context in three. Beginning with this seed.
[[nodiscard]] std::vector<CasePlan> plan_cases(std::size_t repeat, std::uint64_t seed);

// The parts of all_contexts(), a file each.
void add_plain_contexts(std::vector<Context>& out);
void add_base64_contexts(std::vector<Context>& out);
void add_escape_contexts(std::vector<Context>& out);
void add_wide_and_hex_contexts(std::vector<Context>& out);
void add_joined_contexts(std::vector<Context>& out);
void add_binary_contexts(std::vector<Context>& out);
void add_container_contexts(std::vector<Context>& out);

/// A snippet with the token in some line of source, config or text, one of a few; ASCII.
[[nodiscard]] Snippet some_line(std::string_view token, Rng& rng);

}  // namespace r8scan::test
