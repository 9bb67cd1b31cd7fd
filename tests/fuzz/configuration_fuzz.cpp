// One byte that chooses the reader, then a file: the repository's ignore files, the user's own configuration, a baseline.
// No crash, no hang; every message names the file; what a baseline writes it reads again.
#include "config/user_file.h"
#include "finding/baseline.h"
#include "finding/ignore_list.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <array>

using namespace r8scan;

namespace {

constexpr std::array<config::KnownOption, 4> options{{{"jobs", config::KnownOption::Kind::value},
                                                      {"verify", config::KnownOption::Kind::flag},
                                                      {"patterns", config::KnownOption::Kind::list, true},
                                                      {"show-secrets", config::KnownOption::Kind::only_typed}}};

void read_ignore_list(std::string_view text, unsigned form)
{
    IgnoreList list("2026-06-15");
    if (form == 0) {
        list.add_ignore_file(text, "fuzz");
    } else if (form == 1) {
        list.add_toml(text, "fuzz");
    } else {
        list.add_gitleaks_file(text, "fuzz");
    }
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.token_sha256 = std::string(64, 'a');
    finding.fingerprint = "replicate-api-token:0123456789abcdef";
    for (const std::string_view path : {"", "a", "src/deep/a.txt", "a b"}) {
        const auto found = list.match(finding, path);
        require(!found || found->origin.starts_with("fuzz:"));
    }
    for (const auto& note : list.notes(true)) {
        require(note.find("fuzz:") != std::string::npos || note.find("ignore files") != std::string::npos);
    }
}

void read_user_file(std::string_view text)
{
    const auto file = config::parse_user_file(text, "/fuzz.toml", options);
    if (!file) {
        require(file.error().code() == ErrorCode::usage && file.error().message().starts_with("/fuzz.toml:"));
        return;
    }
    for (const auto& option : file->options) {
        require(option.origin.starts_with("/fuzz.toml:"));
    }
    for (const auto& callback : file->callbacks) {
        require(!callback.name.empty() && callback.origin.starts_with("/fuzz.toml:"));
    }
}

void read_baseline(std::string_view text)
{
    Baseline baseline;
    if (!baseline.add_report(text, "fuzz.json")) {
        return;
    }
    const auto written = baseline.to_json();
    Baseline again;
    require(again.add_report(written, "again.json").ok());
    require(again.to_json() == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr unsigned readers = 5;
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % readers) {
        case 3:
            read_user_file(text);
            break;
        case 4:
            read_baseline(text);
            break;
        default:
            read_ignore_list(text, data[0] % readers);
    }
    return 0;
}
