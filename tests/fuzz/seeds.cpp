// Writes what the fuzz targets start from, sound input of every kind: for each target a folder of its name inside the
// one that is given. Tokens in it are made up.
#include "tests/fuzz/repository_seeds.h"
#include "tests/recall/contexts.h"
#include "tests/support/archives.h"
#include "tests/support/reftable_writer.h"
#include "tests/support/tokens.h"
#include "tests/support/zlib_stream.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace {

using namespace r8scan;
using decode::ContainerKind;

void write(const std::filesystem::path& directory, ContainerKind kind, const std::string& content)
{
    static unsigned number = 0;
    std::ofstream file(directory / (std::string(decode::to_string(kind)) + std::to_string(number++)), std::ios::binary);
    file << static_cast<char>(kind) << '\0' << content;
}

void write(const std::filesystem::path& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary) << content;
}

std::filesystem::path made_folder(const std::filesystem::path& path)
{
    std::filesystem::create_directories(path);
    return path;
}

// One case of the recall table for each context. `head` gives the bytes that the target reads before the content.
void write_contexts(const std::filesystem::path& directory, const std::function<std::string(const test::Case&)>& head)
{
    std::uint64_t number = 0;
    for (const auto& context : test::all_contexts()) {
        if (!context.big) {
            const auto made = test::make_case(context, test::places().front(), ++number);
            write(directory / std::to_string(number), head(made) + made.content);
        }
    }
}

std::string two_bytes(std::size_t number)
{
    return {static_cast<char>(number & 0xffU), static_cast<char>((number >> 8U) & 0xffU)};
}

// A pattern file, a NUL and a text to match.
void write_pattern_files(const std::filesystem::path& directory, const char* built_in)
{
    std::ifstream file(built_in, std::ios::binary);
    const std::string rules{std::istreambuf_iterator<char>(file), {}};
    write(directory / "built-in", rules + '\0' + "REPLICATE_API_TOKEN=" + test::token(2));
    const std::string parts[] = {
        R"(extend = { useDefault = true, disabledRules = ["a"] })",
        R"([[rules]]
id = "a"
regex = '''(?i)key_([a-z0-9]{8,})['"]'''
secretGroup = 1
entropy = 3.5
keywords = ["KEY"])",
        R"([[rules]]
id = "b"
regex = '''(?<!x)r8_(\w+)(?=;)'''
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''^#''']
stopwords = ["test"]
paths = ['''vendor/''']
condition = "AND")",
        R"([[rules]]
id = "c"
regex = 'r8_[a-z]{4}'
anchors = ['r8_']
boundary = "token"
encodings = ["base64", "hex"]
confidence = "low"
why = "short"
examples = ['{token}']
negative_examples = ['r8'])",
        R"([allowlist]
description = "all"
commits = ["0123456789"]
regexes = ['''EXAMPLE'''])",
        R"([[rules]]
id = "p"
path = '''\.p12$''')",
    };
    unsigned number = 0;
    for (const auto& part : parts) {
        write(directory / std::to_string(number++), part + '\0' + R"(key_0a1b2c3d4e" # r8_abcd;)");
    }
}

void write_containers(const std::filesystem::path& directory)
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

void write_reftables(const std::filesystem::path& directory)
{
    unsigned number = 0;
    for (const auto hash : {test::Hash::sha1, test::Hash::sha256}) {
        for (const bool aligned : {true, false}) {
            for (const int refs : {0, 3, 40}) {
                test::ReftableOptions options;
                options.hash = hash;
                options.aligned = aligned;
                options.objects = refs == 40;
                options.block_size = 512;
                test::ReftableWriter table(1, 50, options);
                for (std::uint64_t i = 1; i <= static_cast<std::uint64_t>(refs); ++i) {
                    const auto name = "refs/heads/topic-" + std::to_string(i);
                    table.ref(name, test::made_up_id(hash, i));
                    table.log(name, i, {test::zero_id(hash), test::made_up_id(hash, i)});
                }
                table.symbolic_ref("HEAD", "refs/heads/topic-1");
                table.tag("refs/tags/v1", test::made_up_id(hash, 1), test::made_up_id(hash, 2));
                table.deleted_ref("refs/heads/gone");
                table.deleted_log("refs/stash", 2);
                write(directory / std::to_string(number++), table.bytes());
            }
        }
    }
}

// The byte that chooses the reader, then a file for it.
void write_configurations(const std::filesystem::path& directory)
{
    const std::string hash(64, 'a');
    write(directory / "ignore", std::string(1, '\0') + "replicate-api-token:0123456789abcdef reason=\"dead\"\n" + hash +
                                    "\nsrc/**/[a-f]*.txt until=2027-01-31 # why\n\"a b\" reason=x\n");
    write(directory / "repository", "\x01[[ignore]]\npath = [\"a\", \"b/**\"]\nuntil = 2027-01-31\nreason = \"x\"\n"
                                    "[[ignore]]\ntoken_sha256 = \"" + hash + "\"\n");
    write(directory / "gitleaks", "\x02" + std::string(40, 'c') + ":a:b.py:generic-api-key:12\na:replicate:1\n");
    write(directory / "user", "\x03jobs = 4\nverify = true\npatterns = [\"x\"]\n[[callback]]\nname = \"a\"\nstage = \"revoke\"\n"
                              "kind = \"http\"\nurl = \"https://h/\"\nonly = [\"active\"]\ntimeout = 2.5\n");
    write(directory / "json", "\x04{\"findings\":[{\"fingerprint\":\"r:0123456789abcdef\",\"path\":\"a\"}]}");
    write(directory / "sarif",
          "\x04{\"runs\":[{\"results\":[{\"partialFingerprints\":{\"x\":\"r:0123456789abcdef\"}}]}]}");
    write(directory / "leaks", "\x04[{\"File\":\"a\",\"StartLine\":1,\"Commit\":\"\",\"Secret\":\"REDACTED\"}]");
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("fuzz_seeds DIRECTORY patterns/replicate.toml [REPOSITORY...]\n", stderr);
        return 2;
    }
    const std::filesystem::path root = argv[1];
    write_containers(made_folder(root / "container_fuzz"));
    add_made_repository_seeds(root);
    for (int i = 3; i < argc; ++i) {
        add_repository_seeds(argv[i], root);
    }
    write_reftables(made_folder(root / "reftable_fuzz"));
    write_pattern_files(made_folder(root / "pattern_file_fuzz"), argv[2]);
    write_configurations(made_folder(root / "configuration_fuzz"));
    write_contexts(made_folder(root / "layer_scanner_fuzz"), [](const test::Case&) { return std::string(); });
    write_contexts(made_folder(root / "decoders_fuzz"),
                   [](const test::Case& made) { return two_bytes(made.position.offset + 2); });
    write_contexts(made_folder(root / "boundary_fuzz"), [](const test::Case& made) {
        return '\0' + two_bytes(made.position.offset) + static_cast<char>(made.end_offset - made.position.offset);
    });
    return 0;
}
