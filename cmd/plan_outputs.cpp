#include "cmd/plan_outputs.h"

#include "cmd/typed_values.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <set>

namespace r8scan::cmd {
namespace {

Result<OutputPlan> read_format(const TypedValue& typed)
{
    static constexpr std::array<Word<Format>, 11> formats{{{"text", Format::text},
                                                           {"json", Format::json},
                                                           {"jsonl", Format::jsonl},
                                                           {"sarif", Format::sarif},
                                                           {"gitlab", Format::gitlab},
                                                           {"github", Format::github},
                                                           {"junit", Format::junit},
                                                           {"csv", Format::csv},
                                                           {"gitleaks", Format::gitleaks},
                                                           {"html", Format::html},
                                                           {"replace-text", Format::replace_text}}};
    const std::size_t equals = typed.text.find('=');
    const Result<Format> format = choice({typed.text.substr(0, equals), typed.origin}, formats);
    if (!format) {
        return format.error();
    }
    if (*format == Format::replace_text && typed.origin != "--format") {
        return wrong_value(typed,
                           "holds tokens in the clear and is never read from the environment: say -f replace-text");
    }
    OutputPlan output{*format, ""};
    if (equals != std::string::npos) {
        output.file = typed.text.substr(equals + 1);
        if (output.file.empty()) {
            return wrong_value(typed, "names no file behind the equals sign");
        }
    }
    return output;
}

/// "-" is standard output, as everywhere.
void resolve_dash(std::string& file)
{
    if (file == "-") {
        file.clear();
    }
}

Result<std::vector<OutputPlan>> read_formats(const TypedOptions& typed)
{
    std::vector<OutputPlan> outputs;
    if (const auto formats = typed.values.find("format"); formats != typed.values.end()) {
        for (const TypedValue& value : formats->second) {
            const Result<OutputPlan> output = read_format(value);
            if (!output) {
                return output.error();
            }
            outputs.push_back(*output);
        }
    }
    if (outputs.empty()) {
        outputs.emplace_back();
    }
    return outputs;
}

/// -o names the file of the first report that has none.
Result<void> read_output(const TypedOptions& typed, std::vector<OutputPlan>& outputs)
{
    const TypedValue* const file = typed.last("output");
    if (file == nullptr) {
        return {};
    }
    for (OutputPlan& output : outputs) {
        if (output.file.empty()) {
            output.file = file->text;
            return {};
        }
    }
    // A variable is for every run, also for those whose reports have files.
    return file->origin == "--output" ? wrong_value(*file, "has no report left to write: every -f names a file already")
                                      : Result<void>();
}

Result<void> refuse_same_place(const std::vector<OutputPlan>& outputs)
{
    std::set<std::string> seen;
    for (const OutputPlan& output : outputs) {
        const std::string name = std::filesystem::path(output.file).lexically_normal().string();
        if (!seen.insert(name).second) {
            return Error(ErrorCode::usage, name.empty()
                                               ? "two reports for standard output: give each but one a file, as in -f "
                                                 "jsonl=report.jsonl"
                                               : fmt::format("two reports for the file \"{}\"", name));
        }
    }
    return {};
}

}  // namespace

Result<std::vector<OutputPlan>> plan_outputs(const TypedOptions& typed)
{
    Result<std::vector<OutputPlan>> outputs = read_formats(typed);
    if (!outputs) {
        return outputs;
    }
    if (const Result<void> read = read_output(typed, *outputs); !read) {
        return read.error();
    }
    for (OutputPlan& output : *outputs) {
        resolve_dash(output.file);
    }
    if (const Result<void> distinct = refuse_same_place(*outputs); !distinct) {
        return distinct.error();
    }
    return outputs;
}

}  // namespace r8scan::cmd
