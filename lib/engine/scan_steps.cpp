#include "engine/scan_steps.h"

#include "engine/container_leads.h"
#include "engine/redactor.h"
#include "engine/suppress.h"
#include "finding/suppressed_finding.h"
#include "match/pattern_file.h"

#include <algorithm>
#include <map>
#include <new>
#include <set>
#include <thread>

namespace r8scan {

PhaseTimer::PhaseTimer(const char* name, Control& control, Summary& summary) : m_name(name), m_summary(summary)
{
    control.phase = name;
}

PhaseTimer::~PhaseTimer()
{
    try {
        m_summary.phases.push_back({m_name, m_stopwatch.wall_ms(), m_stopwatch.cpu_ms()});
    } catch (const std::bad_alloc&) {
        // Perhaps the very lack of memory that ended the phase is on its way up. A time that is not told is no loss.
    }
}

unsigned thread_count(unsigned asked)
{
    constexpr unsigned most = 256;
    return std::clamp(asked != 0 ? asked : std::thread::hardware_concurrency(), 1U, most);
}

Result<CompiledRules> compile_rules(const DetectionOptions& options)
{
    std::vector<std::string> notes;
    auto rules = load_rules(options.patterns, &notes);
    if (!rules) {
        return rules.error();
    }
    const auto leads = container_leads(*rules);
    auto matcher = Matcher::compile(std::move(*rules), leads, options.cache_dir);
    if (!matcher) {
        return matcher.error();
    }
    for (const auto& note : matcher->notes()) {
        if (note.how == RuleNote::How::refused) {
            notes.push_back(origin_of(matcher->rules()[note.rule]) + ": not used: " + note.reason);
        }
    }
    Redactor redactor(*matcher);
    for (auto& note : notes) {
        note = redactor.redact(note);
    }
    return CompiledRules{std::move(*matcher), std::move(notes)};
}

void accept_known(const DetectionOptions& options, Problems& problems, Problems& unopened)
{
    std::vector<std::string> objects;
    for (const auto& accepted : options.accepted) {
        objects.push_back(accepted.object);
    }
    problems.accept(objects);
    unopened.accept(std::move(objects));
}

void drop_misplaced(const Matcher& matcher, std::vector<Finding>& findings, Summary& summary)
{
    if (findings.empty()) {
        return;
    }
    std::map<std::string_view, std::uint32_t> number_of;
    for (std::uint32_t rule = 0; rule < matcher.rules().size(); ++rule) {
        number_of.emplace(matcher.rules()[rule].id, rule);
    }
    auto scratch = matcher.make_scratch();
    std::erase_if(findings, [&](const Finding& finding) {
        const bool kept = matcher.keeps_place(number_of.at(finding.rule), finding.path.value_or(""),
                                              finding.commit.value_or(""), finding.secret->reveal(), scratch);
        if (!kept && !finding.placeholder) {
            summary.suppressed_findings.push_back(suppressed(finding, {"allowlist of a rule", finding.rule, ""}));
        }
        return !kept;
    });
    summary.suppressed = summary.suppressed_findings.size();
}

void count_findings(const std::vector<Finding>& findings, Summary& summary)
{
    std::set<std::string> distinct;
    for (const auto& finding : findings) {
        if (!finding.placeholder) {
            ++summary.findings;
            distinct.insert(finding.token_sha256);
        }
    }
    summary.tokens = distinct.size();
}

void conclude(const DetectionOptions& options, const Matcher& matcher, const Control& control, Problems& problems,
              const Problems& unopened, Summary& summary)
{
    summary.version = version();
    summary.patterns = matcher.digest();
    summary.interrupted = control.stop;
    if (summary.interrupted) {
        problems.add("interrupted", "the scan was stopped before everything was read", "scan again");
    }
    for (const auto& accepted : options.accepted) {
        if (problems.met_accepted().contains(accepted.object) || unopened.met_accepted().contains(accepted.object)) {
            summary.notes.push_back("accepted: object " + accepted.object + ": " + accepted.reason + " (" +
                                    accepted.origin + ")");
        }
    }
    summary.skipped = problems.list();
    summary.unopened = unopened.list();
    Redactor redactor(matcher);
    for (auto& note : summary.notes) {
        note = redactor.redact(note);
    }
    for (auto* const list : {&summary.skipped, &summary.unopened}) {
        for (auto& skip : *list) {
            for (auto& example : skip.examples) {
                example = redactor.redact(example);
            }
        }
    }
    summary.complete = summary.skipped.empty();
    summary.exit_code = summary.interrupted                           ? 130
                        : !summary.complete                           ? 3
                        : summary.findings != 0 && !options.exit_zero ? 1
                                                                      : 0;
}

Result<Summary> tell(const std::vector<Finding>& findings, const Summary& summary, Sink& sink)
{
    for (const auto& finding : findings) {
        if (auto taken = sink.finding(finding); !taken) {
            return taken.error();
        }
    }
    if (auto taken = sink.summary(summary); !taken) {
        return taken.error();
    }
    return summary;
}

}  // namespace r8scan
