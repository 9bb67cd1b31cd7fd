// Reflogs and the files of refs: no crash, and an entry's id has the right size. The first byte chooses the file.
#include "git/refs.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/scratch_file.h"

using namespace r8scan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const ScratchFolder folder;
    if (size == 0) {
        return 0;
    }
    std::filesystem::create_directories(folder.path() / "logs");
    std::filesystem::create_directories(folder.path() / "refs/heads");
    const auto algorithm = (data[0] & 1U) == 0 ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
    const char* const files[] = {"logs/HEAD", "packed-refs", "HEAD", "refs/heads/main"};
    for (std::size_t i = 0; i < std::size(files); ++i) {
        const bool is_chosen = i == (data[0] >> 1U) % std::size(files);
        folder.write(files[i], data + 1, is_chosen ? size - 1 : 0);
    }
    Problems problems;
    const auto refs = git::read_refs({folder.path(), folder.path(), "files", algorithm}, problems);
    for (const auto& ref : refs.refs) {
        require(!ref.name.empty() && ref.target.size == hash_size(algorithm));
    }
    for (const auto& entry : refs.reflogs) {
        require(!entry.name.empty() && entry.target.size == hash_size(algorithm));
    }
    require(!refs.head || refs.head->size == hash_size(algorithm));
    return 0;
}
