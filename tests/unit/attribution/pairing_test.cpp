// Which path a moved token went to, where a commit moved several at once.
#include "attribution/moves.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace r8scan::attribution;

namespace {

std::string pairs(const std::vector<std::string>& from, const std::vector<std::string>& to)
{
    std::vector<std::string> lines;
    for (const Pairing& pair : pair_by_ending(from, to)) {
        lines.push_back(from[pair.from] + ">" + to[pair.to] + " ");
    }
    std::sort(lines.begin(), lines.end());
    std::string result;
    for (const std::string& line : lines) {
        result += line;
    }
    return result;
}

}  // namespace

TEST_CASE("a path is paired with the one that shares its longest ending")
{
    CHECK_EQ(pairs({"a/x/k.py"}, {"b/k.py", "b/x/k.py", "z"}), "a/x/k.py>b/x/k.py ");
}

TEST_CASE("a whole component in common counts more than a part of a name")
{
    CHECK_EQ(pairs({"key"}, {"a/monkey", "b/key"}), "key>b/key ");
}

TEST_CASE("among equal endings the first paths are paired first and none twice")
{
    CHECK_EQ(pairs({"a/k", "b/k", "c/k"}, {"x/k", "y/k"}), "a/k>x/k b/k>y/k ");
}

TEST_CASE("a better pair is made first and the rest take what is left")
{
    CHECK_EQ(pairs({"a/k.py", "b/x/k.py"}, {"c/x/k.py", "d"}), "a/k.py>d b/x/k.py>c/x/k.py ");
}

TEST_CASE("paths with nothing in common are still paired")
{
    CHECK_EQ(pairs({"one"}, {"two.b"}), "one>two.b ");
    CHECK_EQ(pairs({}, {"two"}), "");
}
