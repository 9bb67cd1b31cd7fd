#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace r8scan::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key make_key()
{
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int which, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str());
    if (extension == nullptr) {
        throw std::runtime_error("no such extension of a certificate: " + value);
    }
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name, int serial, const CertificateWish& wish)
{
    constexpr long day = 24L * 3600;
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.valid_from_days * day);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.valid_to_days * day);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

template <typename Write>
void write_pem(const std::filesystem::path& path, Write write)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
    if (!file || write(file.get()) != 1) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

}  // namespace

struct CertificateAuthority::State {
    Key key{nullptr, EVP_PKEY_free};
    Certificate certificate{nullptr, X509_free};
};

CertificateAuthority::CertificateAuthority(std::filesystem::path folder)
    : m_folder(std::move(folder)), m_state(std::make_unique<State>())
{
    m_state->key = make_key();
    m_state->certificate = make_certificate(m_state->key.get(), "a test authority", 1, {});
    X509* const own = m_state->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign");
    add_extension(own, own, NID_subject_key_identifier, "hash");
    X509_sign(own, m_state->key.get(), EVP_sha256());
    write_pem(file(), [&](std::FILE* out) { return PEM_write_X509(out, own); });
}

CertificateAuthority::~CertificateAuthority() = default;

std::filesystem::path CertificateAuthority::file() const
{
    return m_folder / "authority.pem";
}

CertificateFiles CertificateAuthority::issue(const CertificateWish& wish)
{
    ++m_serial;
    const Key key = make_key();
    const Certificate made = make_certificate(key.get(), "a test server", m_serial, wish);
    X509* const issuer = wish.self_signed ? made.get() : m_state->certificate.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    const bool is_address = wish.host.find_first_not_of("0123456789.") == std::string::npos;
    add_extension(made.get(), issuer, NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + wish.host);
    X509_sign(made.get(), wish.self_signed ? key.get() : m_state->key.get(), EVP_sha256());

    const std::string stem = "server" + std::to_string(m_serial);
    CertificateFiles files{m_folder / (stem + ".pem"), m_folder / (stem + ".key")};
    write_pem(files.certificate, [&](std::FILE* out) { return PEM_write_X509(out, made.get()); });
    write_pem(files.key, [&](std::FILE* out) {
        return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return files;
}

}  // namespace r8scan::test
