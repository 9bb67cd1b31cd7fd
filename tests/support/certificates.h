// Certificates made at test time: an authority of one's own and what it signs, good and bad.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace r8scan::test {

struct CertificateFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

struct CertificateWish {
    std::string host;          // a DNS name or an address, as subjectAltName
    bool self_signed = false;  // not by the authority
    int valid_from_days = -1;  // from now
    int valid_to_days = 1;
};

class CertificateAuthority {
public:
    /// Keeps its files in the folder.
    explicit CertificateAuthority(std::filesystem::path folder);
    ~CertificateAuthority();
    CertificateAuthority(const CertificateAuthority&) = delete;
    CertificateAuthority& operator=(const CertificateAuthority&) = delete;

    /// What a client is to trust.
    [[nodiscard]] std::filesystem::path file() const;
    CertificateFiles issue(const CertificateWish& wish);

private:
    struct State;
    std::filesystem::path m_folder;
    std::unique_ptr<State> m_state;
    int m_serial = 1;
};

}  // namespace r8scan::test
