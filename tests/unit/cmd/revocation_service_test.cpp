// The whole way of a leak with nothing played: r8scan, the service of examples/revocation-service, and a mail server
// (aiosmtpd) from the system's packages. And the script that shows it.
#include "action/http_client.h"
#include "tests/support/background.h"
#include "tests/support/built_here.h"
#include "tests/support/child.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/unit/examples/markdown.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace std::chrono_literals;
using nlohmann::json;
using test::Ran;
using test::run_shell;

namespace {

constexpr std::size_t issued = 200;
constexpr std::size_t active = 120;

std::vector<std::string> small_environment()
{
    return {"PATH=/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE=1"};
}

/// A Python that has aiosmtpd; empty where none has. The system's own comes first: it has the system's packages.
std::string python_with_mail()
{
    for (const std::string python : {"/usr/bin/python3", "python3"}) {
        try {
            if (test::run_child({{python, "-c", "import aiosmtpd"}, small_environment(), {}, {}}).exit_code == 0) {
                return python;
            }
        } catch (const std::runtime_error&) {
            continue;  // it is not there
        }
    }
    return {};
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string example(const std::string& name)
{
    return test::source_dir() + "/examples/revocation-service/" + name;
}

/// Every fourth token stands in a file at HEAD, in one that was removed, in a commit message, and in base64; and each
/// of them twice.
void leak(const fs::path& folder, const std::vector<std::string>& tokens)
{
    test::RepoBuilder repo(folder);
    test::Files kept;
    test::Files all;
    test::Id head;
    std::vector<test::Id> parents;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string name = std::to_string(i);
        switch (i % 4) {
            case 0:
                kept.emplace("deploy-" + name + ".env", "A=" + tokens[i] + "\nB=" + tokens[i] + "\n");
                break;
            case 1:
                all.emplace("old-" + name + ".py", "auth(\"" + tokens[i] + "\", \"" + tokens[i] + "\")\n");
                break;
            case 2:
                head = repo.commit_files(kept, parents, "Try it\n\n" + tokens[i] + "\n" + tokens[i] + "\n");
                parents = {head};
                break;
            default:
                kept.emplace("kube-" + name + ".json", "{\"a\":\"" + test::base64(tokens[i]) + "\",\n\"b\":\"" +
                                                           test::base64(tokens[i]) + "\"}\n");
                break;
        }
    }
    all.insert(kept.begin(), kept.end());
    head = repo.commit_files(all, parents, "Add the old clients");
    repo.ref("refs/heads/main", repo.commit_files(kept, {head}, "Remove the old clients"));
}

/// The service and the mail server, at work in a folder, and a repository in which all tokens leaked.
class Company {
public:
    explicit Company(const std::string& python, std::size_t count = issued, std::size_t working = active)
    {
        const auto made = test::run_child({{test::revocation_service(), "issue", m_folder / "service",
                                            std::to_string(count), std::to_string(working)},
                                           small_environment(),
                                           {},
                                           {}});
        REQUIRE_MESSAGE(made.exit_code == 0, made.err);
        tokens = lines_of(made.out);
        REQUIRE(tokens.size() == count);
        leak(m_folder / "repo", tokens);
        m_service = std::make_unique<test::Background>(
            std::vector<std::string>{test::revocation_service(), "serve", m_folder / "service"}, small_environment(),
            m_folder / "service.out");
        m_mail_server = std::make_unique<test::Background>(
            std::vector<std::string>{python, example("mail_server.py"), m_folder / "mail"}, small_environment(),
            m_folder / "mail.out");
        m_address = m_service->first_line_of(m_folder / "service.out");
        m_mail_port = m_mail_server->first_line_of(m_folder / "mail.out");
    }

    /// A scan that verifies, revokes and tells, for tokens that were found in these states.
    [[nodiscard]] Ran scan(const std::string& only, bool with_mail = true) const
    {
        std::string configuration = "api-base = \"" + m_address + "/v1\"\n\n[[callback]]\nname = \"disable\"\n" +
                                    "stage = \"revoke\"\nkind = \"http\"\nurl = \"" + m_address + "/disable\"\n" +
                                    "secret_env = \"WEBHOOK_KEY\"\nonly = " + only + "\n";
        if (with_mail) {
            configuration +=
                "\n[[callback]]\nname = \"mail\"\nstage = \"notify\"\nkind = \"smtp\"\n"
                "url = \"smtp://127.0.0.1:" +
                m_mail_port + "\"\nfrom = \"r8scan@example.com\"\nto = [\"security@example.com\"]\n" +
                "only = " + only + "\n";
        }
        test::write_file(m_folder / "config.toml", configuration);
        const Ran ran = run_shell(
            m_folder.path(),
            "export XDG_STATE_HOME=\"$PWD/state\" XDG_DATA_HOME=\"$PWD/data\" no_proxy=127.0.0.1 "
            "WEBHOOK_KEY=\"$(cat service/webhook-key)\"; unset R8SCAN_OUTBOX; "
            "\"$R8SCAN\" git repo --verify --revoke --yes --deliver-timeout 120 --config config.toml -f jsonl");
        for (const std::string& token : tokens) {
            CHECK((ran.out + ran.err).find(token) == std::string::npos);
        }
        return ran;
    }

    [[nodiscard]] json stats() const
    {
        const auto client = action::HttpClient::to(m_address + "/stats", false, {});
        REQUIRE(client.ok());
        const auto response = client->send({}, std::chrono::steady_clock::now() + 60s);
        REQUIRE_MESSAGE(response.ok(), (response ? "" : response.error().message()));
        return json::parse(response->body);
    }

    [[nodiscard]] std::vector<std::string> mails() const
    {
        std::vector<std::string> all;
        static const std::regex soft_break("=\r?\n");  // of quoted-printable
        for (const auto& entry : fs::directory_iterator(m_folder / "mail/new")) {
            all.push_back(std::regex_replace(test::read_file(entry.path()), soft_break, ""));
        }
        return all;
    }

    /// Whether any file of these folders holds a token in the clear.
    [[nodiscard]] bool keeps_tokens(const std::vector<std::string>& folders) const
    {
        std::size_t files = 0;
        for (const std::string& folder : folders) {
            for (const auto& entry : fs::recursive_directory_iterator(m_folder / folder)) {
                if (!entry.is_regular_file()) {
                    continue;
                }
                ++files;
                const std::string text = test::read_file(entry.path());
                for (const std::string& token : tokens) {
                    if (text.find(token) != std::string::npos) {
                        return true;
                    }
                }
            }
        }
        CHECK(files >= folders.size());
        return false;
    }

    std::vector<std::string> tokens;

private:
    test::TempDir m_folder;
    std::unique_ptr<test::Background> m_service;
    std::unique_ptr<test::Background> m_mail_server;
    std::string m_address;
    std::string m_mail_port;
};

/// What the findings of a report say of each token: verification and revocation, by hash. All findings of a token must
/// say the same.
std::map<std::string, std::string> states_in(const std::string& jsonl)
{
    std::map<std::string, std::string> states;
    for (const std::string& line : lines_of(jsonl)) {
        const json record = json::parse(line);
        if (record["type"] != "finding") {
            continue;
        }
        std::string state = record["verification"]["status"];
        if (record.contains("revocation")) {
            state += ", " + record["revocation"]["status"].get<std::string>();
        }
        const auto [known, added] = states.try_emplace(record["token_sha256"], state);
        CHECK(known->second == state);
    }
    return states;
}

/// The number N of each mail about the token called "demo N".
std::multiset<int> tokens_told(const std::vector<std::string>& mails)
{
    static const std::regex named("A Replicate API token of yours was found: \"demo ([0-9]+)\"");
    std::multiset<int> numbers;
    for (const std::string& mail : mails) {
        std::smatch match;
        REQUIRE_MESSAGE(std::regex_search(mail, match, named), mail.substr(0, 2000));
        numbers.insert(std::stoi(match[1]));
    }
    return numbers;
}

std::multiset<int> numbers_to(std::size_t last)
{
    std::multiset<int> numbers;
    for (int i = 1; i <= static_cast<int>(last); ++i) {
        numbers.insert(i);
    }
    return numbers;
}

std::set<std::string> ids_of(const std::vector<std::string>& mails)
{
    static const std::regex id("Message-I[Dd]: *<([^>]*)>");
    std::set<std::string> ids;
    for (const std::string& mail : mails) {
        std::smatch match;
        if (std::regex_search(mail, match, id)) {
            ids.insert(match[1]);
        }
    }
    return ids;
}

}  // namespace

TEST_CASE("end to end: of 200 leaked tokens the 120 that work are disabled and told of once, and never again")
{
    const std::string python = python_with_mail();
    if (python.empty()) {
        MESSAGE("skipped: there is no aiosmtpd");
        return;
    }
    const Company company(python);
    const Ran ran = company.scan(R"(["active", "unknown"])");
    REQUIRE_MESSAGE(ran.exit_code == 1, ran.err);

    std::map<std::string, std::string> expected;
    for (std::size_t i = 0; i < issued; ++i) {
        expected[sha256_hex(as_bytes(company.tokens[i]))] = i < active ? "inactive, revoked" : "inactive";
    }
    CHECK(states_in(ran.out) == expected);

    json stats = company.stats();
    CHECK(stats["tokens"] == json{{"issued", issued}, {"active", 0}});
    // Each is asked about once, and those that were disabled once more.
    CHECK(stats["account"] == json{{"active", active}, {"inactive", issued - active + active}});
    const json disabled{{"events", active},  {"disabled", active}, {"already_disabled", 0},
                        {"never_issued", 0}, {"repeated", 0},      {"refused", 0}};
    CHECK(stats["disable"] == disabled);
    const auto mails = company.mails();
    CHECK(tokens_told(mails) == numbers_to(active));
    CHECK(ids_of(mails).size() == active);
    CHECK_FALSE(company.keeps_tokens({"state", "service", "mail"}));

    // The second run finds all of them again, dead, knows which the first one revoked, and has nothing to send.
    const Ran again = company.scan(R"(["active", "unknown"])");
    CHECK(again.exit_code == 1);
    CHECK(states_in(again.out) == expected);
    CHECK(company.stats()["disable"] == disabled);
    CHECK(company.mails().size() == active);

    // Asked to send whatever was found, it sends what it has not sent yet: who was told is not told again.
    const Ran rest = company.scan(R"(["active", "inactive", "unknown"])");
    CHECK(rest.exit_code == 1);
    stats = company.stats();
    CHECK(stats["disable"]["events"] == issued);
    CHECK(stats["disable"]["already_disabled"] == issued - active);
    CHECK(stats["disable"]["repeated"] == 0);
    CHECK(tokens_told(company.mails()) == numbers_to(issued));
}

TEST_CASE("end to end: tokens whose revoker was cut off before it told anybody are told of by the next run, and once")
{
    const std::string python = python_with_mail();
    if (python.empty()) {
        MESSAGE("skipped: there is no aiosmtpd");
        return;
    }
    constexpr std::size_t live = 5;
    const Company company(python, 8, live);
    const std::string only = R"(["active", "unknown"])";
    CHECK(company.scan(only, false).exit_code == 1);
    CHECK(company.stats()["disable"]["disabled"] == live);
    CHECK(company.mails().empty());
    for (int run = 0; run < 2; ++run) {
        CHECK(company.scan(only).exit_code == 1);
        CHECK(tokens_told(company.mails()) == numbers_to(live));
    }
    for (const std::string& mail : company.mails()) {
        CHECK(mail.find("The token was disabled at 20") != std::string::npos);
    }
    CHECK(company.stats()["disable"]["events"] == live);
    CHECK(company.stats()["disable"]["repeated"] == 0);
}

TEST_CASE("the revocation service is configured on its own, as its page says")
{
    const test::TempDir folder;
    const Ran ran = run_shell(folder.path(), "cmake -S '" + example(".") + "' -B build/revocation-service");
    CHECK_MESSAGE(ran.exit_code == 0, ran.out, ran.err);
}

TEST_CASE("the revocation service believes nothing that is not signed, and says what it does not know")
{
    const test::TempDir folder;
    test::Background service({test::revocation_service(), "serve", folder / "service"}, small_environment(),
                             folder / "out");
    const std::string address = service.first_line_of(folder / "out");
    // The configuration that the example's page shows.
    for (const test::CodeBlock& block : test::read_page(test::read_file(example("README.md"))).blocks) {
        if (block.language == "toml") {
            const std::regex shown("http://127[.]0[.]0[.]1:8080");
            test::write_file(folder / "config.toml", std::regex_replace(block.text, shown, address));
        }
    }
    const auto try_it = [&](const std::string& key) {
        return run_shell(folder.path(), "export no_proxy=127.0.0.1 WEBHOOK_KEY=\"" + key +
                                            "\"; \"$R8SCAN\" callback test disable --config config.toml "
                                            "--deliver-timeout 2");
    };
    const Ran right = try_it("$(cat service/webhook-key)");
    CHECK_MESSAGE(right.exit_code == 0, right.err);
    CHECK(right.out.find("no token of this service") != std::string::npos);
    const Ran wrong = try_it("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");  // r8scan:allow the public test vector
    CHECK(wrong.exit_code == 4);
    CHECK((wrong.out + wrong.err).find("401") != std::string::npos);
    CHECK(fs::status(folder / "service/webhook-key").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("the story of a leak that the revocation service's script shows comes true")
{
    if (python_with_mail().empty() || !test::have_git()) {
        MESSAGE("skipped: there is no aiosmtpd or no git");
        return;
    }
    const test::TempDir folder;
    const Ran ran = run_shell(folder.path(),
                              "mkdir tmp && TMPDIR=\"$PWD/tmp\" R8SCAN_SKIP_INSTALL=1 R8SCAN=\"$R8SCAN\" "
                              "REVOCATION_SERVICE='" +
                                  test::revocation_service() + "' sh '" + example("story.sh") + "'");
    CHECK_MESSAGE(ran.exit_code == 0, ran.out, ran.err);
    CHECK(ran.out.find("All of it came true: 3 of 5 tokens were disabled, 3 mails sent, each once") !=
          std::string::npos);
    static const std::regex token("r8_[A-Za-z0-9]{37}");
    CHECK_FALSE(std::regex_search(ran.out + ran.err, token));
    CHECK(fs::is_empty(folder / "tmp"));

    // A story that does not come true leaves nothing behind either.
    const Ran broken =
        run_shell(folder.path(), "TMPDIR=\"$PWD/tmp\" R8SCAN_SKIP_INSTALL=1 R8SCAN=true REVOCATION_SERVICE='" +
                                     test::revocation_service() + "' sh '" + example("story.sh") + "'");
    CHECK(broken.exit_code != 0);
    CHECK(fs::is_empty(folder / "tmp"));
}

TEST_CASE("the story of the revocation service that is cut short ends its servers and removes its folder")
{
    if (python_with_mail().empty() || !test::have_git()) {
        MESSAGE("skipped: there is no aiosmtpd or no git");
        return;
    }
    const test::TempDir folder;
    const Ran ran = run_shell(
        folder.path(), "mkdir tmp; export TMPDIR=\"$PWD/tmp\" R8SCAN_SKIP_INSTALL=1 R8SCAN REVOCATION_SERVICE='" +
                           test::revocation_service() + "'; sh '" + example("story.sh") +
                           "' 2000 1 >story & story=$!; until cat tmp/*/service/port 2>/dev/null; do kill -0 $story || "
                           "exit 9; sleep 0.05; "
                           "done; kill -TERM $story; wait $story; echo $?");
    const auto words = lines_of(ran.out);
    REQUIRE_MESSAGE(words.size() == 2, ran.out, ran.err);
    CHECK(words[1] == "130");
    CHECK(fs::is_empty(folder / "tmp"));
    const auto client = action::HttpClient::to("http://127.0.0.1:" + words[0] + "/stats", false, {});
    REQUIRE(client.ok());
    CHECK_FALSE(client->send({}, std::chrono::steady_clock::now() + 10s).ok());
}
