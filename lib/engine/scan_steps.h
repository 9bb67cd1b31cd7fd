// What every kind of scan does alike, whatever it reads: compiles the rules, times its phases, and at the end adds up
// the findings, concludes the summary and tells both to the sink.
#pragma once

#include <r8scan/scan.h>

#include "match/matcher.h"
#include "util/problems.h"
#include "util/stopwatch.h"

namespace r8scan {

/// Places of one token that are listed; the others are counted.
inline constexpr std::uint64_t places_per_token = 1000;

/// Names the phase for the progress bar and, when it ends, puts its times into the summary.
class PhaseTimer {
public:
    PhaseTimer(const char* name, Control& control, Summary& summary);
    ~PhaseTimer();
    PhaseTimer(const PhaseTimer&) = delete;
    PhaseTimer& operator=(const PhaseTimer&) = delete;

private:
    const char* m_name;
    Summary& m_summary;
    Stopwatch m_stopwatch;
};

/// Threads for a wish: one for each processor where it is 0.
unsigned thread_count(unsigned asked);

struct CompiledRules {
    Matcher matcher;
    std::vector<std::string> notes;  // what the pattern files ask for and is not done, rules that are refused among it
};

/// The built-in rules and those of the pattern files, with the leads to containers.
Result<CompiledRules> compile_rules(const DetectionOptions& options);

/// What the user accepts about single objects does not count as a problem. Before anything is read.
void accept_known(const DetectionOptions& options, Problems& problems, Problems& unopened);

/// Takes out findings whose rule, or whose allowlists, do not want them at their path or in their commit, and counts
/// them as suppressed.
void drop_misplaced(const Matcher& matcher, std::vector<Finding>& findings, Summary& summary);

/// Findings and distinct tokens. Placeholders may be listed, but they are no findings.
void count_findings(const std::vector<Finding>& findings, Summary& summary);

/// What was not read, redacted, and what follows from it: complete, exit code. The findings have been counted.
void conclude(const DetectionOptions& options, const Matcher& matcher, const Control& control, Problems& problems,
              const Problems& unopened, Summary& summary);

/// Hands everything to the sink. Gives the summary back, or the sink's error.
Result<Summary> tell(const std::vector<Finding>& findings, const Summary& summary, Sink& sink);

}  // namespace r8scan
