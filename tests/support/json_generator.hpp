// JsonGenerator: valid values of a schema, and values broken in every way it forbids, from a seed.
#pragma once

#include "support/json_schema.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace postback::testing {

/// A body to send, and what is special about it: `/paths/0/weight: a string`.
struct JsonCase {
  std::string what;
  std::string text;
};

/// Takes the schemas that JsonSchema takes, whose components must not demand endless depth. The same seed gives the
/// same values.
class JsonGenerator {
 public:
  JsonGenerator(nlohmann::json document, nlohmann::json schema, std::uint64_t seed);

  /// A value that the schema allows; optional members come and go. Throws std::runtime_error when none is found.
  nlohmann::json valid();
  /// Each text breaks a valid value of the schema in one place: another type, a required member missing, a member too
  /// many, out of range, too long or too short, not in the enumeration, against the pattern or format.
  std::vector<JsonCase> broken();
  /// Valid values in which one string was replaced by a hostile one, and texts that are hostile as a whole: endless
  /// depth, invalid UTF-8, lone surrogates, 1 MB strings, cut short. What a server may do is to refuse them or to store
  /// them as they are. Some are no JSON at all.
  std::vector<JsonCase> hostile();

 private:
  using Pointer = nlohmann::json::json_pointer;
  nlohmann::json draw(const nlohmann::json& schema, unsigned depth);
  nlohmann::json draw_type(const std::string& type, const nlohmann::json& schema, unsigned depth);
  nlohmann::json draw_object(const nlohmann::json& schema, unsigned depth);
  nlohmann::json draw_array(const nlohmann::json& schema, unsigned depth);
  nlohmann::json draw_number(const std::string& type, const nlohmann::json& schema);
  std::string draw_text(const nlohmann::json& schema);
  const nlohmann::json& resolved(const nlohmann::json& schema) const;
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  const nlohmann::json document_;
  const nlohmann::json schema_;
  const JsonSchema check_;
  std::mt19937_64 random_;
};

}  // namespace postback::testing
