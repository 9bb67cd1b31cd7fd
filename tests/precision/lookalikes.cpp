// The look-alikes. See lookalikes.h.
#include "tests/precision/lookalikes.h"

#include "tests/recall/encoders.h"

namespace r8scan::test {
namespace {

constexpr std::size_t body_size = 37;
const std::string prefix = std::string("r8") + '_';

std::string repeated(std::string_view block)
{
    std::string body;
    while (body.size() < body_size) {
        body += block;
    }
    return prefix + body.substr(0, body_size);
}

std::string random_alphanumeric(Rng& rng, std::size_t size)
{
    std::string text;
    while (text.size() < size) {
        text += random_token(rng).substr(prefix.size());
    }
    return text.substr(0, size);
}

std::string random_base64url(Rng& rng, std::size_t size)
{
    std::string text;
    while (text.size() < size) {
        text += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[rng.below(64)];
    }
    return text;
}

void add_placeholders(std::vector<Lookalike>& out)
{
    for (const char* block :
         {"x", "X", "0", "a", "1234567890abcdefghijklmnopqrstuvwxyzA", "abcdefghijklmnopqrstuvwxyz0123456789A",
          "abc123", "ABC123def", "0123456789", "deadbeef", "qwertyuiopasdfghjklzxcvbnm1234567890Q",
          "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJK",
          "YourReplicateApiTokenGoesHereExampleXX", "ThisIsNotARealTokenItIsJustAnExampleX",
          "REPLACEWITHYOURREPLICATEAPITOKENHERE1", "xxxxxxxxxxyyyyyyyyyyzzzzzzzzzz0000000",
          "ExampleExampleExampleExampleExampleEx", "yourtokenyourtokenyourtokenyourtoken1"}) {
        out.push_back({std::string("placeholder ") + block, repeated(block)});
    }
}

void add_near_misses(std::vector<Lookalike>& out, Rng& rng)
{
    for (const char* rest :
         {"your_token_here", "...", "***", "xxxx", "40z...", "[token]", "<token>", "${TOKEN}", "{{ token }}", "",
          "*************************************", "your-token-here", "XXXXXXXX-XXXX-XXXX"}) {
        out.push_back({"shape " + prefix + rest, prefix + rest});
    }
    for (const std::size_t size : {1U, 20U, 27U, 32U, 35U, 36U, 38U, 39U, 40U, 42U, 64U, 120U}) {
        out.push_back(
            {"so many characters behind the prefix: " + std::to_string(size), prefix + random_alphanumeric(rng, size)});
    }
    for (const char inside : {'?', '-', '_', '.', ' ', '/', '*'}) {
        auto token = random_token(rng);
        token[rng.between(4, 38)] = inside;
        out.push_back({std::string("another character inside: ") + inside, token});
    }
    const auto body = [&] { return random_alphanumeric(rng, body_size); };
    for (const char* other : {"r9_", "R8_", "r8-", "r8", "r8__", "8_", "r_8", "rb_", "r8 _"}) {
        out.push_back({std::string("another prefix: ") + other, other + body()});
    }
    out.push_back({"letters before", "char" + prefix.substr(1) + body()});
    out.push_back({"a letter before", "cha" + random_token(rng)});
    out.push_back({"a digit before", "8" + random_token(rng)});
    out.push_back({"a digit behind", random_token(rng) + "4"});
    out.push_back({"a letter behind", random_token(rng) + "x"});
}

void add_names(std::vector<Lookalike>& out, Rng& rng)
{
    for (const char* name :
         {"char8_t buffer[40]", "r8_mat_print(m, n, a, title)", "r8_uniform_01(&seed)", "r8mat_fs_new",
          "__ZZ8r8_rkf45PFvdPdS_EiS_S_S_dS_diE11relerr_save", "_ZN2r8_kernel_launch_with_many_arguments_hereEv",
          "SystemInformation_r8_IEs__sib_TypeAndInfo__Member", "VK_FORMAT_R8_UNORM",
          "VK_FORMAT_R8_SRGB_AND_MORE_THAN_THAT_HERE", "DXGI_FORMAT_R8_UNORM", "GL_R8_SNORM", "mrs r0, r8_fiq",
          "__kmpc_r8_atomic_float8_add_capture_and_more_words"}) {
        out.push_back({name, name});
    }
    const auto planted = '-' + prefix;
    out.push_back({"image delivery account", "https://imagedelivery.net/" + random_base64url(rng, 5) + planted +
                                                 "rpBpc" + random_base64url(rng, 8) + "/1/public"});
    out.push_back({"long value of base64url",
                   random_base64url(rng, 20) + planted + random_alphanumeric(rng, 60) + random_base64url(rng, 40)});
    out.push_back({"JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0." + random_base64url(rng, 100) + planted +
                              random_alphanumeric(rng, 45) + random_base64url(rng, 60)});
    out.push_back({"JWK", "{\"kty\":\"EC\",\"x\":\"" + random_base64url(rng, 30) + planted + random_base64url(rng, 9) +
                              "\",\"y\":\"" + random_base64url(rng, 43) + "\"}"});
    out.push_back({"digest", "sha256-" + base64(random_bytes(rng, 32))});
}

Lookalike of(const Lookalike& plain, const char* how, std::string text)
{
    return {plain.name + ", " + how, std::move(text)};
}

}  // namespace

std::vector<Lookalike> lookalikes(Rng& rng)
{
    std::vector<Lookalike> made;
    add_placeholders(made);
    add_near_misses(made, rng);
    add_names(made, rng);
    return made;
}

std::vector<Lookalike> in_all_encodings(const Lookalike& plain, Rng& rng)
{
    const Snippet all{plain.text, 0, plain.text.size()};
    const auto line = around("auth = \"", all, "\"\n");
    std::vector<Lookalike> made = {plain, of(plain, "in a line", line.bytes),
                                   of(plain, "in a list", plain.text + ',' + plain.text + '\n')};
    for (const auto* before : {"", ":", "a:"}) {
        const auto aligned = around(before, all, "\n");
        made.push_back(of(plain, "in base64", base64_of(aligned).bytes));
        made.push_back(of(plain, "in base64url", '"' + base64_of(aligned, {true, false, 0, ""}).bytes + '"'));
        made.push_back(of(plain, "in base64 of base64", base64_of(base64_of(aligned)).bytes));
        made.push_back(of(plain, "in base64 of UTF-16", base64_of(wide_of(aligned, {})).bytes));
    }
    made.push_back(of(plain, "in UTF-16LE", wide_of(line, {}).bytes));
    made.push_back(of(plain, "in UTF-16BE", wide_of(line, {2, true}).bytes));
    made.push_back(of(plain, "in UTF-32LE", wide_of(line, {4, false}).bytes));
    made.push_back(of(plain, "in hex", hex_of(all, {}).bytes));
    made.push_back(of(plain, "in hex with commas", hex_of(line, {false, ", 0x", 0, ""}).bytes));
    const std::pair<const char*, WriteCharacter> escapes[] = {
        {"percent-encoded", numbered("%", 16, 2, "", true)}, {"escaped", numbered("\\x", 16, 2, "")},
        {"escaped wide", numbered("\\u", 16, 4, "")},        {"in octal", numbered("\\", 8, 3, "")},
        {"in entities", numbered("&#", 10, 1, ";")},         {"quoted-printable", numbered("=", 16, 2, "", true)},
    };
    for (const auto& [how, write] : escapes) {
        made.push_back(of(plain, how, escaped(line, Part::whole, write, rng).bytes));
        made.push_back(of(plain, how, escaped(line, Part::some, write, rng).bytes));
    }
    // A split elsewhere could leave a whole token as a literal of its own.
    if (plain.text.starts_with(prefix) && plain.text.size() > 4) {
        made.push_back(of(plain, "joined", parted(line, {3}, "\" + \"").bytes));
        made.push_back(of(plain, "over two lines", parted(line, {plain.text.size() / 2}, "\\\n").bytes));
        made.push_back(of(plain, "with a soft break", parted(line, {plain.text.size() / 2}, "=\r\n").bytes));
    }
    return made;
}

}  // namespace r8scan::test
