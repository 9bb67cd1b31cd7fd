// The static program signs nothing, as it sends nothing over a network: see abilities_none.cpp.
#include "action/signature.h"

#include "action/abilities.h"

namespace r8scan::action {

Result<Signer> Signer::from(std::string_view)
{
    return can_send().error();
}

std::string Signer::sign(std::string_view, std::int64_t, std::string_view) const
{
    return {};
}

}  // namespace r8scan::action
