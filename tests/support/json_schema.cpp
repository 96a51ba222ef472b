// Checks a schema's keywords, then leaves the validating to valijson.
#define VALIJSON_USE_EXCEPTIONS 1
#include "support/json_schema.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <set>
#include <stdexcept>
#include <string_view>

namespace postback::testing {
namespace {

using nlohmann::json;

const std::set<std::string_view> kAnnotations = {"title",    "description", "default",  "example",   "examples",
                                                 "$comment", "deprecated",  "readOnly", "writeOnly", "x-not-in-lists"};
const std::set<std::string_view> kPlain = {
    "type",    "required", "minItems",         "maxItems",         "uniqueItems", "enum",      "const",
    "pattern", "minimum",  "exclusiveMinimum", "exclusiveMaximum", "maximum",     "minLength", "maxLength"};

[[noreturn]] void refuse(const json::json_pointer& at, const std::string& what) {
  throw std::invalid_argument("schema " + at.to_string() + ": " + what);
}

/// Walks over what can be reached from a schema.
class Preparation {
 public:
  explicit Preparation(json& root) : root_(root) {}

  void prepare(const json::json_pointer& at) {
    if (!seen_.insert(at.to_string()).second) return;
    if (!root_.contains(at)) refuse(at, "is not there");
    if (root_[at].is_boolean()) return;
    if (!root_[at].is_object()) refuse(at, "is no schema");
    const json schema = root_[at];
    for (const auto& [keyword, value] : schema.items()) take(at, schema, keyword, value);
    if (schema.contains("format")) narrow_format(root_[at]);
  }

 private:
  void take(const json::json_pointer& at, const json& schema, const std::string& keyword, const json& value) {
    if (kAnnotations.contains(keyword) || kPlain.contains(keyword)) return;
    if (keyword == "$ref") return follow(at, schema, value);
    if (keyword == "properties") {
      for (const auto& [name, property] : value.items()) prepare(at / keyword / name);
    } else if (keyword == "items" || keyword == "additionalProperties") {
      prepare(at / keyword);
    } else if (keyword == "oneOf" || keyword == "anyOf" || keyword == "allOf") {
      for (std::size_t i = 0; i < value.size(); ++i) prepare(at / keyword / i);
    } else if (keyword != "format" || value != "date-time") {
      refuse(at, "the keyword " + keyword + " (" + value.dump() + ") is not known here");
    }
  }

  void follow(const json::json_pointer& at, const json& schema, const json& value) {
    const auto target = value.get<std::string>();
    if (!target.starts_with("#/components/")) refuse(at, "$ref to " + target);
    for (const auto& [keyword, ignored] : schema.items())
      if (keyword != "$ref" && !kAnnotations.contains(keyword))
        refuse(at, "$ref must stand alone, not with " + keyword);
    prepare(json::json_pointer(target.substr(1)));
  }

  /// The library applies a format to any value; by the standard it is for strings only.
  static void narrow_format(json& schema) {
    const json other = {{"type", {"null", "boolean", "integer", "number", "array", "object"}}};
    const json text = {{"type", "string"}, {"format", schema.at("format")}};
    schema.erase("format");
    schema["allOf"].push_back({{"anyOf", {other, text}}});
  }

  json& root_;
  std::set<std::string> seen_;
};

}  // namespace

struct JsonSchema::Parsed {
  valijson::Schema schema;
};

JsonSchema::JsonSchema(const json& document, const json& schema) : parsed_(std::make_unique<Parsed>()) {
  json root = {{"allOf", json::array({schema})}, {"components", document.value("components", json::object())}};
  Preparation(root).prepare(json::json_pointer("/allOf/0"));
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(root), parsed_->schema);
}

JsonSchema::~JsonSchema() = default;

bool JsonSchema::allows(const json& value) const {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(parsed_->schema, valijson::adapters::NlohmannJsonAdapter(value), nullptr);
}

std::vector<std::string> JsonSchema::faults(const json& value) const {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(parsed_->schema, valijson::adapters::NlohmannJsonAdapter(value), &results)) return {};
  std::vector<std::string> faults;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    std::string text;
    for (const auto& step : error.context) text += step;
    faults.push_back(text + ": " + error.description);
  }
  return faults;
}

}  // namespace postback::testing
