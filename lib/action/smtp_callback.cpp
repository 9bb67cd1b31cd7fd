#include "action/smtp_callback.h"

#include "action/notice.h"
#include "util/escape.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace r8scan::action {
namespace {

using Mime = std::unique_ptr<curl_mime, decltype(&curl_mime_free)>;
using TextList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// An address that can stand in a header and in a command: printable ASCII, one @, no brackets.
bool is_address(std::string_view text)
{
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    const std::size_t at = text.find('@');
    return plain && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos &&
           text.find_first_of("<>,;\"()[]\\") == std::string_view::npos;
}

void append(TextList& list, const std::string& text)
{
    curl_slist* const longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    (void)list.release();
    list.reset(longer);
}

void check(CURLcode code)
{
    if (code != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl cannot make a mail: ") + curl_easy_strerror(code));
    }
}

/// Lines end in CRLF in a mail (RFC 2045, 6.7): a bare LF would be encoded, and be no end of a line to the reader.
std::string with_line_ends(const std::string& text)
{
    std::string lines;
    lines.reserve(text.size() + text.size() / 32);
    for (const char c : text) {
        if (c == '\n' && !lines.ends_with('\r')) {
            lines += '\r';
        }
        lines += c;
    }
    return lines;
}

void add_part(curl_mime* mime, const std::string& written, const char* type)
{
    const std::string text = with_line_ends(written);
    curl_mimepart* const part = curl_mime_addpart(mime);
    if (part == nullptr) {
        throw std::bad_alloc();
    }
    check(curl_mime_data(part, text.data(), text.size()));
    check(curl_mime_type(part, type));
    check(curl_mime_encoder(part, "quoted-printable"));
}

/// A text part and an HTML part that say the same.
Mime make_body(CURL* handle, const Event& event)
{
    Mime whole(curl_mime_init(handle), curl_mime_free);
    Mime parts(curl_mime_init(handle), curl_mime_free);
    add_part(parts.get(), event.notice_text, "text/plain; charset=utf-8");
    add_part(parts.get(), event.notice_html, "text/html; charset=utf-8");
    curl_mimepart* const outer = curl_mime_addpart(whole.get());
    check(curl_mime_subparts(outer, parts.get()));
    (void)parts.release();  // now the outer part's
    check(curl_mime_type(outer, "multipart/alternative"));
    return whole;
}

std::string domain_of(const std::string& address)
{
    return address.substr(address.find('@') + 1);
}

}  // namespace

std::string encoded_header(std::string_view text)
{
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (plain) {
        return std::string(text);
    }
    std::string base64((text.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    base64.resize(static_cast<std::size_t>(length));
    return "=?UTF-8?B?" + base64 + "?=";
}

SmtpCallback::SmtpCallback(SmtpCallbackOptions options, std::shared_ptr<Line> line)
    : m_options(std::move(options)), m_line(std::move(line))
{
}

Result<std::unique_ptr<SmtpCallback>> SmtpCallback::make(SmtpCallbackOptions options, const NetworkOptions& network)
{
    const auto wrong = [&](const Error& error) {
        return error.within(fmt::format("callback \"{}\"", escape_for_terminal(options.name)));
    };
    for (const std::string& address : options.to) {
        if (!is_address(address)) {
            return wrong({ErrorCode::usage, fmt::format("\"{}\" is no mail address", escape_for_terminal(address))});
        }
    }
    if (options.to.empty() || !is_address(options.from)) {
        return wrong(
            {ErrorCode::usage, options.to.empty()
                                   ? std::string("a mail needs somebody to go to: give to = [\"…\"]")
                                   : fmt::format("\"{}\" is no mail address", escape_for_terminal(options.from))});
    }
    Result<std::shared_ptr<Line>> line = Line::to(options.url, Line::Kind::smtp, options.allow_private, network);
    if (!line) {
        return wrong(line.error());
    }
    const bool encrypted = options.url.starts_with("smtps:") || options.start_tls;
    if (!encrypted && !(*line)->is_local() && !network.allow_plain_http) {
        return wrong({ErrorCode::usage, "without STARTTLS mail goes to this machine alone"});
    }
    return std::unique_ptr<SmtpCallback>(new SmtpCallback(std::move(options), std::move(*line)));
}

Attempt SmtpCallback::deliver(const Event& event, std::chrono::steady_clock::time_point deadline)
{
    if (m_options.timeout) {
        deadline = std::min(deadline, std::chrono::steady_clock::now() + *m_options.timeout);
    }
    Transfer transfer(m_line);
    CURL* const handle = transfer.handle();
    TextList recipients(nullptr, curl_slist_free_all);
    for (const std::string& address : m_options.to) {
        append(recipients, "<" + address + ">");
    }
    TextList headers(nullptr, curl_slist_free_all);
    append(headers, "From: " + m_options.from);
    append(headers, fmt::format("To: {}", fmt::join(m_options.to, ", ")));
    append(headers, "Subject: " + encoded_header(Notice::subject(event)));
    append(headers, fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::time(nullptr))));
    append(headers, fmt::format("Message-ID: <{}@{}>", event.event_id, domain_of(m_options.from)));
    append(headers, "Auto-Submitted: auto-generated");
    const Mime body = make_body(handle, event);
    const std::string sender = "<" + m_options.from + ">";
    check(curl_easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str()));
    check(curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get()));
    check(curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get()));
    check(curl_easy_setopt(handle, CURLOPT_MIMEPOST, body.get()));
    const bool must_encrypt = m_options.start_tls && !m_line->is_local();
    check(
        curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(must_encrypt ? CURLUSESSL_ALL : CURLUSESSL_NONE)));
    if (!m_options.username.empty()) {
        const Secret password = m_options.password.value_or(Secret());
        check(curl_easy_setopt(handle, CURLOPT_USERNAME, m_options.username.c_str()));
        check(curl_easy_setopt(handle, CURLOPT_PASSWORD, std::string(password.reveal()).c_str()));
    }
    const Result<void> sent = transfer.perform(deadline);
    Attempt attempt;
    if (sent) {
        attempt.outcome = Attempt::Outcome::delivered;
        attempt.verdict.status = Status::ok;
        return attempt;
    }
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    attempt.outcome =
        sent.error().code() == ErrorCode::permission ? Attempt::Outcome::refused : Attempt::Outcome::failed;
    attempt.message = code >= 400 ? fmt::format("the mail server answered with code {}", code) : sent.error().message();
    return attempt;
}

}  // namespace r8scan::action
