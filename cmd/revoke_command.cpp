#include "cmd/revoke_command.h"

#include "cmd/actions.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/print.h"
#include "cmd/signals.h"
#include "cmd/token_command.h"
#include "cmd/token_input.h"
#include "util/bytes.h"
#include "util/hash.h"

namespace r8scan::cmd {
namespace {

/// Keeps what the pipeline says of each token.
class Lines : public Sink {
public:
    Result<void> finding(const Finding& finding) override
    {
        TokenLine line{finding.secret->redacted(), finding.token_sha256, {}, "skipped"};
        if (finding.revocation) {
            line.word = finding.revocation->status;
            line.verdict.at = finding.revocation->at;
            line.verdict.message = finding.revocation->message;
        } else {
            line.verdict.message =
                finding.verification ? "it is " + finding.verification->status : "no callback takes it";
        }
        lines.push_back(std::move(line));
        return {};
    }
    Result<void> summary(const Summary&) override { return {}; }
    std::vector<TokenLine> lines;
};

Finding finding_of(const Secret& token)
{
    Finding finding;
    finding.rule = rule_of_given_tokens;
    finding.secret = std::make_shared<Secret>(token);
    finding.token_sha256 = sha256_hex(as_bytes(token.reveal()));
    finding.kind = "stdin";
    return finding;
}

Result<int> revoke(TokenCommand& command, const Terminal& terminal)
{
    command.plan.revoke = !command.plan.dry_run;
    command.plan.revoke_alone = true;
    Control control;
    const StopOnSignal stop_on_signal(control);
    Lines lines;
    const Result<std::unique_ptr<Actions>> actions = Actions::make(command.plan, terminal, lines, control);
    if (!actions) {
        return actions.error();
    }
    if (!*actions) {
        return Error(ErrorCode::usage,
                     "there is nobody to send a token to: configure a callback of the stage revoke, or give "
                     "--on-finding revoke=SPEC");
    }
    const Result<std::vector<Secret>> tokens = read_tokens(command.token_file);
    if (!tokens) {
        return tokens.error();
    }
    action::Pipeline& pipeline = (*actions)->pipeline();
    for (const Secret& token : *tokens) {
        if (const Result<void> taken = pipeline.finding(finding_of(token)); !taken) {
            return taken.error();
        }
    }
    if (const Result<void> done = pipeline.summary({}); !done) {
        return done.error();
    }
    if (const int printed = print(token_report(lines.lines, "revocation", command.report)); printed != exit_clean) {
        return printed;
    }
    for (const std::string& line : pipeline.report().lines) {
        if (!command.report.quiet || pipeline.report().pending + pipeline.report().failed > 0) {
            say(line);
        }
    }
    return control.stop ? exit_interrupted : pipeline.final_summary().exit_code;
}

}  // namespace

int run_revoke(const TypedOptions& typed, const Terminal& terminal, const Environment& environment)
{
    return run_token_command(typed, environment, [&](TokenCommand& command) { return revoke(command, terminal); });
}

}  // namespace r8scan::cmd
