#include "tests/support/json_schema.h"

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

namespace r8scan::test {

std::string schema_error(const std::string& schema, const std::string& json)
{
    rapidjson::Document rules;
    if (rules.Parse(schema.data(), schema.size()).HasParseError()) {
        return "the schema is no JSON";
    }
    rapidjson::Document text;
    if (text.Parse(json.data(), json.size()).HasParseError()) {
        return "no JSON at byte " + std::to_string(text.GetErrorOffset());
    }
    const rapidjson::SchemaDocument compiled(rules);
    rapidjson::SchemaValidator validator(compiled);
    if (text.Accept(validator)) {
        return {};
    }
    rapidjson::StringBuffer place;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
    return std::string(place.GetString()) + " breaks " + validator.GetInvalidSchemaKeyword();
}

}  // namespace r8scan::test
