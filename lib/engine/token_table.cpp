#include "engine/token_table.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace r8scan {

namespace {

using TokenKey = std::tuple<std::string, std::uint32_t, std::string>;  // hash, rule, path inside containers

}  // namespace

const ObjectTokens* TokenTable::find(git::EntryIndex entry) const
{
    const auto at = std::lower_bound(objects.begin(), objects.end(), entry,
                                     [](const ObjectTokens& object, git::EntryIndex e) { return object.entry < e; });
    return at != objects.end() && at->entry == entry ? &*at : nullptr;
}

TokenTable collect_tokens(const ObjectScan& scan, Confidence least, bool show_placeholders)
{
    TokenTable table;
    const auto key_of = [](const StreamToken& token) {
        return TokenKey{token.sha256, token.first->rule, token.first->inner_path};
    };
    std::vector<StreamTokens> in_objects;
    std::map<TokenKey, std::uint32_t> numbers;
    for (const auto& object : scan.hits) {
        const auto& found = in_objects.emplace_back(tokens_of(object.hits, least, show_placeholders));
        table.placeholders += found.placeholders;
        table.below_confidence += found.below_confidence;
        for (const auto& token : found.tokens) {
            if (const auto [place, added] = numbers.try_emplace(key_of(token)); added) {
                table.tokens.push_back({token.first->rule, std::make_shared<Secret>(token.first->secret), token.sha256,
                                        token.first->inner_path});
            }
        }
    }
    std::sort(table.tokens.begin(), table.tokens.end(), [](const Token& a, const Token& b) {
        return std::tie(a.sha256, a.rule, a.inner_path) < std::tie(b.sha256, b.rule, b.inner_path);
    });
    std::uint32_t next = 0;
    for (auto& [key, number] : numbers) {
        number = next++;
    }
    for (std::size_t i = 0; i < scan.hits.size(); ++i) {
        if (in_objects[i].tokens.empty()) {
            continue;
        }
        auto& object = table.objects.emplace_back();
        object.entry = scan.hits[i].entry;
        object.type = scan.hits[i].type;
        for (auto& token : in_objects[i].tokens) {
            object.tokens.push_back({numbers.at(key_of(token)), std::move(token)});
        }
        std::sort(object.tokens.begin(), object.tokens.end(),
                  [](const TokenInObject& a, const TokenInObject& b) { return a.token < b.token; });
    }
    return table;
}

}  // namespace r8scan
