#include "report/read_record.h"

#include "util/escape.h"
#include "util/star_tokens.h"

#include <fmt/format.h>

#include <charconv>

namespace r8scan::report {
namespace {

/// `\xHH` as the byte it stands for, if the text could have been made from such bytes.
std::string raw_of(const std::string& text)
{
    std::string raw;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned byte = 0;
        const char* const digits = text.data() + at + 2;
        if (text.compare(at, 2, "\\x") == 0 && at + 4 <= text.size()) {
            const auto [stop, error] = std::from_chars(digits, digits + 2, byte, 16);
            if (error == std::errc() && stop == digits + 2 && byte >= 0x80) {
                raw += static_cast<char>(byte);
                at += 3;
                continue;
            }
        }
        raw += text[at];
    }
    return utf8_or_hex(raw) == text ? raw : text;
}

/// Reads fields of one record; the first that is wrong is kept as the error, and what follows reads as absent.
class Reader {
public:
    explicit Reader(const Record& record) : m_record(record) {}

    [[nodiscard]] std::optional<std::string> text(const char* name)
    {
        const Record* const field = find(name);
        if (field == nullptr) {
            return std::nullopt;
        }
        if (!field->is_string()) {
            return fail<std::string>(name, "a text");
        }
        return star_tokens(raw_of(field->get<std::string>()));
    }
    [[nodiscard]] std::optional<std::string> secret(const char* name)
    {
        const Record* const field = find(name);
        return field != nullptr && field->is_string() ? std::optional(raw_of(field->get<std::string>())) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint64_t> number(const char* name)
    {
        const Record* const field = find(name);
        if (field == nullptr) {
            return std::nullopt;
        }
        return field->is_number_unsigned() ? std::optional(field->get<std::uint64_t>())
                                           : fail<std::uint64_t>(name, "a number");
    }
    [[nodiscard]] std::optional<bool> yes(const char* name)
    {
        const Record* const field = find(name);
        if (field == nullptr) {
            return std::nullopt;
        }
        return field->is_boolean() ? std::optional(field->get<bool>()) : fail<bool>(name, "true or false");
    }
    [[nodiscard]] std::vector<std::string> texts(const char* name)
    {
        std::vector<std::string> all;
        const Record* const field = find(name);
        if (field == nullptr) {
            return all;
        }
        for (const Record& item : *field) {
            if (!item.is_string()) {
                fail<bool>(name, "a list of texts");
                return {};
            }
            all.push_back(star_tokens(raw_of(item.get<std::string>())));
        }
        return all;
    }
    [[nodiscard]] std::optional<Outcome> outcome(const char* name)
    {
        const Record* const field = find(name);
        if (field == nullptr) {
            return std::nullopt;
        }
        if (!field->is_object()) {
            return fail<Outcome>(name, "an object");
        }
        Reader inner(*field);
        Outcome outcome{inner.text("status").value_or(""), inner.text("at").value_or(""),
                        inner.text("message").value_or("")};
        m_error = m_error.empty() ? inner.m_error : m_error;
        return outcome;
    }
    [[nodiscard]] std::vector<Skip> skips(const char* name)
    {
        return list<Skip>(name, [](Reader& inner) {
            return Skip{inner.text("reason").value_or(""), inner.number("count").value_or(0), inner.texts("examples"),
                        inner.text("way_out").value_or("")};
        });
    }

    [[nodiscard]] std::vector<SuppressedFinding> suppressed(const char* name)
    {
        return list<SuppressedFinding>(name, [](Reader& inner) {
            Suppression why{inner.text("by").value_or(""), inner.text("origin").value_or(""),
                            inner.text("reason").value_or("")};
            return SuppressedFinding{inner.text("fingerprint").value_or(""), inner.text("redacted").value_or(""),
                                     inner.text("place").value_or(""), std::move(why)};
        });
    }

    /// A field that is there and not null.
    [[nodiscard]] const Record* find(const char* name) const
    {
        const auto field = m_record.find(name);
        return field == m_record.end() || field->is_null() ? nullptr : &*field;
    }
    template <typename T>
    std::optional<T> fail(const char* name, const char* wanted)
    {
        if (m_error.empty()) {
            m_error = fmt::format("\"{}\" is not {}", name, wanted);
        }
        return std::nullopt;
    }
    [[nodiscard]] const std::string& error() const { return m_error; }

private:
    // One value of each object in a list.
    template <typename T, typename Read>
    std::vector<T> list(const char* name, Read read)
    {
        std::vector<T> all;
        const Record* const field = find(name);
        if (field == nullptr) {
            return all;
        }
        for (const Record& entry : *field) {
            if (!entry.is_object()) {
                fail<bool>(name, "a list of objects");
                return {};
            }
            Reader inner(entry);
            all.push_back(read(inner));
            m_error = m_error.empty() ? inner.m_error : m_error;
        }
        return all;
    }

    const Record& m_record;
    std::string m_error;
};

Confidence confidence_of(Reader& reader)
{
    const std::string name = reader.text("confidence").value_or("high");
    if (name == "low") {
        return Confidence::low;
    }
    if (name == "medium") {
        return Confidence::medium;
    }
    if (name != "high") {
        reader.fail<bool>("confidence", "low, medium or high");
    }
    return Confidence::high;
}

void read_history(Reader& reader, Finding& finding)
{
    finding.attributed = reader.find("at_head") != nullptr;
    finding.removed_in = reader.text("removed_in");
    finding.removed_date = reader.text("removed_date");
    finding.removed_in_more = reader.texts("removed_in_more");
    finding.at_head = reader.yes("at_head").value_or(false);
    finding.head_path = reader.text("head_path");
    finding.head_line = reader.number("head_line");
    finding.moved_to = reader.text("moved_to");
    finding.moved_from = reader.text("moved_from");
    finding.reachable = reader.yes("reachable").value_or(true);
    if (finding.attributed) {
        finding.refs = std::make_shared<const std::vector<std::string>>(reader.texts("refs"));
    }
}

void read_objects(Reader& reader, const Record& objects, Summary& summary)
{
    Reader numbers(objects);
    summary.objects.listed = numbers.number("listed").value_or(0);
    summary.objects.scanned = numbers.number("scanned").value_or(0);
    if (const Record* const types = numbers.find("by_type"); types != nullptr && types->is_object()) {
        Reader by_type(*types);
        summary.objects.blobs = by_type.number("blob").value_or(0);
        summary.objects.commits = by_type.number("commit").value_or(0);
        summary.objects.tags = by_type.number("tag").value_or(0);
        summary.objects.trees = by_type.number("tree").value_or(0);
        summary.objects.unknown = by_type.number("unknown").value_or(0);
        summary.objects.files = by_type.number("file").value_or(0);
        summary.objects.symlinks = by_type.number("symlink").value_or(0);
        summary.objects.streams = by_type.number("stream").value_or(0);
        if (!by_type.error().empty()) {
            reader.fail<bool>("by_type", "an object of numbers");
        }
    }
    if (!numbers.error().empty()) {
        reader.fail<bool>("objects", "an object of numbers");
    }
}

/// Records do not say what was read but by its counts. Only what is read of a repository has a connectivity, and files
/// may be read beside its objects.
ScanSource source_of(const Summary& summary)
{
    if (!summary.connectivity.empty()) {
        return summary.connectivity == "range" ? ScanSource::range : ScanSource::repository;
    }
    if (summary.objects.files + summary.objects.symlinks > 0) {
        return ScanSource::files;
    }
    return summary.objects.streams > 0 ? ScanSource::stream : ScanSource::repository;
}

}  // namespace

Result<Finding> finding_of_record(const Record& record)
{
    Reader reader(record);
    Finding finding;
    finding.rule = reader.text("rule").value_or("");
    finding.confidence = confidence_of(reader);
    // The redacted form is that of a Secret which holds it, and a whole token put there is redacted by it.
    const std::optional<std::string> secret = reader.secret("secret");
    finding.secret = std::make_shared<const Secret>(secret ? *secret : reader.secret("redacted").value_or(""));
    finding.token_sha256 = reader.text("token_sha256").value_or("");
    finding.encoding = reader.texts("encoding");
    finding.why = reader.text("why").value_or("");
    finding.kind = reader.text("kind").value_or("");
    finding.path = reader.text("path");
    finding.position = {reader.number("line").value_or(1), reader.number("column").value_or(1),
                        reader.number("end_line").value_or(1), reader.number("end_column").value_or(1),
                        reader.number("offset").value_or(0)};
    finding.outer_offset = reader.number("outer_offset");
    finding.occurrences = reader.number("occurrences").value_or(1);
    finding.object = reader.text("object").value_or("");
    finding.commit = reader.text("commit");
    finding.author = reader.text("author");
    finding.email = reader.text("email");
    finding.date = reader.text("date");
    finding.subject = reader.text("subject");
    finding.at_or_before = reader.text("introduced") == "at_or_before";
    read_history(reader, finding);
    finding.link = reader.text("link");
    finding.repository = reader.text("repository").value_or("");
    finding.fingerprint = reader.text("fingerprint").value_or("");
    finding.placeholder = reader.yes("placeholder").value_or(false);
    finding.verification = reader.outcome("verification");
    finding.revocation = reader.outcome("revocation");
    if (!reader.error().empty()) {
        return Error(ErrorCode::damaged, reader.error());
    }
    if (finding.fingerprint.empty() || finding.secret->empty() || finding.token_sha256.empty()) {
        return Error(ErrorCode::damaged, "no finding of r8scan: it lacks fingerprint, redacted or token_sha256");
    }
    return finding;
}

Result<Summary> summary_of_record(const Record& record)
{
    Reader reader(record);
    Summary summary;
    summary.findings = reader.number("findings").value_or(0);
    summary.tokens = reader.number("tokens").value_or(0);
    summary.placeholders = reader.number("placeholders").value_or(0);
    summary.suppressed = reader.number("suppressed").value_or(0);
    summary.suppressed_findings = reader.suppressed("suppressed_findings");
    summary.places_not_listed = reader.number("places_not_listed").value_or(0);
    if (const Record* const objects = reader.find("objects"); objects != nullptr && objects->is_object()) {
        read_objects(reader, *objects, summary);
    }
    summary.bytes = reader.number("bytes").value_or(0);
    summary.skipped = reader.skips("skipped");
    summary.unopened = reader.skips("unopened");
    summary.notes = reader.texts("notes");
    summary.connectivity = reader.text("connectivity").value_or("");
    summary.complete = reader.yes("complete").value_or(false);
    summary.interrupted = reader.yes("interrupted").value_or(false);
    summary.exit_code = static_cast<int>(reader.number("exit_code").value_or(3));
    summary.elapsed_ms = reader.number("elapsed_ms").value_or(0);
    summary.version = reader.text("version").value_or("");
    summary.patterns = reader.text("patterns").value_or("");
    summary.source = source_of(summary);
    if (!reader.error().empty()) {
        return Error(ErrorCode::damaged, reader.error());
    }
    return summary;
}

}  // namespace r8scan::report
