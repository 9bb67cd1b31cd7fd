// Writes sound containers of every kind, in the form that container_fuzz takes, into the directory that is named.
#include "tests/support/archives.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

using namespace r8scan;
using decode::ContainerKind;

void write(const std::filesystem::path& directory, ContainerKind kind, const std::string& content)
{
    static unsigned number = 0;
    std::ofstream file(directory / (std::string(decode::to_string(kind)) + std::to_string(number++)), std::ios::binary);
    file << static_cast<char>(kind) << '\0' << content;
}

void write_all(const std::filesystem::path& directory)
{
    test::Rng rng(1);
    const auto text = test::random_text(rng, 600) + test::token(1);
    write(directory, ContainerKind::gzip, test::gzipped(text) + test::gzipped("more"));
    write(directory, ContainerKind::zlib, test::deflated(text));
    write(directory, ContainerKind::bzip2, test::filtered(text, "bzip2"));
    write(directory, ContainerKind::xz, test::filtered(text, "xz"));
    write(directory, ContainerKind::zstd, test::filtered(text, "zstd"));
    const std::vector<test::ArchiveMember> members{
        {"dir", "", "", true}, {"dir/a.txt", text}, {"link", "", "dir/a.txt"}, {"b", "short"}};
    for (const auto* const options : {"zip:compression=deflate", "zip:compression=store"}) {
        write(directory, ContainerKind::zip, test::archive_of(members, "zip", options));
    }
    for (const auto* const options : {"zip:encryption=zipcrypt", "zip:encryption=aes256"}) {
        write(directory, ContainerKind::zip, test::archive_of(members, "zip", options, "password"));
    }
    for (const auto* const format : {"gnutar", "pax", "ustar"}) {
        write(directory, ContainerKind::tar, test::archive_of(members, format));
    }
    for (const auto* const format : {"arbsd", "argnu"}) {
        write(directory, ContainerKind::ar, test::archive_of({members[1], members[3]}, format));
    }
    for (const auto* const options : {"7zip:compression=lzma1", "7zip:compression=lzma2", "7zip:compression=ppmd",
                                      "7zip:compression=deflate", "7zip:compression=bzip2", "7zip:compression=store"}) {
        write(directory, ContainerKind::seven_zip, test::archive_of(members, "7zip", options));
    }
    write(directory, ContainerKind::pdf,
          "%PDF-1.4\n<< /Filter /FlateDecode >>\nstream\n" + test::deflated(text) + "\nendstream\n<< /Fl >>stream\n" +
              test::deflated("more") + "endstream /Encrypt");
    write(directory, ContainerKind::rar, std::string("Rar!\x1a\x07\x00", 7));
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fputs("container_seeds DIRECTORY\n", stderr);
        return 2;
    }
    std::filesystem::create_directories(argv[1]);
    write_all(argv[1]);
    return 0;
}
