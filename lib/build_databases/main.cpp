// Runs while r8scan is built: compiles the built-in rules and writes the databases as a C++ source file.
//   build_databases OUTPUT
#include "engine/container_leads.h"
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
              "#include \"match/built_databases.h\"\n\nnamespace r8scan {{\n\nnamespace {{\n\n");
    for (std::size_t i = 0; i < databases.size(); ++i) {
        write_database(out, i, databases[i]);
    }
    out.print("\n}}  // namespace\n\nBytes built_database(std::string_view key)\n{{\n");
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
