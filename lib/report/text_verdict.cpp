#include "report/text_verdict.h"

#include "finding/suppressed_finding.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace r8scan::report {
namespace {

/// Lines of "Label     text", continued under the text.
class Block {
public:
    explicit Block(const Style& style) : m_style(style) {}

    void line(std::string_view label, std::string_view text)
    {
        m_text += m_style.faint(fmt::format("{:<10}", label));
        more(text, 0);
    }
    void more(std::string_view text, std::size_t indent = 10)
    {
        m_text.append(indent, ' ');
        m_text += text;
        m_text += '\n';
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    const Style& m_style;
    std::string m_text;
};

std::string files_read(const Summary& summary)
{
    const ObjectCounts& objects = summary.objects;
    std::vector<std::string> kinds{count_of(objects.files, "file")};
    if (objects.symlinks > 0) {
        kinds.push_back(count_of(objects.symlinks, "symbolic link"));
    }
    const std::string bytes = human_bytes(static_cast<double>(summary.bytes));
    if (objects.scanned < objects.listed) {
        return fmt::format("{} of {} ({})", with_separators(objects.scanned), joined(kinds), bytes);
    }
    return fmt::format("{} ({})", joined(kinds), bytes);
}

std::string objects_read(const Summary& summary, Occasion occasion)
{
    if (summary.source == ScanSource::files) {
        return files_read(summary);
    }
    if (summary.source == ScanSource::stream) {
        return fmt::format("{} ({})", occasion == Occasion::message ? "the commit message" : "standard input",
                           human_bytes(static_cast<double>(summary.bytes)));
    }
    const ObjectCounts& objects = summary.objects;
    std::vector<std::string> kinds{count_of(objects.blobs, "blob")};
    if (summary.source != ScanSource::index) {
        kinds.push_back(count_of(objects.trees, "tree"));
        kinds.push_back(count_of(objects.commits, "commit"));
        kinds.push_back(count_of(objects.tags, "tag"));
    }
    if (objects.files > 0) {
        kinds.push_back(count_of(objects.files, "file"));
    }
    const std::string bytes = human_bytes(static_cast<double>(summary.bytes));
    if (objects.scanned == objects.blobs + objects.trees + objects.commits + objects.tags) {
        return fmt::format("{} ({})", joined(kinds), bytes);
    }
    return fmt::format("{} of {} ({})", with_separators(objects.scanned), count_of(objects.listed, "object"), bytes);
}

void add_skips(Block& block, const char* label, const std::vector<Skip>& skips, std::size_t max_examples)
{
    for (const Skip& skip : skips) {
        block.line(label, fmt::format("{}: {}", escape_for_terminal(skip.reason), with_separators(skip.count)));
        const std::size_t shown = std::min(skip.examples.size(), max_examples);
        for (std::size_t i = 0; i < shown; ++i) {
            block.more("  " + escape_for_terminal(skip.examples[i]));
        }
        if (skip.count > shown && shown > 0) {
            block.more(fmt::format("  and {} more", with_separators(skip.count - shown)));
        }
        if (!skip.way_out.empty()) {
            block.more("way out: " + escape_for_terminal(skip.way_out));
        }
    }
}

/// Counted by what suppresses them, and each by its name where all is to be said.
void add_suppressed(Block& block, const Summary& summary, bool verbose)
{
    if (summary.suppressed == 0) {
        return;
    }
    std::map<std::string, std::uint64_t> counts;
    for (const SuppressedFinding& finding : summary.suppressed_findings) {
        ++counts[finding.why.by];
    }
    std::string ways;
    for (const auto& [by, count] : counts) {
        ways += fmt::format("{}{} by {}", ways.empty() ? ": " : ", ", with_separators(count), escape_for_terminal(by));
    }
    block.line("Left out", fmt::format("{}{}{}", count_of(summary.suppressed, "suppressed finding"), ways,
                                       verbose || ways.empty() ? "" : " (-v lists them)"));
    if (!verbose) {
        return;
    }
    for (const SuppressedFinding& finding : summary.suppressed_findings) {
        block.more("  " + escape_for_terminal(fmt::format("{} {} at {}", finding.fingerprint, finding.redacted, finding.place)));
        block.more("    " + escape_for_terminal(in_words(finding.why)));
    }
}

std::string tokens_in_places(const Summary& summary)
{
    return fmt::format("{} in {}", count_of(summary.tokens, "token"),
                       count_of(summary.findings + summary.places_not_listed, "place"));
}

const char* all_clear(ScanSource source, Occasion occasion)
{
    if (occasion == Occasion::message) {
        return "all of the commit message was read";
    }
    switch (source) {
        case ScanSource::files:
            return "every file was read";
        case ScanSource::stream:
            return "all of standard input was read";
        case ScanSource::range:
            return "everything that the range brings was read";
        case ScanSource::index:
            return "everything that is staged was read";
        case ScanSource::repository:
            break;
    }
    return "every object was read";
}

/// What a commit or a push that was stopped leaves to do: the two ways on, and what neither of them mends.
void add_ways_on(Block& block, Occasion occasion, bool one)
{
    const char* const it = one ? "it" : "them";
    switch (occasion) {
        case Occasion::commit:
            block.line("Next", fmt::format("1. Take {} out: have the program read the token from its environment,", it));
            block.more("   `git add` the file, and commit again.");
            block.more("2. If it is no secret, write r8scan:allow and a reason on its line, and `git add` that.");
            break;
        case Occasion::message:
            block.line("Next", fmt::format("1. Take {} out of the message, which git has kept:", it));
            block.more("   git commit --edit --file=\"$(git rev-parse --git-path COMMIT_EDITMSG)\"");
            block.more("2. If it is no secret, write r8scan:allow and a reason on its line.");
            break;
        case Occasion::push:
            block.line("Next", fmt::format("1. Take {} out of the commits above: `git commit --amend` for the last one,", it));
            block.more("   `git rebase -i` for an older one. A commit on top does not do it: the push sends the old ones too.");
            block.more("2. If it is no secret, write r8scan:allow and a reason on its line, commit that, and push again.");
            break;
        case Occasion::receive:
            block.line("Next", fmt::format("1. Take {} out of the commits above: `git commit --amend` for the last one,", it));
            block.more("   `git rebase -i` for an older one. A commit on top does not do it: the push brings the old ones too.");
            block.more("2. If it is no secret: r8scan:allow and a reason on its line count here once they stand at HEAD of");
            block.more("   this repository, not in the push that brings them. Ask who keeps it.");
            break;
        case Occasion::pipeline:
        case Occasion::none:
            return;
    }
    block.more(fmt::format("Was {0} pushed or shown to anybody before? Then revoke {0}, whatever else you do:", it));
    block.more("https://replicate.com/account/api-tokens");
}

void add_advice(Block& block, const Summary& summary, const Fates& fates, Occasion occasion)
{
    if (summary.findings == 0) {
        return;
    }
    const bool one = summary.tokens == 1;
    if (fates.all_over() && summary.complete) {
        block.line("Next", "1. Nothing is left to revoke. Give the program a new token in its environment.");
        block.more(fmt::format("2. Look at what {} used for since the day {} came in.",
                               one ? "the old one was" : "the old ones were", one ? "it" : "they"));
        return;
    }
    if (occasion != Occasion::none && occasion != Occasion::pipeline) {
        add_ways_on(block, occasion, one);
        return;
    }
    if (summary.source == ScanSource::files || summary.source == ScanSource::stream) {
        block.line("Next", fmt::format("1. Revoke {} at https://replicate.com/account/api-tokens. This comes first:",
                                       one ? "the token" : "the tokens"));
        block.more(fmt::format("   copies have {} too, so deleting {} here is not enough.", one ? "it" : "them",
                               one ? "it" : "them"));
        block.more("2. Give the new token to the program in its environment.");
        block.more("3. Where this lies in a git repository, `r8scan git` tells since when.");
        return;
    }
    block.line("Next", fmt::format("1. Revoke {} at https://replicate.com/account/api-tokens. This comes first:",
                                   one ? "the token" : "the tokens"));
    block.more(fmt::format("   every clone has {}, so deleting the file or rewriting history is not enough.",
                           one ? "it" : "them"));
    block.more("2. Give the new token to the program from outside the repository, in its environment.");
    block.more(fmt::format("3. Look at what {} used for since the day {} came in.",
                           one ? "the old one was" : "the old ones were", one ? "it" : "they"));
    if (occasion == Occasion::pipeline) {
        block.more("If it is no secret, write r8scan:allow and a reason on its line, and commit that.");
    }
}

}  // namespace

std::string verdict(const Summary& summary, Occasion occasion)
{
    const bool found = summary.findings > 0;
    if (summary.interrupted) {
        return found ? fmt::format("INTERRUPTED: {} so far; the rest was not read", tokens_in_places(summary))
                     : "INTERRUPTED: no tokens found so far; the rest was not read";
    }
    if (!summary.complete) {
        return found ? fmt::format("INCOMPLETE: {}, but not everything could be read", tokens_in_places(summary))
                     : "INCOMPLETE: no tokens found, but not everything could be read, so this is no all-clear";
    }
    return found ? tokens_in_places(summary) : fmt::format("no tokens found: {}", all_clear(summary.source, occasion));
}

std::string text_of_verdict(const Summary& summary, const Fates& fates, bool placeholders_listed,
                            const TextOptions& options, const Style& style)
{
    const bool bad_news = !summary.complete || summary.interrupted;
    if (options.quiet && !bad_news) {
        return {};
    }
    Block block(style);
    block.line("Read", objects_read(summary, options.occasion));
    add_skips(block, "Skipped", summary.skipped, options.skip_examples);
    add_skips(block, "Unopened", summary.unopened, options.skip_examples);
    for (const std::string& note : summary.notes) {
        block.line("Note", escape_for_terminal(note));
    }
    if (summary.placeholders > 0 && !placeholders_listed) {
        block.line("Left out",
                   fmt::format("{} (--show-placeholders lists them)", count_of(summary.placeholders, "placeholder")));
    }
    add_suppressed(block, summary, options.verbose);
    if (summary.places_not_listed > 0) {
        block.line("Left out",
                   fmt::format("{} beyond the 1,000 listed for a token", count_of(summary.places_not_listed, "place")));
    }
    if (const std::string states = fates.text(); !states.empty()) {
        block.line("Tokens", states);
    }
    const std::string words = verdict(summary, options.occasion);
    block.line("Verdict", bad_news               ? style.warning(words)
                          : summary.findings > 0 ? style.alarm(words)
                                                 : style.good(words));
    if (!options.quiet) {
        add_advice(block, summary, fates, options.occasion);
    }
    return block.text();
}

}  // namespace r8scan::report
