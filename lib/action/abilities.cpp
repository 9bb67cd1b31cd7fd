#include "action/abilities.h"

namespace r8scan::action {

Result<void> can_send()
{
    return {};
}

Result<void> can_load_plugins()
{
    return {};
}

}  // namespace r8scan::action
