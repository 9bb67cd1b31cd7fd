#include "tests/golden/golden.h"

#include "tests/support/built_here.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <cstdlib>
#include <filesystem>

namespace r8scan::test {

std::string without_tokens(std::string text)
{
    for (unsigned seed = 1; seed <= 3; ++seed) {
        const std::string hidden = token(seed);
        for (std::size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden)) {
            text.replace(at, hidden.size(), "{token-" + std::to_string(seed) + "}");
        }
    }
    return text;
}

bool holds_a_token(const std::string& text)
{
    return without_tokens(text) != text;
}

void check_golden(const std::string& name, const std::string& text)
{
    const std::filesystem::path file = std::filesystem::path(source_dir()) / "tests/golden" / name;
    const std::string shown = without_tokens(text);
    if (std::getenv("R8SCAN_UPDATE_GOLDEN") != nullptr) {
        write_file(file, shown);
    }
    CHECK(shown == read_file(file));
}

}  // namespace r8scan::test
