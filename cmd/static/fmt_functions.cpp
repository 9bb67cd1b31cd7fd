// The functions of fmt for programs that are not linked with its shared library, made from its headers: Debian has no
// static library of it.
//
// -fkeep-inline-functions (cmd/CMakeLists.txt) makes the compiler write down every one that is not a template; of the
// templates those are here that fmt's library holds and our objects ask for.
#define FMT_HEADER_ONLY
#include <fmt/format.h>

#include <locale>

template std::locale fmt::detail::locale_ref::get<std::locale>() const;
