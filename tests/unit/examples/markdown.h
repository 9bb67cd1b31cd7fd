// What of a Markdown page somebody may copy: its code blocks, line by line, and its code in the text.
#pragma once

#include <string>
#include <vector>

namespace r8scan::test {

struct CodeBlock {
    std::string language;  // behind the fence; empty where there is none
    std::string text;
    std::vector<std::string> lines;  // without empty ones and such that are comments alone
};

/// A piece of code between backticks, outside of blocks, and the heading that it stands under.
struct CodeSpan {
    std::string heading;
    std::string text;  // with `\|`, as tables need it, as `|`
};

struct Page {
    std::vector<CodeBlock> blocks;
    std::vector<CodeSpan> spans;
};

[[nodiscard]] Page read_page(const std::string& markdown);

}  // namespace r8scan::test
