#include "tests/unit/examples/markdown.h"

#include <sstream>

namespace r8scan::test {
namespace {

constexpr std::string_view fence = "```";

bool is_example(const std::string& line)
{
    const std::size_t first = line.find_first_not_of(' ');
    return first != std::string::npos && line[first] != '#';
}

void add_spans(Page& page, const std::string& heading, const std::string& line)
{
    std::size_t begin = line.find('`');
    while (begin != std::string::npos) {
        const std::size_t end = line.find('`', begin + 1);
        if (end == std::string::npos) {
            return;
        }
        std::string text = line.substr(begin + 1, end - begin - 1);
        for (std::size_t at = text.find("\\|"); at != std::string::npos; at = text.find("\\|", at)) {
            text.erase(at, 1);
        }
        page.spans.push_back({heading, text});
        begin = line.find('`', end + 1);
    }
}

}  // namespace

Page read_page(const std::string& markdown)
{
    Page page;
    std::istringstream stream(markdown);
    std::string heading;
    bool in_block = false;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with(fence)) {
            in_block = !in_block;
            if (in_block) {
                page.blocks.push_back({line.substr(fence.size()), {}, {}});
            }
        } else if (in_block) {
            page.blocks.back().text += line + '\n';
            if (is_example(line)) {
                page.blocks.back().lines.push_back(line);
            }
        } else if (line.starts_with('#')) {
            heading = line.substr(line.find_first_not_of("# "));
        } else {
            add_spans(page, heading, line);
        }
    }
    return page;
}

}  // namespace r8scan::test
