#include "cmd/typed_values.h"

namespace r8scan::cmd {

Result<bool> flag(const TypedOptions& typed, std::string_view name)
{
    const TypedValue* const value = typed.last(name);
    if (value == nullptr) {
        return false;
    }
    for (const std::string_view yes : {"1", "true", "yes", "on"}) {
        if (value->text == yes) {
            return true;
        }
    }
    for (const std::string_view no : {"0", "false", "no", "off"}) {
        if (value->text == no) {
            return false;
        }
    }
    return wrong_value(*value, "is neither yes nor no: give 1 or 0");
}

Result<void> read_flags(const TypedOptions& typed, std::initializer_list<Flag> flags)
{
    for (const auto& [name, target] : flags) {
        const Result<bool> value = flag(typed, name);
        if (!value) {
            return value.error();
        }
        *target = *value;
    }
    return {};
}

}  // namespace r8scan::cmd
