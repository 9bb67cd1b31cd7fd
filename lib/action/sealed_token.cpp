#include "action/sealed_token.h"

#include "action/authenticated_cipher.h"
#include "action/private_file.h"
#include "util/bytes.h"
#include "util/hash.h"
#include "util/random_bytes.h"

#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace r8scan::action {
namespace {

constexpr std::size_t key_size = cipher_key_size;
constexpr std::size_t name_size = 4;
constexpr std::size_t head_size = 1 + name_size + cipher_nonce_size;
constexpr char form = 1;

Result<void> make_key(const std::filesystem::path& file)
{
    if (auto made = make_private_folder(file.parent_path()); !made) {
        return made;
    }
    std::array<std::byte, key_size> bytes{};
    if (!fill_with_random(bytes)) {
        return Error(ErrorCode::io, "the system gives no random bytes");
    }
    auto written = write_new_private_file(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    OPENSSL_cleanse(bytes.data(), bytes.size());
    // Another process was first: its key is as good.
    return !written && written.error().code() == ErrorCode::limit ? Result<void>() : written;
}

Result<Secret> read_key(const std::filesystem::path& file)
{
    constexpr mode_t for_others = 0077;
    auto opened = open_regular(file);
    if (!opened) {
        return opened.error();
    }
    struct stat status {};
    if (::fstat(opened->fd.get(), &status) != 0) {
        return system_error(file, errno);
    }
    if (status.st_uid != ::geteuid() || (status.st_mode & for_others) != 0) {
        return Error(ErrorCode::permission,
                     quoted(file) + ": others may read it: give it mode 0600, for yourself alone");
    }
    std::array<char, key_size + 1> bytes{};
    const ssize_t count = ::read(opened->fd.get(), bytes.data(), bytes.size());
    if (count != static_cast<ssize_t>(key_size)) {
        return count < 0 ? system_error(file, errno)
                         : Error(ErrorCode::damaged, quoted(file) + ": is no key of 32 bytes");
    }
    Secret key(std::string_view(bytes.data(), key_size));
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return key;
}

}  // namespace

Result<TokenSeal> TokenSeal::open(const std::filesystem::path& key_file, bool make)
{
    auto key = read_key(key_file);
    if (!key && key.error().code() == ErrorCode::not_found && make) {
        if (auto made = make_key(key_file); !made) {
            return made.error().within("key of the outbox");
        }
        key = read_key(key_file);
    }
    if (!key) {
        return key.error().within("key of the outbox");
    }
    return TokenSeal(std::move(*key));
}

std::string TokenSeal::key_name() const
{
    return sha256_hex(as_bytes("r8scan outbox key " + sha256_hex(as_bytes(m_key.reveal())))).substr(0, name_size);
}

Result<std::string> TokenSeal::seal(const Secret& token, std::string_view event_id) const
{
    std::array<std::byte, cipher_nonce_size> nonce{};
    if (!fill_with_random(nonce)) {
        return Error(ErrorCode::io, "the system gives no random bytes");
    }
    const auto sealed = encrypt_authenticated(m_key.reveal(), as_text(nonce), event_id, token.reveal());
    if (sealed.empty()) {
        return Error(ErrorCode::io, "a token cannot be sealed");
    }
    return std::string(1, form) + key_name() + std::string(as_text(nonce)) + sealed;
}

Result<Secret> TokenSeal::unseal(std::string_view sealed, std::string_view event_id) const
{
    if (sealed.size() < head_size + cipher_tag_size || sealed.front() != form) {
        return Error(ErrorCode::damaged, "the sealed token is in no form that is known");
    }
    if (sealed.substr(1, name_size) != key_name()) {
        return Error(ErrorCode::damaged, "the token was sealed under another key than the one that is there now");
    }
    const auto nonce = sealed.substr(1 + name_size, cipher_nonce_size);
    const auto size = sealed.size() - head_size - cipher_tag_size;
    std::string plain(size + 1, '\0');  // never empty, so that there is something to point at
    const bool done = decrypt_authenticated(m_key.reveal(), nonce, event_id, sealed.substr(head_size), plain.data());
    Secret token(done ? std::string_view(plain.data(), size) : std::string_view());
    OPENSSL_cleanse(plain.data(), plain.size());
    return done ? Result<Secret>(std::move(token)) : Error(ErrorCode::damaged, "the sealed token was changed");
}

}  // namespace r8scan::action
