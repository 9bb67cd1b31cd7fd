#include "engine/token_table.h"

#include "util/hash.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace r8scan {

namespace {

bool is_shown(const Hit& hit, Confidence least, bool show_placeholders)
{
    return hit.confidence >= least && (show_placeholders || !hit.placeholder);
}

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
    std::map<TokenKey, std::shared_ptr<const Secret>> distinct;
    std::map<const Hit*, TokenKey> keys;
    for (const auto& object : scan.hits) {
        std::set<std::string> placeholders;
        for (const auto& hit : object.hits) {
            auto hash = sha256_hex(as_bytes(hit.secret.reveal()));
            if (hit.placeholder) {
                placeholders.insert(hash);
            }
            if (is_shown(hit, least, show_placeholders)) {
                const TokenKey key{std::move(hash), hit.rule, hit.inner_path};
                if (!distinct.contains(key)) {
                    distinct.emplace(key, std::make_shared<Secret>(hit.secret));
                }
                keys.emplace(&hit, key);
            } else if (!hit.placeholder) {
                ++table.below_confidence;
            }
        }
        table.placeholders += placeholders.size();
    }
    std::map<TokenKey, std::uint32_t> numbers;
    for (const auto& [key, secret] : distinct) {
        numbers[key] = static_cast<std::uint32_t>(table.tokens.size());
        table.tokens.push_back({std::get<1>(key), secret, std::get<0>(key), std::get<2>(key)});
    }
    for (const auto& object : scan.hits) {
        std::map<std::uint32_t, TokenInObject> in_object;
        for (const auto& hit : object.hits) {
            const auto key = keys.find(&hit);
            if (key == keys.end()) {
                continue;
            }
            const auto token = numbers.at(key->second);
            auto& entry = in_object[token];
            entry.token = token;
            ++entry.occurrences;
            // The surest place stands for all; among equals the first.
            if (entry.first == nullptr || hit.confidence > entry.first->confidence) {
                entry.first = &hit;
            }
        }
        if (!in_object.empty()) {
            auto& tokens = table.objects.emplace_back();
            tokens.entry = object.entry;
            tokens.type = object.type;
            for (const auto& [token, entry] : in_object) {
                tokens.tokens.push_back(entry);
            }
        }
    }
    return table;
}

}  // namespace r8scan
