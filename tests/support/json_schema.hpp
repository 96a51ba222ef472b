// JsonSchema: validates JSON against a schema of an OpenAPI 3.1 document.
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace postback::testing {

/// A schema and all that it refers to, checked as a whole when it is made: a keyword that is not known here throws
/// std::invalid_argument, so that nothing is silently unchecked. Known are the annotations and type, properties,
/// required, additionalProperties, items, minItems, maxItems, uniqueItems, enum, const, pattern, minimum, maximum,
/// exclusiveMinimum, exclusiveMaximum, minLength, maxLength, format (date-time), oneOf, anyOf, allOf and $ref to
/// `#/components/…`, which must stand alone. Whole numbers are such without a point; those above 2^63 are taken for
/// negative by bounds.
class JsonSchema {
 public:
  /// `document` holds the `components` that are referred to.
  JsonSchema(const nlohmann::json& document, const nlohmann::json& schema);
  ~JsonSchema();

  /// Whether the value is valid; quicker than asking for the faults.
  bool allows(const nlohmann::json& value) const;
  /// What is wrong with the value: `<root>[paths][0]: …`; empty when it is valid.
  std::vector<std::string> faults(const nlohmann::json& value) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace postback::testing
