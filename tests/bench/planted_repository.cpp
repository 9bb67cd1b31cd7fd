#include "bench/planted_repository.h"

#include "tests/support/git_command.h"
#include "tests/support/tokens.h"

#include <fstream>
#include <random>

namespace r8scan::bench {

namespace fs = std::filesystem;

namespace {

std::string first_line(std::string text)
{
    return text.substr(0, text.find('\n'));
}

}  // namespace

void plant_token(const fs::path& source, const fs::path& target)
{
    using test::git_ok;
    const auto objects = fs::absolute(source) / first_line(git_ok(source, {"rev-parse", "--git-path", "objects"}));
    const auto head = first_line(git_ok(source, {"rev-parse", "HEAD"}));
    const auto branch = first_line(git_ok(source, {"symbolic-ref", "HEAD"}));
    git_ok(source, {"init", "--quiet", "--bare", target.string()});
    for (const auto& file : fs::directory_iterator(objects / "pack")) {
        // Without the mark of a promised remote, so that what is measured is a plain repository.
        if (file.path().extension() != ".promisor") {
            fs::create_symlink(fs::canonical(file.path()), target / "objects" / "pack" / file.path().filename());
        }
    }
    git_ok(target, {"symbolic-ref", "HEAD", branch});
    std::ofstream refs(target / "packed-refs");
    refs << "# pack-refs with:\n" << git_ok(source, {"for-each-ref", "--format=%(objectname) %(refname)"});
    refs.close();

    test::Rng rng(std::random_device{}());
    const auto content = "import os\nos.environ[\"REPLICATE_API_TOKEN\"] = \"" + test::random_token(rng) + "\"\n";
    const auto blob = first_line(git_ok(target, {"hash-object", "-w", "--stdin"}, content));
    const auto entries = git_ok(target, {"ls-tree", head}) + "100644 blob " + blob + "\tr8scan_bench_settings.py\n";
    const auto tree = first_line(git_ok(target, {"mktree", "--missing"}, entries));
    const auto commit = first_line(git_ok(target, {"commit-tree", tree, "-p", head, "-m", "add settings"}));
    git_ok(target, {"update-ref", branch, commit});
}

}  // namespace r8scan::bench
