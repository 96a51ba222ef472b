// Drawing values of a schema that are valid; breaking them is in json_breaking.cpp.
#include "support/json_generator.hpp"

#include "support/pattern_text.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace postback::testing {

using nlohmann::json;

namespace {

constexpr unsigned kDeepest = 6;  ///< Beyond it, optional members and elements are left out.
constexpr int kAttempts = 200;

}  // namespace

JsonGenerator::JsonGenerator(json document, json schema, std::uint64_t seed)
    : document_(std::move(document)), schema_(std::move(schema)), check_(document_, schema_), random_(seed) {}

json JsonGenerator::valid() {
  // Drawing follows each keyword by itself; together they may forbid a value, which is then drawn anew.
  for (int i = 0; i < kAttempts; ++i)
    if (auto value = draw(schema_, 0); check_.allows(value)) return value;
  throw std::runtime_error("no valid value found for the schema " + schema_.dump());
}

const json& JsonGenerator::resolved(const json& schema) const {
  const json* found = &schema;
  while (found->is_object() && found->contains("$ref"))
    found = &document_.at(Pointer(found->at("$ref").get<std::string>().substr(1)));
  return *found;
}

json JsonGenerator::draw(const json& reference, unsigned depth) {
  const json& schema = resolved(reference);
  if (!schema.is_object()) return nullptr;
  if (schema.contains("const")) return schema["const"];
  if (schema.contains("enum")) return schema["enum"][below(schema["enum"].size())];
  if (!schema.contains("type") && schema.contains("properties")) return draw_object(schema, depth);
  json value;
  if (schema.contains("type")) {
    const auto& type = schema["type"];
    value = draw_type(type.is_array() ? type[below(type.size())].get<std::string>() : type.get<std::string>(), schema,
                      depth);
  }
  const auto merge = [&](const json& part) {
    auto drawn = draw(part, depth + 1);
    if (value.is_object() && drawn.is_object()) {
      value.update(drawn);
    } else {
      value = std::move(drawn);
    }
  };
  for (const auto* choice : {"oneOf", "anyOf"})
    if (schema.contains(choice)) merge(schema[choice][below(schema[choice].size())]);
  if (schema.contains("allOf"))
    for (const auto& part : schema["allOf"]) merge(part);
  return value;
}

json JsonGenerator::draw_type(const std::string& type, const json& schema, unsigned depth) {
  if (type == "object") return draw_object(schema, depth);
  if (type == "array") return draw_array(schema, depth);
  if (type == "string") return draw_text(schema);
  if (type == "boolean") return below(2) == 0;
  if (type == "null") return nullptr;
  return draw_number(type, schema);
}

json JsonGenerator::draw_object(const json& schema, unsigned depth) {
  auto object = json::object();
  const auto required = schema.value("required", json::array());
  const auto properties = schema.value("properties", json::object());
  for (const auto& [name, property] : properties.items()) {
    const bool needed = std::ranges::find(required, json(name)) != required.end();
    if (needed || (depth < kDeepest && below(2) == 0)) object[name] = draw(property, depth + 1);
  }
  if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object() && depth < kDeepest)
    for (auto count = below(3); count > 0; --count)
      object["key" + std::to_string(below(1000))] = draw(schema["additionalProperties"], depth + 1);
  return object;
}

json JsonGenerator::draw_array(const json& schema, unsigned depth) {
  auto array = json::array();
  const auto least = schema.value("minItems", std::size_t{0});
  const auto most = std::min(schema.value("maxItems", least + 3), least + 3);
  const auto count = depth < kDeepest ? least + below(most - least + 1) : least;
  for (std::size_t i = 0; i < count; ++i) array.push_back(draw(schema.value("items", json::object()), depth + 1));
  return array;
}

json JsonGenerator::draw_number(const std::string& type, const json& schema) {
  const double least = schema.value("minimum", schema.value("exclusiveMinimum", 0.0));
  const double most = schema.value("maximum", schema.value("exclusiveMaximum", least + 1000));
  // The bounds themselves often: that is where mistakes are.
  const double share = below(4) == 0 ? 0.0 : below(4) == 0 ? 1.0 : static_cast<double>(below(1001)) / 1000;
  const double drawn = least + (most - least) * share;
  if (type == "integer") return static_cast<std::int64_t>(std::llround(drawn));
  return drawn;
}

std::string JsonGenerator::draw_text(const json& schema) {
  if (schema.contains("pattern")) return text_matching(schema["pattern"].get<std::string>(), random_);
  if (schema.value("format", "") == "date-time") return "2026-0" + std::to_string(1 + below(9)) + "-15T12:00:00.000Z";
  constexpr const char* kCharacters[] = {"a", "Z", "0", " ", "-", "\"", "\\", "<", "&", "ä", "€", "😀"};
  const auto least = schema.value("minLength", std::size_t{0});
  const auto most = std::min(schema.value("maxLength", least + 12), least + 12);
  std::string text;
  for (auto count = least + below(most - least + 1); count > 0; --count)
    text += kCharacters[below(std::size(kCharacters))];
  return text;
}

}  // namespace postback::testing
