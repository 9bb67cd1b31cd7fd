// Loose objects: no crash, and no memory for a size that the file cannot hold.
//
// The first byte decides whether the input is the file as it is, or what the file's stream inflates to.
#include "git/loose_object.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/scratch_file.h"
#include "tests/support/zlib_stream.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const ScratchFolder folder;
    if (size == 0) {
        return 0;
    }
    std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
    if ((data[0] & 1U) == 0) {
        file = test::deflated(file, (data[0] & 2U) == 0 ? test::Level::stored : test::Level::normal);
    }
    const auto loose = git::LooseObject::open(folder.write("object", file.data(), file.size()));
    if (!loose) {
        require(!loose.error().message().empty());
        return 0;
    }
    require(loose->size / 1032 <= file.size() + 1);
    if (loose->size < (1U << 20U)) {
        std::vector<std::byte> out(loose->header_length + loose->size);
        git::Inflater inflater;
        const auto done = loose->inflate(inflater, out);
        require(done.ok() || !done.error().message().empty());
    }
    return 0;
}
