#include "cmd/reports.h"

#include "report/csv.h"
#include "report/github.h"
#include "report/gitlab.h"
#include "report/gitleaks.h"
#include "report/html.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/junit.h"
#include "report/replace_text.h"
#include "report/sarif.h"
#include "report/text.h"

#include <ctime>

namespace r8scan::cmd {
namespace {

std::int64_t now()
{
    return static_cast<std::int64_t>(std::time(nullptr));
}

report::TextOptions text_options(const OutputPlan& output, const ReportPlan& plan, const Terminal& terminal)
{
    report::TextOptions options;
    options.colour = use_colour(plan.colour, output.file.empty(), terminal);
    options.show_secrets = plan.show_secrets;
    options.quiet = plan.quiet;
    options.verbose = plan.verbose;
    options.reasons = plan.reasons;
    options.occasion = plan.occasion;
    return options;
}

bool holds_secrets(const OutputPlan& output, const ReportPlan& plan)
{
    return plan.show_secrets || output.format == Format::replace_text;
}

}  // namespace

Result<std::unique_ptr<Sink>> Reports::make_report(const OutputPlan& output, OutputFile& file, const ReportPlan& plan,
                                                   const Terminal& terminal)
{
    const auto made = [](auto report) { return Result<std::unique_ptr<Sink>>(std::move(report)); };
    switch (output.format) {
        case Format::text:
            break;
        case Format::json:
            return made(std::make_unique<report::JsonReport>(file, plan.show_secrets));
        case Format::jsonl:
            return made(std::make_unique<report::JsonlReport>(file, plan.show_secrets));
        case Format::sarif: {
            m_hashes = std::make_unique<WorktreeHashes>(plan.tree);
            report::SarifOptions options;
            options.line_hashes = m_hashes.get();
            options.show_secrets = plan.show_secrets;
            options.suppressed = plan.verbose;
            return made(std::make_unique<report::SarifReport>(file, options));
        }
        case Format::gitlab:
            return made(std::make_unique<report::GitlabReport>(file, now, plan.show_secrets));
        case Format::github: {
            report::GithubOptions options;
            options.show_secrets = plan.show_secrets;
            if (!plan.step_summary.empty()) {
                Result<std::unique_ptr<OutputFile>> page = OutputFile::append(plan.step_summary);
                if (!page) {
                    return page.error().within("$GITHUB_STEP_SUMMARY");
                }
                options.step_summary = page->get();
                m_files.push_back(std::move(*page));
            }
            return made(std::make_unique<report::GithubReport>(file, options));
        }
        case Format::junit:
            return made(std::make_unique<report::JunitReport>(file, plan.show_secrets));
        case Format::csv:
            return made(std::make_unique<report::CsvReport>(file, plan.show_secrets));
        case Format::gitleaks:
            return made(std::make_unique<report::GitleaksReport>(file, plan.show_secrets));
        case Format::html: {
            report::HtmlOptions options;
            options.show_secrets = plan.show_secrets;
            return made(std::make_unique<report::HtmlReport>(file, now, options));
        }
        case Format::replace_text:
            return made(std::make_unique<report::ReplaceTextReport>(file));
    }
    return made(std::make_unique<report::TextReport>(file, text_options(output, plan, terminal)));
}

Result<void> Reports::open_one(const OutputPlan& output, const ReportPlan& plan, const Terminal& terminal)
{
    if (output.file.empty()) {
        if (output.format == Format::replace_text && terminal.output) {
            return Error(ErrorCode::usage,
                         "replace-text holds tokens in the clear and is not shown on a terminal: name a file, as in -f "
                         "replace-text=replacements.txt");
        }
        m_files.push_back(OutputFile::standard_output());
        m_text_on_standard_output = output.format == Format::text;
        m_verdict_on_standard_output = m_text_on_standard_output || output.format == Format::github;
    } else {
        Result<std::unique_ptr<OutputFile>> file = OutputFile::open(output.file, holds_secrets(output, plan));
        if (!file) {
            return file.error();
        }
        m_files.push_back(std::move(*file));
    }
    Result<std::unique_ptr<Sink>> report = make_report(output, *m_files.back(), plan, terminal);
    if (!report) {
        return report.error();
    }
    m_tee.add(std::move(*report));
    return {};
}

Result<void> Reports::open(const ReportPlan& plan, const Terminal& terminal)
{
    for (const OutputPlan& output : plan.outputs) {
        if (Result<void> opened = open_one(output, plan, terminal); !opened) {
            return opened;
        }
    }
    return {};
}

Result<void> Reports::commit()
{
    for (const auto& file : m_files) {
        if (Result<void> done = file->commit(); !done) {
            return done;
        }
    }
    return {};
}

}  // namespace r8scan::cmd
