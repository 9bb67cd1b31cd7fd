#include "cmd/scan_command.h"

#include "cmd/actions.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/progress.h"
#include "cmd/reports.h"
#include "cmd/signals.h"
#include "report/stats.h"
#include "report/text_verdict.h"
#include "report/wording.h"

#include <fmt/format.h>

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
void say_how_it_went(const ReportPlan& plan, const Reports& reports, const Summary& summary)
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
    if (reports.verdict_on_standard_output()) {
        say(line);
    } else {
        say(fmt::format("{} ({})", report::verdict(summary, plan.occasion), line));
        for (const Skip& skip : summary.skipped) {
            say(fmt::format("skipped: {}: {}{}{}", skip.reason, report::with_separators(skip.count),
                            skip.way_out.empty() ? "" : "; way out: ", skip.way_out));
        }
    }
    if (plan.verbose && !reports.text_on_standard_output()) {
        for (const std::string& note : summary.notes) {
            say("note: " + note);
        }
    }
}

/// What the text report does not say already.
void say_what_was_done(const action::PipelineReport& report, const ReportPlan& plan, const Reports& reports)
{
    const bool went_wrong = report.pending + report.failed > 0;
    if (plan.quiet ? went_wrong : !reports.text_on_standard_output()) {
        for (const std::string& line : report.lines) {
            say(line);
        }
    }
}

}  // namespace

int run_scan(const ReportPlan& plan, const Terminal& terminal, const Scan& scan)
{
    Reports reports;
    if (const Result<void> opened = reports.open(plan, terminal); !opened) {
        say(opened.error().message());
        return exit_usage;
    }
    Control control;
    const StopOnSignal stop_on_signal(control);
    Progress progress(control, progress_style(plan, terminal));
    AfterProgress sink(reports.sink(), progress);
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
        say_what_was_done((*actions)->pipeline().report(), plan, reports);
    }
    if (const Result<void> written = reports.commit(); !written) {
        say(written.error().message());
        return exit_incomplete;
    }
    say_how_it_went(plan, reports, *scanned);
    return scanned->exit_code;
}

}  // namespace r8scan::cmd
