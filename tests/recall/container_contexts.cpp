// Tokens inside containers, also nested, in base64, and with an encoding inside.
//
// Each level with names adds "!" and the member's name to the inner path; streams without names (gzip, PDF, PNG …) add
// nothing. What base64 holds is a stream too, so positions count in the innermost stream and not in the base64.
#include "tests/recall/containers.h"
#include "tests/recall/contexts.h"
#include "tests/recall/encoders.h"
#include "tests/support/delta_builder.h"
#include "tests/support/pack_writer.h"
#include "tests/support/zlib_stream.h"

#include <fmt/format.h>

namespace r8scan::test {
namespace {

// A container around bytes, and what it adds to layers and path.
struct Wrapped {
    std::string bytes;
    Whereabouts where;
};
using Wrap = std::function<Wrapped(const std::string&, Rng&)>;

struct Container {
    std::string name;
    Wrap wrap;
};

// The first wrap is the innermost one.
Wrap nested(std::vector<Wrap> wraps)
{
    return [wraps = std::move(wraps)](const std::string& bytes, Rng& rng) {
        Wrapped all{bytes, {}};
        for (const auto& wrap : wraps) {
            auto one = wrap(all.bytes, rng);
            one.where.layers.insert(one.where.layers.end(), all.where.layers.begin(), all.where.layers.end());
            one.where.inner_path += all.where.inner_path;
            all = std::move(one);
        }
        return all;
    };
}

template <typename Make>
Wrap nameless(const char* layer, Make make)
{
    return [=](const std::string& bytes, Rng& rng) { return Wrapped{make(bytes, rng), {{layer}, ""}}; };
}

std::string some_name(Rng& rng)
{
    constexpr std::string_view names[] = {"a.txt", "dir/b.txt", "dir/sub/.env", "Schlüssel/密钥.yml",
                                          "with space.json"};
    return std::string(names[rng.below(std::size(names))]);
}

// The file among others, before and behind it.
template <typename Make>
Wrap named(const char* layer, std::string name, Make make)
{
    return [=](const std::string& bytes, Rng& rng) {
        const auto member = name.empty() ? some_name(rng) : name;
        std::vector<PackedFile> files = {{member, bytes}};
        if (rng.chance(60)) {
            files.insert(files.begin(), {"README.md", random_text(rng, rng.between(1, 900))});
        }
        if (rng.chance(60)) {
            files.push_back({"z.bin", random_bytes(rng, rng.between(1, 900))});
        }
        return Wrapped{make(files), {{layer}, '!' + member}};
    };
}

Wrap gzip()
{
    return nameless("gzip", [](const std::string& bytes, Rng& rng) {
        return gzip_of(bytes, rng.chance(50) ? "app.log" : "", rng.chance(20) ? 0 : 6);
    });
}

// Cut into two or three members, also through the token.
Wrap gzip_members()
{
    return nameless("gzip", [](const std::string& bytes, Rng& rng) {
        std::string out;
        std::size_t at = 0;
        for (auto left = rng.between(1, 2); left > 0; --left) {
            const auto size = rng.below(bytes.size() - at + 1);
            out += gzip_of(bytes.substr(at, size));
            at += size;
        }
        return out + gzip_of(bytes.substr(at));
    });
}

Wrap zlib(Level level)
{
    return nameless("zlib", [=](const std::string& bytes, Rng&) { return deflated(bytes, level); });
}

Wrap filter(const char* layer, Filter which)
{
    return nameless(layer, [=](const std::string& bytes, Rng&) { return compressed(bytes, which); });
}

Wrap zip(ZipStyle style = {}, std::string name = "")
{
    return named("zip", std::move(name), [=](const std::vector<PackedFile>& files) { return zip_of(files, style); });
}

Wrap archive(const char* layer, ArchiveKind kind, std::string name = "")
{
    return named(layer, std::move(name), [=](const std::vector<PackedFile>& files) { return archive_of(files, kind); });
}

// debian-binary, then the two archives of a package.
Wrap deb(std::string data_name)
{
    return [=](const std::string& bytes, Rng&) {
        const auto control = gzip_of(archive_of({{"./control", "Package: x\n"}}, ArchiveKind::gnutar));
        return Wrapped{archive_of({{"debian-binary", "2.0\n"}, {"control.tar.gz", control}, {data_name, bytes}},
                                  ArchiveKind::ar_svr4),
                       {{"ar"}, '!' + data_name}};
    };
}

enum class InPack { blob, delta, commit };

Wrap git_pack(InPack as, bool bundle)
{
    return [=](const std::string& bytes, Rng& rng) {
        PackWriter pack;
        std::size_t entry = 0;
        const auto base = pack.add(Type::blob, random_text(rng, 500));
        if (as == InPack::delta) {
            const auto& content = *pack.entry(base).content;
            DeltaBuilder delta(content);
            // The target is exactly these bytes, with what the base has behind them cut off.
            delta.insert(bytes);
            entry = pack.add_ofs_delta(base, delta.delta());
        } else {
            entry = pack.add(as == InPack::commit ? Type::commit : Type::blob, bytes);
        }
        const auto id = pack.id(entry).hex();
        auto out = pack.build().pack;
        if (bundle) {
            out.insert(0, "# v2 git bundle\n" + id + " refs/heads/main\n\n");
        }
        return Wrapped{out, {{"git-pack"}, '!' + id}};
    };
}

// Base64 of a container's bytes: no name, and a layer of its own.
Wrap base64(Base64Style style, std::string before = "data: ", std::string behind = "\n")
{
    return nameless("base64", [=](const std::string& bytes, Rng&) {
        return before + base64_of({bytes, 0, 0}, style).bytes + behind;
    });
}

// Base64 and nothing else, as an inner layer.
Wrap pure_base64(Base64Style style = {})
{
    return base64(style, "", "");
}

Wrap nested_zips(std::size_t depth)
{
    return nested(std::vector<Wrap>(depth, zip()));
}

std::vector<Container> containers()
{
    const ZipStyle stored{true, false, ""};
    const ZipStyle script{false, false, "#!/bin/sh\nexec unzip -q \"$0\" -d /opt\nexit 1\n"};
    const ZipStyle stored_script{true, false, script.before};
    const ZipStyle streamed{false, true, ""};
    const auto tar = [](std::string name = "dir/b.txt") {
        return archive("tar", ArchiveKind::gnutar, std::move(name));
    };
    const Base64Style mime{false, true, 76, "\n"};
    const Base64Style pem{false, true, 64, "\r\n"};
    const Base64Style written{false, true, 76, "\\n"};
    const Base64Style indented{false, true, 64, "\n    "};
    const Base64Style url{true, false, 0, ""};
    return {
        {"gzip", gzip()},
        {"gzip of several members", gzip_members()},
        {"gzip behind a shell script",
         nameless("gzip",
                  [](const std::string& bytes, Rng&) { return "#!/bin/sh\ntail -n +3 $0|zcat\n" + gzip_of(bytes); })},
        {"zlib", zlib(Level::normal)},
        {"zlib, fast", zlib(Level::fast)},
        {"zlib, best", zlib(Level::best)},
        {"zlib, stored", zlib(Level::stored)},
        {"bzip2", filter("bzip2", Filter::bzip2)},
        {"xz", filter("xz", Filter::xz)},
        {"zstd", filter("zstd", Filter::zstd)},
        {"zip", zip()},
        {"zip, stored", zip(stored)},
        {"zip with data descriptors", zip(streamed)},
        {"zip behind a shell script", zip(script)},
        {"zip, stored, behind a shell script", zip(stored_script)},
        {"jar", zip({}, "META-INF/MANIFEST.MF")},
        {"wheel", zip({}, "pkg-1.0.dist-info/METADATA")},
        {"docx", zip({}, "word/document.xml")},
        {"apk", zip(stored, "assets/config.json")},
        {"tar, ustar", archive("tar", ArchiveKind::ustar, "dir/b.txt")},
        {"tar, pax", archive("tar", ArchiveKind::pax, "dir/b.txt")},
        {"tar, gnu", tar()},
        {"tar.gz", nested({tar(), gzip()})},
        {"tar.bz2", nested({tar(), filter("bzip2", Filter::bzip2)})},
        {"tar.xz", nested({tar(), filter("xz", Filter::xz)})},
        {"tar.zst", nested({tar(), filter("zstd", Filter::zstd)})},
        {"7z", archive("7z", ArchiveKind::seven_zip, "dir/b.txt")},
        {"ar, System V", archive("ar", ArchiveKind::ar_svr4, "b.o")},
        {"ar, BSD", archive("ar", ArchiveKind::ar_bsd, "b.o")},
        {"deb, xz", nested({tar("./etc/app/env"), filter("xz", Filter::xz), deb("data.tar.xz")})},
        {"deb, zstd", nested({tar("./etc/app/env"), filter("zstd", Filter::zstd), deb("data.tar.zst")})},
        {"gz in zip", nested({gzip(), zip()})},
        {"zip in tar.gz", nested({zip(), tar(), gzip()})},
        {"image layer: tar.gz in tar", nested({tar(), gzip(), tar("layer/0.tar.gz")})},
        {"zip in zip", nested_zips(2)},
        {"zips nested 3 deep", nested_zips(3)},
        {"zips nested 4 deep", nested_zips(4)},
        {"zips nested 5 deep", nested_zips(5)},
        {"git pack", git_pack(InPack::blob, false)},
        {"git pack, delta", git_pack(InPack::delta, false)},
        {"git pack, commit", git_pack(InPack::commit, false)},
        {"git bundle", git_pack(InPack::blob, true)},
        {"PNG, zTXt", nameless("png", [](const std::string& bytes, Rng&) { return png_with(bytes, false); })},
        {"PNG, iTXt", nameless("png", [](const std::string& bytes, Rng&) { return png_with(bytes, true); })},
        {"PDF", nameless("pdf", [](const std::string& bytes, Rng&) { return pdf_with(bytes); })},
        {"base64 of gzip", nested({gzip(), base64({})})},
        {"base64 of gzip, bare", nested({gzip(), pure_base64()})},
        {"base64 of gzip, MIME", nested({gzip(), base64(mime, "")})},
        {"base64 of gzip, PEM with CRLF",
         nested({gzip(), base64(pem, "-----BEGIN X-----\r\n", "\r\n-----END X-----\r\n")})},
        {"base64 of gzip, JSON", nested({gzip(), base64(written, "{\"gz\": \"", "\"}")})},
        {"base64 of gzip, YAML block", nested({gzip(), base64(indented, "user-data: |\n    ")})},
        {"base64url of gzip", nested({gzip(), base64(url, "?state=", "&x=1")})},
        {"base64 of zip", nested({zip(), base64({}, "ZipFile: \"", "\"")})},
        {"base64 of zip, MIME", nested({zip(), base64(mime, "\n")})},
        {"Helm release", nested({gzip(), pure_base64(), base64({}, "data:\n  release: ")})},
        {"Helm release, MIME", nested({gzip(), pure_base64(), base64(mime, "release: |\n")})},
        {"base64 of base64 of zip", nested({zip(), pure_base64(), base64({}, "{\"z\":\"", "\"}")})},
        {"base64 of gzip in zip", nested({gzip(), base64({}), zip()})},
    };
}

Snippet in_document(std::string_view token, Rng& rng)
{
    return filled("<w:p><w:r><w:t>Key: </w:t></w:r><w:r><w:t>{token}</w:t></w:r></w:p>", token, rng);
}

Snippet in_page(std::string_view token, Rng& rng)
{
    return filled("BT /F1 12 Tf 72 720 Td ({token}) Tj ET", token, rng);
}

Held held(const Wrap& wrap, const std::string& bytes, Rng& rng)
{
    auto wrapped = wrap(bytes, rng);
    return {std::move(wrapped.bytes), std::move(wrapped.where), std::nullopt, true};
}

// An encoding inside a container: ["zip", "base64"].
void add_encodings_inside(std::vector<Context>& out)
{
    const auto encoded = [](std::string_view token, Rng& rng) {
        return around("data:\n  token: ", base64_of(around(rng.chance(50) ? "x:" : "", bare(token), "")), "\n");
    };
    for (const auto& [name, wrap] :
         {std::pair("gzip", gzip()), std::pair("zip", zip()),
          std::pair("tar.gz", nested({archive("tar", ArchiveKind::gnutar, "b.txt"), gzip()}))}) {
        out.push_back({std::string("base64 in ") + name,
                       container_group,
                       {"base64"},
                       encoded,
                       Confidence::high,
                       Fits::text,
                       [wrap = wrap](const Snippet& placed, Rng& rng) { return held(wrap, placed.bytes, rng); }});
        // Wide text: the extent moves, lines and columns do not.
        out.push_back({std::string("UTF-16 in ") + name,
                       container_group,
                       {"utf-16"},
                       some_line,
                       Confidence::high,
                       Fits::text,
                       [wrap = wrap](const Snippet& placed, Rng& rng) {
                           const auto wide = wide_of(placed, {});
                           auto made = held(wrap, wide.bytes, rng);
                           made.moved = wide;
                           return made;
                       }});
    }
}

}  // namespace

void add_container_contexts(std::vector<Context>& out)
{
    for (const auto& [name, wrap] : containers()) {
        const auto make = name == "docx" ? in_document : name == "PDF" ? in_page : some_line;
        out.push_back({name,
                       container_group,
                       {},
                       make,
                       Confidence::high,
                       Fits::anywhere,
                       [wrap = wrap](const Snippet& placed, Rng& rng) { return held(wrap, placed.bytes, rng); }});
    }
    add_encodings_inside(out);
}

}  // namespace r8scan::test
