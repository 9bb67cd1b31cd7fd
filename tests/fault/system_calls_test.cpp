// The system calls of scans of a repository whose every key that can name a program, a file or a host names a canary.
//
// strace writes down what the program asks the kernel for: no program is started but itself, no socket made, nothing
// written outside the cache and the report, nothing opened outside the repository but what is listed here. Each of
// these is a way out of the repository that git has; a scanner of strangers' repositories has none.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

/// What the program may read outside the repository: itself being loaded, and its libraries being set up.
const std::vector<std::string>& readable_outside()
{
    static const std::vector<std::string> list{"/etc/ld.so.cache",
                                               "/etc/ld.so.preload",
                                               "/lib",
                                               "/usr/lib",
                                               "/usr/local/lib",        // shared libraries
                                               "/etc/ssl/openssl.cnf",  // read when OpenSSL starts
                                               "/usr/share/locale",
                                               "/etc/localtime",
                                               "/usr/share/zoneinfo",
                                               "/proc/self",
                                               "/proc/sys",
                                               "/sys/devices/system",
                                               "/sys/fs/cgroup",  // how many processors, memory
                                               "/dev/null",
                                               "/dev/urandom"};
    return list;
}

/// Keys of git's configuration that name a program; CANARY stands for its path.
constexpr const char* executable_keys = R"(
[core]
	fsmonitor = CANARY
	pager = CANARY
	editor = CANARY
	sshCommand = CANARY
	hooksPath = CANARY-folder
	gitProxy = CANARY
	askPass = CANARY
	alternateRefsCommand = CANARY
	excludesFile = CANARY
	attributesFile = CANARY
	worktree = CANARY-folder
[include]
	path = CANARY
[includeIf "gitdir:**"]
	path = CANARY
[credential]
	helper = !CANARY
[credential "https://host.example"]
	helper = CANARY
[diff]
	external = CANARY
	tool = canary
[diff "canary"]
	command = CANARY
	textconv = CANARY
	cachetextconv = true
[difftool "canary"]
	cmd = CANARY
	path = CANARY
[merge]
	tool = canary
[mergetool "canary"]
	cmd = CANARY
[merge "canary"]
	driver = CANARY %O %A %B
[filter "canary"]
	clean = CANARY
	smudge = CANARY
	process = CANARY
	required = true
[filter "lfs"]
	clean = CANARY
	smudge = CANARY
	process = CANARY
	required = true
[gpg]
	program = CANARY
[gpg "ssh"]
	program = CANARY
	defaultKeyCommand = CANARY
[gpg "x509"]
	program = CANARY
[sequence]
	editor = CANARY
[interactive]
	diffFilter = CANARY
[pager]
	log = CANARY
	show = CANARY
[uploadpack]
	packObjectsHook = CANARY
[receive]
	procReceiveRefs = refs
[trailer "canary"]
	command = CANARY
	cmd = CANARY
[tar "canary"]
	command = CANARY
[browser "canary"]
	cmd = CANARY
[man "canary"]
	cmd = CANARY
[web]
	browser = canary
[alias]
	log = !CANARY
	show = !CANARY
	cat-file = !CANARY
	rev-list = !CANARY
[init]
	templateDir = CANARY-folder
[url "ext::CANARY "]
	insteadOf = https://
[protocol "ext"]
	allow = always
[remote "origin"]
	url = ext::CANARY
	vcs = canary
	uploadpack = CANARY
	receivepack = CANARY
	proxy = http://127.0.0.1:9
	promisor = true
	partialclonefilter = blob:none
[http]
	proxy = http://127.0.0.1:9
	sslCert = CANARY
	cookieFile = CANARY
[submodule "canary"]
	update = !CANARY
	url = ext::CANARY
[extensions]
	partialClone = origin
[lfs]
	url = https://127.0.0.1:9
[lfs "customtransfer.canary"]
	path = CANARY
)";

struct Call {
    std::string name;
    std::string path;    // the first string among its arguments
    std::string folder;  // that the path counts from, where it is not the working one
    std::string line;
};

/// The calls in a trace; lines of signals and endings are left out.
std::vector<Call> calls_in(const fs::path& trace)
{
    std::vector<Call> calls;
    std::ifstream file(trace);
    for (std::string line; std::getline(file, line);) {
        const auto begin = line.find_first_not_of("0123456789 ");
        const auto open = line.find('(');
        if (begin == std::string::npos || open == std::string::npos || open < begin || line[begin] < 'a') {
            continue;
        }
        Call call{line.substr(begin, open - begin), {}, {}, line};
        if (const auto quote = line.find('"', open); quote != std::string::npos) {
            call.path = line.substr(quote + 1, line.find('"', quote + 1) - quote - 1);
            // "openat(4</the/folder>, …": an open folder comes with its path.
            const auto angle = line.find('<', open);
            if (angle < quote) {
                call.folder = line.substr(angle + 1, line.find('>', angle) - angle - 1);
            }
        }
        calls.push_back(call);
    }
    return calls;
}

bool is_below(const std::string& path, const std::string& folder)
{
    return path == folder || path.starts_with(folder + '/') || (folder == "/lib" && path.starts_with("/lib"));
}

/// A repository full of canaries, beside them a cache folder.
struct Trap {
    Trap() : repo(dir / "repo")
    {
        const fs::path canary = dir / "canary";
        write_file(canary, "#!/bin/sh\necho sang >> '" + (dir / "song").string() + "'\n");
        fs::permissions(canary, fs::perms::owner_all);
        std::string keys = executable_keys;
        for (std::size_t at = keys.find("CANARY"); at != std::string::npos; at = keys.find("CANARY", at)) {
            keys.replace(at, 6, canary.string());
        }
        repo.config(keys);
        for (const char* hook : {"applypatch-msg",
                                 "pre-commit",
                                 "prepare-commit-msg",
                                 "commit-msg",
                                 "post-commit",
                                 "pre-rebase",
                                 "post-checkout",
                                 "post-merge",
                                 "pre-push",
                                 "pre-receive",
                                 "update",
                                 "post-receive",
                                 "post-update",
                                 "reference-transaction",
                                 "push-to-checkout",
                                 "pre-auto-gc",
                                 "post-rewrite",
                                 "sendemail-validate",
                                 "fsmonitor-watchman",
                                 "post-index-change"}) {
            write_file(repo.git_dir() / "hooks" / hook, "#!/bin/sh\n" + canary.string() + "\n");
            fs::permissions(repo.git_dir() / "hooks" / hook, fs::perms::owner_all);
        }
        const std::string attributes =
            "* filter=canary diff=canary merge=canary working-tree-encoding=UTF-16\n*.bin filter=lfs\n";
        write_file(repo.git_dir() / "info/attributes", attributes);
        const std::string modules = "[submodule \"canary\"]\n\tpath = sub\n\turl = ext::" + canary.string() +
                                    "\n\tupdate = !" + canary.string() + "\n";
        // What the user's own file may say, said by the repository: a callback, other rules, a service to ask.
        const std::string ours = "[verify]\nenabled = true\napi_base = \"http://127.0.0.1:9\"\n"
                                 "[[callback]]\nname = \"canary\"\nstage = \"notify\"\nkind = \"exec\"\ncommand = [\"" +
                                 canary.string() + "\"]\npatterns = [\"rules.toml\"]\n";
        const std::string rules = "[[rules]]\nid = \"canary\"\nregex = 'first'\n";
        const Files files{{".gitattributes", attributes}, {".gitmodules", modules},    {"a.bin", "first\n"},
                          {".r8scan.toml", ours},         {".gitleaks.toml", rules}, {"rules.toml", rules}};
        const Id first = repo.commit_files(files, {}, "First");
        Files more = files;
        more.insert_or_assign("a.bin", "key = \"" + token(1) + "\"\n");
        const Id second = repo.commit_files(more, {first}, "Second");
        repo.ref("refs/heads/main", second);
        repo.symbolic_ref("HEAD", "refs/heads/main");
        repo.index(
            {{"a.bin", repo.blob("key = \"" + token(1) + "\"\n")}, {"b", repo.blob("key = \"" + token(2) + "\"\n")}});
        for (const auto& [path, file] : more) {
            repo.file(path, file.content);
        }
    }

    TempDir dir;
    RepoBuilder repo;
};

/// Whether strace can follow a program here and read its arguments.
bool can_trace(const fs::path& folder)
{
    const Ran ran = run_shell(folder, "strace -f -o try -e trace=openat \"$R8SCAN\" stdin </dev/null");
    return ran.exit_code == 0 && fs::exists(folder / "try") &&
           read_file(folder / "try").find("libc") != std::string::npos;
}

void check_calls(const Trap& trap, const std::string& words)
{
    CAPTURE(words);
    const fs::path cache = trap.dir / "cache";
    // Twice: first without a cache, then with one.
    for (int round = 0; round < 2; ++round) {
        const Ran ran = run_shell(trap.dir.path(), "export ASAN_OPTIONS=detect_leaks=0 XDG_CACHE_HOME='" +
                                                       cache.string() + "' XDG_CONFIG_HOME='" + cache.string() +
                                                       "' && cd repo && strace -f -y -qq -s 4096 -o ../trace -e "
                                                       "trace=%file,%network,execve,execveat \"$R8SCAN\" " +
                                                       words + " -f jsonl -o ../report");
        CHECK_MESSAGE((ran.exit_code == 1 || ran.exit_code == 3), ran.exit_code, ran.err);
        const std::string report = read_file(trap.dir / "report");
        CHECK_MESSAGE(report.find("\"type\":\"finding\"") != std::string::npos, report);
        CHECK(report.find("\"rule\":\"canary\"") == std::string::npos);
        CHECK_FALSE(fs::exists(trap.dir / "song"));

        std::size_t executions = 0;
        std::size_t reads = 0;
        for (const Call& call : calls_in(trap.dir / "trace")) {
            CAPTURE(call.line);
            if (call.name.starts_with("exec")) {
                ++executions;
                continue;
            }
            static const std::vector<std::string> network{"socket", "socketpair", "connect", "bind",    "listen",
                                                          "accept", "sendto",     "sendmsg", "sendmmsg"};
            CHECK(std::find(network.begin(), network.end(), call.name) == network.end());
            static const std::vector<std::string> changes{
                "creat", "mkdir",    "mkdirat",   "unlink", "unlinkat", "rename",    "renameat", "renameat2",
                "rmdir", "symlink",  "symlinkat", "link",   "linkat",   "truncate",  "mknod",    "mknodat",
                "chmod", "fchmodat", "chown",     "lchown", "fchownat", "utimensat", "setxattr"};
            const bool opens = call.name.starts_with("open");
            const bool writes = std::find(changes.begin(), changes.end(), call.name) != changes.end() ||
                                (opens && (call.line.find("O_WRONLY") != std::string::npos ||
                                           call.line.find("O_RDWR") != std::string::npos ||
                                           call.line.find("O_CREAT") != std::string::npos));
            const fs::path from = call.folder.starts_with('/') ? fs::path(call.folder) : trap.repo.dir();
            const std::string path = (from / call.path).lexically_normal().string();
            if (writes) {
                // The report is written under a name of its own first.
                const bool is_report = path.starts_with((trap.dir / "report").string()) ||
                                       path.starts_with((trap.dir / ".report").string());
                CHECK((is_report || is_below(path, cache.string())));
            } else if (opens) {
                // It may be asked whether there is something: `core.worktree` names it. It is not read.
                CHECK(path.find("canary") == std::string::npos);
                const bool is_inside = is_below(path, trap.repo.dir().string()) || is_below(path, cache.string());
                const auto& outside = readable_outside();
                const bool is_listed = std::any_of(outside.begin(), outside.end(),
                                                   [&](const std::string& place) { return is_below(path, place); });
                // A folder that is opened on the way to a long path or a report is not read.
                const bool is_way = path == trap.dir.path().string() || path == "/";
                CHECK((is_inside || is_listed || is_way));
                reads += is_inside ? 1U : 0U;
            }
        }
        CHECK(executions == 1);
        CHECK(reads >= 3);  // else the trace would prove nothing
    }
}

}  // namespace

TEST_CASE("system calls: no scan of a repository full of traps runs, connects, writes or leaves")
{
    const Trap trap;
    if (!can_trace(trap.dir.path())) {
        MESSAGE("skipped: strace is not there, or may not trace here");
        return;
    }
    check_calls(trap, "git .");
    check_calls(trap, "git . --range main~1..main");
    check_calls(trap, "staged");
    check_calls(trap, "dir .");
}

}  // namespace r8scan::test
