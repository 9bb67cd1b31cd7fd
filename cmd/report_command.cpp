#include "cmd/report_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/output_file.h"
#include "cmd/reports.h"
#include "cmd/update_baseline.h"
#include "finding/baseline.h"
#include "report/merge.h"
#include "report/text_verdict.h"
#include "util/file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>

namespace r8scan::cmd {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const
    {
        if (file != stdin) {
            (void)std::fclose(file);
        }
    }
};

/// "-" is standard input.
Result<std::string> read_all(const std::string& name)
{
    const std::unique_ptr<std::FILE, CloseFile> file(name == "-" ? stdin : std::fopen(name.c_str(), "rbe"));
    if (!file) {
        return system_error(name, errno).within("read");
    }
    std::string text;
    char room[65536];
    while (const std::size_t got = std::fread(room, 1, sizeof room, file.get())) {
        text.append(room, got);
    }
    if (std::ferror(file.get()) != 0) {
        return system_error(name, errno).within("read");
    }
    return text;
}

int failed(const Error& error, int code)
{
    say(error.message());
    return code;
}

/// What was found is known from now on, so it is no reason for exit code 1.
int run_update(const ReportFilesPlan& plan, const report::Merge& merge)
{
    const Result<BaselineUpdate> update = update_baseline(plan.update_baseline, merge, plan.scan.min_confidence);
    if (!update) {
        return failed(update.error(), exit_usage);
    }
    Result<std::unique_ptr<OutputFile>> file = OutputFile::open(plan.update_baseline, false);
    if (!file) {
        return failed(file.error(), exit_usage);
    }
    Result<void> done = (*file)->write(update->text);
    if (done) {
        done = (*file)->commit();
    }
    if (!done) {
        return failed(done.error(), exit_incomplete);
    }
    if (!plan.quiet) {
        say(in_words(*update, plan.update_baseline));
    }
    const int code = merge.summary().exit_code;
    return code == exit_found ? exit_clean : code;
}

}  // namespace

int run_report(const ReportFilesPlan& plan, const Terminal& terminal)
{
    // Everything is read before a report is opened: one of them may take the place of what was read.
    report::Merge merge;
    for (const std::string& name : plan.files) {
        const Result<std::string> text = read_all(name);
        if (!text) {
            return failed(text.error(), exit_usage);
        }
        if (const Result<void> added = merge.add(*text, name); !added) {
            return failed(added.error(), exit_usage);
        }
    }
    for (const std::filesystem::path& file : plan.scan.suppression.baselines) {
        Baseline baseline;
        if (const Result<void> added = baseline.add_file(file); !added) {
            return failed(added.error(), exit_usage);
        }
        merge.suppress(baseline);
    }
    std::optional<int> updated;
    if (!plan.update_baseline.empty()) {
        updated = run_update(plan, merge);
        if (*updated == exit_usage || !plan.writes_report) {
            return *updated;
        }
    }
    merge.keep_only(plan.scan.min_confidence, plan.scan.show_placeholders);

    Reports reports;
    if (const Result<void> opened = reports.open(plan, terminal); !opened) {
        return failed(opened.error(), exit_usage);
    }
    const Result<Summary> summary = merge.tell(reports.sink(), plan.scan.exit_zero);
    if (!summary) {
        return failed(summary.error(), exit_code_of(summary.error()));
    }
    if (const Result<void> written = reports.commit(); !written) {
        return failed(written.error(), exit_incomplete);
    }
    if (!plan.quiet && !reports.verdict_on_standard_output()) {
        say(report::verdict(*summary));
    }
    return updated ? *updated : summary->exit_code;
}

}  // namespace r8scan::cmd
