#include "cmd/token_report.h"

#include "cmd/typed_values.h"
#include "util/escape.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace r8scan::cmd {
namespace {

using Json = nlohmann::ordered_json;

std::string word_of(const TokenLine& line)
{
    return line.word.empty() ? action::to_string(line.verdict.status) : line.word;
}

Json record_of(const TokenLine& line, const char* field)
{
    Json record;
    record["type"] = "token";
    record["redacted"] = utf8_or_hex(line.redacted);
    record["token_sha256"] = line.token_sha256;
    Json& outcome = record[field];
    outcome["status"] = word_of(line);
    outcome["at"] = utf8_or_hex(line.verdict.at);
    outcome["message"] = utf8_or_hex(line.verdict.message);
    if (!line.verdict.owner.empty()) {
        outcome["owner"] = utf8_or_hex(line.verdict.owner);
    }
    return record;
}

}  // namespace

Result<TokenReportOptions> read_token_report_options(const TypedOptions& typed)
{
    static constexpr std::array<Word<Format>, 3> formats{
        {{"text", Format::text}, {"json", Format::json}, {"jsonl", Format::jsonl}}};
    TokenReportOptions options;
    if (const TypedValue* const value = typed.last("format")) {
        const Result<Format> format = choice(*value, formats);
        if (!format) {
            return format.error();
        }
        options.format = *format;
    }
    const Result<bool> quiet = flag(typed, "quiet");
    if (!quiet) {
        return quiet.error();
    }
    options.quiet = *quiet;
    return options;
}

std::string token_report(const std::vector<TokenLine>& lines, const char* field, const TokenReportOptions& options)
{
    std::string text;
    Json all = Json::array();
    for (const TokenLine& line : lines) {
        switch (options.format) {
            case Format::json:
                all.push_back(record_of(line, field));
                break;
            case Format::jsonl:
                text += escape_json_text(record_of(line, field).dump()) + '\n';
                break;
            default:
                text +=
                    escape_for_terminal(fmt::format("{}  {}{}{}", line.redacted, word_of(line),
                                                    line.verdict.message.empty() ? "" : ": ", line.verdict.message)) +
                    '\n';
                break;
        }
    }
    if (options.format == Format::json) {
        Json document;
        document["tokens"] = std::move(all);
        text = escape_json_text(document.dump()) + '\n';
    }
    return text;
}

}  // namespace r8scan::cmd
