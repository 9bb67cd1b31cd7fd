#include "action/sealed_token.h"

#include "action/private_file.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace r8scan::action {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t name_size = 4;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t head_size = 1 + name_size + nonce_size;
constexpr char form = 1;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* data_of(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* data_of(std::string& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Result<void> make_key(const std::filesystem::path& file)
{
    if (auto made = make_private_folder(file.parent_path()); !made) {
        return made;
    }
    std::array<unsigned char, key_size> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
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
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::string sealed(1, form);
    sealed += key_name();
    sealed.resize(head_size + token.reveal().size() + tag_size);
    unsigned char* const nonce = data_of(sealed) + 1 + name_size;
    unsigned char* const body = data_of(sealed) + head_size;
    int size = 0;
    int last = 0;
    const bool done =
        cipher != nullptr && RAND_bytes(nonce, nonce_size) == 1 &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, data_of(m_key.reveal()), nonce) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, data_of(event_id), static_cast<int>(event_id.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), body, &size, data_of(token.reveal()),
                          static_cast<int>(token.reveal().size())) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), body + size, &last) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + token.reveal().size()) == 1;
    return done ? Result<std::string>(std::move(sealed)) : Error(ErrorCode::io, "a token cannot be sealed");
}

Result<Secret> TokenSeal::unseal(std::string_view sealed, std::string_view event_id) const
{
    if (sealed.size() < head_size + tag_size || sealed.front() != form) {
        return Error(ErrorCode::damaged, "the sealed token is in no form that is known");
    }
    if (sealed.substr(1, name_size) != key_name()) {
        return Error(ErrorCode::damaged, "the token was sealed under another key than the one that is there now");
    }
    const std::string_view nonce = sealed.substr(1 + name_size, nonce_size);
    const std::string_view body = sealed.substr(head_size, sealed.size() - head_size - tag_size);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    std::string plain(body.size() + 1, '\0');  // never empty, so that there is something to point at
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    int last = 0;
    const bool done =
        cipher != nullptr &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, data_of(m_key.reveal()), data_of(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, data_of(event_id), static_cast<int>(event_id.size())) == 1 &&
        EVP_DecryptUpdate(cipher.get(), data_of(plain), &size, data_of(body), static_cast<int>(body.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), data_of(plain) + size, &last) == 1;
    Secret token(done ? std::string_view(plain.data(), body.size()) : std::string_view());
    OPENSSL_cleanse(plain.data(), plain.size());
    return done ? Result<Secret>(std::move(token)) : Error(ErrorCode::damaged, "the sealed token was changed");
}

}  // namespace r8scan::action
