// The reports that a run writes: made of the plan's outputs, fed as one sink, put in place at the end.
#pragma once

#include <r8scan/result.h>

#include "cmd/output_file.h"
#include "cmd/plan.h"
#include "cmd/terminal.h"
#include "cmd/worktree_hashes.h"
#include "report/tee.h"

#include <memory>
#include <vector>

namespace r8scan::cmd {

class Reports {
public:
    /// Opens every output: whatever cannot be written is an error before anything is scanned.
    Result<void> open(const ReportPlan& plan, const Terminal& terminal);

    /// Where findings and the summary go.
    [[nodiscard]] Sink& sink() { return m_tee; }

    [[nodiscard]] bool text_on_standard_output() const { return m_text_on_standard_output; }
    /// The verdict and what was not read, in words.
    [[nodiscard]] bool verdict_on_standard_output() const { return m_verdict_on_standard_output; }

    /// Writes what is held back, and puts each file in its place.
    Result<void> commit();

private:
    Result<void> open_one(const OutputPlan& output, const ReportPlan& plan, const Terminal& terminal);
    Result<std::unique_ptr<Sink>> make_report(const OutputPlan& output, OutputFile& file, const ReportPlan& plan,
                                              const Terminal& terminal);

    std::unique_ptr<WorktreeHashes> m_hashes;  // for reports that want them
    std::vector<std::unique_ptr<OutputFile>> m_files;
    report::Tee m_tee;
    bool m_text_on_standard_output = false;
    bool m_verdict_on_standard_output = false;
};

}  // namespace r8scan::cmd
