// The table put together, and cases made from it. See contexts.h.
#include "tests/recall/contexts.h"

#include <fmt/format.h>

namespace r8scan::test {

const std::vector<Context>& all_contexts()
{
    static const std::vector<Context> table = [] {
        std::vector<Context> made;
        add_plain_contexts(made);
        add_base64_contexts(made);
        add_escape_contexts(made);
        add_wide_and_hex_contexts(made);
        add_joined_contexts(made);
        add_binary_contexts(made);
        add_container_contexts(made);
        return made;
    }();
    return table;
}

Snippet some_line(std::string_view token, Rng& rng)
{
    constexpr std::string_view forms[] = {
        "{token}",
        "os.environ[\"REPLICATE_API_TOKEN\"] = \"{token}\"",
        "REPLICATE_API_TOKEN={token}\n",
        "Authorization: Bearer {token}\r\nAccept: */*",
        "{\"replicate\": {\"auth\": \"{token}\"}}",
        "replicate:\n  token: '{token}'\n  model: x\n",
        "curl -H 'Authorization: Token {token}' https://api.replicate.com/v1/models?limit=2>out~",
    };
    return filled(forms[rng.below(std::size(forms))], token, rng);
}

Case make_case(const Context& context, const Place& place, std::uint64_t seed)
{
    Rng rng(seed);
    Case made;
    made.name = context.name + ", " + place.name;
    made.group = context.group;
    made.seed = seed;
    made.token = random_token(rng);
    made.confidence = context.confidence;
    const auto placed = place.put(context.make(made.token, rng), rng);
    made.position = position_of(placed);
    made.end_offset = placed.end;
    if (context.hold) {
        auto held = context.hold(placed, rng);
        if (held.moved) {
            made.position.offset = held.moved->begin;
            made.end_offset = held.moved->end;
        }
        made.content = std::move(held.content);
        made.where = std::move(held.where);
        made.line_known = held.line_known;
    } else {
        made.content = placed.bytes;
    }
    made.where.layers.insert(made.where.layers.end(), context.layers.begin(), context.layers.end());
    return made;
}

std::vector<CasePlan> plan_cases(std::size_t repeat, std::uint64_t seed)
{
    std::vector<CasePlan> plans;
    Rng seeds(seed);
    std::size_t number = 0;
    for (const auto& context : all_contexts()) {
        ++number;
        for (const auto& place : places()) {
            const bool is_first = &place == &places().front();
            const bool suits =
                is_first ||
                (!context.big && (context.fits == Fits::anywhere || (context.fits == Fits::text && place.text)));
            if (!suits || (place.big && number % 3 != 0)) {
                continue;
            }
            // Whole streams have one place for as many cases as others have in all.
            const auto few = context.big || place.big;
            const auto times = few ? 1 : context.fits == Fits::stream ? repeat * 5 : repeat;
            for (std::size_t i = 0; i < times; ++i) {
                plans.push_back({&context, &place, seeds.next()});
            }
        }
    }
    return plans;
}

}  // namespace r8scan::test
