// Whether a JSON text follows a JSON schema (draft 4), by RapidJSON (https://rapidjson.org/md_doc_schema.html).
#pragma once

#include <string>

namespace r8scan::test {

/// Empty where the text is valid; else where and why it is not, or why the schema cannot be used.
[[nodiscard]] std::string schema_error(const std::string& schema, const std::string& json);

}  // namespace r8scan::test
