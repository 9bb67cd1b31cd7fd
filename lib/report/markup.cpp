#include "report/markup.h"

#include "util/escape.h"
#include "util/escape_markup.h"

namespace r8scan::report {

std::string markup_text(std::string_view raw)
{
    return escape_markup(escape_for_terminal(raw));
}

}  // namespace r8scan::report
