// A scan of one byte stream whose size nobody knows: standard input, or whatever a reader hands out.
#include <r8scan/scan.h>

#include "engine/scan_steps.h"
#include "engine/stream_scan.h"
#include "engine/stream_tokens.h"
#include "engine/suppress.h"
#include "engine/unread.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace r8scan {

Result<Summary> scan_stream(const StreamScanOptions& options, const StreamReader& read, Sink& sink, Control& control)
{
    const Stopwatch stopwatch;
    auto suppressor = Suppressor::make(options.suppression);
    if (!suppressor) {
        return suppressor.error();
    }
    auto compiled = compile_rules(options);
    if (!compiled) {
        return compiled.error();
    }
    const Matcher matcher(std::move(compiled->matcher));
    Summary summary;
    summary.source = ScanSource::stream;
    summary.notes = std::move(compiled->notes);
    summary.objects.listed = summary.objects.streams = 1;
    Problems problems;
    Problems unopened;
    const auto name = options.path ? '"' + *options.path + '"' : options.kind;

    ScannedStream scanned;
    {
        const PhaseTimer timer("reading", control, summary);
        try {
            scanned = StreamScan(matcher, options, control).scan(read, 0);
        } catch (const std::bad_alloc&) {
            problems.add("stream over a limit", name + ": not enough memory", "give a smaller --max-object-size");
        }
    }
    if (scanned.error && scanned.bytes == 0) {
        return scanned.error->within(name);
    }
    if (scanned.error) {
        problems.add("stream not read to its end", name + ": " + scanned.error->message());
    }
    for (const auto& part : scanned.unread) {
        account_for_unread(name, part, problems, unopened);
    }

    const auto found = tokens_of(scanned.hits, options.min_confidence, options.show_placeholders);
    Redactor redactor(matcher);
    std::vector<Finding> findings;
    for (const auto& token : found.tokens) {
        findings.push_back(finding_of(token, std::make_shared<Secret>(token.first->secret),
                                      matcher.rules()[token.first->rule], options.path, redactor));
        findings.back().kind = options.kind;
    }
    summary.placeholders = found.placeholders;
    summary.bytes = scanned.bytes;
    drop_misplaced(matcher, findings, summary);
    suppressor->apply(findings, false, redactor, summary);
    count_findings(findings, summary);
    conclude(options, matcher, control, problems, unopened, summary);
    summary.objects.scanned = summary.complete ? 1 : 0;
    summary.counters = {{"matches below the least confidence", found.below_confidence}};
    summary.elapsed_ms = static_cast<std::uint64_t>(stopwatch.wall_ms());
    return tell(findings, summary, sink);
}

StreamReader read_from_descriptor(int descriptor, const Control& control)
{
    return [descriptor, &control](std::span<std::byte> room) -> Result<std::size_t> {
        constexpr int patience_ms = 200;  // a signal may come between the look at `stop` and the wait
        for (;;) {
            pollfd ready{descriptor, POLLIN, 0};
            const int count = ::poll(&ready, 1, patience_ms);
            if (control.stop) {
                return Error(ErrorCode::interrupted, "interrupted");
            }
            if (count == 0 || (count < 0 && errno == EINTR)) {
                continue;
            }
            const auto got = ::read(descriptor, room.data(), room.size());
            if (got >= 0) {
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR && errno != EAGAIN) {
                const auto code = errno == EISDIR || errno == EBADF ? ErrorCode::usage : ErrorCode::io;
                return Error(code, std::generic_category().message(errno));
            }
        }
    };
}

}  // namespace r8scan
