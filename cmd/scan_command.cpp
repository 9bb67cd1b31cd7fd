#include "cmd/scan_command.h"

#include "cmd/actions.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/output_file.h"
#include "cmd/progress.h"
#include "cmd/signals.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "report/stats.h"
#include "report/tee.h"
#include "report/text.h"
#include "report/text_verdict.h"
#include "report/wording.h"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace r8scan::cmd {
namespace {

/// Takes the progress line off the terminal before the first byte of a report goes there.
class AfterProgress : public Sink {
public:
    AfterProgress(Sink& sink, Progress& progress) : m_sink(sink), m_progress(progress) {}

    Result<void> finding(const Finding& finding) override
    {
        m_progress.stop();
        return m_sink.finding(finding);
    }
    Result<void> summary(const Summary& summary) override
    {
        m_progress.stop();
        return m_sink.summary(summary);
    }

private:
    Sink& m_sink;
    Progress& m_progress;
};

/// The reports of one scan and the files that they write.
struct Outputs {
    std::vector<std::unique_ptr<OutputFile>> files;
    report::Tee reports;
    bool text_on_standard_output = false;
};

std::unique_ptr<Sink> make_report(const OutputPlan& output, OutputFile& file, const ReportPlan& plan,
                                  const Terminal& terminal)
{
    switch (output.format) {
        case Format::json:
            return std::make_unique<report::JsonReport>(file, plan.show_secrets);
        case Format::jsonl:
            return std::make_unique<report::JsonlReport>(file, plan.show_secrets);
        case Format::text:
            break;
    }
    report::TextOptions options;
    options.colour = use_colour(plan.colour, output.file.empty(), terminal);
    options.show_secrets = plan.show_secrets;
    options.quiet = plan.quiet;
    options.verbose = plan.verbose;
    return std::make_unique<report::TextReport>(file, options);
}

Result<void> open_outputs(const ReportPlan& plan, const Terminal& terminal, Outputs& outputs)
{
    for (const OutputPlan& output : plan.outputs) {
        if (output.file.empty()) {
            outputs.files.push_back(OutputFile::standard_output());
            outputs.text_on_standard_output = output.format == Format::text;
        } else {
            Result<std::unique_ptr<OutputFile>> file = OutputFile::open(output.file, plan.show_secrets);
            if (!file) {
                return file.error();
            }
            outputs.files.push_back(std::move(*file));
        }
        outputs.reports.add(make_report(output, *outputs.files.back(), plan, terminal));
    }
    return {};
}

Result<void> commit(Outputs& outputs)
{
    for (const auto& file : outputs.files) {
        if (Result<void> done = file->commit(); !done) {
            return done;
        }
    }
    return {};
}

ProgressStyle progress_style(const ReportPlan& plan, const Terminal& terminal)
{
    if (plan.quiet) {
        return ProgressStyle::none;
    }
    if (terminal.error && !terminal.dumb) {
        return ProgressStyle::bar;
    }
    return plan.verbose ? ProgressStyle::lines : ProgressStyle::none;
}

/// What a person at the screen should know that is not in the report there.
void say_how_it_went(const ReportPlan& plan, const Outputs& outputs, const Summary& summary)
{
    if (plan.stats) {
        say_block(report::stats_text(summary));
    }
    if (plan.quiet) {
        return;
    }
    const auto elapsed = static_cast<double>(summary.elapsed_ms);
    std::string line = report::human_duration(elapsed);
    if (elapsed > 0) {
        line += fmt::format(", {}/s", report::human_bytes(static_cast<double>(summary.bytes) / elapsed * 1000));
    }
    if (outputs.text_on_standard_output) {
        say(line);
        return;
    }
    say(fmt::format("{} ({})", report::verdict(summary), line));
    for (const Skip& skip : summary.skipped) {
        say(fmt::format("skipped: {}: {}{}{}", skip.reason, report::with_separators(skip.count),
                        skip.way_out.empty() ? "" : "; way out: ", skip.way_out));
    }
    if (plan.verbose) {
        for (const std::string& note : summary.notes) {
            say("note: " + note);
        }
    }
}

/// What the text report does not say already.
void say_what_was_done(const action::PipelineReport& report, const ReportPlan& plan, const Outputs& outputs)
{
    const bool went_wrong = report.pending + report.failed > 0;
    if (plan.quiet ? went_wrong : !outputs.text_on_standard_output) {
        for (const std::string& line : report.lines) {
            say(line);
        }
    }
}

}  // namespace

int run_scan(const ReportPlan& plan, const Terminal& terminal, const Scan& scan)
{
    Outputs outputs;
    if (const Result<void> opened = open_outputs(plan, terminal, outputs); !opened) {
        say(opened.error().message());
        return exit_usage;
    }
    Control control;
    const StopOnSignal stop_on_signal(control);
    Progress progress(control, progress_style(plan, terminal));
    AfterProgress sink(outputs.reports, progress);
    const Result<std::unique_ptr<Actions>> actions = Actions::make(plan.actions, terminal, sink, control, [&] { progress.stop(); });
    if (!actions) {
        progress.stop();
        say(actions.error().message());
        return exit_usage;
    }

    Result<Summary> scanned = scan(*actions ? (*actions)->pipeline() : static_cast<Sink&>(sink), control);
    progress.stop();
    if (!scanned) {
        say(scanned.error().message());
        return exit_code_of(scanned.error());
    }
    if (*actions) {
        *scanned = (*actions)->pipeline().final_summary();
        say_what_was_done((*actions)->pipeline().report(), plan, outputs);
    }
    if (const Result<void> written = commit(outputs); !written) {
        say(written.error().message());
        return exit_incomplete;
    }
    say_how_it_went(plan, outputs, *scanned);
    return scanned->exit_code;
}

}  // namespace r8scan::cmd
