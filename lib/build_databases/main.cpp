// Runs while r8scan is built: compiles the built-in rules and writes the databases as a C++ source file.
//   build_databases OUTPUT
#include "build_databases/asked_widths.h"
#include "engine/container_leads.h"
#include "match/database.h"
#include "match/matcher.h"
#include "match/pattern_file.h"

#include <fmt/format.h>
#include <fmt/os.h>

#include <cstdio>

using namespace r8scan;

namespace {

void write_database(fmt::ostream& out, std::size_t number, const SerialisedDatabase& database)
{
    constexpr std::size_t per_line = 32;
    out.print("alignas(64) constexpr unsigned char bytes_{}[] = {{", number);
    for (std::size_t i = 0; i < database.bytes.size(); ++i) {
        out.print("{}{},", i % per_line == 0 ? "\n" : "", static_cast<unsigned char>(database.bytes[i]));
    }
    out.print("\n}};\n");
}

std::string as_literal(const std::string& text)
{
    std::string literal;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        literal += is_plain ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
    return literal;
}

// In the order of std::set, in which built_width() looks them up.
void write_widths(fmt::ostream& out)
{
    out.print("struct Width {{\n    std::string_view expression;\n    unsigned flags;\n    BuiltWidth width;\n}};\n"
              "constexpr Width widths[] = {{\n");
    const auto asked = asked_widths();
    for (const auto& [expression, flags] : asked) {
        if (const auto width = measure_expression(expression, flags)) {
            out.print("    {{{{\"{}\", {}}}, {}U, {{{}U, {}U}}}},\n", as_literal(expression), expression.size(), flags,
                      width->least, width->most);
        }
    }
    out.print("}};\n");
}

int build(const char* path)
{
    auto rules = load_rules({});
    if (!rules) {
        fmt::print(stderr, "{}\n", rules.error().message());
        return 1;
    }
    const auto leads = container_leads(*rules);
    auto matcher = Matcher::compile(std::move(*rules), leads);
    if (!matcher) {
        fmt::print(stderr, "{}\n", matcher.error().message());
        return 1;
    }
    const auto databases = matcher->serialised();
    auto out = fmt::output_file(path);
    out.print("// Made from patterns/replicate.toml when the library is built.\n"
              "#include \"match/built_databases.h\"\n\n#include <algorithm>\n\nnamespace r8scan {{\n\nnamespace {{\n\n");
    for (std::size_t i = 0; i < databases.size(); ++i) {
        write_database(out, i, databases[i]);
    }
    write_widths(out);
    out.print("\n}}  // namespace\n\n"
              "std::optional<BuiltWidth> built_width(std::string_view expression, unsigned flags)\n{{\n"
              "    const auto* const found = std::partition_point(std::begin(widths), std::end(widths), [&](const Width& each) {{\n"
              "        return each.expression < expression || (each.expression == expression && each.flags < flags);\n    }});\n"
              "    const bool same = found != std::end(widths) && found->expression == expression && found->flags == flags;\n"
              "    return same ? std::optional(found->width) : std::nullopt;\n}}\n\n"
              "std::string_view built_digest()\n{{\n    return \"{}\";\n}}\n\n", matcher->digest());
    out.print("Bytes built_database(std::string_view key)\n{{\n");
    for (std::size_t i = 0; i < databases.size(); ++i) {
        out.print("    if (key == \"{}\") {{\n        return std::as_bytes(std::span(bytes_{}));\n    }}\n", databases[i].key, i);
    }
    out.print("    return {{}};\n}}\n\n}}  // namespace r8scan\n");
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    return argc == 2 ? build(argv[1]) : 2;
}
