// Where settings come from, what beats what, and what may stay: the program as a person runs it.
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

// A folder with a user's configuration and a file that holds a token.
class Home {
public:
    explicit Home(std::string_view configuration = {})
    {
        test::write_file(folder / "work/a.py", "key = " + test::token(1) + "\n");
        if (!configuration.empty()) {
            test::write_file(folder / "home/r8scan/config.toml", configuration);
        }
    }
    [[nodiscard]] test::Ran run(const std::string& words, const std::string& environment = {}) const
    {
        return test::run_shell(folder / "work", "XDG_CONFIG_HOME='" + (folder / "home").string() + "' " + environment +
                                                    " \"$R8SCAN\" " + words);
    }
    [[nodiscard]] std::string file() const { return (folder / "home/r8scan/config.toml").string(); }

    test::TempDir folder;
};

}  // namespace

TEST_CASE("configuration: flags beat the environment, which beats the user's file")
{
    const Home home("format = \"jsonl\"\n");
    CHECK(home.run("dir a.py").out.starts_with("{\"type\":\"finding\""));
    CHECK(home.run("dir a.py", "R8SCAN_FORMAT=json").out.starts_with("{\"findings\":"));
    CHECK(contains(home.run("dir a.py -f text", "R8SCAN_FORMAT=json").out, "Verdict"));
}

TEST_CASE("configuration: an option that does not apply to the command is left out without a word")
{
    const Home home("respect-ignore = true\nno-unreachable = true\njobs = 2\n");
    const auto ran = home.run("stdin < a.py");
    CHECK(ran.exit_code == 1);
    CHECK_FALSE(contains(ran.err, "respect-ignore"));
}

TEST_CASE("configuration: a wrong value in the file is an error with its line")
{
    const Home home("\nmin-confidence = \"hihg\"\n");
    const auto ran = home.run("dir a.py");
    CHECK(ran.exit_code == 2);
    CHECK(contains(ran.err, home.file() + ":2: \"hihg\" is not known: did you mean high?"));
}

TEST_CASE("configuration: an unknown key is an error with its line and what was probably meant")
{
    const Home home("exit-zreo = true\n");
    const auto ran = home.run("dir a.py");
    CHECK(ran.exit_code == 2);
    CHECK(contains(ran.err, home.file() + ":1: unknown key 'exit-zreo': did you mean 'exit-zero'?"));
    CHECK(ran.out.empty());
}

TEST_CASE("configuration: a file that is named must be there, the usual one need not")
{
    const Home home;
    CHECK(home.run("dir a.py").exit_code == 1);
    const auto ran = home.run("dir a.py --config none.toml");
    CHECK(ran.exit_code == 2);
    CHECK(contains(ran.err, "--config: \"none.toml\""));
    test::write_file(home.folder / "work/mine.toml", "exit-zero = true\n");
    CHECK(home.run("dir a.py -c mine.toml").exit_code == 0);
    CHECK(home.run("dir a.py", "R8SCAN_CONFIG=mine.toml").exit_code == 0);
}

TEST_CASE("configuration: a file of the folder that is scanned is not the user's")
{
    const Home home;
    test::write_file(home.folder / "work/.r8scan.toml", "exit-zero = true\npatterns = [\"x.toml\"]\n");
    test::write_file(home.folder / "work/config.toml", "exit-zero = true\n");
    const auto ran = home.run("dir .");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, ".r8scan.toml:1: 'exit-zero' is not for a repository to set"));
    CHECK(contains(ran.out, ".r8scan.toml:2: 'patterns' is not for a repository to set"));
}

TEST_CASE("configuration: a .gitleaks.toml is taken as patterns")
{
    const Home home;
    test::write_file(home.folder / "work/.gitleaks.toml",
                     "title = \"ours\"\n[extend]\nuseDefault = true\n[[rules]]\nid = \"internal\"\nregex = '''ik_[0-9]{12}'''\n");
    test::write_file(home.folder / "work/b.txt", "ik_123456789012\n");
    const auto ran = home.run("dir b.txt -c .gitleaks.toml -f jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "\"rule\":\"internal\""));
    const auto both = home.run("dir b.txt a.py -c .gitleaks.toml -f jsonl");
    CHECK(contains(both.out, "\"rule\":\"internal\""));
    CHECK(contains(both.out, "\"rule\":\"replicate-api-token\""));
}

TEST_CASE("config show: each setting is printed with where it came from")
{
    const Home home("jobs = 3\n\n[[callback]]\nname = \"told\"\nstage = \"notify\"\nkind = \"exec\"\ncommand = [\"tell\", \"-x\"]\n");
    const auto ran = home.run("config show --min-confidence high", "R8SCAN_FORMAT=json,jsonl=a.jsonl");
    CHECK(ran.exit_code == 0);
    const auto has_line = [&](std::string_view setting, std::string_view origin) {
        const auto at = ran.out.find('\n' + std::string(setting));
        const auto end = at == std::string::npos ? at : ran.out.find('\n', at + 1);
        return end != std::string::npos && ran.out.substr(at, end - at).ends_with("# " + std::string(origin));
    };
    CHECK(contains(ran.out, "# your file: " + home.file() + "\n"));
    CHECK(has_line("min-confidence = \"high\"", "command line"));
    CHECK(has_line("format = [\"json\", \"jsonl=a.jsonl\"]", "environment R8SCAN_FORMAT"));
    CHECK(has_line("jobs = \"3\"", home.file() + ":1"));
    CHECK(has_line("max-object-size = \"256M\"", "default"));
    CHECK(has_line("color = \"auto\"", "default"));
    CHECK(has_line("exit-zero = false", "default"));
    CHECK(has_line("patterns = []", "default"));
    CHECK(contains(ran.out, "\n[[callback]]  # " + home.file() + ":3\nname = \"told\"\nstage = \"notify\"\nkind = \"exec\"\n"
                            "command = [\"tell\", \"-x\"]\n"));
    CHECK_FALSE(contains(ran.out, "show-secrets"));
}

TEST_CASE("config show: what it prints can be the user's file")
{
    const Home home("jobs = 3\n[[callback]]\nname = \"told\"\nstage = \"notify\"\nkind = \"http\"\nurl = \"https://a.example\"\ntimeout = 2.5\n");
    const auto first = home.run("config show --exit-zero");
    REQUIRE(first.exit_code == 0);
    std::string settings;
    // Empty values are no values that could be typed.
    for (std::size_t begin = 0; begin < first.out.size();) {
        const auto end = first.out.find('\n', begin);
        const auto line = first.out.substr(begin, end - begin);
        settings += contains(line, " = \"\"") ? "" : line + '\n';
        begin = end + 1;
    }
    test::write_file(home.folder / "work/shown.toml", settings);
    const auto again = home.run("config show -c shown.toml");
    CHECK_MESSAGE(again.exit_code == 0, again.err);
    CHECK(contains(again.out, "exit-zero = true"));
    CHECK(contains(again.out, "timeout = 2.5\n"));
}

TEST_CASE("config show: a mistake is the same error as in a scan, and the word must be right")
{
    CHECK(Home("nonsense = 1\n").run("config show").exit_code == 2);
    CHECK(Home().run("config").exit_code == 2);
    CHECK(Home().run("config set").exit_code == 2);
    CHECK(contains(Home().run("config show").out, "config.toml (not there)"));
}

TEST_CASE("suppressed findings are counted, listed with -v, and do not make the exit code 1")
{
    const Home home;
    test::write_file(home.folder / "work/.r8scanignore", "a.py reason=\"made up\"\n");
    const auto ran = home.run("dir .");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "1 suppressed finding: 1 by ignore file (-v lists them)"));
    const auto verbose = home.run("dir . -v");
    CHECK(contains(verbose.out, test::redacted(test::token(1)) + " at a.py:1"));
    CHECK(contains(verbose.out, "ignore file .r8scanignore:1: made up"));
    CHECK_FALSE(contains(verbose.out, test::token(1)));
    const auto json = home.run("dir . -f jsonl");
    CHECK(contains(json.out, R"("suppressed":1,"suppressed_by":[{"by":"ignore file","origin":".r8scanignore:1","reason":"made up","count":1}])"));
    CHECK(home.run("dir . --no-repo-config").exit_code == 1);
    CHECK(home.run("dir .", "R8SCAN_NO_REPO_CONFIG=1").exit_code == 1);
}

TEST_CASE("an earlier report is a baseline for the next scan, in every form")
{
    const Home home;
    for (const std::string format : {"json", "jsonl"}) {
        CHECK(home.run("dir a.py -f " + format + "=base." + format).exit_code == 1);
        CHECK(home.run("dir a.py -b base." + format).exit_code == 0);
        CHECK(home.run("dir a.py", "R8SCAN_BASELINE_PATH=base." + format).exit_code == 0);
    }
    test::write_file(home.folder / "work/b.py", "key = " + test::token(2) + "\n");
    const auto ran = home.run("dir a.py b.py --baseline-path base.json -f jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "\"path\":\"b.py\""));
    CHECK_FALSE(contains(ran.out, "\"path\":\"a.py\""));
    CHECK(home.run("dir a.py -b none.json").exit_code == 2);
}

TEST_CASE("git reads the ignore files of HEAD, and -v says what they did")
{
    const Home home;
    test::RepoBuilder repo(home.folder / "repo");
    const auto head = repo.commit_files(
        {{".r8scanignore", "a.py until=2020-01-01\n"}, {"a.py", test::token(3) + "\n"}, {"b.py", test::token(4) + " # r8scan:allow why\n"}},
        {}, "all");
    repo.ref("refs/heads/main", head);
    const auto ran = home.run("git ../repo -v");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, ".r8scanignore:1: expired on 2020-01-01"));
    CHECK(contains(ran.out, "inline mark: why"));
}
