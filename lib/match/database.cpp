#include "match/database.h"

#include "match/built_databases.h"
#include "match/database_cache.h"
#include "util/hash.h"

#include <hs.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace r8scan {

namespace {

struct FreeCompileError {
    void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeCompileError>;

// Hyperscan tells a lack of memory like a mistake in an expression, by these words alone. It is none: taken for one,
// the rule would be matched by other means, or refused.
void throw_if_out_of_memory(hs_error_t status, const hs_compile_error_t* error)
{
    if (status == HS_NOMEM ||
        (status != HS_SUCCESS && (error == nullptr || std::strstr(error->message, "allocate") != nullptr))) {
        throw std::bad_alloc();
    }
}

struct FreeMemory {
    void operator()(void* memory) const { std::free(memory); }
};

Database load(Bytes bytes)
{
    hs_database_t* loaded = nullptr;
    if (bytes.empty() ||
        hs_deserialize_database(reinterpret_cast<const char*>(bytes.data()), bytes.size(), &loaded) != HS_SUCCESS) {
        return nullptr;
    }
    return Database(loaded);
}

}  // namespace

void FreeDatabase::operator()(hs_database* database) const
{
    hs_free_database(database);
}

void FreeScratch::operator()(hs_scratch* scratch) const
{
    hs_free_scratch(scratch);
}

std::string database_key(const std::vector<DatabaseExpression>& expressions)
{
    std::string all = hs_version();
    hs_platform_info_t platform{};
    if (hs_populate_platform(&platform) == HS_SUCCESS) {
        all += '\0' + std::to_string(platform.cpu_features) + '\0' + std::to_string(platform.tune);
    }
    for (const auto& expression : expressions) {
        all += '\0' + expression.text + '\0' + std::to_string(expression.flags);
    }
    return sha256_hex(as_bytes(all));
}

std::string serialise(const hs_database* database)
{
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) {
        return {};
    }
    const std::unique_ptr<char, FreeMemory> owned(bytes);
    return {bytes, size};
}

Result<Database> make_database(const std::vector<DatabaseExpression>& expressions,
                               const std::filesystem::path& cache_dir, CompileFailure* failure)
{
    const auto key = database_key(expressions);
    if (auto built = load(built_database(key))) {
        return built;
    }
    const DatabaseCache cache(cache_dir);
    if (auto cached = load(as_bytes(cache.read(key)))) {
        return cached;
    }
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& expression : expressions) {
        ids.push_back(static_cast<unsigned>(ids.size()));
        texts.push_back(expression.text.c_str());
        flags.push_back(expression.flags);
    }
    hs_database_t* compiled = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                                         HS_MODE_BLOCK, nullptr, &compiled, &error);
    const CompileError owned_error(error);
    throw_if_out_of_memory(status, error);
    if (status != HS_SUCCESS) {
        const CompileFailure why{error != nullptr ? error->expression : -1,
                                 error != nullptr ? error->message : "this processor is not supported"};
        if (failure != nullptr) {
            *failure = why;
        }
        const auto origin =
            why.expression >= 0 ? expressions[static_cast<std::size_t>(why.expression)].origin : "the rules";
        return Error(ErrorCode::usage, origin + ": hyperscan: " + why.message);
    }
    Database database(compiled);
    cache.write(key, serialise(database.get()));
    return database;
}

Result<ExpressionWidth> measure_expression(const std::string& expression, unsigned flags)
{
    if (const auto built = built_width(expression, flags)) {
        return ExpressionWidth{built->least, built->most};
    }
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_expression_info(expression.c_str(), flags, &info, &error);
    const std::unique_ptr<hs_expr_info_t, FreeMemory> owned_info(info);
    const CompileError owned_error(error);
    throw_if_out_of_memory(status, error);
    if (status != HS_SUCCESS) {
        return Error(ErrorCode::usage, std::string("hyperscan: ") + (error != nullptr ? error->message : "refuses it"));
    }
    return ExpressionWidth{info->min_width, info->max_width};
}

std::string escape_literal(std::string_view literal)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : literal) {
        const bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        const auto byte = static_cast<unsigned char>(c);
        text += is_word ? std::string(1, c) : std::string("\\x") + digits[byte >> 4U] + digits[byte & 15U];
    }
    return text;
}

void add_scratch(MatchScratch& scratch, const hs_database* database)
{
    hs_scratch_t* raw = scratch.release();
    const auto status = hs_alloc_scratch(database, &raw);
    scratch.reset(raw);
    if (status != HS_SUCCESS) {
        throw std::bad_alloc();
    }
}

}  // namespace r8scan
