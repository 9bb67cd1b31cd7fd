#include "engine/token_reader.h"

#include "engine/layer_scanner.h"
#include "engine/scan_steps.h"
#include "git/tree_entries.h"
#include "util/file.h"
#include "util/hash.h"

namespace r8scan {
namespace {

constexpr std::size_t token_size = 40;

bool is_token(Bytes bytes, const std::string& token_sha256)
{
    return sha256_hex(bytes) == token_sha256;
}

std::optional<Secret> find_in(Bytes content, LayerScanner& scanner, const std::string& token_sha256)
{
    for (Hit& hit : scanner.scan(content)) {
        if (is_token(as_bytes(hit.secret.reveal()), token_sha256)) {
            return std::move(hit.secret);
        }
    }
    return std::nullopt;
}

}  // namespace

Result<LookupRepository*> TokenReader::open(const std::string& path)
{
    auto& known = m_repositories[path];
    if (!known) {
        auto opened = std::make_unique<LookupRepository>();
        Problems unread;  // what matters here is only whether the one object can be read
        if (auto done = LookupRepository::open(path, {}, m_options, false, unread, *opened); !done) {
            return done.error();
        }
        known = std::move(opened);
    }
    return known.get();
}

Result<const Matcher*> TokenReader::matcher()
{
    if (!m_matcher) {
        auto compiled = compile_rules(m_options);
        if (!compiled) {
            return compiled.error();
        }
        m_matcher = std::make_unique<Matcher>(std::move(compiled->matcher));
    }
    return m_matcher.get();
}

Result<Secret> TokenReader::find(const git::ReadObject& object, std::size_t id_size, const std::string& token_sha256)
{
    const auto rules = matcher();
    if (!rules) {
        return rules.error();
    }
    LayerLimits limits;
    limits.budget.member_in_memory = m_options.max_object_size;
    LayerScanner scanner(**rules, limits);
    std::optional<Secret> token;
    if (object.type == git::ObjectType::tree) {
        git::TreeEntry entry;
        for (std::size_t at = 0; !token && git::parse_tree_entry(object.content, at, id_size, entry); at = entry.end) {
            token = find_in(as_bytes(entry.name), scanner, token_sha256);
        }
    } else {
        token = find_in(object.content, scanner, token_sha256);
    }
    return token ? Result<Secret>(std::move(*token))
                 : Error(ErrorCode::not_found, "no token with its hash stands there any more");
}

Result<Secret> TokenReader::read(const action::TokenPlace& place, const std::string& token_sha256)
{
    const std::lock_guard lock(m_mutex);
    const auto repository = open(place.repository);
    if (!repository) {
        return repository.error();
    }
    const auto id = git::ObjectId::from_hex(place.object);
    if (!id) {
        return Error(ErrorCode::damaged, "\"" + place.object + "\" is no object id");
    }
    const auto object = (*repository)->objects->read(*id);
    if (!object) {
        return object.error().within(quoted(std::filesystem::path(place.repository)));
    }
    // Where it stands plainly no rule is needed to know it.
    if (place.layers.empty() && place.offset <= object->content.size() &&
        object->content.size() - place.offset >= token_size) {
        const Bytes there = object->content.subspan(place.offset, token_size);
        if (is_token(there, token_sha256)) {
            return Secret(as_text(there));
        }
    }
    auto token = find(*object, id->size, token_sha256);
    return token ? std::move(token)
                 : token.error().within(quoted(std::filesystem::path(place.repository)) + ": " + place.object);
}

std::optional<action::TokenPlace> TokenReader::place_of(const Finding& finding, const std::filesystem::path& repository)
{
    const bool is_object =
        finding.kind == "blob" || finding.kind == "commit" || finding.kind == "tag" || finding.kind == "tree";
    const auto id = git::ObjectId::from_hex(finding.object);
    std::error_code error;
    const auto path = std::filesystem::canonical(repository, error);
    if (!is_object || !id || error) {
        return std::nullopt;
    }
    const std::lock_guard lock(m_mutex);
    const auto opened = open(path.native());
    // A submodule's objects are not in here, nor those of a push that waits to be let in.
    if (!opened || !(*opened)->objects->contains(*id)) {
        return std::nullopt;
    }
    return action::TokenPlace{path.native(), finding.object, finding.position.offset, finding.encoding};
}

}  // namespace r8scan
