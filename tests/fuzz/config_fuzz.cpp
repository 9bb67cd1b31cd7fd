// git's configuration files: no crash, and no more text than was read.
#include "git/config_file.h"
#include "tests/fuzz/require.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto values = git::parse_config({reinterpret_cast<const char*>(data), size});
    if (!values) {
        require(values.error().message().starts_with("line "));
        return 0;
    }
    for (const auto& [key, value] : *values) {
        require(!key.empty() && key.size() <= size);
        require(value.size() <= size || value == "true");
    }
    return 0;
}
