// How a place names the refs that hold it.
#include "report/text_place.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::report;

namespace {

std::string refs_line(const std::string& ref)
{
    Finding finding;
    finding.kind = "blob";
    finding.attributed = true;
    finding.refs = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{ref});
    TextOptions options;
    options.refs = 10;
    const std::string text = text_of_place(finding, options, Style(false));
    const std::size_t begin = text.find("refs ");
    return begin == std::string::npos ? ""
                                      : text.substr(text.find_first_not_of(' ', begin + 5),
                                                    text.find('\n', begin) - text.find_first_not_of(' ', begin + 5));
}

}  // namespace

TEST_CASE("a token in a file of the git folder is said to stand nowhere else")
{
    Finding finding;
    finding.kind = "metadata";
    finding.path = ".git/logs/HEAD";
    CHECK(text_of_place(finding, TextOptions(), Style(false)) ==
          "  .git/logs/HEAD:1:1\n    now         in the git folder of this repository, which no push and no fetch sends\n");
    finding.kind = "blob";
    CHECK(text_of_place(finding, TextOptions(), Style(false)).find("git folder") == std::string::npos);
}

TEST_CASE("refs are named as a person knows them: branches, tags, those of a namespace, replace refs")
{
    CHECK(refs_line("refs/heads/main") == "main");
    CHECK(refs_line("refs/tags/v1") == "tag v1");
    CHECK(refs_line("refs/stash") == "stash");
    CHECK(refs_line("refs/namespaces/shop/refs/heads/main") == "namespace shop: main");
    CHECK(refs_line("refs/namespaces/a/refs/namespaces/b/refs/tags/v1") == "namespace a/b: tag v1");
    CHECK(refs_line("refs/namespaces/shop/HEAD") == "namespace shop: HEAD");
    CHECK(refs_line("refs/namespaces/shop/refs/namespaces/x") == "namespace shop: refs/namespaces/x");
    CHECK(refs_line("refs/replace/0123456789abcdef0123456789abcdef01234567") == "replace ref 0123456789");
}
