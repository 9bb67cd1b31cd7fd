// Base64 at its three alignments, in both alphabets, padded or not, in every way that lines are broken; twice; of
// UTF-16; and the usual places of it (Secrets, Basic auth, docker config, JWT).
//
// Lines are broken at 64 or 76 characters, so at a group boundary, as every encoder does. The written breaks of JSON
// count as breaks, not as a layer.
#include "tests/recall/contexts.h"
#include "tests/recall/encoders.h"

#include <fmt/format.h>

namespace r8scan::test {
namespace {

struct Layout {
    const char* name;
    std::size_t width;
    const char* line_break;
    const char* before;
    const char* behind;
};

constexpr Layout layouts[] = {
    {"one line", 0, "", "token: \"", "\"\n"},
    {"one line, bare", 0, "", "", ""},
    {"MIME", 76, "\n", "", ""},
    {"MIME, CRLF", 76, "\r\n", "Content-Transfer-Encoding: base64\r\n\r\n", "\r\n--x--\r\n"},
    {"PEM", 64, "\n", "-----BEGIN MESSAGE-----\n", "\n-----END MESSAGE-----\n"},
    {"PEM, CRLF", 64, "\r\n", "-----BEGIN MESSAGE-----\r\n", "\r\n-----END MESSAGE-----\r\n"},
    {"YAML block, 2", 76, "\n  ", "token: |\n  ", "\nnext: 1\n"},
    {"YAML block, 4", 64, "\n    ", "data:\n  token: >-\n    ", "\n  next: 1\n"},
    {"YAML block, 6", 76, "\n      ", "a:\n  b:\n    token: |-\n      ", "\n"},
    {"YAML block, 8", 64, "\n        ", "      token: !!binary |\n        ", "\n      next: 1\n"},
    {"JSON, \\n", 76, "\\n", "{\"auth\": \"", "\\n\"}"},
    {"JSON, \\r\\n", 76, "\\r\\n", "{\"auth\": \"", "\"}"},
    {"JSON, \\n at 64", 64, "\\n", "\"key\": \"", "\""},
};

// Bytes around a token, so that it begins at this alignment; sometimes none. Their base64 has + and / in it.
Snippet aligned(std::string_view token, std::size_t alignment, Rng& rng)
{
    constexpr std::string_view printable = "abc ???~~~>>>:=\"/ü\n";
    constexpr std::string_view edges = ":=\" >?\n";
    const auto filler = [&](std::size_t size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) {
            text += printable[rng.below(printable.size())];
        }
        return text;
    };
    std::string before;
    if (alignment != 0 || rng.chance(70)) {
        before = filler(3 * rng.below(25) + (alignment + 2) % 3) + edges[rng.below(edges.size())];
    }
    std::string behind;
    if (rng.chance(70)) {
        behind = edges[rng.below(edges.size())] + filler(rng.below(70));
    }
    return around(before, bare(token), behind);
}

Snippet laid_out(const Snippet& plain, const Layout& layout, bool url, bool padded)
{
    return around(layout.before, base64_of(plain, {url, padded, layout.width, layout.line_break}), layout.behind);
}

void add_once(std::vector<Context>& out)
{
    for (std::size_t alignment = 0; alignment < 3; ++alignment) {
        for (const bool url : {false, true}) {
            for (const bool padded : {true, false}) {
                for (const auto& layout : layouts) {
                    out.push_back({fmt::format("{} at offset {}, {}, {}", url ? "base64url" : "base64", alignment,
                                               padded ? "padded" : "not padded", layout.name),
                                   encoding_group,
                                   {"base64"},
                                   [=](std::string_view token, Rng& rng) {
                                       return laid_out(aligned(token, alignment, rng), layout, url, padded);
                                   }});
                }
            }
        }
    }
}

void add_twice(std::vector<Context>& out)
{
    for (std::size_t inner = 0; inner < 3; ++inner) {
        for (std::size_t outer = 0; outer < 3; ++outer) {
            for (const auto* inner_break : {"", "\n", "\r\n"}) {
                for (const auto index : {0U, 2U, 4U, 7U, 10U}) {
                    const auto& layout = layouts[index];
                    const std::size_t width = *inner_break == '\0' ? 0 : 76;
                    out.push_back(
                        {fmt::format("base64 of base64 ({} in {}), {} in {}", inner, outer,
                                     width == 0             ? "one line"
                                     : *inner_break == '\n' ? "MIME"
                                                            : "MIME, CRLF",
                                     layout.name),
                         encoding_group,
                         {"base64", "base64"},
                         [=](std::string_view token, Rng& rng) {
                             auto once = base64_of(aligned(token, inner, rng), {false, true, width, inner_break});
                             constexpr std::string_view before[] = {"", ":", "a:"};
                             once = around(before[outer], std::move(once), outer == 0 ? "" : "\n");
                             return laid_out(once, layout, false, true);
                         }});
                }
            }
        }
    }
}

void add_wide(std::vector<Context>& out)
{
    for (const bool big_endian : {false, true}) {
        for (std::size_t alignment = 0; alignment < 3; ++alignment) {
            for (const auto index : {0U, 2U, 10U}) {
                const auto& layout = layouts[index];
                out.push_back({fmt::format("base64 of UTF-16{} at offset {}, {}", big_endian ? "BE" : "LE", alignment,
                                           layout.name),
                               encoding_group,
                               {"base64", "utf-16"},
                               [=](std::string_view token, Rng& rng) {
                                   // Two bytes a character: 0, 1 and 2 characters give the offsets 0, 2 and 1.
                                   auto before = alignment == 0 ? std::string() : alignment == 2 ? "'" : "='";
                                   if (rng.chance(50)) {
                                       before = "$t = \"" + before;
                                   }
                                   const auto text = around(before, bare(token), rng.chance(50) ? "'\r\nrun" : "");
                                   return laid_out(wide_of(text, {2, big_endian}), layout, false, true);
                               }});
            }
        }
    }
    out.push_back({"powershell -enc", encoding_group, {"base64", "utf-16"}, [](std::string_view token, Rng& rng) {
                       return around(
                           "powershell.exe -NoProfile -enc ",
                           base64_of(wide_of(filled("$env:REPLICATE_API_TOKEN='{token}'; run", token, rng), {})),
                           "\r\n");
                   }});
}

struct Use {
    const char* name;
    const char* before;
    const char* inside;
    const char* behind;
    bool url;
    bool padded;
};

constexpr Use uses[] = {
    {"Kubernetes Secret", "kind: Secret\ndata:\n  token: ", "{token}", "\ntype: Opaque\n", false, true},
    {"Kubernetes Secret with newline", "data:\n  token: ", "{token}\n", "\n", false, true},
    {"Kubernetes Secret of .env", "data:\n  .env: ", "A=1\nREPLICATE_API_TOKEN={token}\n", "\n", false, true},
    {"Basic auth", "Authorization: Basic ", "user:{token}", "\r\n", false, true},
    {"Basic auth, no user", "Authorization: Basic ", ":{token}", "\r\n", false, true},
    {"Basic auth, token as user", "Authorization: Basic ", "{token}:", "\r\n", false, true},
    {"docker config", "{\"auths\":{\"r8.im\":{\"auth\":\"", "x-token:{token}", "\"}}}", false, true},
    {"JWT", "eyJhbGciOiJIUzI1NiJ9.", "{\"sub\":\"a\",\"token\":\"{token}\",\"iat\":1}", ".c2ln-bmF0_dXJl", true, false},
    {"data URL", "<a href=\"data:text/plain;base64,", "key {token}", "\">", false, true},
    {"padding percent-encoded", "?auth=", "me:{token}", "%3D%3D&x=1", true, false},
};

}  // namespace

void add_base64_contexts(std::vector<Context>& out)
{
    add_once(out);
    add_twice(out);
    add_wide(out);
    for (const auto& use : uses) {
        out.push_back({use.name, encoding_group, {"base64"}, [use](std::string_view token, Rng& rng) {
                           const auto inside = filled(use.inside, token, rng);
                           return around(use.before, base64_of(inside, {use.url, use.padded, 0, ""}), use.behind);
                       }});
    }
}

}  // namespace r8scan::test
