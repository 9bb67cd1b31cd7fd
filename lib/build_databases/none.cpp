// What the program that builds the databases links in their place.
#include "match/built_databases.h"

namespace r8scan {

Bytes built_database(std::string_view)
{
    return {};
}

}  // namespace r8scan
